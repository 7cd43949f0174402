"""The proctor's desk: who is where in a sitting, in as many statements for one row as for fifty.

What everybody is doing is decided by `domain/presence`; filters and totals ask the database
for the same with `queries/presences`. Answers themselves are never read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, literal, or_, select

from app.db import AnyRow, AnySelect, db
from app.domain.accommodations import NOTHING, Provision
from app.domain.attempts import AttemptState
from app.domain.events import SIGNALS
from app.domain.presence import IN_THE_EXAM, Presence, presence
from app.domain.timing import remaining
from app.models.accounts import User
from app.models.attempts import Attempt, AttemptEvent, Save
from app.models.sittings import Registration
from app.queries.attempt_heads import names_contain
from app.queries.desk_counts import (
    answered_counts,
    held_counts,
    paper_sizes,
    provisions_of,
    signal_counts,
    undecided,
)
from app.queries.paging import Page, paged
from app.queries.presences import presence_as_sql

DESK_SIZE = 50
"""Rows on one page of the desk."""


@dataclass(frozen=True, slots=True)
class DeskFilter:
    """What the desk shows; "" leaves a filter open. marks: "signals" or "held"."""

    presence: str = ""
    marks: str = ""
    search: str = ""
    sort: str = "name"


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One person's place in the sitting with their latest attempt, where there is one.

    questions: of the paper; answered: of these, now. section: the open one of
    `sections`. remaining: working
    time, which stands still during a pause. held: saves that wait for a decision. provision:
    what accommodations give; once an attempt has started, what it was started with.
    """

    registration_id: int
    attempt_id: int | None
    number: int
    name: str
    username: str
    admission_number: str
    has_agreed: bool
    is_admitted: bool
    presence: Presence
    pause_kind: str | None
    answered: int
    questions: int
    section: int
    sections: int
    remaining: timedelta | None
    deadline_at: datetime | None
    saved_at: datetime | None
    seen_at: datetime | None
    signals: int
    held: int
    provision: Provision

    @property
    def is_open(self) -> bool:
        """Whether the candidate is still at it."""
        return self.presence in IN_THE_EXAM


def desk(
    sitting_id: int, filters: DeskFilter, *, page: int, now: datetime, today: date
) -> Page[DeskRow]:
    """One page of the desk. today: the organisation's day, for accommodations."""
    found = paged(_listed(sitting_id, filters, now=now), number=page, size=DESK_SIZE)
    return Page(_rows(found.rows, now=now, today=today), found.number, found.total, DESK_SIZE)


def totals(sitting_id: int, *, now: datetime) -> dict[Presence, int]:
    """How many people of the whole sitting there are of each presence: one statement."""
    where = _presence(now)
    rows = db.session.execute(
        of_sitting(select(where.label("presence"), func.count().label("people")), sitting_id)
        .group_by(where)
        .order_by(None)
    )
    counted = {Presence(row.presence): row.people for row in rows}
    return {each: counted.get(each, 0) for each in Presence}


def _presence(now: datetime) -> ColumnElement[str]:
    return presence_as_sql(
        func.coalesce(Attempt.state, Registration.state),
        seen_at=Attempt.seen_at.expression,
        saved_at=Attempt.saved_at.expression,
        started_at=Attempt.started_at.expression,
        deadline_at=Attempt.deadline_at.expression,
        pause_ends_at=Attempt.pause_ends_at.expression,
        now=now,
    )


def of_sitting(statement: AnySelect, sitting_id: int) -> AnySelect:
    """Everybody of the sitting with their latest attempt.

    Who was taken off the roster before starting has nothing to do with the desk any more.
    """
    latest = (
        select(func.max(Attempt.number))
        .where(Attempt.registration_id == Registration.id)
        .correlate(Registration)
        .scalar_subquery()
    )
    return (
        statement.select_from(Registration)
        .join(User, User.id == Registration.user_id)
        .outerjoin(
            Attempt, and_(Attempt.registration_id == Registration.id, Attempt.number == latest)
        )
        .where(
            Registration.sitting_id == sitting_id,
            or_(Registration.state != AttemptState.VOIDED.value, Attempt.id.is_not(None)),
        )
    )


