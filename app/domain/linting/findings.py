"""Errors in the bank that the schema of a single question cannot see."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.linting.figures import is_negative
from app.domain.linting.similarity import near_pairs, trigrams
from app.domain.problems import Problem
from app.domain.questions.choice import Multiple, Single
from app.domain.questions.kinds import Pool, QuestionType
from app.domain.questions.question import Question
from app.domain.text import N_

NEAR = 0.8
"""Similarity from which an exam question counts as a practice question in other words."""

LEAST = {Pool.PRACTICE: 5, Pool.EXAM: 3}
LEAST_KEY = {Pool.PRACTICE: 7, Pool.EXAM: 4}
LEAST_TYPES = 3
LEAST_LEVELS = 2

_BY_PLACE = re.compile(
    r"选项\s*[A-J]|(?<![A-Za-z])[A-J]\s*项|[前后][两三四][项条个]"
    r"|\boptions? [A-J]\b|\bthe (?:first|last) (?:two|three|four) (?:options|statements|answers)",
    flags=re.IGNORECASE,
)
_SOURCE = re.compile(r"00[0-4]\b|general knowledge", flags=re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the bank has for one point."""

    point: str
    key: bool
    practice: int
    exam: int
    types: frozenset[QuestionType]
    levels: frozenset[str]


def coverage(questions: Iterable[Question], *, points: Mapping[str, bool]) -> list[Coverage]:
    """What there is per main point. points: id → whether it is a key point, in order."""
    by_point: dict[str, list[Question]] = defaultdict(list)
    for question in questions:
        by_point[question.points[0]].append(question)
    return [
        Coverage(
            point=point,
            key=key,
            practice=sum(q.pool is Pool.PRACTICE for q in by_point[point]),
            exam=sum(q.pool is Pool.EXAM for q in by_point[point]),
            types=frozenset(q.type for q in by_point[point]),
            levels=frozenset(q.level.value for q in by_point[point]),
        )
        for point, key in points.items()
    ]


def findings(questions: Sequence[Question], *, points: Mapping[str, bool]) -> list[Problem]:
    """Every error of the bank; none means that it may be used."""
    found: list[Problem] = []
    for question in questions:
        found.extend(findings_of(question))
    found.extend(_near_pairs(questions))
    for line in coverage(questions, points=points):
        found.extend(_too_few(line))
    return found


def findings_of(question: Question) -> Iterable[Problem]:
    """The errors of one question that its schema cannot see."""
    if not _SOURCE.search(question.source):
        yield _problem(
            question.id, N_("its source names none of the documents 000–004 nor general knowledge")
        )
    if isinstance(question.body, Single | Multiple):
        for language in ("zh", "en"):
            if _BY_PLACE.search(question.explanation.to(language)):
                yield _problem(
                    f"{question.id} › explanation › {language}",
                    N_("points to an option by its place, but options are shuffled"),
                )
            stem = question.stem.to(language)
            if is_negative(stem) and "**" not in stem:
                yield _problem(
                    f"{question.id} › stem › {language}", N_("the negation is not emphasised")
                )


def _near_pairs(questions: Sequence[Question]) -> Iterable[Problem]:
    texts = {
        pool: [(q.id, trigrams(q.stem.zh + q.body.key_text())) for q in questions if q.pool is pool]
        for pool in Pool
    }
    for exam_id, practice_id, share in near_pairs(
        texts[Pool.EXAM], texts[Pool.PRACTICE], least=NEAR
    ):
        yield _problem(
            exam_id,
            N_("nearly equals the practice question %(other)s (%(share)s)"),
            other=practice_id,
            share=f"{share:.2f}",
        )


def _too_few(line: Coverage) -> Iterable[Problem]:
    least = LEAST_KEY if line.key else LEAST
    for pool, count in ((Pool.PRACTICE, line.practice), (Pool.EXAM, line.exam)):
        if count < least[pool]:
            yield _problem(
                line.point,
                N_("has %(count)s questions in the pool %(pool)s, at least %(least)s are needed"),
                count=count,
                pool=pool.value,
                least=least[pool],
            )
    if len(line.types) < LEAST_TYPES:
        yield _problem(line.point, N_("has questions of fewer than three types"))
    if len(line.levels) < LEAST_LEVELS:
        yield _problem(line.point, N_("has questions of one level alone"))


def _problem(place: str, sentence: str, **parameters: object) -> Problem:
    return Problem("", place, sentence, parameters)
