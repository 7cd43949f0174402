"""Rows of marks, written inside the transaction of the act that gives the points."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

from sqlalchemy import select

from app.db import db
from app.models.results import Mark
from app.queries.versions import PaperSlot


def add_mark(
    attempt_id: int, slot: PaperSlot, points: Fraction, *, rule: str, now: datetime
) -> None:
    """Give an answer that has no mark its points."""
    db.session.add(
        Mark(
            attempt_id=attempt_id,
            position=slot.position,
            version_id=slot.version_id,
            points=points,
            maximum=slot.points,
            share=float(points / slot.points),
            rule=rule,
            created_at=now,
        )
    )


def points_by_position(attempt_id: int) -> dict[int, Fraction]:
    """Position → points, of the answers that have their mark."""
    rows = db.session.execute(
        select(Mark.position, Mark.points)
        .where(Mark.attempt_id == attempt_id)
        .order_by(Mark.position)
    )
    return {row.position: row.points for row in rows}
