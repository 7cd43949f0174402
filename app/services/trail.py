"""What a write leaves behind: entries of the audit log and of an attempt's event log.

Not services of their own: an entry belongs to the transaction of the act that it records,
so these are called inside one and commit nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select

from app.db import db
from app.domain.audit import START, Entry, chained_hash
from app.models.attempts import AttemptEvent
from app.models.audit import AuditEntry
from app.models.sittings import RegistrationEvent

_AUDIT_LOCK = 7_210_001
"""Key of the PostgreSQL advisory lock that keeps the chain one chain."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, from where. user_id None: the system itself."""

    user_id: int | None = None
    address: str = ""
    browser: str = ""


SYSTEM = Actor()


def record(action: str, subject: str, *, actor: Actor, now: datetime, **detail: Any) -> None:
    """Append one entry to the audit log."""
    session = db.session
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_AUDIT_LOCK)))
    previous = session.scalar(select(AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1))
    previous = previous or START
    entry = Entry(now, actor.user_id, action, subject, detail, actor.address)
    session.add(
        AuditEntry(
            at=entry.at,
            actor_id=entry.actor_id,
            action=entry.action,
            subject=entry.subject,
            detail=entry.detail,
            address=entry.address,
            previous_hash=previous,
            hash=chained_hash(previous, entry),
        )
    )
    session.flush()


def log_event(attempt_id: int, kind: str, *, actor: Actor, now: datetime, **detail: Any) -> int:
    """Append one entry to an attempt's event log; returns its id."""
    event = AttemptEvent(attempt_id=attempt_id, **_event(kind, actor, now, detail))
    db.session.add(event)
    db.session.flush()
    return event.id


def log_events(
    attempt_ids: Sequence[int], kind: str, *, actor: Actor, now: datetime, **detail: Any
) -> dict[int, int]:
    """The same entry for many attempts in one statement; attempt id → event id."""
    if not attempt_ids:
        return {}
    entry = _event(kind, actor, now, detail)
    rows = db.session.execute(
        insert(AttemptEvent).returning(AttemptEvent.attempt_id, AttemptEvent.id),
        [{"attempt_id": attempt_id, **entry} for attempt_id in attempt_ids],
    )
    return dict(rows.all())


def log_registration_event(
    registration_id: int, kind: str, *, actor: Actor, now: datetime, **detail: Any
) -> None:
    """Append one entry to a registration's event log."""
    db.session.add(
        RegistrationEvent(registration_id=registration_id, **_event(kind, actor, now, detail))
    )


def log_registration_events(
    registration_ids: Sequence[int], kind: str, *, actor: Actor, now: datetime, **detail: Any
) -> None:
    """The same entry for many registrations in one statement."""
    if not registration_ids:
        return
    entry = _event(kind, actor, now, detail)
    db.session.execute(
        insert(RegistrationEvent),
        [{"registration_id": registration_id, **entry} for registration_id in registration_ids],
    )


def _event(kind: str, actor: Actor, now: datetime, detail: dict[str, Any]) -> dict[str, Any]:
    return {
        "at": now,
        "kind": str(kind),
        "actor_id": actor.user_id,
        "address": actor.address,
        "browser": actor.browser[:200],
        "detail": detail,
    }
