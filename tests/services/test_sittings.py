"""Putting an exam on offer: papers assembled ahead, or the short cell named."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import func, select

from app.domain.assembly import PlanNotMet
from app.domain.errors import DomainError
from app.models.audit import AuditEntry
from app.models.papers import Paper, PaperQuestion
from app.models.questions import Question, QuestionVersion
from app.models.sittings import Sitting, SittingPaper
from tests import factories


@pytest.fixture
def pool(app):
    factories.syllabus()
    factories.bank([*factories.exam_pool(), *(factories.content(f"PL14-0{n}") for n in range(5))])


def test_a_sitting_gets_as_many_papers_as_the_exam_asks_for(pool, session):
    factories.sitting(factories.exam(papers=3))

    assert session.scalar(select(func.count()).select_from(SittingPaper)) == 3


def test_a_paper_meets_the_plan_from_the_exam_pool_alone(pool, session):
    factories.sitting(factories.exam(papers=1))

    rows = session.execute(
        select(Question.type, Question.pool, PaperQuestion.points)
        .join(QuestionVersion, QuestionVersion.id == PaperQuestion.version_id)
        .join(Question, Question.id == QuestionVersion.question_id)
    ).all()

    assert Counter(rows) == {("single", "exam", 40): 2, ("true_false", "exam", 20): 1}


def test_papers_share_no_question_while_the_pool_lasts(pool, session):
    factories.sitting(factories.exam(papers=4))

    versions = session.scalars(select(PaperQuestion.version_id)).all()

    assert len(versions) == len(set(versions)) == 12


def test_every_paper_can_be_assembled_again_from_its_seed(pool, session):
    factories.sitting(factories.exam(papers=2))

    assert session.scalars(select(Paper.seed).order_by(Paper.id)).all() == [7, 8]


def test_a_pool_that_is_too_small_is_refused_and_nothing_stays(app, session):
    factories.syllabus()
    factories.bank(factories.exam_pool(singles=1))

    with pytest.raises(PlanNotMet, match=r"planning × \* × single: 1/2"):
        factories.sitting(factories.exam())

    assert session.scalar(select(func.count()).select_from(Sitting)) == 0
    assert session.scalar(select(func.count()).select_from(Paper)) == 0


def test_the_window_must_not_be_empty(pool):
    exam = factories.exam()

    with pytest.raises(DomainError) as refused:
        factories.sitting(exam, hours=0)

    assert refused.value.code == "window-empty"


def test_opening_is_on_record_with_its_seed(pool, session):
    factories.sitting(factories.exam())

    entry = session.scalar(select(AuditEntry).where(AuditEntry.action == "sitting.opened"))

    assert entry.detail["seed"] == 7
