"""Whether the papers of a sitting are whole: as the plan wants them, readable, and enough."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from app.domain.plans import Cell, ExamPlan
from app.domain.preflight.checks import Check, Subject, go, no_go
from app.domain.questions.kinds import Level, QuestionType
from app.domain.text import N_, Said

MOST_PROBLEMS = 10
"""So many lines tell what is wrong."""


@dataclass(frozen=True, slots=True)
class SlotFacts:
    """One place on a paper. type and level: None where the question cannot be read.

    is_pilot: it stands beside the plan's cells and counts for nobody.
    """

    position: int
    question_id: str
    module: str
    points: Fraction
    section: int
    type: QuestionType | None
    level: Level | None
    is_pilot: bool = False


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """One paper of the sitting. of_exam: it belongs to the sitting's exam."""

    id: int
    of_exam: bool
    slots: tuple[SlotFacts, ...]


def possible_attempts(attempts: int, *, wait: timedelta, window: timedelta) -> int:
    """How many attempts somebody can make within one window, with the waiting time between."""
    if wait <= timedelta(0):
        return attempts
    return max(1, min(attempts, 1 + int(window / wait)))


def papers(
    found: Sequence[PaperFacts],
    *,
    plan: ExamPlan,
    total: Fraction,
    attempts: int,
    used_up: int = 0,
) -> list[Check]:
    """Whether everybody gets a whole paper.

    total: the exam's points. attempts: how many one person can make in this sitting, each on
    another paper. used_up: people who may try again and have had every paper.
    """
    if not found:
        return [no_go(Subject.PAPERS, N_("The sitting has no papers."))]
    wrong = [
        no_go(Subject.PAPERS, N_("Paper %(paper)s: %(problem)s"), paper=paper.id, problem=problem)
        for paper in found
        for problem in _problems(paper, plan, total)
    ][:MOST_PROBLEMS]
    if len(found) < attempts:
        wrong.append(
            no_go(
                Subject.PAPERS,
                N_(
                    "There are %(papers)s papers, but somebody may try %(attempts)s times, each"
                    " time with another paper."
                ),
                papers=len(found),
                attempts=attempts,
            )
        )
    if used_up:
        wrong.append(
            no_go(
                Subject.PAPERS,
                N_("People who may try again and have had every paper: %(count)s"),
                count=used_up,
            )
        )
    if wrong:
        return wrong
    return [
        go(
            Subject.PAPERS,
            N_(
                "%(papers)s papers of %(questions)s questions and %(points)s points meet the"
                " exam plan, and every question can be read."
            ),
            papers=len(found),
            questions=plan.questions,
            points=f"{float(total):g}",
        )
    ]


def _problems(paper: PaperFacts, plan: ExamPlan, total: Fraction) -> list[Said]:
    problems = []
    if not paper.of_exam:
        problems.append(Said(N_("it belongs to another exam")))
    unreadable = [slot.question_id for slot in paper.slots if slot.type is None]
    if unreadable:
        problems.append(
            Said(N_("cannot be read: %(questions)s"), {"questions": ", ".join(unreadable)})
        )
    if [slot.position for slot in paper.slots] != list(range(1, len(paper.slots) + 1)):
        problems.append(Said(N_("its questions are not numbered without a gap")))
    twice = [id_ for id_, count in Counter(s.question_id for s in paper.slots).items() if count > 1]
    if twice:
        problems.append(Said(N_("appears twice: %(questions)s"), {"questions": ", ".join(twice)}))
    points = sum((slot.points for slot in paper.slots if not slot.is_pilot), Fraction(0))
    if points != total:
        problems.append(
            Said(
                N_("it has %(points)s points, the exam %(total)s"),
                {"points": f"{float(points):g}", "total": f"{float(total):g}"},
            )
        )
    return problems + _cells(paper, plan)


def _cells(paper: PaperFacts, plan: ExamPlan) -> list[Said]:
    """What each cell of the plan lacks or has too much of, and what no cell wants."""
    problems = []
    left = [slot for slot in paper.slots if slot.type is not None and not slot.is_pilot]
    for cell in plan.cells:
        fitting = [slot for slot in left if _fits(slot, cell)]
        left = [slot for slot in left if slot not in fitting]
        if len(fitting) != cell.count:
            problems.append(
                Said(
                    N_("%(cell)s: %(found)s questions of %(wanted)s"),
                    {"cell": cell.name(), "found": len(fitting), "wanted": cell.count},
                )
            )
    if left:
        strangers = ", ".join(slot.question_id for slot in left)
        problems.append(Said(N_("not in the plan: %(questions)s"), {"questions": strangers}))
    return problems


def _fits(slot: SlotFacts, cell: Cell) -> bool:
    return (
        slot.type is not None
        and slot.level is not None
        and cell.admits(module=slot.module, type=slot.type, level=slot.level)
        and slot.points == cell.points
        and slot.section == cell.section
    )
