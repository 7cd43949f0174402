"""Whether the bank carries six papers."""

from __future__ import annotations

from fractions import Fraction

from app.domain.assembly.candidates import Candidate
from app.domain.linting.papers import supply
from app.domain.plans import Cell, ExamPlan
from app.domain.questions.kinds import Level, QuestionType

PLAN = ExamPlan((Cell("planning", QuestionType.SINGLE, None, 10, Fraction(1)),))


def pool(size):
    return [
        Candidate(n, f"PL14-{n}", "planning", f"PL{n % 9:02}", QuestionType.SINGLE, Level.APPLY)
        for n in range(size)
    ]


def test_six_disjoint_papers_share_nothing():
    found = supply(PLAN, pool(60), module="planning")

    assert (found.overlap, found.enough) == (0, True)


def test_a_pool_of_half_the_size_shares_too_much():
    found = supply(PLAN, pool(15), module="planning")

    assert found.overlap is not None
    assert found.overlap > 0.3
    assert not found.enough


def test_a_pool_that_cannot_fill_one_paper_names_the_cell():
    found = supply(PLAN, pool(9), module="planning")

    assert found.overlap is None
    assert "planning" in found.shortage


def test_questions_of_other_cells_are_not_counted():
    plan = ExamPlan((*PLAN.cells, Cell("crm", QuestionType.SINGLE, None, 1, Fraction(1))))

    assert supply(plan, pool(60), module="planning").needed == 10
