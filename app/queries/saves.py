"""Saves of an attempt."""

from __future__ import annotations

from sqlalchemy import select

from app.db import db
from app.domain.questions.body import Answer
from app.domain.saves import SaveState, StoredSave, current_answers
from app.models.attempts import Save, SaveDecision


def saves_of(attempt_id: int) -> list[StoredSave]:
    """Every save of the attempt, as it was stored."""
    rows = db.session.execute(
        select(
            Save.position,
            Save.epoch,
            Save.seq,
            Save.answer,
            Save.flagged,
            Save.spent_ms,
            Save.state,
            Save.received_at,
            Save.receipt,
            SaveDecision.accepted,
        )
        .outerjoin(SaveDecision, SaveDecision.save_id == Save.id)
        .where(Save.attempt_id == attempt_id)
        .order_by(Save.id)
    )
    return [
        StoredSave(
            position=row.position,
            epoch=row.epoch,
            seq=row.seq,
            answer=row.answer,
            flagged=row.flagged,
            spent_ms=row.spent_ms,
            state=SaveState(row.state),
            decided=row.accepted,
            received_at=row.received_at,
            receipt=row.receipt,
        )
        for row in rows
    ]


def answers_of(attempt_id: int) -> dict[int, Answer | None]:
    """Position → the answer that counts; positions without a save that counts are left out."""
    current = current_answers(saves_of(attempt_id))
    return {position: save.answer for position, save in current.items()}
