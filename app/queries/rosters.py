"""The roster of a sitting, and who could be put on it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select

from app.db import AnyRow, AnySelect, db
from app.domain.accommodations import NOTHING, Provision
from app.domain.attempts import OPEN_STATES, AttemptState
from app.domain.sittings import Standing, TicketState
from app.models.accommodations import Accommodation
from app.models.accounts import Enrolment, User
from app.models.attempts import Attempt
from app.models.sittings import Registration
from app.queries.desk_counts import provisions_of
from app.queries.paging import PAGE_SIZE, Page, contains, paged


@dataclass(frozen=True, slots=True)
class RosterFilter:
    """What the roster shows; "" leaves a filter open.

    standing: a Standing; without it, everybody who is not off the roster. ticket: a
    TicketState. given: "any" accommodation, or "room" for a separate one.
    """

    search: str = ""
    standing: str = ""
    ticket: str = ""
    given: str = ""
    sort: str = "name"


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person's place. provision: what accommodations give them in this exam."""

    registration_id: int
    user_id: int
    name: str
    username: str
    department: str
    admission_number: str
    standing: Standing
    ticket: TicketState
    agreed_at: datetime | None
    admitted_at: datetime | None
    provision: Provision


_TOOK_PART = Attempt.registration_id == Registration.id
_WORKS = exists().where(_TOOK_PART, Attempt.state.in_([state.value for state in OPEN_STATES]))
_HAS_BEGUN = exists().where(_TOOK_PART)
_standing = case(
    (Registration.state == AttemptState.VOIDED.value, Standing.OFF.value),
    (_WORKS, Standing.WORKING.value),
    (_HAS_BEGUN, Standing.FINISHED.value),
    (Registration.state == AttemptState.READY.value, Standing.READY.value),
    (Registration.agreed_at.is_not(None), Standing.WAITING.value),
    else_=Standing.REGISTERED.value,
)
_ticket = case(
    (Registration.ticket_used_at.is_not(None), TicketState.USED.value),
    (Registration.ticket_hash.is_not(None), TicketState.ISSUED.value),
    else_=TicketState.NONE.value,
)
_SORTS = {
    "name": (User.name, User.username),
    "username": (User.username,),
    "department": (User.department, User.name, User.username),
    "number": (Registration.admission_number,),
    "newest": (Registration.id.desc(),),
}


def roster(
    sitting_id: int, filters: RosterFilter, *, on: date, page: int = 1, size: int = PAGE_SIZE
) -> Page[RosterRow]:
    """One page of it: three statements. on: the day of the exam, for accommodations."""
    found = paged(_listed(sitting_id, filters, on=on), number=page, size=size)
    return Page(_rows(found.rows, on=on), found.number, found.total, found.size)


def whole_roster(sitting_id: int, filters: RosterFilter, *, on: date) -> list[RosterRow]:
    """All of it, for a file."""
    return _rows(db.session.execute(_listed(sitting_id, filters, on=on)).all(), on=on)


def place_of(sitting_id: int, registration_id: int, *, on: date) -> RosterRow | None:
    """One place of this sitting."""
    statement = _places(sitting_id).where(Registration.id == registration_id)
    rows = _rows(db.session.execute(statement).all(), on=on)
    return rows[0] if rows else None


