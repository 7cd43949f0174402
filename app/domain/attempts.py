"""The states of an attempt and the moves between them; every other move is refused."""

from __future__ import annotations

from enum import StrEnum

from app.domain.errors import DomainError, ErrorKind
from app.domain.text import N_


class AttemptState(StrEnum):
    """Where an attempt stands. registered and ready belong to the registration's row."""

    REGISTERED = "registered"
    READY = "ready"
    IN_PROGRESS = "in_progress"
    PAUSED = "paused"
    SUBMITTED = "submitted"
    EXPIRED = "expired"
    MARKING = "marking"
    SCORED = "scored"
    RELEASED = "released"
    VOIDED = "voided"


class Move(StrEnum):
    """What moves an attempt from one state to another."""

    AGREE = "agree"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    SUBMIT = "submit"
    EXPIRE = "expire"
    SEND_TO_MARKING = "send_to_marking"
    SCORE = "score"
    RELEASE = "release"
    VOID = "void"


_S, _M = AttemptState, Move

MOVES: dict[tuple[AttemptState, Move], AttemptState] = {
    (_S.REGISTERED, _M.AGREE): _S.READY,
    (_S.READY, _M.START): _S.IN_PROGRESS,
    (_S.IN_PROGRESS, _M.PAUSE): _S.PAUSED,
    (_S.PAUSED, _M.RESUME): _S.IN_PROGRESS,
    (_S.IN_PROGRESS, _M.SUBMIT): _S.SUBMITTED,
    (_S.IN_PROGRESS, _M.EXPIRE): _S.EXPIRED,
    (_S.PAUSED, _M.EXPIRE): _S.EXPIRED,
    (_S.SUBMITTED, _M.SEND_TO_MARKING): _S.MARKING,
    (_S.EXPIRED, _M.SEND_TO_MARKING): _S.MARKING,
    (_S.SUBMITTED, _M.SCORE): _S.SCORED,
    (_S.EXPIRED, _M.SCORE): _S.SCORED,
    (_S.MARKING, _M.SCORE): _S.SCORED,
    (_S.SCORED, _M.RELEASE): _S.RELEASED,
    **{(state, _M.VOID): _S.VOIDED for state in _S if state is not _S.VOIDED},
}

OPEN_STATES = frozenset({_S.IN_PROGRESS, _S.PAUSED})
"""States in which the candidate is still at it."""

CLOSED_UNSCORED = frozenset({_S.SUBMITTED, _S.EXPIRED})
"""Closed, and waiting to be graded."""


class MoveRefused(DomainError):
    """The attempt is not in a state that allows this."""

    def __init__(self) -> None:
        super().__init__(
            "move-refused",
            N_("This exam is no longer in a state that allows this."),
            kind=ErrorKind.CONFLICT,
        )


def move(state: AttemptState, step: Move) -> AttemptState:
    """The state after `step`; raises MoveRefused where it is not allowed."""
    try:
        return MOVES[state, step]
    except KeyError:
        raise MoveRefused from None
