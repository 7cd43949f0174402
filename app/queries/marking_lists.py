"""Lists of lead markers: markings to hand out, answers to decide about or to read again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import ColumnElement, and_, exists, select

from app.db import AnySelect, db
from app.domain.attempts import AttemptState
from app.domain.marking.adjudication import How
from app.domain.marking.distribution import SAMPLE_OF
from app.domain.marking.roles import (
    BY_MARKERS,
    UNFINISHED,
    MarkingRole,
    MarkingState,
)
from app.models.accounts import User
from app.models.attempts import Attempt
from app.models.marking import Marking, Script
from app.models.questions import QuestionVersion
from app.queries.paging import Page, contains, paged

_UNFINISHED = [state.value for state in UNFINISHED]
MOST_CHOSEN = 5000
"""Markings that are handed out at once."""


@dataclass(frozen=True, slots=True)
class MarkingFilter:
    """Which markings a list shows; "" and None leave a filter open.

    marker: a person's id, 0 for nobody. state: a state, or "to_do" for what is not done.
    """

    exam: int | None = None
    question: str = ""
    marker: int | None = None
    role: str = ""
    state: str = "to_do"
    search: str = ""
    sort: str = "oldest"


@dataclass(frozen=True, slots=True)
class MarkingRow:
    """A marking, and whose it is. changed_at: when something last happened to it."""

    id: int
    number: str
    question_id: str
    role: MarkingRole
    state: MarkingState
    marker: str | None
    points: Fraction | None
    maximum: Fraction
    created_at: datetime
    changed_at: datetime


def markings(filters: MarkingFilter, *, page: int = 1) -> Page[MarkingRow]:
    """Markings of candidates' answers, a page at a time: two statements."""
    found = paged(_markings(filters), number=page)
    rows = [
        MarkingRow(
            id=row.Marking.id,
            number=row.number,
            question_id=row.question_id,
            role=MarkingRole(row.Marking.role),
            state=MarkingState(row.Marking.state),
            marker=row.name,
            points=row.Marking.points,
            maximum=row.maximum,
            created_at=row.Marking.created_at,
            changed_at=row.Marking.done_at
            or row.Marking.saved_at
            or row.Marking.taken_at
            or row.Marking.created_at,
        )
        for row in found.rows
    ]
    return Page(rows, found.number, found.total, found.size)


def marking_ids(filters: MarkingFilter) -> Sequence[int]:
    """Ids of everything that the list would show."""
    statement = _markings(filters).with_only_columns(Marking.id).limit(MOST_CHOSEN)
    return db.session.scalars(statement).all()


@dataclass(frozen=True, slots=True)
class ScriptFilter:
    """Which answers a list shows. state: "waiting" or "done". marker: who has marked it."""

    exam: int | None = None
    question: str = ""
    marker: int | None = None
    state: str = "waiting"
    sort: str = "oldest"


@dataclass(frozen=True, slots=True)
class GivenMark:
    """A mark of an answer, for the lead."""

    role: MarkingRole
    marker: str
    points: Fraction


@dataclass(frozen=True, slots=True)
class ScriptRow:
    """An answer with its marks. since: when it was settled, or opened."""

    number: str
    question_id: str
    maximum: Fraction
    points: Fraction | None
    how: How | None
    since: datetime
    marks: tuple[GivenMark, ...]


def disputes(filters: ScriptFilter, *, page: int = 1) -> Page[ScriptRow]:
    """Answers on which markers cannot agree, or that a lead has decided: three statements."""
    states = _UNFINISHED if filters.state != "done" else [MarkingState.DONE.value]
    is_dispute = exists().where(
        Marking.script_id == Script.id,
        Marking.round == Script.round,
        Marking.role == MarkingRole.LEAD.value,
        Marking.state.in_(states),
    )
    return _scripts(filters, is_dispute, page)


def to_read_again(
    filters: ScriptFilter, *, exam_id: int, bound: int, page: int = 1
) -> Page[ScriptRow]:
    """The sample of an exam's settled answers that a lead reads again: three statements.

    bound: see `distribution.sample_bound`.
    """
    was_read = exists().where(
        Marking.script_id == Script.id,
        Marking.round == Script.round,
        Marking.role.in_([MarkingRole.BACK_READ.value, MarkingRole.LEAD.value]),
        Marking.state == MarkingState.DONE.value,
    )
    is_sampled = and_(
        Script.exam_id == exam_id,
        Script.points.is_not(None),
        Script.how != How.BLANK.value,
        Script.shuffle % SAMPLE_OF < bound,
        was_read if filters.state == "done" else ~was_read,
    )
    return _scripts(filters, is_sampled, page)


