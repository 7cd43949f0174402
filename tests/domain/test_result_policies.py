"""What an exam's policy says, and what it may not say."""

from __future__ import annotations

import pytest

from app.domain.problems import Problems
from app.domain.reading import Reader
from app.domain.result_policies import Part, ResultPolicy, load_policy

CUT = {
    "method": "Angoff",
    "rationale": {"zh": "两轮", "en": "two rounds"},
    "panel": 8,
    "decided_on": "2026-10-01",
}


def read(raw):
    problems = Problems()
    return ResultPolicy.read(Reader(raw, place="results", problems=problems)), problems


def test_an_empty_policy_is_the_usual_one():
    policy, problems = read({})

    assert (policy, list(problems), policy.dump()) == (ResultPolicy(), [], {})


def test_what_is_dumped_reads_back_as_the_same():
    raw = {"show": ["score", "own_answers"], "cut": CUT, "scaled": True, "appeal_days": 5}

    policy, problems = read(raw)

    assert list(problems) == []
    assert load_policy(policy.dump()) == policy
    assert policy.dump() == raw


@pytest.mark.parametrize(
    "raw",
    [
        {"show": ["everything"]},
        {"appeal_days": 0},
        {"appeal_days": 91},
        {"cut": {**CUT, "decided_on": "last year"}},
        {"cut": {**CUT, "panel": 0}},
        {"scales": True},
    ],
)
def test_what_nobody_can_mean_is_a_problem(raw):
    _, problems = read(raw)

    assert len(problems) == 1


def test_the_older_switch_shows_everything_unless_the_policy_names_parts():
    assert load_policy({}, show_answers=True).show == tuple(Part)
    assert load_policy({"show": ["score"]}, show_answers=True).show == (Part.SCORE,)
    assert not load_policy({}).shows(Part.RIGHT_ANSWERS)
