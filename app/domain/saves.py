"""Which save counts: the last write of the writing tab, by (epoch, seq), never by clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.errors import DomainError, ErrorKind
from app.domain.questions.body import Answer
from app.domain.text import N_

LARGEST_BATCH = 200
"""Saves in one request."""


class SaveState(StrEnum):
    """accepted: counts. superseded: came from a tab that had been taken over. held: came late."""

    ACCEPTED = "accepted"
    SUPERSEDED = "superseded"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class StoredSave:
    """One answer as stored. epoch: number of the tab that wrote it; seq: its own counter.

    decided: what a person decided about a held save, None before. received_at and receipt: as
    they were signed; a save that was not read from the database has none.
    """

    position: int
    epoch: int
    seq: int
    answer: Answer | None
    flagged: bool
    spent_ms: int
    state: SaveState
    decided: bool | None = None
    received_at: datetime | None = None
    receipt: str = ""

    @property
    def counts(self) -> bool:
        """Whether it may count: it came in time, or somebody let it."""
        return self.state is SaveState.ACCEPTED or (
            self.state is SaveState.HELD and self.decided is True
        )


class BatchTooLarge(DomainError):
    """More saves in one request than a browser ever has to send."""

    def __init__(self) -> None:
        super().__init__(
            "batch-too-large", N_("Too many answers in one request."), kind=ErrorKind.TOO_LARGE
        )


def state_of_arrival(*, epoch: int, writing_epoch: int, in_time: bool) -> SaveState:
    """How a save is stored, from its tab, the tab that now writes, and its arrival."""
    if not in_time:
        return SaveState.HELD
    return SaveState.ACCEPTED if epoch == writing_epoch else SaveState.SUPERSEDED


def current_answers(saves: Iterable[StoredSave]) -> dict[int, StoredSave]:
    """Position → the save that counts: of those that may, the one with the highest (epoch, seq)."""
    current: dict[int, StoredSave] = {}
    for save in saves:
        if not save.counts:
            continue
        known = current.get(save.position)
        if known is None or (save.epoch, save.seq) > (known.epoch, known.seq):
            current[save.position] = save
    return current
