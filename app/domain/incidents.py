"""An incident hit several candidates: one person proposes a remedy, another one decides."""

from __future__ import annotations

from enum import StrEnum

from app.domain.attempts import AttemptState
from app.domain.errors import DomainError, ErrorKind
from app.domain.text import N_


class Remedy(StrEnum):
    """What is given to those who were affected."""

    MINUTES = "minutes"
    RESIT = "resit"


class IncidentState(StrEnum):
    """Where an incident stands; decided once, it stays as it is."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"


class Outcome(StrEnum):
    """What an approval did to one attempt.

    granted: got the minutes. closed: was over, so minutes are of no use. voided: does not count,
    so that the exam can be taken again. kept: has passed, and nobody asked to take that away.
    """

    GRANTED = "granted"
    CLOSED = "closed"
    VOIDED = "voided"
    KEPT = "kept"


class AlreadyDecided(DomainError):
    """Somebody has decided before."""

    def __init__(self) -> None:
        super().__init__(
            "incident-decided",
            N_("This incident has been decided already."),
            kind=ErrorKind.CONFLICT,
        )


class OwnProposal(DomainError):
    """Whoever proposes never decides."""

    def __init__(self) -> None:
        super().__init__(
            "own-proposal",
            N_("You proposed this remedy, so somebody else has to decide on it."),
            kind=ErrorKind.FORBIDDEN,
        )


def check_decision(state: IncidentState, *, proposed_by: int, decider: int | None) -> None:
    """Whether this person may decide now; raises AlreadyDecided, OwnProposal."""
    if decider is None or decider == proposed_by:
        raise OwnProposal
    if state is not IncidentState.PROPOSED:
        raise AlreadyDecided


def outcome(
    remedy: Remedy, state: AttemptState, *, is_open: bool, has_passed: bool, include_passed: bool
) -> Outcome:
    """What an approval does to an attempt in `state`.

    is_open: its clock has not run out. has_passed: a passing result is released.
    include_passed: whether a resit was meant for these as well.
    """
    if remedy is Remedy.MINUTES:
        return Outcome.GRANTED if is_open else Outcome.CLOSED
    if has_passed and not include_passed and state is not AttemptState.VOIDED:
        return Outcome.KEPT
    return Outcome.VOIDED
