"""The filters of the bank that somebody keeps."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.db import db
from app.domain.questions.bank_filter import BankFilter
from app.models.workshop import SavedFilter


@dataclass(frozen=True, slots=True)
class KeptFilter:
    """A filter under its name."""

    id: int
    name: str
    filters: BankFilter


def saved_filters(*, user_id: int) -> list[KeptFilter]:
    """One's own filters by name."""
    rows = db.session.scalars(
        select(SavedFilter)
        .where(SavedFilter.user_id == user_id)
        .order_by(SavedFilter.name, SavedFilter.id)
    )
    return [KeptFilter(row.id, row.name, BankFilter.read(row.query)) for row in rows]
