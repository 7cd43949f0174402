"""Keeps the full-text index of the bank beside the versions.

`index_questions` is no service of its own: the index belongs to the transaction that writes the
version, so it is called inside one and commits nothing. `reindex` is a service.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import exists, select, text

from app.db import db, transactional
from app.domain.questions.question import Question as Content
from app.domain.questions.search_words import text_of, tokens
from app.models.question_search import WRITE, document, question_search
from app.models.questions import Question, QuestionVersion

BATCH = 500


def index_questions(contents: Iterable[Content]) -> None:
    """Write the words of these questions, which are new or have a new version."""
    waiting = iter(contents)
    while batch := list(islice(waiting, BATCH)):
        db.session.flush()  # the index refers to the questions
        _write([(content.id, content.dump()) for content in batch])


@transactional
def reindex(*, missing_only: bool = False) -> int:
    """Write the words of every question, or of those that have none; returns how many."""
    count, last = 0, ""
    while batch := _newest_after(last, missing_only=missing_only):
        _write(batch)
        count, last = count + len(batch), batch[-1][0]
    return count


def _newest_after(last: str, *, missing_only: bool) -> list[tuple[str, dict[str, Any]]]:
    """(id, content) of the questions that follow an id, in their newest version."""
    statement = (
        select(Question.id, QuestionVersion.content)
        .join(
            QuestionVersion,
            (QuestionVersion.question_id == Question.id)
            & (QuestionVersion.number == Question.current_version),
        )
        .where(Question.id > last)
        .order_by(Question.id)
        .limit(BATCH)
    )
    if missing_only:
        statement = statement.where(~exists().where(question_search.c.question_id == Question.id))
    return [(row.id, row.content) for row in db.session.execute(statement)]


def _write(questions: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
    dialect = db.session.get_bind().dialect.name
    rows = [
        {"question_id": id_, "words": document(tokens(text_of(content)), dialect=dialect)}
        for id_, content in questions
    ]
    for statement in WRITE[dialect]:
        db.session.execute(text(statement), rows)
