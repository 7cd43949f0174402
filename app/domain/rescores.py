"""Re-scoring a question in an exam: re-key, credit everybody, or drop it.

An approved act is a *remedy*: every grading of that question version in that exam counts it,
so that doing it again changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from app.domain.errors import DomainError, ErrorKind
from app.domain.questions.body import Answer, Body, Layout
from app.domain.questions.question import Question
from app.domain.scoring.rekeying import rekeyed
from app.domain.scoring.rules import ScoringRules
from app.domain.scoring.score import score
from app.domain.text import N_


class Act(StrEnum):
    """rekey: another answer is right. credit_all: full points for everybody. drop: out of score
    and maximum."""

    REKEY = "rekey"
    CREDIT_ALL = "credit_all"
    DROP = "drop"


class RescoreState(StrEnum):
    """Where a re-score stands. approved: it holds, and is being applied to what is graded."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"


class ProposedBefore(DomainError):
    """The same question of the same exam waits for a decision already."""

    def __init__(self) -> None:
        super().__init__(
            "rescore-proposed",
            N_("A re-score of this question waits for a decision already."),
            kind=ErrorKind.CONFLICT,
        )


class NothingWouldRemain(DomainError):
    """Dropping the question would leave somebody's paper without points."""

    def __init__(self) -> None:
        super().__init__(
            "nothing-would-remain", N_("A paper would be left without any question that counts.")
        )


class PreviewOutdated(DomainError):
    """What the decider has seen is no longer what would happen."""

    def __init__(self) -> None:
        super().__init__(
            "preview-outdated",
            N_("Results have changed since this preview was made. Look at the new one."),
            kind=ErrorKind.CONFLICT,
        )


@dataclass(frozen=True, slots=True)
class Remedy:
    """A re-score that holds. bodies: what a re-keyed question may be answered by."""

    act: Act
    bodies: tuple[Body, ...] = ()

    @classmethod
    def of(cls, act: str, key: Any, question: Question) -> Remedy:
        """The remedy that a stored row says."""
        return cls(Act(act), rekeyed(question, key) if act == Act.REKEY else ())


Remedies = Mapping[int, Remedy]
"""Question version → what holds for it in one exam."""


def points_under(
    remedy: Remedy | None,
    body: Body,
    answer: Answer | None,
    *,
    layout: Layout,
    maximum: Fraction,
    rules: ScoringRules,
) -> Fraction | None:
    """What an answer earns, exact; None where a person marks it.

    Several right answers after a re-key: the best of them counts. A dropped question keeps the
    points of its mark, which `outcome` then leaves out.
    """
    if remedy is not None and remedy.act is Act.CREDIT_ALL:
        return maximum
    bodies = remedy.bodies if remedy is not None and remedy.bodies else (body,)
    earned = [score(one, answer, layout=layout, maximum=maximum, rules=rules) for one in bodies]
    known = [points for points in earned if points is not None]
    return max(known) if known else None


def is_dropped(remedies: Remedies, version_id: int) -> bool:
    """Whether the question counts for nothing."""
    remedy = remedies.get(version_id)
    return remedy is not None and remedy.act is Act.DROP


def has_credit(remedies: Remedies, version_id: int) -> bool:
    """Whether everybody gets the question's full points."""
    remedy = remedies.get(version_id)
    return remedy is not None and remedy.act is Act.CREDIT_ALL
