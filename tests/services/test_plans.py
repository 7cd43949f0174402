"""Versions of exam plans: the newest is in force, and nobody writes over another's work."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.domain.errors import DomainError
from app.models.audit import AuditEntry
from app.models.papers import PlanVersion
from app.models.schemes import Exam
from app.queries.plans import numbered_plan, plan_in_force
from tests import factories, paper_scenes


@pytest.fixture
def exam_id(app):
    return paper_scenes.an_exam()


def in_force(session, exam_id):
    return plan_in_force(session.get_one(Exam, exam_id))


def test_without_a_version_the_plan_of_the_file_is_in_force(exam_id, session):
    found = in_force(session, exam_id)

    assert found.number == 0
    assert found.plan == paper_scenes.plan()


def test_the_newest_version_is_in_force_and_older_ones_stay(exam_id, session):
    paper_scenes.save(exam_id, paper_scenes.plan(max_overlap=0.3))
    paper_scenes.save(exam_id, paper_scenes.plan(max_overlap=0.2), based_on=1)

    found = in_force(session, exam_id)

    assert (found.number, found.plan.rules.max_overlap) == (2, 0.2)
    old = numbered_plan(session.get_one(Exam, exam_id), 1)
    assert old.plan.rules.max_overlap == 0.3


def test_the_same_plan_again_makes_no_version(exam_id, session):
    assert paper_scenes.save(exam_id, paper_scenes.plan()) == 0
    assert session.scalars(select(PlanVersion)).all() == []


def test_who_opened_an_older_version_is_told(exam_id):
    paper_scenes.save(exam_id, paper_scenes.plan(pilots=1))

    with pytest.raises(DomainError) as refused:
        paper_scenes.save(exam_id, paper_scenes.plan(pilots=2), based_on=0)

    assert refused.value.code == "plan-moved"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"singles": 3}, "plan-total"),
        ({"must_appear": ("PL99",)}, "plan-unknown"),
        ({"excludes": (("PL14-51", "XX00-01"),)}, "plan-unknown"),
    ],
)
def test_a_plan_that_means_nothing_is_refused(exam_id, session, changes, code):
    with pytest.raises(DomainError) as refused:
        paper_scenes.save(exam_id, paper_scenes.plan(**changes))

    assert refused.value.code == code
    assert in_force(session, exam_id).number == 0


def test_an_exam_in_sections_needs_questions_in_each(app):
    factories.syllabus()
    row = factories.exam(plan=factories.IN_SECTIONS, sections=factories.SECTIONS)

    with pytest.raises(DomainError) as refused:
        paper_scenes.save(row.id, paper_scenes.plan(pilots=1))

    assert refused.value.code == "plan-sections"


def test_saving_is_on_record_with_its_note(exam_id, session):
    paper_scenes.save(exam_id, paper_scenes.plan(pilots=1), note="first pilots")

    entry = session.scalar(select(AuditEntry).where(AuditEntry.action == "plan.saved"))

    assert entry.detail["version"] == 1
    assert entry.detail["note"] == "first pilots"
