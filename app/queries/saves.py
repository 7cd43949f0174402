"""Saves of an attempt, and of everybody who sat a paper."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import groupby

from sqlalchemy import select

from app.db import AnyRow, AnySelect, db
from app.domain.questions.body import Answer
from app.domain.saves import SaveState, StoredSave, current_answers
from app.models.attempts import Save, SaveDecision

_BATCH = 5000


def saves_of(attempt_id: int) -> list[StoredSave]:
    """Every save of the attempt, as it was stored."""
    rows = db.session.execute(_SAVES.where(Save.attempt_id == attempt_id).order_by(Save.id))
    return list(map(stored_save, rows))


def saves_by_attempt(
    attempts: AnySelect, *, positions: Collection[int]
) -> Iterator[tuple[int, list[StoredSave]]]:
    """(attempt, its saves at these positions), one attempt after the other, read in batches.

    attempts: selects their ids. Those that saved nothing there are left out.
    """
    rows = db.session.execute(
        _SAVES.where(Save.attempt_id.in_(attempts), Save.position.in_(positions))
        .order_by(Save.attempt_id, Save.id)
        .execution_options(yield_per=_BATCH)
    )
    for attempt_id, own in groupby(rows, key=lambda row: row.attempt_id):
        yield attempt_id, list(map(stored_save, own))


def answers_of(attempt_id: int) -> dict[int, Answer | None]:
    """Position → the answer that counts; positions without a save that counts are left out."""
    current = current_answers(saves_of(attempt_id))
    return {position: save.answer for position, save in current.items()}


def stored_save(row: AnyRow) -> StoredSave:
    """A save from a row that has all its columns and the decision about it."""
    return StoredSave(
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


_SAVES = select(
    Save.attempt_id,
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
).outerjoin(SaveDecision, SaveDecision.save_id == Save.id)
