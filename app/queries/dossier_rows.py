"""The parts of a dossier that are lists of rows: one statement each, however many there are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from sqlalchemy import Table, and_, or_, select

from app.db import db
from app.models.accounts import User
from app.models.attempts import AttemptEvent, Save, SaveDecision
from app.models.audit import AuditEntry
from app.models.sittings import Incident, IncidentAttempt, RegistrationEvent
from app.queries.dossier_facts import Json, time

_OF_SITTING = ("sitting.opened", "sitting.changed", "sitting.cancelled")
"""Acts about the sitting that an attempt's times rest on."""


def saves(attempt_id: int) -> list[Json]:
    """Every answer as stored, with what was decided about it."""
    rows = db.session.execute(
        select(
            *(
                column
                for column in cast(Table, Save.__table__).columns
                if column.name != "attempt_id"
            ),
            SaveDecision.accepted,
            SaveDecision.decided_by,
            SaveDecision.reason,
            SaveDecision.at.label("decided_at"),
        )
        .outerjoin(SaveDecision, SaveDecision.save_id == Save.id)
        .where(Save.attempt_id == attempt_id)
        .order_by(Save.id)
    )
    return [
        {
            "id": row.id,
            "position": row.position,
            "epoch": row.epoch,
            "seq": row.seq,
            "answer": row.answer,
            "flagged": row.flagged,
            "spent_ms": row.spent_ms,
            "state": row.state,
            "received_at": time(row.received_at),
            "receipt": row.receipt,
            "decision": None
            if row.accepted is None
            else {
                "accepted": row.accepted,
                "by": row.decided_by,
                "at": time(row.decided_at),
                "reason": row.reason,
            },
        }
        for row in rows
    ]


def events(log: type[AttemptEvent] | type[RegistrationEvent], owner: Any, id_: int) -> list[Json]:
    """An event log."""
    rows = db.session.execute(
        select(log.id, log.at, log.kind, log.actor_id, log.address, log.browser, log.detail)
        .where(owner == id_)
        .order_by(log.id)
    )
    return [
        {
            "id": row.id,
            "at": time(row.at),
            "kind": row.kind,
            "actor": row.actor_id,
            "address": row.address,
            "browser": row.browser,
            "detail": row.detail,
        }
        for row in rows
    ]


def incidents(attempt_id: int) -> list[Json]:
    """Incidents that affected the attempt, with what came of them."""
    rows = db.session.execute(
        select(Incident, IncidentAttempt.outcome)
        .join(IncidentAttempt, IncidentAttempt.incident_id == Incident.id)
        .where(IncidentAttempt.attempt_id == attempt_id)
        .order_by(Incident.id)
    )
    return [
        {
            "id": row.id,
            "description": row.description,
            "remedy": row.remedy,
            "minutes": row.minutes,
            "state": row.state,
            "proposed_by": row.proposed_by,
            "proposed_at": time(row.proposed_at),
            "decided_by": row.decided_by,
            "decided_at": time(row.decided_at),
            "reason": row.reason,
            "outcome": outcome,
        }
        for row, outcome in rows
    ]


def audit(attempt_id: int, sitting_id: int) -> list[Json]:
    """Entries about the attempt, and about its sitting's window."""
    rows = db.session.scalars(
        select(AuditEntry)
        .where(
            or_(
                AuditEntry.subject == f"attempt:{attempt_id}",
                and_(
                    AuditEntry.subject == f"sitting:{sitting_id}",
                    AuditEntry.action.in_(_OF_SITTING),
                ),
            )
        )
        .order_by(AuditEntry.id)
    )
    return [
        {
            "id": row.id,
            "at": time(row.at),
            "actor": row.actor_id,
            "action": row.action,
            "subject": row.subject,
            "detail": row.detail,
            "address": row.address,
            "previous_hash": row.previous_hash,
            "hash": row.hash,
        }
        for row in rows
    ]


def people(ids: Iterable[int]) -> list[Json]:
    """Names of the people with these ids."""
    rows = db.session.scalars(select(User).where(User.id.in_(ids)).order_by(User.id))
    return [{"id": row.id, "username": row.username, "name": row.name} for row in rows]
