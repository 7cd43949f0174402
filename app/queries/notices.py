"""What an open exam page has to tell the candidate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.db import db
from app.domain.events import NOTICES
from app.models.attempts import AttemptEvent


@dataclass(frozen=True, slots=True)
class Notice:
    """One event of the log that the candidate is told. detail: as its service wrote it."""

    id: int
    at: datetime
    kind: str
    detail: Mapping[str, Any]


def notices_since(attempt_id: int, seen: int = 0) -> tuple[Notice, ...]:
    """Notices with an id above `seen`, the oldest first."""
    rows = db.session.execute(
        select(AttemptEvent.id, AttemptEvent.at, AttemptEvent.kind, AttemptEvent.detail)
        .where(
            AttemptEvent.attempt_id == attempt_id,
            AttemptEvent.id > seen,
            AttemptEvent.kind.in_(NOTICES),
        )
        .order_by(AttemptEvent.id)
        .limit(50)
    )
    return tuple(Notice(row.id, row.at, row.kind, row.detail) for row in rows)
