"""Questions that may go on a paper, and what is expected of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.domain.plans import Cell, ExamPlan
from app.domain.questions.kinds import Level, QuestionType

_T, _L = QuestionType, Level

MINUTES: Mapping[QuestionType, float] = MappingProxyType(
    {
        _T.TRUE_FALSE: 0.5,
        _T.SINGLE: 0.75,
        _T.MULTIPLE: 1.25,
        _T.FILL_IN: 1.25,
        _T.NUMERIC: 2.0,
        _T.MATCHING: 2.0,
        _T.ORDERING: 2.0,
        _T.SHORT_ANSWER: 12.0,
        _T.CASE: 20.0,
    }
)
"""Expected minutes of a question that asks to apply: a planning table, until enough was measured.

It gives the theory paper of 85 questions 70 of its 90 minutes, and the skills paper 108 of 120.
"""
LEVEL_FACTOR: Mapping[Level, float] = MappingProxyType(
    {_L.REMEMBER: 0.8, _L.APPLY: 1.0, _L.ANALYSE: 1.3}
)


def expected_minutes(type: QuestionType, level: Level) -> float:
    """Minutes that a question of this kind is expected to take."""
    return MINUTES[type] * LEVEL_FACTOR[level]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question version that may go on a paper. point: its main knowledge point.

    difficulty: 1..5, the author's estimate or what was measured. points: all of its points, ()
    for the main one alone. minutes: measured, None for the table's. is_pilot: not yet in use,
    so it stands on a paper without a score.
    """

    version_id: int
    question_id: str
    module: str
    point: str
    type: QuestionType
    level: Level
    difficulty: float = 3.0
    points: tuple[str, ...] = ()
    minutes: float | None = None
    is_pilot: bool = False

    @property
    def all_points(self) -> tuple[str, ...]:
        """Its knowledge points, the main one first."""
        return self.points or (self.point,)

    @property
    def expected_minutes(self) -> float:
        """How long it is expected to take."""
        if self.minutes is not None:
            return self.minutes
        return expected_minutes(self.type, self.level)

    def home(self, plan: ExamPlan) -> Cell | None:
        """The cell of the plan that it fits: there is at most one."""
        fits = (
            cell
            for cell in plan.cells
            if cell.admits(module=self.module, type=self.type, level=self.level)
        )
        return next(fits, None)
