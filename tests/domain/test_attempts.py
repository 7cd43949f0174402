"""The moves of an attempt: every allowed one, and every other one refused."""

from __future__ import annotations

from itertools import product

import pytest

from app.domain.attempts import (
    CLOSED_UNSCORED,
    OPEN_STATES,
    AttemptState,
    Move,
    MoveRefused,
    move,
    move_registration,
)
from app.domain.errors import ErrorKind

S, M = AttemptState, Move
ALLOWED = {
    (S.IN_PROGRESS, M.PAUSE): S.PAUSED,
    (S.IN_PROGRESS, M.SUBMIT): S.SUBMITTED,
    (S.IN_PROGRESS, M.EXPIRE): S.EXPIRED,
    (S.PAUSED, M.RESUME): S.IN_PROGRESS,
    (S.PAUSED, M.SUBMIT): S.SUBMITTED,
    (S.PAUSED, M.EXPIRE): S.EXPIRED,
    (S.SUBMITTED, M.SEND_TO_MARKING): S.MARKING,
    (S.SUBMITTED, M.SCORE): S.SCORED,
    (S.EXPIRED, M.SEND_TO_MARKING): S.MARKING,
    (S.EXPIRED, M.SCORE): S.SCORED,
    (S.MARKING, M.SCORE): S.SCORED,
    (S.SCORED, M.RELEASE): S.RELEASED,
    (S.REGISTERED, M.VOID): S.VOIDED,
    (S.READY, M.VOID): S.VOIDED,
    (S.IN_PROGRESS, M.VOID): S.VOIDED,
    (S.PAUSED, M.VOID): S.VOIDED,
    (S.SUBMITTED, M.VOID): S.VOIDED,
    (S.EXPIRED, M.VOID): S.VOIDED,
    (S.MARKING, M.VOID): S.VOIDED,
    (S.SCORED, M.VOID): S.VOIDED,
    (S.RELEASED, M.VOID): S.VOIDED,
}
REFUSED = sorted(set(product(S, M)) - set(ALLOWED))
OF_A_REGISTRATION = {
    (S.REGISTERED, M.MAKE_READY): S.READY,
    (S.READY, M.MAKE_UNREADY): S.REGISTERED,
    (S.READY, M.START): S.IN_PROGRESS,
    (S.REGISTERED, M.VOID): S.VOIDED,
    (S.READY, M.VOID): S.VOIDED,
    (S.VOIDED, M.REINSTATE): S.REGISTERED,
}


@pytest.mark.parametrize(("state", "step"), ALLOWED)
def test_an_allowed_move_leads_on(state, step):
    assert move(state, step) is ALLOWED[state, step]


@pytest.mark.parametrize(("state", "step"), REFUSED)
def test_every_other_move_is_refused(state, step):
    with pytest.raises(MoveRefused) as refused:
        move(state, step)

    assert refused.value.code == "move-refused"
    assert refused.value.kind is ErrorKind.CONFLICT


@pytest.mark.parametrize(("state", "step"), sorted(product(S, M)))
def test_a_registration_has_moves_of_its_own(state, step):
    if (state, step) in OF_A_REGISTRATION:
        assert move_registration(state, step) is OF_A_REGISTRATION[state, step]
        return

    with pytest.raises(MoveRefused):
        move_registration(state, step)


def _reachable(start, forbidden=frozenset()):
    found, left = {start}, [start]
    while left:
        here = left.pop()
        for (state, step), after in ALLOWED.items():
            if state is here and step not in forbidden and after not in found:
                found.add(after)
                left.append(after)
    return found


def test_every_state_can_be_reached_and_voided_is_the_end():
    assert _reachable(S.IN_PROGRESS) == set(S) - {S.REGISTERED, S.READY}
    assert _reachable(S.VOIDED) == {S.VOIDED}


@pytest.mark.parametrize("closed", sorted(CLOSED_UNSCORED))
def test_a_closed_attempt_is_never_opened_again(closed):
    assert not _reachable(closed) & (OPEN_STATES | {S.READY, S.REGISTERED})


def test_nothing_is_released_before_it_was_scored():
    assert S.RELEASED not in _reachable(S.IN_PROGRESS, forbidden={M.SCORE})
