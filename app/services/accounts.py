"""Writes about people: accounts, passwords, enrolments."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update

from app.db import db, transactional
from app.domain.errors import DomainError, ErrorKind
from app.domain.mails import checked_address
from app.domain.passwords import check_password
from app.domain.permissions import Role
from app.domain.text import N_
from app.models.accounts import Enrolment, LoginSession, User, UserRole
from app.services.passwords import hash_password, matches
from app.services.trail import Actor, record


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What an account is created from. password: a first one, to be changed at first log-in.

    email: where mails go, "" for nowhere.
    """

    username: str
    name: str
    roles: frozenset[Role]
    password: str
    department: str = ""
    language: str = "zh"
    email: str = ""
    must_change_password: bool = True


class UsernameTaken(DomainError):
    """Somebody has this user name."""

    def __init__(self, username: str) -> None:
        super().__init__(
            "username-taken",
            N_("The user name %(username)s is taken."),
            kind=ErrorKind.CONFLICT,
            username=username,
        )


@transactional
def create_account(account: NewAccount, *, actor: Actor, now: datetime) -> int:
    """Create an account; returns its id. Raises UsernameTaken, WeakPassword, AddressUnusable."""
    check_password(account.password, username=account.username)
    email = checked_address(account.email)
    if db.session.scalar(select(User.id).where(User.username == account.username)):
        raise UsernameTaken(account.username)
    user = User(
        username=account.username,
        name=account.name,
        department=account.department,
        password_hash=hash_password(account.password),
        must_change_password=account.must_change_password,
        language=account.language,
        email=email,
        created_at=now,
        roles=[UserRole(role=role.value) for role in sorted(account.roles)],
    )
    db.session.add(user)
    db.session.flush()
    record(
        "account.created",
        f"user:{user.id}",
        actor=actor,
        now=now,
        username=account.username,
        roles=sorted(account.roles),
    )
    return user.id


@transactional
def change_password(
    user_id: int, *, current: str, new: str, keep_session: int, actor: Actor, now: datetime
) -> None:
    """Change one's own password and end every other log-in. Raises WeakPassword, DomainError."""
    user = _user(user_id)
    if not matches(user.password_hash, current):
        raise DomainError("password-wrong", N_("The current password is not right."))
    if current == new:
        raise DomainError(
            "password-same", N_("Choose a password that differs from the current one.")
        )
    check_password(new, username=user.username)
    user.password_hash = hash_password(new)
    user.must_change_password = False
    _end_sessions(user_id, now=now, keep=keep_session)
    record("account.password_changed", f"user:{user_id}", actor=actor, now=now)


@transactional
def reset_password(user_id: int, *, new: str, actor: Actor, now: datetime) -> None:
    """Give somebody a new first password, to be changed at the next log-in."""
    user = _user(user_id)
    check_password(new, username=user.username)
    user.password_hash = hash_password(new)
    user.must_change_password = True
    _end_sessions(user_id, now=now)
    record("account.password_reset", f"user:{user_id}", actor=actor, now=now)


@transactional
def set_active(user_id: int, *, active: bool, actor: Actor, now: datetime) -> None:
    """Disable or enable an account; disabling ends its log-ins. Nobody disables themselves."""
    user = _user(user_id)
    if not active and actor.user_id == user_id:
        raise DomainError(
            "own-account", N_("You cannot disable your own account."), kind=ErrorKind.CONFLICT
        )
    user.active = active
    if not active:
        _end_sessions(user_id, now=now)
    record(
        "account.enabled" if active else "account.disabled", f"user:{user_id}", actor=actor, now=now
    )


@transactional
def set_roles(user_id: int, *, roles: Collection[Role], actor: Actor, now: datetime) -> None:
    """Give somebody exactly these roles."""
    _user(user_id)
    db.session.execute(delete(UserRole).where(UserRole.user_id == user_id))
    db.session.add_all(UserRole(user_id=user_id, role=role.value) for role in sorted(roles))
    record("account.roles_set", f"user:{user_id}", actor=actor, now=now, roles=sorted(roles))


@transactional
def set_email(user_id: int, *, email: str, actor: Actor, now: datetime) -> None:
    """Set where mails to somebody go, "" for nowhere. Raises AddressUnusable.

    The audit log tells that it was done; the address itself is no business of it.
    """
    email = checked_address(email)
    user = _user(user_id)
    if user.email == email:
        return
    user.email = email
    record("account.email_set", f"user:{user_id}", actor=actor, now=now, has_address=bool(email))


@transactional
def set_language(user_id: int, *, language: str) -> None:
    """Remember the language that somebody chose."""
    db.session.execute(update(User).where(User.id == user_id).values(language=language))


@transactional
def enrol(
    user_id: int, *, scheme_id: str, due_at: datetime | None, actor: Actor, now: datetime
) -> None:
    """Enrol somebody in a scheme; enrolling twice changes nothing."""
    known = db.session.scalar(
        select(Enrolment.id).where(Enrolment.user_id == user_id, Enrolment.scheme_id == scheme_id)
    )
    if known:
        return
    db.session.add(Enrolment(user_id=user_id, scheme_id=scheme_id, due_at=due_at, created_at=now))
    record("enrolment.created", f"user:{user_id}", actor=actor, now=now, scheme=scheme_id)


def _user(user_id: int) -> User:
    user = db.session.scalar(select(User).where(User.id == user_id).with_for_update())
    if user is None:
        raise DomainError(
            "account-missing", N_("There is no such account."), kind=ErrorKind.MISSING
        )
    return user


def _end_sessions(user_id: int, *, now: datetime, keep: int | None = None) -> None:
    sessions = update(LoginSession).where(
        LoginSession.user_id == user_id, LoginSession.revoked_at.is_(None)
    )
    if keep is not None:
        sessions = sessions.where(LoginSession.id != keep)
    db.session.execute(sessions.values(revoked_at=now))
