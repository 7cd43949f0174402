"""Every receipt that was handed out, compared with what is in the database."""

from __future__ import annotations

import json

from sqlalchemy import select

from app.domain.receipts import receipt
from app.models.attempts import Save

COLUMNS = Save.__table__.c


class Ledger:
    """The receipts of some candidates. The new ones are checked at once, all of them at the end."""

    def __init__(self, house, candidates):
        self._house, self._candidates = house, candidates
        self._checked = dict.fromkeys(candidates, 0)
        secrets = json.loads((house.folder / "secrets.json").read_text())
        self._key = bytes.fromhex(secrets["receipt_key"])

    def __len__(self):
        return sum(len(candidate.promises) for candidate in self._candidates)

    def broken_since_last_time(self):
        """The broken ones of those that came since the last call."""
        broken = []
        for candidate, done in self._checked.items():
            new = candidate.promises[done:]
            self._checked[candidate] += len(new)
            broken += self._broken(new)
        return broken

    def broken(self):
        """Receipts whose row is missing, or differs, or does not fit the signature."""
        return self._broken([p for c in self._candidates for p in c.promises])

    def _broken(self, promises):
        if not promises:
            return []
        attempts = {promise.attempt_id for promise in promises}
        epochs = {promise.epoch for promise in promises}
        with self._house.database() as session:
            found = session.execute(
                select(Save.__table__).where(
                    COLUMNS.attempt_id.in_(attempts),
                    COLUMNS.epoch.between(min(epochs), max(epochs)),
                )
            )
            rows = {(row.attempt_id, row.epoch, row.seq): row for row in found}
        return [
            promise
            for promise in promises
            if not self._fits(promise, rows.get((promise.attempt_id, promise.epoch, promise.seq)))
        ]

    def _fits(self, promise, row):
        if row is None or row.answer != promise.answer:
            return False
        signed = receipt(
            key=self._key,
            attempt_id=promise.attempt_id,
            position=promise.position,
            epoch=promise.epoch,
            seq=promise.seq,
            answer=row.answer,
            state=promise.state,
            received_at=row.received_at,
        )
        return promise.receipt == row.receipt == signed
