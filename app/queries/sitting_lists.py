"""Lists of sittings for the staff, and how many people are where in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from app.db import AnyRow, db
from app.domain.attempts import OPEN_STATES, AttemptState
from app.domain.sittings import SittingState, sitting_state
from app.models.attempts import Attempt
from app.models.schemes import Exam, Scheme
from app.models.sittings import Registration, Sitting
from app.queries.paging import PAGE_SIZE, Page, contains, paged
from app.queries.sittings import visible_to


@dataclass(frozen=True, slots=True)
class SittingFilter:
    """What the list of sittings shows; "" leaves a filter open.

    state: a SittingState. exam: a scheme, or "scheme:code" of one of its exams. search looks
    at title and room.
    """

    state: str = ""
    exam: str = ""
    search: str = ""
    sort: str = "latest"


@dataclass(frozen=True, slots=True)
class SittingRow:
    """One line of the list: the sitting and how many people are where in it."""

    id: int
    title: dict[str, Any]
    exam_title: dict[str, Any]
    scheme_title: dict[str, Any]
    opens_at: datetime
    closes_at: datetime
    minutes: int
    room: str
    capacity: int | None
    state: SittingState
    registered: int
    working: int
    finished: int


_SORTS = {
    "latest": (Sitting.opens_at.desc(), Sitting.id.desc()),
    "earliest": (Sitting.opens_at, Sitting.id),
    "title": (Sitting.title["zh"].as_string(), Sitting.id),
    "room": (Sitting.room, Sitting.opens_at.desc(), Sitting.id.desc()),
}


def sittings(
    filters: SittingFilter,
    *,
    user_id: int,
    manages: bool,
    now: datetime,
    page: int = 1,
    size: int = PAGE_SIZE,
) -> Page[SittingRow]:
    """The sittings that this person may see: four statements, however many there are."""
    statement = (
        select(Sitting, Exam.title, Exam.minutes, Scheme.title.label("scheme_title"))
        .join(Exam, Exam.id == Sitting.exam_id)
        .join(Scheme, Scheme.id == Exam.scheme_id)
        .where(
            visible_to(user_id=user_id, manages=manages),
            *_conditions(filters, now=now),
        )
        .order_by(*_SORTS.get(filters.sort, _SORTS["latest"]))
    )
    found = paged(statement, number=page, size=size)
    ids = [row.Sitting.id for row in found.rows]
    registered, attempts = _registered(ids), _attempts(ids)
    rows = [
        SittingRow(
            id=row.Sitting.id,
            title=row.Sitting.title,
            exam_title=row.title,
            scheme_title=row.scheme_title,
            opens_at=row.Sitting.opens_at,
            closes_at=row.Sitting.closes_at,
            minutes=row.minutes,
            room=row.Sitting.room,
            capacity=row.Sitting.capacity,
            state=sitting_state(
                row.Sitting.opens_at,
                row.Sitting.closes_at,
                cancelled_at=row.Sitting.cancelled_at,
                now=now,
            ),
            registered=registered.get(row.Sitting.id, 0),
            working=attempts.get(row.Sitting.id, (0, 0))[0],
            finished=attempts.get(row.Sitting.id, (0, 0))[1],
        )
        for row in found.rows
    ]
    return Page(rows, found.number, found.total, found.size)


@dataclass(frozen=True, slots=True)
class SittingLine:
    """A sitting on the first page."""

    id: int
    title: dict[str, Any]
    working: int
    finished: int


def latest_sittings(*, user_id: int, manages: bool, most: int = 5) -> list[SittingLine]:
    """The latest of the sittings that this person may see: two statements."""
    rows = db.session.execute(
        select(Sitting.id, Sitting.title)
        .where(visible_to(user_id=user_id, manages=manages))
        .order_by(*_SORTS["latest"])
        .limit(most)
    ).all()
    attempts = _attempts([row.id for row in rows])
    return [SittingLine(row.id, row.title, *attempts.get(row.id, (0, 0))) for row in rows]


def head_counts(sitting_id: int) -> tuple[int, int, int]:
    """(registered, working, finished) of one sitting: two statements."""
    working, finished = _attempts([sitting_id]).get(sitting_id, (0, 0))
    return _registered([sitting_id]).get(sitting_id, 0), working, finished


@dataclass(frozen=True, slots=True)
class ExamChoice:
    """An exam that the list can be filtered by."""

    scheme_id: str
    scheme_title: dict[str, Any]
    code: str
    title: dict[str, Any]


def exams_with_sittings() -> list[ExamChoice]:
    """The exams that were ever on offer, each in its newest version."""
    rows = db.session.execute(
        select(Scheme.id, Scheme.title, Exam.code, Exam.title.label("exam_title"), Exam.id)
        .join(Exam, Exam.scheme_id == Scheme.id)
        .where(exists().where(Sitting.exam_id == Exam.id))
        .order_by(Scheme.id, Exam.code, Exam.id.desc())
    )
    newest: dict[tuple[str, str], ExamChoice] = {}
    for scheme_id, title, code, exam_title, _ in rows:
        newest.setdefault((scheme_id, code), ExamChoice(scheme_id, title, code, exam_title))
    return list(newest.values())


def sitting_titles() -> Sequence[AnyRow]:
    """(id, title) of the latest sittings, for filters of other lists."""
    return db.session.execute(
        select(Sitting.id, Sitting.title).order_by(*_SORTS["latest"]).limit(200)
    ).all()


def _conditions(filters: SittingFilter, *, now: datetime) -> Iterator[ColumnElement[bool]]:
    if filters.state == SittingState.CANCELLED:
        yield Sitting.cancelled_at.is_not(None)
    elif filters.state:
        yield Sitting.cancelled_at.is_(None)
    if filters.state == SittingState.PLANNED:
        yield Sitting.opens_at > now
    if filters.state == SittingState.OPEN:
        yield and_(Sitting.opens_at <= now, Sitting.closes_at > now)
    if filters.state == SittingState.CLOSED:
        yield Sitting.closes_at <= now
    scheme, _, code = filters.exam.partition(":")
    if scheme:
        yield Exam.scheme_id == scheme
    if code:
        yield Exam.code == code
    if filters.search:
        pattern = contains(filters.search)
        yield or_(
            Sitting.title["zh"].as_string().ilike(pattern, escape="\\"),
            Sitting.title["en"].as_string().ilike(pattern, escape="\\"),
            Sitting.room.ilike(pattern, escape="\\"),
        )


def _registered(sitting_ids: Sequence[int]) -> dict[int, int]:
    rows = db.session.execute(
        select(Registration.sitting_id, func.count())
        .where(
            Registration.sitting_id.in_(sitting_ids),
            Registration.state != AttemptState.VOIDED.value,
        )
        .group_by(Registration.sitting_id)
    )
    return dict(rows.all())


def _attempts(sitting_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Sitting → (people who are working, people who have handed in)."""
    is_open = Attempt.state.in_([state.value for state in OPEN_STATES])
    rows = db.session.execute(
        select(
            Attempt.sitting_id,
            func.count(Attempt.user_id.distinct()).filter(is_open).label("working"),
            func.count(Attempt.user_id.distinct())
            .filter(~is_open, Attempt.state != AttemptState.VOIDED.value)
            .label("finished"),
        )
        .where(Attempt.sitting_id.in_(sitting_ids))
        .group_by(Attempt.sitting_id)
    )
    return {row.sitting_id: (row.working, row.finished) for row in rows}
