"""Putting an exam on offer: papers assembled ahead, or the short cell named."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import func, select

from app.domain.assembly.collisions import PlanNotMet
from app.domain.errors import DomainError
from app.domain.permissions import Role
from app.models.audit import AuditEntry
from app.models.papers import Paper, PaperQuestion
from app.models.questions import Question, QuestionVersion
from app.models.sittings import Sitting, SittingPaper, SittingProctor
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


def test_papers_can_be_assembled_again_from_their_seed(pool, session):
    factories.sitting(factories.exam(papers=2))

    assert session.scalars(select(Paper.seed).order_by(Paper.id)).all() == [7, 7]


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


def test_a_sitting_keeps_its_rules_as_they_are_compared(pool, session):
    proctor_id = factories.user("proctor1", Role.PROCTOR)

    sitting_id = factories.sitting(
        factories.exam(),
        room="三楼 302",
        capacity=20,
        open_to_enrolled=False,
        access_code="ab-12",
        networks=("10.1.9.9/16",),
        seb_keys=("AB" * 32,),
        needs_admission=True,
        needs_ticket=True,
        proctors=frozenset({proctor_id}),
    )

    row = session.get_one(Sitting, sitting_id)
    assert (row.room, row.capacity, row.open_to_enrolled) == ("三楼 302", 20, False)
    assert (row.access_code, row.networks, row.seb_keys) == ("AB12", ["10.1.0.0/16"], ["ab" * 32])
    assert (row.needs_admission, row.needs_ticket) == (True, True)
    assert session.scalars(select(SittingProctor.user_id)).all() == [proctor_id]


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ({"capacity": 0}, "capacity-wrong"),
        ({"access_code": "a"}, "access-code-wrong"),
        ({"networks": ("nowhere",)}, "network-wrong"),
        ({"seb_keys": ("abc",)}, "config-key-wrong"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_and_nothing_stays(pool, session, rules, code):
    with pytest.raises(DomainError) as refused:
        factories.sitting(factories.exam(), **rules)

    assert refused.value.code == code
    assert session.scalar(select(func.count()).select_from(Sitting)) == 0


def test_only_a_proctor_is_named_as_one(pool):
    hr_id = factories.user("hr", Role.HR)

    with pytest.raises(DomainError) as refused:
        factories.sitting(factories.exam(), proctors=frozenset({hr_id}))

    assert refused.value.code == "not-a-proctor"
