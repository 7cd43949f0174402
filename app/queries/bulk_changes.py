"""The changes of many questions that somebody made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.db import db
from app.domain.questions.bulk import BulkOrder
from app.models.workshop import BulkChange


@dataclass(frozen=True, slots=True)
class MadeChange:
    """One change. undone_at: None while it can be taken back."""

    id: int
    at: datetime
    order: BulkOrder
    question_ids: tuple[str, ...]
    undone_at: datetime | None


def bulk_changes(*, user_id: int, most: int = 10) -> list[MadeChange]:
    """One's own latest changes, the newest first."""
    rows = db.session.scalars(
        select(BulkChange)
        .where(BulkChange.user_id == user_id)
        .order_by(BulkChange.id.desc())
        .limit(most)
    )
    return [
        MadeChange(
            id=row.id,
            at=row.at,
            order=BulkOrder.load(row.what),
            question_ids=tuple(entry["id"] for entry in row.undo["questions"]),
            undone_at=row.undone_at,
        )
        for row in rows
    ]