def standing_counts(sitting_id: int) -> dict[str, int]:
    """How many people are where."""
    standing = _standing.label("standing")
    placed = select(standing).where(Registration.sitting_id == sitting_id).subquery()
    rows = db.session.execute(select(placed.c.standing, func.count()).group_by(placed.c.standing))
    return dict(rows.all())


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who could be put on a roster, and what stands in the way."""

    user_id: int
    username: str
    name: str
    department: str
    active: bool
    enrolled: bool
    placed: bool


def people_named(sitting_id: int, scheme_id: str, *, words: Collection[str]) -> list[Person]:
    """Everybody whose user name or name is one of the words."""
    return _people(sitting_id, scheme_id, or_(User.username.in_(words), User.name.in_(words)))


def people_of_department(sitting_id: int, scheme_id: str, department: str) -> list[Person]:
    """Everybody enrolled in the scheme from a department, and from those below it ("A/B")."""
    below = contains(f"{department}/").removeprefix("%")
    return _people(
        sitting_id,
        scheme_id,
        and_(
            or_(User.department == department, User.department.like(below, escape="\\")),
            _enrolled(scheme_id),
        ),
    )


def people_with_ids(sitting_id: int, scheme_id: str, user_ids: Collection[int]) -> list[Person]:
    """These people."""
    return _people(sitting_id, scheme_id, User.id.in_(user_ids))


def enrolled_people(sitting_id: int, scheme_id: str) -> list[Person]:
    """Everybody who is enrolled in the scheme."""
    return _people(sitting_id, scheme_id, _enrolled(scheme_id))


def departments_of(scheme_id: str) -> list[str]:
    """Departments of those who are enrolled, with those above them, in order."""
    names = db.session.scalars(
        select(User.department)
        .where(User.department != "", User.active, _enrolled(scheme_id))
        .distinct()
    )
    found: set[str] = set()
    for name in names:
        parts = name.split("/")
        found.update("/".join(parts[:depth]) for depth in range(1, len(parts) + 1))
    return sorted(found - {""})


def _people(sitting_id: int, scheme_id: str, which: ColumnElement[bool]) -> list[Person]:
    placed = exists().where(
        Registration.sitting_id == sitting_id,
        Registration.user_id == User.id,
        Registration.state != AttemptState.VOIDED.value,
    )
    rows = db.session.execute(
        select(
            User.id,
            User.username,
            User.name,
            User.department,
            User.active,
            _enrolled(scheme_id).label("enrolled"),
            placed.label("placed"),
        )
        .where(which)
        .order_by(User.name, User.username)
    )
    return [Person(*row) for row in rows]


def _enrolled(scheme_id: str) -> ColumnElement[bool]:
    return exists().where(Enrolment.user_id == User.id, Enrolment.scheme_id == scheme_id)


def _listed(sitting_id: int, filters: RosterFilter, *, on: date) -> AnySelect:
    return (
        _places(sitting_id)
        .where(*_conditions(filters, on=on))
        .order_by(*_SORTS.get(filters.sort, _SORTS["name"]))
    )


def _places(sitting_id: int) -> AnySelect:
    return (
        select(
            Registration.id,
            Registration.user_id,
            User.name,
            User.username,
            User.department,
            Registration.admission_number,
            Registration.agreed_at,
            Registration.admitted_at,
            _standing.label("standing"),
            _ticket.label("ticket"),
        )
        .join(User, User.id == Registration.user_id)
        .where(Registration.sitting_id == sitting_id)
    )


def _conditions(filters: RosterFilter, *, on: date) -> Iterator[ColumnElement[bool]]:
    if filters.standing:
        yield _standing == filters.standing
    else:
        yield Registration.state != AttemptState.VOIDED.value
    if filters.ticket:
        yield _ticket == filters.ticket
    if filters.given:
        yield exists().where(
            Accommodation.user_id == Registration.user_id,
            Accommodation.revoked_at.is_(None),
            Accommodation.valid_from <= on,
            or_(Accommodation.valid_until.is_(None), Accommodation.valid_until >= on),
            *((Accommodation.separate_room,) if filters.given == "room" else ()),
        )
    if filters.search:
        pattern = contains(filters.search)
        yield or_(
            User.name.ilike(pattern, escape="\\"),
            User.username.ilike(pattern, escape="\\"),
            User.department.ilike(pattern, escape="\\"),
            Registration.admission_number.ilike(pattern, escape="\\"),
        )


def _rows(rows: Sequence[AnyRow], *, on: date) -> list[RosterRow]:
    given = provisions_of([row.user_id for row in rows], on=on)
    return [
        RosterRow(
            registration_id=row.id,
            user_id=row.user_id,
            name=row.name,
            username=row.username,
            department=row.department,
            admission_number=row.admission_number,
            standing=Standing(row.standing),
            ticket=TicketState(row.ticket),
            agreed_at=row.agreed_at,
            admitted_at=row.admitted_at,
            provision=given.get(row.user_id, NOTHING),
        )
        for row in rows
    ]
