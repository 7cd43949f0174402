"""Assembles several papers at once: each meets the plan, and all are as equal as can be."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.domain.assembly.candidates import Candidate
from app.domain.assembly.collisions import (
    PlanNotMet,
    counted_collisions,
    explain,
    overlap_collisions,
)
from app.domain.assembly.designs import Design, make_design
from app.domain.assembly.equality import WEIGHTS, add_equality, worth
from app.domain.assembly.improving import Rounds, improve
from app.domain.assembly.paper_programme import designed
from app.domain.assembly.solving import Limits, Solution, Verdict, solve
from app.domain.errors import DomainError, ErrorKind
from app.domain.plans import Cell, ExamPlan
from app.domain.text import N_

MOST_PAPERS = 12
"""Papers of one assembly."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How long is searched: in the whole programme, then piece by piece."""

    limits: Limits
    rounds: Rounds


THOROUGH = Effort(Limits(gap=1.0, nodes=1, seconds=60), Rounds(most=60, idle=12))
QUICK = Effort(Limits(gap=1.0, nodes=1, seconds=30), Rounds(most=20, idle=5))
"""While somebody waits for the page."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One place on an assembled paper. is_pilot: it counts for nobody."""

    position: int
    version_id: int
    question_id: str
    module: str
    points: Fraction
    section: int = 1
    is_pilot: bool = False


@dataclass(frozen=True, slots=True)
class Assembly:
    """Papers, and how far their equality may be from the best there is.

    gap: in units of `equality.Weights`: 1 is a minute, or 0.01 of the difficulty. by_clock: the
    clock ended the search, so that another machine might find other papers.
    """

    papers: tuple[tuple[Slot, ...], ...]
    gap: float
    by_clock: bool = False


class GaveUp(DomainError):
    """Neither papers nor a proof that there are none within the limits."""

    def __init__(self) -> None:
        super().__init__(
            "assembly-gave-up",
            N_(
                "The search was broken off without a result. Loosen a rule, or ask for"
                " fewer papers."
            ),
            kind=ErrorKind.CONFLICT,
        )


def assemble(
    plan: ExamPlan,
    pool: Collection[Candidate],
    *,
    count: int,
    seed: int,
    uses: Mapping[str, int] | None = None,
    effort: Effort = THOROUGH,
) -> Assembly:
    """`count` papers that meet every cell and rule, as equal as the effort allows.

    pool: exam-pool questions, in any order. seed: the same seed over the same pool gives the
    same papers. uses: question id → on how many earlier papers it is; such questions come last.
    Raises PlanNotMet, which names what collides, and GaveUp.
    """
    uses = uses or {}
    questions = [q for q in sorted(pool, key=lambda q: q.question_id) if q.home(plan) is not None]
    if not plan.rules.pilots:
        questions = [q for q in questions if not q.is_pilot]
    random.Random(seed).shuffle(questions)
    short = counted_collisions(plan, questions, count=count)
    if short:
        raise PlanNotMet(short)
    supply = Counter(home for q in questions if not q.is_pilot and (home := q.home(plan)))
    design = make_design(
        {cell: supply[cell] for cell in plan.cells}, count=count, seed=seed
    ) or Design({}, {})
    if design.largest_overlap > plan.rules.shared_questions(plan.questions):
        overlap = design.largest_overlap
        raise PlanNotMet(overlap_collisions(plan, supply, count=count, overlap=overlap))
    solution, chosen, free = _solved(
        plan, questions, count=count, seed=seed, uses=uses, design=design, effort=effort
    )
    price = worth(plan, questions, chosen, uses=uses, free=free)
    gap = max(0.0, price - solution.bound)
    return Assembly(
        tuple(
            tuple(_placed(plan, paper, draw=random.Random(f"{seed}:{number}")))
            for number, paper in enumerate(chosen)
        ),
        gap=gap if solution.verdict is Verdict.LIMITED else min(gap, effort.limits.gap),
        by_clock=solution.by_clock,
    )


def _solved(
    plan: ExamPlan,
    questions: Sequence[Candidate],
    *,
    count: int,
    seed: int,
    uses: Mapping[str, int],
    design: Design,
    effort: Effort,
) -> tuple[Solution, list[list[Candidate]], frozenset[Cell]]:
    """The design first; where the rules forbid it, the cells that they touch go free, then all."""
    used = {question_id: WEIGHTS.used * times for question_id, times in uses.items()}
    proved = False
    for free in _freedoms(plan, questions, design):
        made = designed(
            plan,
            questions,
            count=count,
            design=design,
            free=free,
            reuse=WEIGHTS.reuse,
            used=used,
        )
        add_equality(made)
        solution = solve(made.programme, seed=seed, limits=effort.limits)
        if solution.values:
            solution = improve(
                made,
                solution,
                rounds=effort.rounds,
                seed=seed,
                good_enough=effort.limits.gap,
            )
            return solution, made.chosen(solution.values), free
        proved = solution.verdict is Verdict.INFEASIBLE
    collisions = explain(plan, questions, count=count, seed=seed) if proved else []
    if collisions:
        raise PlanNotMet(collisions)
    raise GaveUp


def _freedoms(
    plan: ExamPlan, questions: Sequence[Candidate], design: Design
) -> Iterator[frozenset[Cell]]:
    """Which cells leave the design, fewer first."""
    every, rules = frozenset(plan.cells), plan.rules
    ids = {id_ for group in (*rules.excludes, *rules.together) for id_ in group}
    points = set(rules.must_appear)
    touched = frozenset(
        home
        for q in questions
        if not q.is_pilot
        and (q.question_id in ids or points & set(q.all_points))
        and (home := q.home(plan))
    )
    undesigned = every - set(design.patterns)
    yield from dict.fromkeys((undesigned, touched | undesigned, every))


def _placed(plan: ExamPlan, chosen: Sequence[Candidate], *, draw: random.Random) -> Iterator[Slot]:
    """The places of a paper: section by section, cell by cell, within a cell as it is drawn.

    A pilot stands among the questions of its cell and looks as they do.
    """
    by_cell: dict[Cell, list[Candidate]] = {cell: [] for cell in plan.cells}
    for question in chosen:
        home = question.home(plan)
        if home is not None:
            by_cell[home].append(question)
    position = 0
    for cell in sorted(plan.cells, key=lambda cell: cell.section):
        found = sorted(by_cell[cell], key=lambda q: q.question_id)
        draw.shuffle(found)
        for question in found:
            position += 1
            yield Slot(
                position=position,
                version_id=question.version_id,
                question_id=question.question_id,
                module=question.module,
                points=cell.points,
                section=cell.section,
                is_pilot=question.is_pilot,
            )
