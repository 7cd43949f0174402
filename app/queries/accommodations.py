"""Accommodations: what a person has, the list of approvals, and who could get one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased

from app.db import AnyRow, AnySelect, db
from app.domain.accommodations import Accommodation as Granted
from app.domain.accommodations import Provision, Standing, provision
from app.models.accommodations import Accommodation
from app.models.accounts import User
from app.queries.paging import Page, contains, paged

MOST_MATCHES = 10

_APPROVER, _REVOKER = aliased(User), aliased(User)


@dataclass(frozen=True, slots=True)
class ApprovalRow:
    """One approval with its person. reason: for those who may approve alone."""

    id: int
    user_id: int
    name: str
    username: str
    department: str
    given: Granted
    standing: Standing
    reason: str
    approved_by: str | None
    approved_at: datetime
    revoked_by: str | None
    revoked_at: datetime | None
    revoked_reason: str


_SORTS = {
    "name": (User.name, User.username, Accommodation.id.desc()),
    "newest": (Accommodation.id.desc(),),
    "first": (Accommodation.valid_from, Accommodation.id),
    "last": (Accommodation.valid_until.is_(None), Accommodation.valid_until, Accommodation.id),
}


def provision_of(user_id: int, *, on: date) -> Provision:
    """What this person gets in an exam on that day: one statement."""
    rows = db.session.execute(
        select(Accommodation).where(
            Accommodation.user_id == user_id,
            Accommodation.revoked_at.is_(None),
            Accommodation.valid_from <= on,
            or_(Accommodation.valid_until.is_(None), Accommodation.valid_until >= on),
        )
    ).scalars()
    return provision((_granted(row) for row in rows), on=on)


def approvals(
    *, search: str = "", standing: str = "", sort: str = "name", on: date, page: int = 1
) -> Page[ApprovalRow]:
    """Approvals: two statements. standing: a `Standing` on that day, "" for all."""
    statement = _listed().order_by(*_SORTS.get(sort, _SORTS["name"]))
    if search:
        pattern = contains(search)
        statement = statement.where(
            or_(User.name.ilike(pattern, escape="\\"), User.username.ilike(pattern, escape="\\"))
        )
    conditions = _standing_conditions(on)
    if standing in conditions:
        statement = statement.where(conditions[standing])
    found = paged(statement, number=page)
    return Page([_row(row, on) for row in found.rows], found.number, found.total, found.size)


def approval(accommodation_id: int, *, on: date) -> ApprovalRow | None:
    """One approval."""
    row = db.session.execute(_listed().where(Accommodation.id == accommodation_id)).one_or_none()
    return None if row is None else _row(row, on)


def people_matching(text: str) -> Sequence[AnyRow]:
    """People with an account whom the text may mean: (id, username, name, department).

    The one with exactly this user name comes alone.
    """
    people = select(User.id, User.username, User.name, User.department).where(User.active)
    exact = db.session.execute(people.where(User.username == text)).all()
    if exact or not text:
        return exact
    pattern = contains(text)
    return db.session.execute(
        people.where(
            or_(User.name.ilike(pattern, escape="\\"), User.username.ilike(pattern, escape="\\"))
        )
        .order_by(User.name, User.username)
        .limit(MOST_MATCHES)
    ).all()


def _listed() -> AnySelect:
    return (
        select(
            Accommodation,
            User.name,
            User.username,
            User.department,
            _APPROVER.name.label("approver"),
            _REVOKER.name.label("revoker"),
        )
        .join(User, User.id == Accommodation.user_id)
        .outerjoin(_APPROVER, _APPROVER.id == Accommodation.approved_by)
        .outerjoin(_REVOKER, _REVOKER.id == Accommodation.revoked_by)
    )


def _standing_conditions(on: date) -> dict[str, ColumnElement[bool]]:
    """As `domain/accommodations` has it, for the database."""
    stands = Accommodation.revoked_at.is_(None)
    ended = and_(Accommodation.valid_until.is_not(None), Accommodation.valid_until < on)
    return {
        Standing.REVOKED: Accommodation.revoked_at.is_not(None),
        Standing.FUTURE: and_(stands, Accommodation.valid_from > on),
        Standing.ENDED: and_(stands, ended, Accommodation.valid_from <= on),
        Standing.VALID: and_(stands, ~ended, Accommodation.valid_from <= on),
    }


def _row(row: AnyRow, on: date) -> ApprovalRow:
    item: Accommodation = row.Accommodation
    given = _granted(item)
    return ApprovalRow(
        id=item.id,
        user_id=item.user_id,
        name=row.name,
        username=row.username,
        department=row.department,
        given=given,
        standing=given.standing(on, revoked=item.revoked_at is not None),
        reason=item.reason,
        approved_by=row.approver,
        approved_at=item.approved_at,
        revoked_by=row.revoker,
        revoked_at=item.revoked_at,
        revoked_reason=item.revoked_reason,
    )


def _granted(row: Accommodation) -> Granted:
    return Granted(
        time_factor=row.time_factor,
        break_minutes=row.break_minutes,
        larger_text=row.larger_text,
        separate_room=row.separate_room,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )
