"""Plans and pools to assemble papers from."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from app.domain.assembly.candidates import Candidate
from app.domain.plan_rules import PlanRules
from app.domain.plans import Cell, ExamPlan
from app.domain.questions.kinds import Level, QuestionType

T, L = QuestionType, Level
KINDS = [(module, kind) for module in ("planning", "crm") for kind in (T.SINGLE, T.MULTIPLE)]


def cell(module="planning", kind=T.SINGLE, level=L.APPLY, count=2, points=4, section=1):
    return Cell(module, kind, level, count, Fraction(points), section)


def candidate(number, *, module="planning", kind=T.SINGLE, level=L.APPLY, point=None, **more):
    point = point or f"PL{number % 5}"
    return Candidate(number, f"PL{number:04d}", module, point, kind, level, **more)


@st.composite
def plans(draw):
    """Cells that do not overlap: per module and type either all levels or one each."""
    cells = []
    for module, kind in draw(st.lists(st.sampled_from(KINDS), min_size=1, unique=True)):
        levels = draw(st.just([None]) | st.lists(st.sampled_from(Level), min_size=1, unique=True))
        cells += [
            cell(
                module,
                kind,
                level,
                draw(st.integers(1, 4)),
                draw(st.integers(1, 8)),
                draw(st.integers(1, 3)),
            )
            for level in levels
        ]
    return ExamPlan(tuple(cells))


@st.composite
def plans_and_pools(draw):
    """A plan and a pool with at least what it needs, in any order."""
    plan, pool = draw(plans()), []
    for one in plan.cells:
        for _ in range(one.count + draw(st.integers(0, 3))):
            level = one.level or draw(st.sampled_from(Level))
            pool.append(candidate(len(pool), module=one.module, kind=one.type, level=level))
    for _ in range(draw(st.integers(0, 3))):
        pool.append(candidate(len(pool), module="culture"))
    return plan, draw(st.permutations(pool))


@st.composite
def rich_scenes(draw):
    """(plan with rules, pool, count): a pool that fills every cell several times, with pilots."""
    plan, count = draw(plans()), draw(st.integers(2, 4))
    pool = []
    for one in plan.cells:
        for _ in range(one.count + draw(st.integers(0, one.count * count))):
            level = one.level or draw(st.sampled_from(Level))
            pool.append(
                candidate(
                    len(pool),
                    module=one.module,
                    kind=one.type,
                    level=level,
                    difficulty=float(draw(st.integers(1, 5))),
                )
            )
    trial = [
        candidate(
            len(pool) + n,
            module=plan.cells[0].module,
            kind=plan.cells[0].type,
            level=plan.cells[0].level or L.APPLY,
            is_pilot=True,
        )
        for n in range(3)
    ]
    ids = st.sampled_from([q.question_id for q in pool])
    groups = (
        st.just([])
        if len(pool) < 3
        else st.lists(st.lists(ids, min_size=2, max_size=3, unique=True).map(tuple), max_size=2)
    )
    rules = PlanRules(
        must_appear=tuple(draw(st.lists(st.sampled_from(["PL0", "PL1"]), unique=True, max_size=1))),
        excludes=tuple(draw(groups)),
        together=tuple(draw(groups)),
        pilots=draw(st.integers(0, 2)),
        max_exposure=draw(st.sampled_from([1.0, 0.75, 0.5])),
        max_overlap=draw(st.sampled_from([1.0, 0.6, 0.3])),
    )
    return ExamPlan(plan.cells, rules=rules), pool + trial, count
