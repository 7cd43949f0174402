"""Sittings as a candidate sees them: what is on offer, one's place, one's attempts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from app.db import AnyRow, AnySelect, db
from app.domain.attempts import OPEN_STATES, AttemptState
from app.domain.sittings import SittingState, sitting_state
from app.models.accounts import Enrolment
from app.models.attempts import Attempt
from app.models.schemes import Exam, Scheme
from app.models.sittings import Registration, Sitting
from app.queries.own_attempts import AttemptLine, own_attempts
from app.queries.paging import Page, contains, paged
from app.queries.papers import questions_of_sitting

PAGE_SIZE = 10
_OPEN = [state.value for state in OPEN_STATES]


@dataclass(frozen=True, slots=True)
class OwnFilter:
    """Which sittings are listed. when: "upcoming" (not over yet) or "past". "" leaves open."""

    when: str = "upcoming"
    search: str = ""
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """One's own place. ticket_used: a ticket has been used to log in."""

    registration_id: int
    state: AttemptState
    admission_number: str
    agreed: bool
    admitted: bool
    ticket_used: bool


@dataclass(frozen=True, slots=True)
class SittingCard:
    """A sitting with one's own place in it. place: None before registering.

    withdrawn: one had a place and was taken off the roster. taken: places that are gone.
    sections: how many are worked through one way, 0 with free navigation.
    needs_*: what the door asks for, never the code or the keys themselves. used: attempts that
    count, and passed: the attempt that one has passed with, in every sitting of this exam.
    """

    id: int
    title: dict[str, Any]
    exam_title: dict[str, Any]
    scheme_title: dict[str, Any]
    opens_at: datetime
    closes_at: datetime
    cancelled_at: datetime | None
    room: str
    minutes: int
    questions: int
    sections: int
    total: float
    pass_mark: float
    attempts_allowed: int
    wait_hours: int
    scoring: dict[str, Any]
    open_to_enrolled: bool
    capacity: int | None
    taken: int
    networks: tuple[str, ...]
    needs_code: bool
    needs_seb: bool
    needs_admission: bool
    needs_ticket: bool
    place: Place | None
    withdrawn: bool
    attempts: tuple[AttemptLine, ...]
    used: int
    passed: AttemptLine | None

    def window(self, now: datetime) -> SittingState:
        """Where the sitting stands."""
        return sitting_state(self.opens_at, self.closes_at, cancelled_at=self.cancelled_at, now=now)

    @property
    def full(self) -> bool:
        """Whether every place is taken."""
        return self.capacity is not None and self.taken >= self.capacity

    @property
    def running(self) -> AttemptLine | None:
        """The attempt that one is in."""
        return next((line for line in self.attempts if line.state in OPEN_STATES), None)


def own_sittings(
    user_id: int, filters: OwnFilter, *, now: datetime, page: int = 1, size: int = PAGE_SIZE
) -> Page[SittingCard]:
    """Sittings of the exams of one's schemes: four statements.

    Upcoming ones have a place of one's own or could have one; past ones had one.
    """
    which = _is_past(now) if filters.when == "past" else _is_upcoming(now)
    statement = _cards(user_id).where(which)
    if filters.search:
        statement = statement.where(_matches(filters.search))
    latest_first = filters.sort == "latest" or (filters.when == "past" and filters.sort == "")
    order = (
        (Sitting.opens_at.desc(), Sitting.id.desc())
        if latest_first
        else (Sitting.opens_at, Sitting.id)
    )
    found = paged(statement.order_by(*order), number=page, size=size)
    return Page(_with_attempts(user_id, found.rows), found.number, found.total, found.size)


def next_sittings(user_id: int, *, now: datetime, most: int = 3) -> Sequence[AnyRow]:
    """(id, title, closes_at) of the next of one's sittings: one statement."""
    return db.session.execute(
        _cards(user_id)
        .with_only_columns(Sitting.id, Sitting.title, Sitting.closes_at, maintain_column_froms=True)
        .where(_is_upcoming(now))
        .order_by(Sitting.opens_at, Sitting.id)
        .limit(most)
    ).all()


def own_sitting(user_id: int, sitting_id: int) -> SittingCard | None:
    """One sitting that this person has, had or may have a place in: three statements."""
    may_see = or_(Registration.id.is_not(None), Sitting.open_to_enrolled)
    rows = db.session.execute(_cards(user_id).where(Sitting.id == sitting_id, may_see)).all()
    cards = _with_attempts(user_id, rows)
    return cards[0] if cards else None


def place_mark(user_id: int, sitting_id: int, *, now: datetime) -> str | None:
    """Where one's place and the sitting stand, in one word that changes when the page would.

    One statement: a page that waits asks for it every few seconds.
    """
    row = db.session.execute(
        select(
            Registration.state,
            Registration.agreed_at,
            Registration.ticket_used_at,
            Sitting.opens_at,
            Sitting.closes_at,
            Sitting.cancelled_at,
        )
        .join(Sitting, Sitting.id == Registration.sitting_id)
        .where(Registration.sitting_id == sitting_id, Registration.user_id == user_id)
    ).one_or_none()
    if row is None:
        return None
    window = sitting_state(row.opens_at, row.closes_at, cancelled_at=row.cancelled_at, now=now)
    agreed = "agreed" if row.agreed_at else "open"
    ticket = "used" if row.ticket_used_at else "out"
    return f"{row.state}-{agreed}-{ticket}-{window}"


