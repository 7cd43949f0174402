"""One-time exam tickets (考试凭条): handing them out, and logging in with one."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select, update

from app.db import AnyRow, db, transactional
from app.domain.attempts import OPEN_STATES, AttemptState
from app.domain.entrance import CODE_ALPHABET, check_address, normalised_code
from app.domain.errors import DomainError, ErrorKind
from app.domain.events import Event
from app.domain.sittings import TICKETS_FROM
from app.domain.text import N_
from app.models.accounts import LoginSession, User
from app.models.attempts import Attempt
from app.models.sittings import Registration, Sitting
from app.services.sessions import begin_session, note_failure, refuse_locked
from app.services.sitting_changes import SittingMissing
from app.services.sittings import SittingClosed
from app.services.trail import Actor, log_registration_event, log_registration_events, record

TICKET_LENGTH = 10
MOST_AT_ONCE = 2000
"""Tickets that are issued in one act: a sheet of more is not printed in one go."""


class TicketRefused(DomainError):
    """Number or ticket are wrong: which of them is not said."""

    def __init__(self) -> None:
        super().__init__(
            "ticket-refused",
            N_("The admission number or the ticket is not right."),
            kind=ErrorKind.FORBIDDEN,
        )


class TicketSpent(DomainError):
    """The ticket has been used."""

    def __init__(self) -> None:
        super().__init__(
            "ticket-spent",
            N_("This ticket has been used. Ask the proctor for a new one."),
            kind=ErrorKind.CONFLICT,
        )


class NobodyToIssueTo(DomainError):
    """None of the people asked for can get a ticket."""

    def __init__(self) -> None:
        super().__init__(
            "nobody-to-issue-to",
            N_("Nobody gets a ticket by this: choose people on the roster."),
            kind=ErrorKind.CONFLICT,
        )


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket as it is handed out: the only time that its code is known here."""

    registration_id: int
    name: str
    username: str
    department: str
    admission_number: str
    code: str


@dataclass(frozen=True, slots=True)
class Entrance:
    """Where a ticket leads. token: the session's secret, for the cookie."""

    token: str
    sitting_id: int


@transactional
def issue_tickets(
    sitting_id: int,
    *,
    registration_ids: Collection[int] | None = None,
    actor: Actor,
    now: datetime,
) -> list[Ticket]:
    """New tickets for these places, or for everybody who has none yet; ordered by name.

    A ticket that was out before is no longer valid, and a session that it opened ends. Raises
    SittingMissing, SittingClosed, NobodyToIssueTo.
    """
    sitting = db.session.scalar(select(Sitting).where(Sitting.id == sitting_id).with_for_update())
    if sitting is None:
        raise SittingMissing
    if sitting.cancelled_at is not None or now >= sitting.closes_at:
        _check_somebody_works(sitting_id)
    tickets = [
        Ticket(row.id, row.name, row.username, row.department, row.admission_number, _new_code())
        for row in _places(sitting_id, registration_ids)
    ]
    if not tickets:
        raise NobodyToIssueTo
    ids = [ticket.registration_id for ticket in tickets]
    db.session.execute(
        update(Registration),
        [
            {
                "id": ticket.registration_id,
                "ticket_hash": ticket_hash(ticket.admission_number, ticket.code),
                "ticket_used_at": None,
            }
            for ticket in tickets
        ],
    )
    end_ticket_sessions(ids, now=now)
    log_registration_events(ids, Event.TICKET_ISSUED, actor=actor, now=now)
    record(
        "tickets.issued",
        f"sitting:{sitting_id}",
        actor=actor,
        now=now,
        count=len(ids),
        registrations=ids,
    )
    return tickets


def redeem_ticket(
    admission_number: str,
    code: str,
    *,
    actor: Actor,
    now: datetime,
    account_failures: int,
    address_failures: int,
) -> Entrance:
    """Log in with a ticket, once. actor: address and browser, no user yet.

    Raises LockedOut, TicketRefused, TicketSpent, SittingClosed, AddressRefused.
    """
    number = normalised_code(admission_number)[:30]
    refuse_locked(
        number,
        actor.address,
        now=now,
        account_failures=account_failures,
        address_failures=address_failures,
    )
    try:
        return _redeem(number, code, actor=actor, now=now)
    except TicketRefused:
        note_failure(number, actor=actor, now=now)
        raise


def end_ticket_sessions(registration_ids: Sequence[int], *, now: datetime) -> None:
    """End what tickets of these places have opened, inside the caller's transaction."""
    db.session.execute(
        update(LoginSession)
        .where(
            LoginSession.registration_id.in_(registration_ids), LoginSession.revoked_at.is_(None)
        )
        .values(revoked_at=now)
    )


def ticket_hash(admission_number: str, code: str) -> str:
    """What the database keeps of a ticket."""
    return hashlib.sha256(f"{admission_number}:{normalised_code(code)}".encode()).hexdigest()


@transactional
def _redeem(admission_number: str, code: str, *, actor: Actor, now: datetime) -> Entrance:
    row = db.session.execute(
        select(Registration, Sitting)
        .join(Sitting, Sitting.id == Registration.sitting_id)
        .join(User, User.id == Registration.user_id)
        .where(
            Registration.admission_number == admission_number,
            Registration.state != AttemptState.VOIDED.value,
            User.active,
        )
        .with_for_update(of=Registration)
    ).one_or_none()
    given = ticket_hash(admission_number, code)
    wanted = (row.Registration.ticket_hash if row else None) or ""
    if row is None or not hmac.compare_digest(wanted, given):
        raise TicketRefused
    registration, sitting = row
    if registration.ticket_used_at is not None:
        raise TicketSpent
    if sitting.cancelled_at is not None or now < sitting.opens_at - TICKETS_FROM:
        raise SittingClosed
    if now >= sitting.closes_at and not _is_working(registration.id):
        raise SittingClosed
    check_address(sitting.networks, actor.address)
    registration.ticket_used_at = now
    who = Actor(registration.user_id, actor.address, actor.browser)
    log_registration_event(registration.id, Event.TICKET_USED, actor=who, now=now)
    token = begin_session(
        registration.user_id,
        tried=admission_number,
        actor=who,
        now=now,
        registration_id=registration.id,
    )
    return Entrance(token, sitting.id)


def _places(sitting_id: int, registration_ids: Collection[int] | None) -> Sequence[AnyRow]:
    statement = (
        select(
            Registration.id,
            Registration.admission_number,
            User.name,
            User.username,
            User.department,
        )
        .join(User, User.id == Registration.user_id)
        .where(
            Registration.sitting_id == sitting_id,
            Registration.state != AttemptState.VOIDED.value,
        )
        .order_by(User.name, User.username)
        .limit(MOST_AT_ONCE)
    )
    if registration_ids is None:
        statement = statement.where(Registration.ticket_hash.is_(None))
    else:
        statement = statement.where(Registration.id.in_(registration_ids))
    return db.session.execute(statement).all()


def _is_working(registration_id: int) -> bool:
    """Beyond the window's end, whoever has a running exam may still come back to it."""
    working = exists().where(
        Attempt.registration_id == registration_id,
        Attempt.state.in_([state.value for state in OPEN_STATES]),
    )
    return bool(db.session.scalar(select(working)))


def _check_somebody_works(sitting_id: int) -> None:
    working = exists().where(
        Attempt.sitting_id == sitting_id,
        Attempt.state.in_([state.value for state in OPEN_STATES]),
    )
    if not db.session.scalar(select(working)):
        raise SittingClosed


def _new_code() -> str:
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(TICKET_LENGTH))
