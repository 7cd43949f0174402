"""What makes papers equal: expected difficulty, expected time, and how their points spread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from app.domain.assembly.candidates import Candidate
from app.domain.assembly.paper_programme import PaperProgramme, Terms
from app.domain.assembly.programme import Programme
from app.domain.plan_rules import Targets
from app.domain.plans import Cell, ExamPlan


@dataclass(frozen=True, slots=True)
class Weights:
    """What one unit costs: the objective is their sum, so that a gap can be read.

    difficulty: 1 on the scale 1..5, of the spread and again of the farthest distance from the
    target. minute: one minute of either. repeat: a point that a paper asks once more than
    before. reuse: a question on one more of these papers than need be. used: a question that was
    on an earlier paper, for each of those.
    """

    difficulty: float = 100.0
    minute: float = 1.0
    repeat: float = 0.5
    reuse: float = 20.0
    used: float = 2.0


WEIGHTS = Weights()
_REPEATS = 3
"""A point's second, third and fourth question on a paper cost more each; no further ones."""


def usual_figures(plan: ExamPlan, questions: Sequence[Candidate]) -> Targets:
    """What a paper comes to where each cell takes average questions of its supply.

    Papers keep to it where the plan names no target: then none of them empties the bank of its
    easy questions.
    """
    found: dict[Cell, list[Candidate]] = {}
    for question in questions:
        cell = question.home(plan)
        if cell is not None and not question.is_pilot:
            found.setdefault(cell, []).append(question)
    difficulty = minutes = 0.0
    for cell, supply in found.items():
        share = float(cell.count * cell.points / plan.total) / len(supply)
        difficulty += share * sum(q.difficulty for q in supply)
        minutes += cell.count * sum(q.expected_minutes for q in supply) / len(supply)
    return Targets(difficulty, minutes)


def add_equality(made: PaperProgramme) -> None:
    """Let spreads and distances from the targets cost, and points that a paper repeats."""
    plan, targets = made.plan, made.plan.targets
    usual = usual_figures(plan, made.questions)
    weights: Mapping[Cell, float] = {c: float(c.points / plan.total) for c in plan.cells}
    difficulty: list[Terms] = [[] for _ in range(made.count)]
    minutes: list[Terms] = [[] for _ in range(made.count)]
    for question, papers in made.scored():
        cell = question.home(plan)
        if cell is None:
            continue
        for paper, columns in enumerate(papers):
            for column in columns:
                minutes[paper].append((column, question.expected_minutes))
                difficulty[paper].append((column, weights[cell] * question.difficulty))
    for sums, target, otherwise, cost in (
        (difficulty, targets.difficulty, usual.difficulty, WEIGHTS.difficulty),
        (minutes, targets.minutes, usual.minutes, WEIGHTS.minute),
    ):
        near = otherwise if target is None else target
        _keep_near(made.programme, sums, target=near or 0.0, cost=cost)
    _add_coverage(made)


def worth(
    plan: ExamPlan,
    questions: Sequence[Candidate],
    papers: Sequence[Sequence[Candidate]],
    *,
    uses: Mapping[str, int],
    free: Collection[Cell],
) -> float:
    """The objective of these papers as they are, so that it can be held against the bound.

    free: cells that leave the design, in which a further use of a question costs.
    """
    usual, targets = usual_figures(plan, questions), plan.targets
    scored = [[q for q in paper if not q.is_pilot] for paper in papers]
    weights = {cell: float(cell.points / plan.total) for cell in plan.cells}
    total = 0.0
    for sums, target, otherwise, cost in (
        (
            [sum(weights[c] * q.difficulty for q in p if (c := q.home(plan))) for p in scored],
            targets.difficulty,
            usual.difficulty,
            WEIGHTS.difficulty,
        ),
        (
            [sum(q.expected_minutes for q in p) for p in scored],
            targets.minutes,
            usual.minutes,
            WEIGHTS.minute,
        ),
    ):
        near = (otherwise if target is None else target) or 0.0
        total += cost * (max(sums) - min(sums) + max(abs(value - near) for value in sums))
    for paper in scored:
        points = Counter(q.point for q in paper)
        total += WEIGHTS.repeat * sum(
            max(0, times - repeat) for times in points.values() for repeat in range(1, _REPEATS + 1)
        )
        total += WEIGHTS.used * sum(uses.get(q.question_id, 0) for q in paper)
    times_used = Counter(q for paper in scored for q in paper if q.home(plan) in free)
    return total + WEIGHTS.reuse * sum(times - 1 for times in times_used.values())


def _keep_near(programme: Programme, sums: Sequence[Terms], *, target: float, cost: float) -> None:
    """Let the spread of the papers' sums cost, and the farthest distance from the target."""
    highest, lowest, distance = (programme.column(c) for c in (cost, -cost, cost))
    for terms in sums:
        programme.row([*terms, (highest, -1.0)], upper=0)
        programme.row([*terms, (lowest, -1.0)], lower=0)
    programme.row([(highest, 1.0), (distance, -1.0)], upper=target)
    programme.row([(lowest, 1.0), (distance, 1.0)], lower=target)


def _add_coverage(made: PaperProgramme) -> None:
    """Let a point cost that a paper asks again, the third time more than the second."""
    by_point: dict[str, list[list[list[int]]]] = {}
    for question, papers in made.scored():
        by_point.setdefault(question.point, []).append(papers)
    for found in by_point.values():
        for paper in range(made.count):
            ones = [(column, 1.0) for papers in found for column in papers[paper]]
            for repeat in range(1, min(len(found), _REPEATS + 1)):
                over = made.programme.column(WEIGHTS.repeat)
                made.programme.row([*ones, (over, -1.0)], upper=repeat)
