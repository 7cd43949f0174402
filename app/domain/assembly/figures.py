"""Figures of a set of papers, to compare them before somebody approves them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any, Self

from app.domain.assembly.candidates import Candidate
from app.domain.assembly.papers import Slot


@dataclass(frozen=True, slots=True)
class PaperFigures:
    """One paper; pilots are told apart and count nowhere else.

    difficulty: mean of 1..5 weighted by points. by_difficulty: how many questions of 1, 2, … 5.
    minutes: expected, of the questions that count. points: knowledge point → questions.
    modules: module → questions. used: questions that were on earlier papers.
    """

    number: int
    questions: int
    difficulty: float
    by_difficulty: tuple[int, ...]
    minutes: float
    points: Mapping[str, int]
    modules: Mapping[str, int]
    pilots: int
    used: int


@dataclass(frozen=True, slots=True)
class SetFigures:
    """The papers of one assembly side by side.

    shared: [one, other, questions], papers from 1. exposure: on how many of the papers → how many
    questions. gap, by_clock: as the assembly told.
    """

    papers: tuple[PaperFigures, ...]
    shared: tuple[tuple[int, int, int], ...]
    exposure: Mapping[int, int]
    gap: float = 0.0
    by_clock: bool = False

    @property
    def difficulty_spread(self) -> float:
        """Hardest paper minus easiest paper."""
        return _spread([paper.difficulty for paper in self.papers])

    @property
    def minutes_spread(self) -> float:
        """Longest paper minus shortest paper."""
        return _spread([paper.minutes for paper in self.papers])

    @property
    def largest_overlap(self) -> float:
        """Share of a paper that the most similar pair has in common."""
        questions = max((paper.questions for paper in self.papers), default=0)
        return max((n for _, _, n in self.shared), default=0) / questions if questions else 0.0

    @property
    def points(self) -> list[str]:
        """Every knowledge point that any of the papers asks about."""
        return sorted({point for paper in self.papers for point in paper.points})

    @property
    def points_on_all(self) -> int:
        """Knowledge points that every paper asks about."""
        return sum(all(point in paper.points for paper in self.papers) for point in self.points)

    def between(self, one: int, other: int) -> int:
        """Questions that two papers share."""
        return next((n for a, b, n in self.shared if {a, b} == {one, other}), 0)

    def dump(self) -> dict[str, Any]:
        """The form that the database keeps."""
        return {
            "papers": [asdict(paper) for paper in self.papers],
            "shared": [list(one) for one in self.shared],
            "exposure": {str(times): count for times, count in self.exposure.items()},
            "gap": self.gap,
            "by_clock": self.by_clock,
        }

    @classmethod
    def load(cls, raw: Mapping[str, Any]) -> Self:
        """What `dump` made."""
        return cls(
            papers=tuple(
                PaperFigures(**{**paper, "by_difficulty": tuple(paper["by_difficulty"])})
                for paper in raw["papers"]
            ),
            shared=tuple((a, b, n) for a, b, n in raw["shared"]),
            exposure={int(times): count for times, count in raw["exposure"].items()},
            gap=raw["gap"],
            by_clock=raw["by_clock"],
        )


def figures_of(
    papers: Sequence[Sequence[Slot]],
    pool: Mapping[int, Candidate],
    *,
    uses: Mapping[str, int],
    gap: float = 0.0,
    by_clock: bool = False,
) -> SetFigures:
    """The figures of these papers. pool: version id → question. uses: as in the assembly."""
    scored = [[slot for slot in paper if not slot.is_pilot] for paper in papers]
    ids = [{slot.question_id for slot in paper} for paper in scored]
    return SetFigures(
        papers=tuple(
            _paper(number, paper, scored[number - 1], pool, uses)
            for number, paper in enumerate(papers, start=1)
        ),
        shared=tuple(
            (one + 1, other + 1, len(ids[one] & ids[other]))
            for one, other in combinations(range(len(papers)), 2)
        ),
        exposure=dict(sorted(Counter(Counter(i for p in ids for i in p).values()).items())),
        gap=round(gap, 4),
        by_clock=by_clock,
    )


def _paper(
    number: int,
    paper: Sequence[Slot],
    scored: Sequence[Slot],
    pool: Mapping[int, Candidate],
    uses: Mapping[str, int],
) -> PaperFigures:
    questions = [pool[slot.version_id] for slot in scored]
    total = float(sum(slot.points for slot in scored)) or 1.0
    weighed = (
        float(slot.points) * question.difficulty
        for slot, question in zip(scored, questions, strict=True)
    )
    steps = Counter(min(5, max(1, round(question.difficulty))) for question in questions)
    return PaperFigures(
        number=number,
        questions=len(questions),
        difficulty=round(sum(weighed) / total, 4),
        by_difficulty=tuple(steps[step] for step in range(1, 6)),
        minutes=round(sum(question.expected_minutes for question in questions), 2),
        points=dict(sorted(Counter(p for q in questions for p in set(q.all_points)).items())),
        modules=dict(sorted(Counter(question.module for question in questions).items())),
        pilots=len(paper) - len(scored),
        used=sum(question.question_id in uses for question in questions),
    )


def _spread(values: Sequence[float]) -> float:
    return max(values) - min(values) if values else 0.0
