"""The states of an attempt and the moves between them; every other move is refused.

A registration has the first states of the same life: it is registered, then ready; from there
its attempts start.
"""

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
    """What moves an attempt, or a registration, from one state to another."""

    MAKE_READY = "make_ready"
    MAKE_UNREADY = "make_unready"
    REINSTATE = "reinstate"
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

REGISTRATION_MOVES: dict[tuple[AttemptState, Move], AttemptState] = {
    (_S.REGISTERED, _M.MAKE_READY): _S.READY,
    (_S.READY, _M.MAKE_UNREADY): _S.REGISTERED,
    (_S.READY, _M.START): _S.IN_PROGRESS,
    (_S.REGISTERED, _M.VOID): _S.VOIDED,
    (_S.READY, _M.VOID): _S.VOIDED,
    (_S.VOIDED, _M.REINSTATE): _S.REGISTERED,
}
"""Moves of a registration. START is the state of the attempt that it starts; its own stays."""

MOVES: dict[tuple[AttemptState, Move], AttemptState] = {
    (_S.IN_PROGRESS, _M.PAUSE): _S.PAUSED,
    (_S.PAUSED, _M.RESUME): _S.IN_PROGRESS,
    (_S.IN_PROGRESS, _M.SUBMIT): _S.SUBMITTED,
    (_S.PAUSED, _M.SUBMIT): _S.SUBMITTED,
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
"""Moves of an attempt once it has started."""

OPEN_STATES = frozenset({_S.IN_PROGRESS, _S.PAUSED})
"""States in which the candidate is still at it."""

CLOSED_UNSCORED = frozenset({_S.SUBMITTED, _S.EXPIRED})
"""Closed, and waiting to be graded."""

GRADED_STATES = frozenset({_S.MARKING, _S.SCORED, _S.RELEASED})
"""The rules have marked what rules can mark."""


class MoveRefused(DomainError):
    """The attempt is not in a state that allows this."""

    def __init__(self) -> None:
        super().__init__(
            "move-refused",
            N_("This exam is no longer in a state that allows this."),
            kind=ErrorKind.CONFLICT,
        )


def move(state: AttemptState, step: Move) -> AttemptState:
    """The state of an attempt after `step`; raises MoveRefused where it is not allowed."""
    return _look_up(MOVES, state, step)


def move_registration(state: AttemptState, step: Move) -> AttemptState:
    """As `move`, for a registration."""
    return _look_up(REGISTRATION_MOVES, state, step)


def _look_up(
    moves: dict[tuple[AttemptState, Move], AttemptState], state: AttemptState, step: Move
) -> AttemptState:
    try:
        return moves[state, step]
    except KeyError:
        raise MoveRefused from None
