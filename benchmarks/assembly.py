"""How long it takes to assemble papers: 6 of 85 questions out of 1,000, and out of fewer.

    python -m benchmarks.assembly [--sizes 1000 400] [--papers 6] [--seeds 1 2 3]

The plan is the theory plan of the whole certification; the pool is drawn: as many questions for
each cell as its share of the paper, difficulties around 3, 24 knowledge points a module.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path
from time import perf_counter

import yaml

from app.domain.assembly.candidates import Candidate
from app.domain.assembly.figures import figures_of
from app.domain.assembly.papers import assemble
from app.domain.plan_rules import PlanRules
from app.domain.plans import ExamPlan
from app.domain.questions.kinds import Level

SCHEME = Path(__file__).resolve().parent.parent / "content/schemes/service-manager.yaml"
POINTS = 24
RULES = PlanRules(max_overlap=0.3)


def theory_plan() -> ExamPlan:
    """The theory plan of the shipped scheme, with the overlap rule."""
    exam = yaml.safe_load(SCHEME.read_text("utf-8"))["exams"][0]
    return ExamPlan(ExamPlan.load(exam["plan"]).cells, rules=RULES)


def drawn_pool(plan: ExamPlan, size: int) -> list[Candidate]:
    """About `size` questions, shared out over the cells as a paper is."""
    draw, pool = random.Random(size), []
    modules = sorted(plan.modules)
    for cell in plan.cells:
        for _ in range(max(cell.count, round(size * cell.count / plan.questions))):
            number = len(pool)
            pool.append(
                Candidate(
                    version_id=number,
                    question_id=f"Q{number:05d}",
                    module=cell.module,
                    point=f"{modules.index(cell.module)}-{draw.randrange(POINTS)}",
                    type=cell.type,
                    level=cell.level or draw.choice(list(Level)),
                    difficulty=float(min(5, max(1, round(draw.gauss(3, 1))))),
                )
            )
    return pool


def main() -> None:
    """Assemble and print a row for each size and seed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 400])
    parser.add_argument("--papers", type=int, default=6)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    given = parser.parse_args()
    plan = theory_plan()
    print("pool  papers  seed  seconds   gap  difficulty spread  minutes spread  overlap")
    for size in given.sizes:
        pool = drawn_pool(plan, size)
        for seed in given.seeds:
            began = perf_counter()
            made = assemble(plan, pool, count=given.papers, seed=seed)
            seconds = perf_counter() - began
            figures = figures_of(
                made.papers,
                {question.version_id: question for question in pool},
                uses={},
                gap=made.gap,
            )
            print(
                f"{len(pool):>4}  {given.papers:>6}  {seed:>4}  {seconds:>7.1f}  {made.gap:>4.1f}"
                f"  {figures.difficulty_spread:>17.3f}  {figures.minutes_spread:>14.2f}"
                f"  {figures.largest_overlap:>7.0%}"
            )


if __name__ == "__main__":
    main()
