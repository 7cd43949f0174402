"""The rows of questions, versions and moves: the one way into these tables.

As the trail, called inside the transaction of the act; nothing is committed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from app.db import db
from app.domain.errors import DomainError, ErrorKind
from app.domain.questions.autosaves import storable_text
from app.domain.questions.kinds import QuestionState
from app.domain.questions.lifecycle import LONGEST_NOTE, QuestionStep, Standing, take
from app.domain.questions.question import Question as Content
from app.domain.text import N_
from app.models.content import Point
from app.models.questions import Question, QuestionVersion
from app.models.workshop import QuestionMove
from app.queries.question_standings import standings
from app.services.trail import Actor

_MOST_NUMBER = 9999


class QuestionMissing(DomainError):
    """There is no question with this id."""

    def __init__(self) -> None:
        super().__init__(
            "question-missing", N_("There is no such question."), kind=ErrorKind.MISSING
        )


class PointMissing(DomainError):
    """A point that is not in the syllabus."""

    def __init__(self, point: str) -> None:
        super().__init__(
            "point-missing", N_("Point %(point)s is not in the syllabus."), point=point
        )


class MainPointFixed(DomainError):
    """A question's id begins with its first point, and the id never changes."""

    def __init__(self, point: str) -> None:
        super().__init__(
            "main-point-fixed",
            N_("The first point has to stay the one that the id begins with, not %(point)s."),
            point=point,
            kind=ErrorKind.CONFLICT,
        )


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """A question that is to be made. state LIVE: its first version is in use at once."""

    content: Content
    lesson_id: str
    state: QuestionState
    author_id: int | None = None
    file_hash: str | None = None
    note: str = ""


class FreeIds:
    """The next free id of each point; whoever asks for one keeps others from it until the end."""

    def __init__(self) -> None:
        self._last: dict[str, int] = {}

    def next(self, point: str) -> str:
        """Such as PL05-17, one more than the highest; raises PointMissing."""
        number = self._last[point] if point in self._last else self._highest(point)
        if number >= _MOST_NUMBER:
            raise DomainError(
                "point-full", N_("Point %(point)s has no free number left."), point=point
            )
        self._last[point] = number + 1
        return f"{point}-{number + 1:02d}"

    def _highest(self, point: str) -> int:
        # Not against questions that refer to the point, only against another one that numbers them.
        known = db.session.scalar(
            select(Point.id).where(Point.id == point).with_for_update(key_share=True)
        )
        if known is None:
            raise PointMissing(point)
        ids = db.session.scalars(
            select(Question.id).where(Question.id.startswith(f"{point}-", autoescape=True))
        )
        numbers = (re.fullmatch(r"[A-Z]?(\d+)", id_.removeprefix(f"{point}-")) for id_ in ids)
        return max((int(found[1]) for found in numbers if found), default=0)


def lock_question(question_id: str) -> Question:
    """The question's row, locked until the end; raises QuestionMissing."""
    row = db.session.scalar(select(Question).where(Question.id == question_id).with_for_update())
    if row is None:
        raise QuestionMissing
    return row


def lessons_of_points() -> dict[str, str]:
    """Every point of the syllabus with its lesson."""
    return dict(db.session.execute(select(Point.id, Point.lesson_id)).all())


def check_points(content: Content, lessons: dict[str, str]) -> None:
    """Whether the points exist and the first is the id's; raises PointMissing, MainPointFixed."""
    for point in content.points:
        if point not in lessons:
            raise PointMissing(point)
    if content.id.rpartition("-")[0] != content.points[0]:
        raise MainPointFixed(content.points[0])


def insert_questions(questions: Iterable[NewQuestion], *, now: datetime) -> None:
    """Write new questions with their first versions: as many as you like, in few statements."""
    made = list(questions)
    db.session.add_all(_first_row(new, now) for new in made)
    db.session.flush()  # before the versions, which refer to them
    if not made:
        return
    db.session.execute(
        insert(QuestionVersion),  # nobody needs their ids: one statement for all of them
        [_version(new.content, 1, author_id=new.author_id, note=new.note, now=now) for new in made],
    )


