"""Rows of marks, written inside the transaction of the act that gives the points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction

from sqlalchemy import insert, select

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


def add_marks(
    attempt_id: int,
    slots: Sequence[PaperSlot],
    points: Mapping[int, Fraction | None],
    *,
    now: datetime,
) -> None:
    """Give all answers that a rule marks their points, in one statement; None is left out."""
    rows = [
        {
            "attempt_id": attempt_id,
            "position": slot.position,
            "version_id": slot.version_id,
            "points": earned,
            "maximum": slot.points,
            "share": float(earned / slot.points),
            "rule": slot.question.type.value,
            "created_at": now,
        }
        for slot in slots
        if (earned := points[slot.position]) is not None
    ]
    if rows:
        db.session.execute(insert(Mark), rows)


def points_by_position(attempt_id: int) -> dict[int, Fraction]:
    """Position → points, of the answers that have their mark."""
    rows = db.session.execute(
        select(Mark.position, Mark.points)
        .where(Mark.attempt_id == attempt_id)
        .order_by(Mark.position)
    )
    return {row.position: row.points for row in rows}