def _markings(filters: MarkingFilter) -> AnySelect:
    statement = (
        select(
            Marking,
            Script.number,
            Script.maximum,
            QuestionVersion.question_id,
            User.name,
        )
        .join(Script, Script.id == Marking.script_id)
        .join(Attempt, Attempt.id == Script.attempt_id)
        .join(QuestionVersion, QuestionVersion.id == Marking.version_id)
        .outerjoin(User, User.id == Marking.marker_id)
        .where(Attempt.state != AttemptState.VOIDED.value, *_marking_conditions(filters))
    )
    orders: dict[str, tuple[ColumnElement[int], ...]] = {
        "oldest": (Marking.id.asc(),),
        "newest": (Marking.id.desc(),),
    }
    return statement.order_by(*orders.get(filters.sort, orders["oldest"]))


def _marking_conditions(filters: MarkingFilter) -> list[ColumnElement[bool]]:
    roles = [filters.role] if filters.role else [role.value for role in BY_MARKERS]
    found: list[ColumnElement[bool]] = [Marking.role.in_(roles)]
    if filters.exam is not None:
        found.append(Marking.exam_id == filters.exam)
    if filters.question:
        found.append(QuestionVersion.question_id == filters.question)
    if filters.marker is not None:
        found.append(
            Marking.marker_id == filters.marker if filters.marker else Marking.marker_id.is_(None)
        )
    if filters.state == "to_do":
        found.append(Marking.state.in_(_UNFINISHED))
    elif filters.state:
        found.append(Marking.state == filters.state)
    if filters.search:
        found.append(Script.number.like(contains(filters.search.upper()), escape="\\"))
    return found


def _scripts(filters: ScriptFilter, condition: ColumnElement[bool], page: int) -> Page[ScriptRow]:
    statement = (
        select(Script, QuestionVersion.question_id)
        .join(Attempt, Attempt.id == Script.attempt_id)
        .join(QuestionVersion, QuestionVersion.id == Script.version_id)
        .where(condition, Attempt.state != AttemptState.VOIDED.value)
    )
    if filters.exam is not None:
        statement = statement.where(Script.exam_id == filters.exam)
    if filters.question:
        statement = statement.where(QuestionVersion.question_id == filters.question)
    if filters.marker is not None:
        statement = statement.where(
            exists().where(
                Marking.script_id == Script.id,
                Marking.round == Script.round,
                Marking.marker_id == filters.marker,
                Marking.state == MarkingState.DONE.value,
            )
        )
    newest = filters.sort == "newest"
    found = paged(statement.order_by(Script.id.desc() if newest else Script.id.asc()), number=page)
    marks = marks_of([row.Script.id for row in found.rows])
    rows = [
        ScriptRow(
            number=row.Script.number,
            question_id=row.question_id,
            maximum=row.Script.maximum,
            points=row.Script.points,
            how=How(row.Script.how) if row.Script.how else None,
            since=row.Script.settled_at or row.Script.created_at,
            marks=tuple(marks.get(row.Script.id, ())),
        )
        for row in found.rows
    ]
    return Page(rows, found.number, found.total, found.size)


def marks_of(script_ids: Sequence[int]) -> dict[int, list[GivenMark]]:
    """Script → the marks of its answer, in the order in which they were asked for."""
    rows = db.session.execute(
        select(Marking.script_id, Marking.role, Marking.points, User.name)
        .join(Script, Script.id == Marking.script_id)
        .outerjoin(User, User.id == Marking.marker_id)
        .where(
            Marking.script_id.in_(script_ids),
            Marking.round == Script.round,
            Marking.state == MarkingState.DONE.value,
        )
        .order_by(Marking.id)
    )
    found: dict[int, list[GivenMark]] = {}
    for row in rows:
        mark = GivenMark(MarkingRole(row.role), row.name or "", row.points)
        found.setdefault(row.script_id, []).append(mark)
    return found
