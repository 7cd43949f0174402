"""Releasing results: what must be settled before, and who may decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import DomainError, ErrorKind
from app.domain.text import N_


class Check(StrEnum):
    """What is looked at. Each counts what is still open; 0 lets the release go."""

    IN_PROGRESS = "in_progress"
    UNMARKED = "unmarked"
    HELD_SAVES = "held_saves"
    INCIDENTS = "incidents"
    SIGNALS = "signals"
    RESCORES = "rescores"


class ReleaseState(StrEnum):
    """Where a release stands; decided once, it stays as it is."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Checklist:
    """Check → how many are open."""

    open: Mapping[Check, int]

    @property
    def blocking(self) -> tuple[Check, ...]:
        """What stands in the way, in the order of the checks."""
        return tuple(check for check in Check if self.open.get(check, 0))

    def dump(self) -> dict[str, int]:
        """Every check with its number, as it goes on record."""
        return {check.value: self.open.get(check, 0) for check in Check}


class ProposedAlready(DomainError):
    """A release of this sitting waits for a decision."""

    def __init__(self) -> None:
        super().__init__(
            "release-proposed",
            N_("A release of this sitting waits for a decision already."),
            kind=ErrorKind.CONFLICT,
        )


class NotReady(DomainError):
    """Something is still open."""

    def __init__(self) -> None:
        super().__init__(
            "release-not-ready",
            N_("Not everything is settled yet: look at the checks."),
            kind=ErrorKind.CONFLICT,
        )


class NothingToRelease(DomainError):
    """No result waits for its release."""

    def __init__(self) -> None:
        super().__init__(
            "nothing-to-release",
            N_("No result of this sitting waits for its release."),
            kind=ErrorKind.CONFLICT,
        )


class StatisticsUnseen(DomainError):
    """Nobody has said that they looked at the statistics."""

    def __init__(self) -> None:
        super().__init__(
            "statistics-unseen",
            N_("Look at the statistics, and confirm that you have."),
        )


def check_proposal(checklist: Checklist, *, waiting: int, statistics_seen: bool) -> None:
    """Whether a release can be proposed; raises NothingToRelease, NotReady, StatisticsUnseen."""
    if not waiting:
        raise NothingToRelease
    if checklist.blocking:
        raise NotReady
    if not statistics_seen:
        raise StatisticsUnseen


def check_separate(
    state: str, *, proposed_by: int, decider: int | None, decided: Iterable[str]
) -> None:
    """Whether this person may decide a proposal; raises DecidedAlready, SameProposer.

    decided: the states in which it is too late.
    """
    if decider is None or decider == proposed_by:
        raise SameProposer
    if state in set(decided):
        raise DecidedAlready


class DecidedAlready(DomainError):
    """Somebody has decided before."""

    def __init__(self) -> None:
        super().__init__(
            "decided-already", N_("This has been decided already."), kind=ErrorKind.CONFLICT
        )


class SameProposer(DomainError):
    """Whoever proposes never decides."""

    def __init__(self) -> None:
        super().__init__(
            "same-proposer",
            N_("You proposed this yourself, so somebody else has to decide on it."),
            kind=ErrorKind.FORBIDDEN,
        )
