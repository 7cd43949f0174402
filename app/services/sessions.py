"""Logging in and out. The password is checked outside the write transaction: it takes 25 ms."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from app.db import db, transaction, transactional
from app.domain.errors import DomainError, ErrorKind
from app.domain.lockout import WINDOW, locked_until
from app.domain.text import N_
from app.models.accounts import LoginFailure, LoginSession, User
from app.services.passwords import matches
from app.services.trail import Actor, record


class LogInRefused(DomainError):
    """Name or password are wrong: which of them is not said."""

    def __init__(self) -> None:
        super().__init__(
            "login-refused",
            N_("The user name or the password is not right."),
            kind=ErrorKind.FORBIDDEN,
        )


class LockedOut(DomainError):
    """Too many failures by this account or from this address."""

    def __init__(self, *, minutes: int) -> None:
        super().__init__(
            "locked-out",
            N_("Too many failed attempts. Try again in %(minutes)s minutes."),
            kind=ErrorKind.FORBIDDEN,
            minutes=minutes,
        )


def log_in(
    username: str,
    password: str,
    *,
    actor: Actor,
    now: datetime,
    account_failures: int,
    address_failures: int,
) -> str:
    """Start a log-in session; returns the secret for the cookie.

    actor: address and browser, no user yet. Raises LockedOut, LogInRefused.
    """
    username = username.strip().replace("\x00", "")[:64]
    refuse_locked(
        username,
        actor.address,
        now=now,
        account_failures=account_failures,
        address_failures=address_failures,
    )
    row = db.session.execute(
        select(User.id, User.password_hash, User.active).where(User.username == username)
    ).one_or_none()
    db.session.rollback()
    fits = matches(row.password_hash if row else None, password)
    if row is None or not fits or not row.active:
        note_failure(username, actor=actor, now=now)
        raise LogInRefused
    with transaction():
        return begin_session(row.id, tried=username, actor=actor, now=now)


@transactional
def log_out(session_id: int, *, now: datetime) -> None:
    """End one log-in session."""
    db.session.execute(
        update(LoginSession).where(LoginSession.id == session_id).values(revoked_at=now)
    )


@transactional
def end_session(session_id: int, *, user_id: int, actor: Actor, now: datetime) -> None:
    """End one of somebody's log-in sessions, from another one."""
    ended = db.session.execute(
        update(LoginSession)
        .where(
            LoginSession.id == session_id,
            LoginSession.user_id == user_id,
            LoginSession.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )
    if ended.rowcount:  # type: ignore[attr-defined]
        record("session.ended", f"user:{user_id}", actor=actor, now=now, session=session_id)


@transactional
def end_all_sessions(user_id: int, *, actor: Actor, now: datetime) -> None:
    """End every log-in session of somebody."""
    db.session.execute(
        update(LoginSession)
        .where(LoginSession.user_id == user_id, LoginSession.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    record("session.all_ended", f"user:{user_id}", actor=actor, now=now)


@transactional
def touch(session_id: int, *, now: datetime) -> None:
    """Note that the session is in use."""
    db.session.execute(
        update(LoginSession).where(LoginSession.id == session_id).values(last_seen_at=now)
    )


@transactional
def sweep(*, now: datetime, older_than: timedelta = timedelta(days=200)) -> None:
    """Delete failures and ended sessions that are long past (kept over six months for 等保)."""
    db.session.execute(delete(LoginFailure).where(LoginFailure.at < now - older_than))
    db.session.execute(delete(LoginSession).where(LoginSession.last_seen_at < now - older_than))


def token_hash(token: str) -> str:
    """What the database keeps of a session's secret."""
    return hashlib.sha256(token.encode()).hexdigest()


def refuse_locked(
    tried: str, address: str, *, now: datetime, account_failures: int, address_failures: int
) -> None:
    """Raise LockedOut where there were too many failures with this name or from this address.

    tried: user name, or the admission number that came with a ticket.
    """
    for column, value, limit in (
        (LoginFailure.username, tried, account_failures),
        (LoginFailure.address, address, address_failures),
    ):
        failures = db.session.scalars(
            select(LoginFailure.at)
            .where(column == value, LoginFailure.at > now - WINDOW)
            .order_by(LoginFailure.at.desc())
            .limit(limit)
        ).all()
        until = locked_until(failures, now=now, limit=limit)
        if until is not None:
            raise LockedOut(minutes=max(1, -int(-(until - now).total_seconds() // 60)))


@transactional
def note_failure(tried: str, *, actor: Actor, now: datetime) -> None:
    """Note a failed log-in."""
    db.session.add(LoginFailure(username=tried, address=actor.address, at=now))


def begin_session(
    user_id: int, *, tried: str, actor: Actor, now: datetime, registration_id: int | None = None
) -> str:
    """The session itself, inside the caller's transaction; returns the secret for the cookie.

    tried: whose failures are forgotten now. registration_id: the exam that it serves alone.
    """
    token = secrets.token_urlsafe(32)
    db.session.execute(delete(LoginFailure).where(LoginFailure.username == tried))
    db.session.add(
        LoginSession(
            user_id=user_id,
            token_hash=token_hash(token),
            created_at=now,
            last_seen_at=now,
            address=actor.address,
            browser=actor.browser[:200],
            registration_id=registration_id,
        )
    )
    return token
