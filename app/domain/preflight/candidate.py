"""Whether a candidate would get through the whole exam: a synthetic one has just tried."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.preflight.checks import Check, Subject, go, no_go, warn
from app.domain.text import N_, Said


class Step(StrEnum):
    """What the synthetic candidate does, in this order."""

    ENTER = "enter"
    START = "start"
    CLAIM = "claim"
    SAVE = "save"
    SUBMIT = "submit"
    GRADE = "grade"


STEPS: dict[Step, str] = {
    Step.ENTER: N_("Take a place, agree and be admitted"),
    Step.START: N_("Start the attempt"),
    Step.CLAIM: N_("Open the exam page"),
    Step.SAVE: N_("Save every answer"),
    Step.SUBMIT: N_("Hand in"),
    Step.GRADE: N_("Grade"),
}

SLOW: dict[Step, int] = {Step.START: 500, Step.SAVE: 500}
"""Milliseconds from which a step of one candidate alone bodes ill for nine o'clock."""

VERY_SLOW = 5000
"""As SLOW, for the steps that not everybody takes at once."""


@dataclass(frozen=True, slots=True)
class Timing:
    """How long one step took, in milliseconds."""

    step: Step
    ms: float


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What became of the synthetic candidate.

    stopped: what stood in the way of the step after the last one timed, None where nothing
    did. score: None where people have to mark. held_ms: how long the rehearsal held the
    database for writing.
    """

    timings: tuple[Timing, ...]
    held_ms: float
    stopped: Said | None = None
    score: float | None = None
    maximum: float | None = None
    receipts: int = 0


def candidate(found: Rehearsal) -> list[Check]:
    """Whether the exam can be taken from the first step to the last."""
    if found.stopped is not None:
        step = list(Step)[min(len(found.timings), len(Step) - 1)]
        return [
            no_go(
                Subject.CANDIDATE,
                N_("The synthetic candidate was stopped at the step “%(step)s”: %(problem)s"),
                step=Said(STEPS[step]),
                problem=found.stopped,
            )
        ]
    checks = [_graded(found)]
    for timing in found.timings:
        if timing.ms > SLOW.get(timing.step, VERY_SLOW):
            checks.append(
                warn(
                    Subject.CANDIDATE,
                    N_("The step “%(step)s” took %(ms)s ms, for one candidate alone."),
                    step=Said(STEPS[timing.step]),
                    ms=round(timing.ms),
                )
            )
    return checks


def _graded(found: Rehearsal) -> Check:
    if found.score is None:
        return go(
            Subject.CANDIDATE,
            N_(
                "The synthetic candidate got %(receipts)s receipts and handed in; people mark"
                " the rest. Nothing of it is kept."
            ),
            receipts=found.receipts,
        )
    verdict = go if found.score == found.maximum else no_go
    return verdict(
        Subject.CANDIDATE,
        N_(
            "The synthetic candidate got %(receipts)s receipts, and %(score)s of %(maximum)s"
            " points for the right answers. Nothing of it is kept."
        ),
        receipts=found.receipts,
        score=f"{found.score:g}",
        maximum=f"{found.maximum:g}",
    )
