"""Incidents: who may decide, and what an approval does to each attempt."""

from __future__ import annotations

import pytest

from app.domain.attempts import AttemptState
from app.domain.incidents import (
    AlreadyDecided,
    IncidentState,
    Outcome,
    OwnProposal,
    Remedy,
    check_decision,
    outcome,
)


def what(remedy, state, *, is_open=False, has_passed=False, include_passed=False):
    return outcome(
        remedy, state, is_open=is_open, has_passed=has_passed, include_passed=include_passed
    )


def test_minutes_are_for_those_whose_clock_runs():
    assert what(Remedy.MINUTES, AttemptState.IN_PROGRESS, is_open=True) is Outcome.GRANTED
    assert what(Remedy.MINUTES, AttemptState.IN_PROGRESS) is Outcome.CLOSED
    assert what(Remedy.MINUTES, AttemptState.RELEASED) is Outcome.CLOSED


def test_another_attempt_is_for_everybody_who_has_not_passed():
    assert what(Remedy.RESIT, AttemptState.IN_PROGRESS, is_open=True) is Outcome.VOIDED
    assert what(Remedy.RESIT, AttemptState.RELEASED) is Outcome.VOIDED
    assert what(Remedy.RESIT, AttemptState.RELEASED, has_passed=True) is Outcome.KEPT


def test_a_pass_is_taken_away_only_when_that_was_said():
    assert (
        what(Remedy.RESIT, AttemptState.RELEASED, has_passed=True, include_passed=True)
        is Outcome.VOIDED
    )


def test_what_is_void_stays_void():
    assert what(Remedy.RESIT, AttemptState.VOIDED, has_passed=True) is Outcome.VOIDED


def test_who_proposes_never_decides():
    with pytest.raises(OwnProposal):
        check_decision(IncidentState.PROPOSED, proposed_by=1, decider=1)
    with pytest.raises(OwnProposal):
        check_decision(IncidentState.APPROVED, proposed_by=1, decider=1)
    check_decision(IncidentState.PROPOSED, proposed_by=1, decider=2)


def test_the_system_never_decides():
    with pytest.raises(OwnProposal):
        check_decision(IncidentState.PROPOSED, proposed_by=1, decider=None)


@pytest.mark.parametrize("state", [IncidentState.APPROVED, IncidentState.REJECTED])
def test_a_decision_is_made_once(state):
    with pytest.raises(AlreadyDecided):
        check_decision(state, proposed_by=1, decider=2)