def add_version(
    row: Question, content: Content, *, author_id: int | None, note: str, now: datetime
) -> int:
    """Write the next version of a locked question; returns its number."""
    row.current_version += 1
    _describe(row, content, now=now)
    values = _version(content, row.current_version, author_id=author_id, note=note, now=now)
    db.session.add(QuestionVersion(**values))
    return row.current_version


def step(
    row: Question,
    step_: QuestionStep,
    *,
    actor: Actor,
    now: datetime,
    note: str = "",
    standing: Standing | None = None,
) -> QuestionState:
    """Move a locked question, and write it down where the state changes; returns the new state.

    standing: where it was read before. Raises what `lifecycle.take` raises, and DomainError for
    a note that is too long.
    """
    note = checked_note(note)
    before = standing or standings([row.id])[row.id]
    after = take(before, step_, by=actor.user_id, note=note)
    row.live_version = after.live_version
    if after.state is not before.state:
        _move(row, step_, after.state, actor=actor, now=now, note=note, version=after.version)
    return after.state


def restore(
    row: Question,
    state: QuestionState,
    *,
    live_version: int | None,
    step_: QuestionStep,
    actor: Actor,
    now: datetime,
    note: str,
) -> None:
    """Give a locked question back the state and the version in use that it had, and write it down.

    For taking back what was done by mistake: the version in use says what was approved.
    """
    row.live_version = live_version
    _move(row, step_, state, actor=actor, now=now, note=note, version=row.current_version)


def checked_note(text: str, *, most: int = LONGEST_NOTE) -> str:
    """A note without blanks around it; raises DomainError for one that is too long."""
    text = storable_text(text).strip()
    if len(text) > most:
        raise DomainError(
            "text-too-long",
            N_("The text is too long: at most %(most)s characters."),
            most=most,
        )
    return text


def known_hashes(question_ids: Sequence[str] | None = None) -> dict[str, str]:
    """The content hash of the newest version of these questions; of all, where None is given."""
    statement = select(QuestionVersion.question_id, QuestionVersion.content_hash).join(
        Question,
        (Question.id == QuestionVersion.question_id)
        & (Question.current_version == QuestionVersion.number),
    )
    if question_ids is not None:
        statement = statement.where(Question.id.in_(question_ids))
    return dict(db.session.execute(statement).all())


def _move(
    row: Question,
    step_: QuestionStep,
    state: QuestionState,
    *,
    actor: Actor,
    now: datetime,
    note: str,
    version: int,
) -> None:
    db.session.add(
        QuestionMove(
            question_id=row.id,
            version=version,
            step=step_.value,
            from_state=row.state,
            to_state=state.value,
            user_id=actor.user_id,
            note=note,
            at=now,
        )
    )
    row.state, row.state_since = state.value, now


def _first_row(new: NewQuestion, now: datetime) -> Question:
    row = Question(
        id=new.content.id,
        lesson_id=new.lesson_id,
        pool=new.content.pool.value,
        state=new.state.value,
        state_since=now,
        current_version=1,
        live_version=1 if new.state is QuestionState.LIVE else None,
        author_id=new.author_id,
        file_hash=new.file_hash,
    )
    _describe(row, new.content, now=now)
    return row


def _version(
    content: Content, number: int, *, author_id: int | None, note: str, now: datetime
) -> dict[str, Any]:
    return {
        "question_id": content.id,
        "number": number,
        "content": content.dump(),
        "content_hash": content.content_hash(),
        "author_id": author_id,
        "note": note,
        "created_at": now,
    }


def _describe(row: Question, content: Content, *, now: datetime) -> None:
    row.point_id = content.points[0]
    row.type = content.type.value
    row.level = content.level.value
    row.difficulty = content.difficulty
    row.stem_zh, row.stem_en = content.stem.zh, content.stem.en
    row.updated_at = now
