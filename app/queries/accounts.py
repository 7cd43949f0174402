"""Reads about people and log-ins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, or_, select

from app.db import AnyRow, db
from app.domain.attempts import OPEN_STATES
from app.domain.permissions import TICKET_PERMISSIONS, Permission, Role, permissions_of
from app.models.accounts import Enrolment, LoginSession, User, UserRole
from app.models.attempts import Attempt
from app.models.sittings import Registration
from app.queries.paging import Page, contains, paged

# Built once: every request runs it.
_IDENTITY = (
    select(
        User.id,
        User.username,
        User.name,
        User.language,
        User.must_change_password,
        LoginSession.id.label("session_id"),
        LoginSession.created_at,
        LoginSession.last_seen_at,
        LoginSession.registration_id,
        Registration.sitting_id,
        UserRole.role,
        Attempt.seen_at,
    )
    .select_from(LoginSession)
    .join(User, User.id == LoginSession.user_id)
    .outerjoin(Registration, Registration.id == LoginSession.registration_id)
    .outerjoin(UserRole, UserRole.user_id == User.id)
    .outerjoin(
        Attempt,
        and_(Attempt.user_id == User.id, Attempt.state.in_([s.value for s in OPEN_STATES])),
    )
    .where(
        LoginSession.token_hash == bindparam("token_hash"),
        LoginSession.revoked_at.is_(None),
        User.active,
    )
)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is logged in, as every request needs it: one statement, no relations.

    registration_id and sitting_id: the one exam that a log-in with a ticket serves; None for
    every other log-in. It may sit exams and nothing else, whatever its person is.
    """

    user_id: int
    session_id: int
    username: str
    name: str
    language: str
    roles: frozenset[Role]
    permissions: frozenset[Permission]
    must_change_password: bool
    last_seen_at: datetime
    registration_id: int | None = None
    sitting_id: int | None = None


def identity(
    token_hash: str, *, now: datetime, idle: timedelta, lifetime: timedelta
) -> Identity | None:
    """The person whose session this is, or None where it has ended.

    An exam that is being written keeps the session alive: the page speaks to the server all
    the time, and its heartbeat is in the attempt's row.
    """
    rows = db.session.connection().execute(_IDENTITY, {"token_hash": token_hash}).all()
    if not rows:
        return None
    row = rows[0]
    last_seen = max(row.last_seen_at, row.seen_at or row.last_seen_at)
    if now - last_seen > idle or now - row.created_at > lifetime:
        return None
    roles = frozenset(Role(r.role) for r in rows if r.role)
    by_ticket = row.registration_id is not None
    return Identity(
        user_id=row.id,
        session_id=row.session_id,
        username=row.username,
        name=row.name,
        language=row.language,
        roles=roles,
        permissions=TICKET_PERMISSIONS if by_ticket else permissions_of(roles),
        must_change_password=row.must_change_password and not by_ticket,
        last_seen_at=row.last_seen_at,
        registration_id=row.registration_id,
        sitting_id=row.sitting_id,
    )


def open_sessions(user_id: int, *, since: datetime) -> Sequence[AnyRow]:
    """Log-in sessions that have not ended, newest first."""
    return db.session.execute(
        select(
            LoginSession.id,
            LoginSession.created_at,
            LoginSession.last_seen_at,
            LoginSession.address,
            LoginSession.browser,
        )
        .where(
            LoginSession.user_id == user_id,
            LoginSession.revoked_at.is_(None),
            LoginSession.last_seen_at > since,
        )
        .order_by(LoginSession.last_seen_at.desc())
    ).all()


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One line of the list of accounts."""

    id: int
    username: str
    name: str
    department: str
    active: bool
    email: str
    roles: tuple[Role, ...]


_ACCOUNT = (User.id, User.username, User.name, User.department, User.active, User.email)

_SORTS = {
    "username": (User.username,),
    "name": (User.name, User.username),
    "department": (User.department, User.username),
    "newest": (User.created_at.desc(), User.id.desc()),
}


def accounts(
    *, search: str, role: str, active: str, sort: str = "username", page: int
) -> Page[AccountRow]:
    """Accounts; role and active ("yes", "no") filter where not empty."""
    statement = select(*_ACCOUNT)
    if search:
        pattern = contains(search)
        statement = statement.where(
            or_(
                User.username.ilike(pattern, escape="\\"),
                User.name.ilike(pattern, escape="\\"),
                User.department.ilike(pattern, escape="\\"),
            )
        )
    if role:
        statement = statement.where(
            User.id.in_(select(UserRole.user_id).where(UserRole.role == role))
        )
    if active:
        statement = statement.where(User.active.is_(active == "yes"))
    found = paged(statement.order_by(*_SORTS.get(sort, _SORTS["username"])), number=page)
    roles: dict[int, list[Role]] = {row.id: [] for row in found.rows}
    for user_id, value in db.session.execute(
        select(UserRole.user_id, UserRole.role)
        .where(UserRole.user_id.in_(roles))
        .order_by(UserRole.role)
    ):
        roles[user_id].append(Role(value))
    rows = [_account_row(row, roles[row.id]) for row in found.rows]
    return Page(rows, found.number, found.total, found.size)


def account(user_id: int) -> AccountRow | None:
    """One account."""
    row = db.session.execute(select(*_ACCOUNT).where(User.id == user_id)).one_or_none()
    if row is None:
        return None
    roles = db.session.scalars(
        select(UserRole.role).where(UserRole.user_id == user_id).order_by(UserRole.role)
    )
    return _account_row(row, list(map(Role, roles)))


def _account_row(row: AnyRow, roles: Sequence[Role]) -> AccountRow:
    return AccountRow(
        id=row.id,
        username=row.username,
        name=row.name,
        department=row.department,
        active=row.active,
        email=row.email,
        roles=tuple(roles),
    )


def user_id_of(username: str) -> int | None:
    """The id of the account with this user name."""
    return db.session.scalar(select(User.id).where(User.username == username))


def enrolled_schemes(user_id: int) -> Sequence[str]:
    """Ids of the schemes that somebody is enrolled in."""
    return db.session.scalars(select(Enrolment.scheme_id).where(Enrolment.user_id == user_id)).all()


def has_accounts() -> bool:
    """Whether there is anybody yet."""
    return db.session.scalar(select(User.id).limit(1)) is not None
