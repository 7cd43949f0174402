"""The rows of saves, signed and inserted: the one way into the table, whatever they came by.

As the trail, called inside the transaction of the act.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from app.db import AnyRow, db
from app.domain.questions.body import Answer
from app.domain.receipts import receipt
from app.domain.saves import SaveState
from app.models.attempts import Save

SAVES = cast(Table, Save.__table__)
RECEIPT = (
    SAVES.c.position,
    SAVES.c.seq,
    SAVES.c.received_at,
    SAVES.c.state,
    SAVES.c.receipt,
)
"""What a receipt says."""

# Built once: building and compiling a statement costs more than running it.
_INSERT = {
    name: dialect.insert(SAVES)
    .on_conflict_do_nothing(index_elements=["attempt_id", "epoch", "seq"])
    .returning(*RECEIPT)
    for name, dialect in (("postgresql", postgresql), ("sqlite", sqlite))
}


def signed_row(
    attempt_id: int,
    *,
    position: int,
    epoch: int,
    seq: int,
    answer: Answer | None,
    flagged: bool,
    spent_ms: int,
    state: SaveState,
    key: bytes,
    now: datetime,
) -> dict[str, object]:
    """One row with its receipt. answer: canonical, as the question's type has read it."""
    return {
        "attempt_id": attempt_id,
        "position": position,
        "epoch": epoch,
        "seq": seq,
        "answer": answer,
        "state": state.value,
        "received_at": now,
        "flagged": flagged,
        "spent_ms": spent_ms,
        "receipt": receipt(
            key=key,
            attempt_id=attempt_id,
            position=position,
            epoch=epoch,
            seq=seq,
            answer=answer,
            state=state.value,
            received_at=now,
        ),
    }


def insert_rows(rows: Sequence[dict[str, object]]) -> list[AnyRow]:
    """Insert at least one row; returns the RECEIPT of those that are new.

    A row that is there already (same attempt, epoch and seq) stays as it was.
    """
    connection = db.session.connection()
    return list(connection.execute(_INSERT[connection.dialect.name], rows))
