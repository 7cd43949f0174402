"""What became of the synthetic candidate."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.preflight.candidate import STEPS, Rehearsal, Step, Timing, candidate
from app.domain.preflight.checks import Verdict, overall
from app.domain.text import Said

DONE = Rehearsal(
    timings=tuple(Timing(step, 10.0) for step in Step),
    held_ms=60.0,
    score=100.0,
    maximum=100.0,
    receipts=3,
)


def test_all_the_way_with_full_marks_is_a_go():
    assert overall(candidate(DONE)) is Verdict.GO


def test_all_the_way_to_those_who_mark_is_a_go():
    assert overall(candidate(replace(DONE, score=None, maximum=None))) is Verdict.GO


def test_right_answers_without_full_marks_are_a_no_go():
    assert overall(candidate(replace(DONE, score=99.5))) is Verdict.NO_GO


@pytest.mark.parametrize("step", list(Step))
def test_whoever_is_stopped_tells_at_which_step(step):
    passed = DONE.timings[: list(Step).index(step)]

    (found,) = candidate(replace(DONE, timings=passed, stopped=Said("shut")))

    assert found.verdict is Verdict.NO_GO
    assert found.parameters["step"] == Said(STEPS[step])
    assert found.parameters["problem"] == Said("shut")


def test_being_stopped_at_the_very_end_is_told_as_well():
    (found,) = candidate(replace(DONE, stopped=Said("lost")))

    assert found.parameters["step"] == Said(STEPS[Step.GRADE])


@pytest.mark.parametrize(
    ("step", "ms", "expected"),
    [
        (Step.START, 500, Verdict.GO),
        (Step.START, 501, Verdict.WARN),
        (Step.SAVE, 501, Verdict.WARN),
        (Step.GRADE, 5000, Verdict.GO),
        (Step.GRADE, 5001, Verdict.WARN),
    ],
)
def test_a_slow_step_is_a_warning(step, ms, expected):
    timings = tuple(replace(t, ms=ms) if t.step is step else t for t in DONE.timings)

    assert overall(candidate(replace(DONE, timings=timings))) is expected
