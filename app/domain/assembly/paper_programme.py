"""The programme of an assembly: which question stands on which of the papers.

A question of a designed cell has one 0/1 column for each pattern of papers that the cell's design
gives away, any other one 0/1 column for each paper. Hard rows are the cells and rules of the
plan, each named by its demand; `equality` adds what papers are made equal by.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from app.domain.assembly.candidates import Candidate
from app.domain.assembly.demands import Demand, DemandKind, of_cell, of_group
from app.domain.assembly.designs import Design
from app.domain.assembly.programme import Programme
from app.domain.plans import Cell, ExamPlan

Terms = list[tuple[int, float]]


@dataclass(slots=True)
class PaperProgramme:
    """A programme with the columns of its questions.

    at[question][paper]: columns of which one is 1 where the question stands on the paper.
    """

    plan: ExamPlan
    questions: Sequence[Candidate]
    count: int
    programme: Programme = field(default_factory=Programme)
    at: list[list[list[int]]] = field(default_factory=list)

    def scored(self) -> Iterator[tuple[Candidate, list[list[int]]]]:
        """The questions that count, with their columns."""
        return ((q, a) for q, a in zip(self.questions, self.at, strict=True) if not q.is_pilot)

    def chosen(self, values: Sequence[float]) -> list[list[Candidate]]:
        """The questions of each paper."""
        return [
            [
                question
                for question, papers in zip(self.questions, self.at, strict=True)
                if any(values[column] for column in papers[paper])
            ]
            for paper in range(self.count)
        ]


def demanded(plan: ExamPlan, questions: Sequence[Candidate], *, count: int) -> PaperProgramme:
    """Cells and rules alone, nothing designed: to ask whether and why a plan is impossible."""
    made = PaperProgramme(plan, questions, count)
    for _ in questions:
        made.at.append([[made.programme.column(upper=1, integer=True)] for _ in range(count)])
    _add_demands(made, designed=())
    _add_overlaps(made, most_uses=_allowed_uses(made), shared={})
    return made


def designed(
    plan: ExamPlan,
    questions: Sequence[Candidate],
    *,
    count: int,
    design: Design,
    free: Collection[Cell] = (),
    reuse: float = 0.0,
    used: Mapping[str, float],
) -> PaperProgramme:
    """Cells and rules, where all cells but the `free` ones take the patterns of the design.

    reuse: what it costs that a question of a free cell is on one more paper. used: question
    id → what it costs to take it at all.
    """
    made = PaperProgramme(plan, questions, count)
    patterns = {cell: found for cell, found in design.patterns.items() if cell not in free}
    taking: dict[tuple[Cell, tuple[int, ...]], Terms] = {}
    for question in questions:
        cost = used.get(question.question_id, 0.0)
        home = question.home(plan)
        if question.is_pilot or home not in patterns:
            made.at.append(_free_columns(made, cost, 0.0 if question.is_pilot else reuse))
            continue
        papers: list[list[int]] = [[] for _ in range(count)]
        for pattern in patterns[home]:
            column = made.programme.column(cost * len(pattern), upper=1, integer=True)
            taking.setdefault((home, pattern), []).append((column, 1.0))
            for paper in pattern:
                papers[paper].append(column)
        made.programme.row(_ones(sorted({c for found in papers for c in found})), upper=1)
        made.at.append(papers)
    for (cell, pattern), terms in taking.items():
        times = patterns[cell][pattern]
        made.programme.row(terms, lower=times, upper=times, demand=of_cell(cell))
    _add_demands(made, designed=patterns)
    if free:
        fixed = {
            pair: sum(
                times
                for found in patterns.values()
                for pattern, times in found.items()
                if set(pair) <= set(pattern)
            )
            for pair in combinations(range(count), 2)
        }
        _add_overlaps(made, most_uses=_allowed_uses(made, free=free), shared=fixed)
    return made


def _free_columns(made: PaperProgramme, cost: float, reuse: float) -> list[list[int]]:
    columns = [made.programme.column(cost, upper=1, integer=True) for _ in range(made.count)]
    if reuse and made.count > 1:
        further = made.programme.column(reuse)
        made.programme.row([*_ones(columns), (further, -1.0)], upper=1)
    return [[column] for column in columns]


def _add_demands(made: PaperProgramme, *, designed: Collection[Cell]) -> None:
    plan, rules, row = made.plan, made.plan.rules, made.programme.row
    by_cell: dict[Cell, list[list[list[int]]]] = {c: [] for c in plan.cells if c not in designed}
    by_point: dict[str, list[list[list[int]]]] = {}
    by_id = {q.question_id: at for q, at in zip(made.questions, made.at, strict=True)}
    for question, at in made.scored():
        cell = question.home(plan)
        if cell in by_cell:
            by_cell[cell].append(at)
        for point in question.all_points:
            by_point.setdefault(point, []).append(at)
    pilots = [at for q, at in zip(made.questions, made.at, strict=True) if q.is_pilot]
    for paper in range(made.count):
        for cell, found in by_cell.items():
            row(_on(found, paper), lower=cell.count, upper=cell.count, demand=of_cell(cell))
        for point in rules.must_appear:
            demand = Demand(DemandKind.MUST_APPEAR, point)
            row(_on(by_point.get(point, ()), paper), lower=1, demand=demand)
        for group in rules.excludes:
            found = [by_id[id_] for id_ in group if id_ in by_id]
            row(_on(found, paper), upper=1, demand=of_group(DemandKind.EXCLUDES, group))
        for group in rules.together:
            _add_together(made, group, by_id, paper)
        demand = Demand(DemandKind.PILOTS)
        row(_on(pilots, paper), lower=rules.pilots, upper=rules.pilots, demand=demand)
    for id_, most in _allowed_uses(made).items():
        if most < made.count:
            columns = sorted({c for on in by_id[id_] for c in on})
            uses = [(c, float(sum(c in on for on in by_id[id_]))) for c in columns]
            row(uses, upper=most, demand=Demand(DemandKind.EXPOSURE))


def _add_together(
    made: PaperProgramme, group: tuple[str, ...], by_id: Mapping[str, list[list[int]]], paper: int
) -> None:
    """All of the group or none; none where one of them cannot be had."""
    demand = of_group(DemandKind.TOGETHER, group)
    found = [by_id[id_] for id_ in group if id_ in by_id]
    if len(found) < len(group):
        made.programme.row(_on(found, paper), upper=0, demand=demand)
        return
    for one in found[1:]:
        terms = [*_ones(found[0][paper]), *((c, -1.0) for c in one[paper])]
        made.programme.row(terms, lower=0, upper=0, demand=demand)


def _allowed_uses(made: PaperProgramme, *, free: Collection[Cell] | None = None) -> dict[str, int]:
    """Question id → on how many papers the exposure rule lets it be. free: of these cells alone."""
    most = made.plan.rules.uses_per_question(made.count)
    return {
        question.question_id: most
        for question in made.questions
        if free is None or (question.home(made.plan) in free and not question.is_pilot)
    }


def _add_overlaps(
    made: PaperProgramme, *, most_uses: Mapping[str, int], shared: Mapping[tuple[int, int], int]
) -> None:
    """Bound what two papers share. shared: what designed cells let each pair share already.

    both ≥ one + other − 1 for each pair of papers. That alone is weak while a solver thinks in
    fractions, so the pairs of a question that is on e papers are bounded from below as well:
    e·(e − 1)/2 ≥ j·e − j·(j + 1)/2 for every whole j.
    """
    programme, pairs = made.programme, list(combinations(range(made.count), 2))
    most = made.plan.rules.shared_questions(made.plan.questions)
    if not pairs or most >= made.plan.questions:
        return
    on_both: dict[tuple[int, int], list[int]] = {pair: [] for pair in pairs}
    for question, at in made.scored():
        limit = most_uses.get(question.question_id, 1)
        if limit < 2:
            continue
        columns = {pair: programme.column(upper=1) for pair in pairs}
        for (one, other), column in columns.items():
            programme.row([*_ones(at[one] + at[other]), (column, -1.0)], upper=1)
            on_both[one, other].append(column)
        for j in range(1, limit):
            uses = [(c, -float(j)) for on in at for c in on]
            programme.row([*uses, *_ones(columns.values())], lower=-j * (j + 1) / 2)
    for pair, found in on_both.items():
        left = most - shared.get(pair, 0)
        programme.row(_ones(found), upper=left, demand=Demand(DemandKind.OVERLAP))


def _on(found: Iterable[list[list[int]]], paper: int) -> Terms:
    return [(column, 1.0) for at in found for column in at[paper]]


def _ones(columns: Iterable[int]) -> Terms:
    return [(column, 1.0) for column in columns]
