"""Whether every receipt that was handed out stands for a row that is really there (promise 1)."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from app.db import db
from app.domain.receipts import receipt
from app.models.attempts import Save
from benchmarks.candidate import Place
from benchmarks.server import Installation

_STORED = {"true": True, "false": False}
"""What the page sends for a verdict → what is kept of it; anything else is kept as it is."""


def broken(made: Installation, given: Iterable[Place]) -> list[Place]:
    """The receipts whose row is missing, or holds something else than what was sent."""
    key = bytes.fromhex(made.app.extensions["settings"].receipt_key)
    with made.app.app_context():
        rows = {
            (row.attempt_id, row.epoch, row.seq): row
            for row in db.session.execute(select(Save.__table__))
        }
        db.session.remove()
    return [place for place in given if not _stands(place, rows, key)]


def _stands(place: Place, rows: dict[tuple[int, int, int], object], key: bytes) -> bool:
    row = rows.get((place.attempt_id, place.epoch, place.seq))
    if row is None or row.answer != _STORED.get(place.answer, place.answer):
        return False
    signed = receipt(
        key=key,
        attempt_id=row.attempt_id,
        position=row.position,
        epoch=row.epoch,
        seq=row.seq,
        answer=row.answer,
        state=row.state,
        received_at=row.received_at,
    )
    return place.receipt == row.receipt == signed