def _listed(sitting_id: int, filters: DeskFilter, *, now: datetime) -> AnySelect:
    statement = of_sitting(
        select(
            Registration.id.label("registration_id"),
            Registration.user_id,
            Registration.state.label("place"),
            Registration.admission_number,
            Registration.agreed_at,
            Registration.admitted_at,
            User.name,
            User.username,
            Attempt.id.label("attempt_id"),
            Attempt.number,
            Attempt.state,
            Attempt.paper_id,
            Attempt.section,
            Attempt.started_at,
            Attempt.deadline_at,
            Attempt.seen_at,
            Attempt.saved_at,
            Attempt.pause_kind,
            Attempt.pause_ends_at,
            Attempt.time_factor,
            Attempt.break_seconds,
        ),
        sitting_id,
    )
    if filters.search:
        statement = statement.where(names_contain(filters.search))
    if filters.presence in set(Presence):
        statement = statement.where(_presence(now) == filters.presence)
    if filters.marks == "signals":
        statement = statement.where(
            select(literal(1))
            .where(AttemptEvent.attempt_id == Attempt.id, AttemptEvent.kind.in_(SIGNALS))
            .correlate(Attempt)
            .exists()
        )
    if filters.marks == "held":
        statement = statement.where(
            undecided(select(literal(1)))
            .where(Save.attempt_id == Attempt.id)
            .correlate(Attempt)
            .exists()
        )
    return statement.order_by(*_SORTS.get(filters.sort, _SORTS["name"]))


_SORTS = {
    "name": (User.name, User.username),
    "number": (Registration.admission_number,),
    "deadline": (Attempt.deadline_at.asc().nulls_last(), Registration.id),
    "seen": (Attempt.seen_at.asc().nulls_last(), Registration.id),
    "saved": (Attempt.saved_at.asc().nulls_last(), Registration.id),
}
SORTS = tuple(_SORTS)


def _rows(rows: Sequence[AnyRow], *, now: datetime, today: date) -> list[DeskRow]:
    attempt_ids = [row.attempt_id for row in rows if row.attempt_id is not None]
    answered = answered_counts(attempt_ids)
    signals = signal_counts(attempt_ids)
    held = held_counts(attempt_ids)
    papers = paper_sizes({row.paper_id for row in rows if row.paper_id is not None})
    given = provisions_of([row.user_id for row in rows], on=today)
    return [
        _row(
            row,
            answered=answered.get(row.attempt_id, 0),
            paper=papers.get(row.paper_id, (0, 1)),
            signals=signals.get(row.attempt_id, 0),
            held=held.get(row.attempt_id, 0),
            provision=given.get(row.user_id, NOTHING),
            now=now,
        )
        for row in rows
    ]


def _row(
    row: AnyRow,
    *,
    answered: int,
    paper: tuple[int, int],
    signals: int,
    held: int,
    provision: Provision,
    now: datetime,
) -> DeskRow:
    where = presence(
        AttemptState(row.state or row.place),
        seen_at=row.seen_at,
        saved_at=row.saved_at,
        started_at=row.started_at,
        deadline_at=row.deadline_at,
        pause_ends_at=row.pause_ends_at,
        now=now,
    )
    if row.attempt_id is not None:
        provision = Provision(
            time_factor=row.time_factor,
            breaks=timedelta(seconds=row.break_seconds),
            larger_text=provision.larger_text,
            separate_room=provision.separate_room,
        )
    return DeskRow(
        registration_id=row.registration_id,
        attempt_id=row.attempt_id,
        number=row.number or 0,
        name=row.name,
        username=row.username,
        admission_number=row.admission_number,
        has_agreed=row.agreed_at is not None,
        is_admitted=row.admitted_at is not None,
        presence=where,
        pause_kind=row.pause_kind if where is Presence.PAUSED else None,
        answered=answered,
        questions=paper[0],
        section=row.section or 1,
        sections=paper[1],
        remaining=time_left(row.deadline_at, row.pause_ends_at, now=now)
        if where in IN_THE_EXAM
        else None,
        deadline_at=row.deadline_at,
        saved_at=row.saved_at,
        seen_at=row.seen_at,
        signals=signals,
        held=held,
        provision=provision,
    )


def time_left(deadline_at: datetime, pause_ends_at: datetime | None, *, now: datetime) -> timedelta:
    """Working time that is left: the deadline stands as if a pause lasted to its end."""
    counts_from = max(now, pause_ends_at) if pause_ends_at else now
    return remaining(deadline_at, now=counts_from)
