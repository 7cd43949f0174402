"""Questions that say nearly the same, shown while somebody writes another one.

The index gives the candidates: those that share the rarest words. How alike they are is then
told as the linter does it, by the character trigrams of stem and key.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, text, union_all

from app.db import AnyRow, db
from app.domain.linting.similarity import similarity, trigrams
from app.domain.questions.import_reading import fingerprint
from app.domain.questions.kinds import Pool
from app.domain.questions.question import Question as Content
from app.domain.questions.search_words import Word, tokens
from app.models.question_search import COUNT, any_of
from app.models.questions import Question, QuestionVersion
from app.queries.versions import question_of

ALIKE = 0.5
"""Similarity from which a question is shown; from the linter's NEAR on it is the same in other
words."""
MOST_SHOWN = 5
LEAST_WORDS, MOST_WORDS = 2, 12
"""Words of the text that are looked for, the rarest first."""
MOST_COUNTED = 80
"""Words of the text whose rareness is asked for: a long case is told by its beginning."""
MOST_READ = 1500
"""Questions that are read from the index for them; over it, LEAST_WORDS have to do."""
MOST_CANDIDATES = 80
"""Questions whose likeness is worked out."""


@dataclass(frozen=True, slots=True)
class SimilarQuestion:
    """A question that is alike. share: 0..1. in_other_pool: where one warns (promise 7)."""

    id: str
    pool: Pool
    state: str
    stem_zh: str
    stem_en: str
    share: float
    in_other_pool: bool


def similar_questions(
    stem_zh: str, key_text: str, *, pool: Pool, but_not: str = "", least: float = ALIKE
) -> list[SimilarQuestion]:
    """The questions of both pools that are most alike, the most alike first.

    key_text: of the body, "" where it cannot be told yet. but_not: the question itself. Two
    statements, however many questions there are.
    """
    wanted = trigrams(stem_zh + key_text)
    rarest = _rarest(tokens(f"{stem_zh}\n{key_text}"))
    found = []
    for row in _candidates(rarest, but_not=but_not):
        content = question_of(row.content_hash, row.content)
        share = similarity(wanted, trigrams(content.stem.zh + content.body.key_text()))
        if share >= least:
            found.append(
                SimilarQuestion(
                    id=row.id,
                    pool=Pool(row.pool),
                    state=row.state,
                    stem_zh=row.stem_zh,
                    stem_en=row.stem_en,
                    share=share,
                    in_other_pool=row.pool != pool.value,
                )
            )
    return sorted(found, key=lambda one: (-one.share, one.id))[:MOST_SHOWN]


def twin_in_other_pool(content: Content) -> str | None:
    """A question of the other pool that differs in nothing but its id; None without one.

    As imports tell it: see `fingerprint`.
    """
    wanted = fingerprint(content.dump())
    rows = db.session.execute(
        select(Question.id, QuestionVersion.content)
        .join(
            QuestionVersion,
            (QuestionVersion.question_id == Question.id)
            & (QuestionVersion.number == Question.current_version),
        )
        .where(Question.stem_zh == content.stem.zh, Question.pool != content.pool.value)
        .order_by(Question.id)
    )
    return next((row.id for row in rows if fingerprint(row.content) == wanted), None)


def _rarest(words: Sequence[str]) -> list[str]:
    """The words that are in some questions, but in few: the rarest, as many as cost little."""
    counts = _counts([word for word in dict.fromkeys(words) if len(word) > 1][:MOST_COUNTED])
    known = sorted((count, word) for word, count in counts.items() if count)
    chosen: list[str] = []
    questions = 0
    for count, word in known[:MOST_WORDS]:
        questions += count
        if len(chosen) >= LEAST_WORDS and questions > MOST_READ:
            break
        chosen.append(word)
    return chosen


def _counts(words: Sequence[str]) -> Mapping[str, int]:
    """In how many questions each word is."""
    dialect = _dialect()
    given = json.dumps(words) if dialect == "sqlite" else list(words)
    return dict(db.session.execute(text(COUNT[dialect]), {"words": given}).all())


def _candidates(words: Sequence[str], *, but_not: str) -> Sequence[AnyRow]:
    """The questions that share most of these words, in their newest version."""
    if not words:
        return []
    hits = union_all(*(any_of([Word((word,))], dialect=_dialect()) for word in words)).subquery()
    closest = (
        select(hits.c.question_id)
        .where(hits.c.question_id != but_not)
        .group_by(hits.c.question_id)
        .order_by(func.count().desc(), hits.c.question_id)
        .limit(MOST_CANDIDATES)
        .subquery()
    )
    return db.session.execute(
        select(
            Question.id,
            Question.pool,
            Question.state,
            Question.stem_zh,
            Question.stem_en,
            QuestionVersion.content,
            QuestionVersion.content_hash,
        )
        .join(closest, closest.c.question_id == Question.id)
        .join(
            QuestionVersion,
            (QuestionVersion.question_id == Question.id)
            & (QuestionVersion.number == Question.current_version),
        )
    ).all()


def _dialect() -> str:
    return db.session.get_bind().dialect.name