def _cards(user_id: int) -> AnySelect:
    return (
        select(
            Sitting,
            Exam,
            Scheme.title.label("scheme_title"),
            Registration,
            questions_of_sitting().label("questions"),
        )
        .join(Exam, Exam.id == Sitting.exam_id)
        .join(Scheme, Scheme.id == Exam.scheme_id)
        .join(Enrolment, and_(Enrolment.scheme_id == Scheme.id, Enrolment.user_id == user_id))
        .outerjoin(
            Registration,
            and_(Registration.sitting_id == Sitting.id, Registration.user_id == user_id),
        )
    )


_IS_MINE = and_(Registration.id.is_not(None), Registration.state != AttemptState.VOIDED.value)


def _is_over(now: datetime) -> ColumnElement[bool]:
    working = exists().where(Attempt.registration_id == Registration.id, Attempt.state.in_(_OPEN))
    return and_(Sitting.closes_at <= now, ~working)


def _is_past(now: datetime) -> ColumnElement[bool]:
    return and_(_is_over(now), _IS_MINE)


def _is_upcoming(now: datetime) -> ColumnElement[bool]:
    is_offered = and_(
        Registration.id.is_(None), Sitting.open_to_enrolled, Sitting.cancelled_at.is_(None)
    )
    return and_(~_is_over(now), or_(_IS_MINE, is_offered))


def _matches(search: str) -> ColumnElement[bool]:
    pattern = contains(search)
    return or_(
        Sitting.title["zh"].as_string().ilike(pattern, escape="\\"),
        Sitting.title["en"].as_string().ilike(pattern, escape="\\"),
        Sitting.room.ilike(pattern, escape="\\"),
        Registration.admission_number.ilike(pattern, escape="\\"),
    )


def _with_attempts(user_id: int, rows: Sequence[AnyRow]) -> list[SittingCard]:
    attempts = own_attempts(user_id)
    # Only who still wants a place where places are limited has to know how many are left.
    limited = [r.Sitting.id for r in rows if r.Sitting.capacity is not None and not r.Registration]
    taken = _taken(limited) if limited else {}
    return [_card(row, attempts=attempts, taken=taken.get(row.Sitting.id, 0)) for row in rows]


def _card(row: AnyRow, *, attempts: Sequence[AttemptLine], taken: int) -> SittingCard:
    sitting, exam, registration = row.Sitting, row.Exam, row.Registration
    withdrawn = registration is not None and registration.state == AttemptState.VOIDED
    of_exam = [
        line
        for line in attempts
        if line.exam == (exam.scheme_id, exam.code) and line.state != AttemptState.VOIDED
    ]
    return SittingCard(
        id=sitting.id,
        title=sitting.title,
        exam_title=exam.title,
        scheme_title=row.scheme_title,
        opens_at=sitting.opens_at,
        closes_at=sitting.closes_at,
        cancelled_at=sitting.cancelled_at,
        room=sitting.room,
        minutes=exam.minutes,
        questions=row.questions or 0,
        sections=len(exam.sections),
        total=float(exam.total),
        pass_mark=float(exam.pass_mark),
        attempts_allowed=exam.attempts,
        wait_hours=exam.wait_hours,
        scoring=exam.scoring,
        open_to_enrolled=sitting.open_to_enrolled,
        capacity=sitting.capacity,
        taken=taken,
        networks=tuple(sitting.networks),
        needs_code=bool(sitting.access_code),
        needs_seb=bool(sitting.seb_keys),
        needs_admission=sitting.needs_admission,
        needs_ticket=sitting.needs_ticket,
        place=_place(registration) if registration is not None and not withdrawn else None,
        withdrawn=withdrawn,
        attempts=tuple(line for line in attempts if line.sitting_id == sitting.id),
        used=len(of_exam),
        passed=next((line for line in of_exam if line.passed), None),
    )


def _place(registration: Registration) -> Place:
    return Place(
        registration_id=registration.id,
        state=AttemptState(registration.state),
        admission_number=registration.admission_number,
        agreed=registration.agreed_at is not None,
        admitted=registration.admitted_at is not None,
        ticket_used=registration.ticket_used_at is not None,
    )


def _taken(sitting_ids: Collection[int]) -> dict[int, int]:
    rows = db.session.execute(
        select(Registration.sitting_id, func.count())
        .where(
            Registration.sitting_id.in_(sitting_ids),
            Registration.state != AttemptState.VOIDED.value,
        )
        .group_by(Registration.sitting_id)
    )
    return dict(rows.all())
