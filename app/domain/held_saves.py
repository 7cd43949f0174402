"""Held saves: why each one was held, and what would become of it if somebody accepted it.

Whoever decides sees neither questions nor answers, so that the decision is about the time and
not about the content: whether there is an answer and whether it differs is all that is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.saves import SaveState, StoredSave, current_answers


class Held(StrEnum):
    """Why a save was held."""

    FILE = "file"
    SUBMITTED = "submitted"
    DEADLINE = "deadline"
    SECTION = "section"
    PAUSE = "pause"


class Content(StrEnum):
    """What a held save holds, beside the one that counts now for the same question."""

    BLANK = "blank"
    ANSWERED = "answered"
    CHANGED = "changed"
    SAME = "same"


class Standing(StrEnum):
    """What accepting would do. newest: it would count. followed: a later held one would."""

    NEWEST = "newest"
    FOLLOWED = "followed"
    OLDER = "older"


@dataclass(frozen=True, slots=True)
class Ending:
    """How an attempt stands to the clock: its deadline, and its end where it has one."""

    deadline_at: datetime
    closed_at: datetime | None

    @property
    def at(self) -> datetime:
        """From when on a save is late."""
        return min(self.closed_at or self.deadline_at, self.deadline_at)

    def lateness(self, received_at: datetime) -> timedelta:
        """How long after the end a save came; zero where it came before."""
        return max(received_at - self.at, timedelta(0))


@dataclass(frozen=True, slots=True)
class HeldSummary:
    """Positions of an attempt's held answers, by what was decided about them."""

    undecided: tuple[int, ...]
    accepted: tuple[int, ...]
    refused: tuple[int, ...]


def reason_for(
    received_at: datetime, ending: Ending, *, from_file: bool, section_left: bool
) -> Held:
    """Why a save that came at `received_at` was held."""
    if from_file:
        return Held.FILE
    closed_at = ending.closed_at
    if closed_at is not None and closed_at < ending.deadline_at and received_at >= closed_at:
        return Held.SUBMITTED
    if received_at > ending.deadline_at:
        return Held.DEADLINE
    return Held.SECTION if section_left else Held.PAUSE


def told_to_candidate(saves: Sequence[StoredSave]) -> HeldSummary:
    """Which questions have held answers, and what was decided about them."""

    def positions(decided: bool | None) -> tuple[int, ...]:
        held = {s.position for s in saves if s.state is SaveState.HELD and s.decided is decided}
        return tuple(sorted(held))

    return HeldSummary(positions(None), positions(True), positions(False))


def assess(saves: Sequence[StoredSave]) -> list[tuple[StoredSave, Content, Standing]]:
    """Every held save of the attempt, beside what counts now for its question."""
    current = current_answers(saves)
    newest: dict[int, tuple[int, int]] = {}
    for save in saves:
        if save.state is SaveState.HELD and save.decided is None:
            newest[save.position] = max(newest.get(save.position, (0, 0)), (save.epoch, save.seq))
    return [
        (save, _content(save, current.get(save.position)), _standing(save, current, newest))
        for save in saves
        if save.state is SaveState.HELD
    ]


def _content(save: StoredSave, current: StoredSave | None) -> Content:
    if save.answer is None:
        return Content.BLANK
    if current is None or current.answer is None:
        return Content.ANSWERED
    return Content.SAME if save.answer == current.answer else Content.CHANGED


def _standing(
    save: StoredSave, current: dict[int, StoredSave], newest: dict[int, tuple[int, int]]
) -> Standing:
    place = save.epoch, save.seq
    counting = current.get(save.position)
    if counting is not None and place < (counting.epoch, counting.seq):
        return Standing.OLDER
    if place < newest.get(save.position, place):
        return Standing.FOLLOWED
    return Standing.NEWEST
