"""Scenes about plans and papers: who works on them, what the pool has, a batch in each state."""

from __future__ import annotations

from fractions import Fraction

from app.db import db
from app.domain.permissions import Role
from app.domain.plan_rules import PlanRules
from app.domain.plans import Cell, ExamPlan
from app.domain.questions.kinds import QuestionType
from app.domain.questions.lifecycle import QuestionStep
from app.models.questions import Question
from app.queries.accounts import user_id_of
from app.services import assembling, paper_batches, plans
from app.services.trail import Actor
from tests import factories

LATER = factories.NOW.replace(hour=6)
FORM = {
    **{"columns": "2", "rows": "1", "module-0": "planning"},
    **{"type-0": "single", "level-0": "", "points-0": "40", "count-0-0": "2"},
    **{"type-1": "true_false", "level-1": "", "points-1": "20", "count-0-1": "1"},
    **{"difficulty": "", "minutes": "", "pilots": "", "max_exposure": "", "max_overlap": ""},
    **{"must_appear": "", "excludes": "", "together": "", "note": ""},
}
"""What the editor sends for `factories.PLAN`."""


def people():
    """(instructor, keeper): one asks for papers, the other approves them."""
    return tuple(
        user_id_of(name) or factories.user(name, role, name=name)
        for name, role in (("teacher", Role.INSTRUCTOR), ("keeper", Role.BANK_KEEPER))
    )


def an_exam(**changes):
    """The id of an exam with a pool of 8 single choices and 4 statements, each of which counts."""
    factories.syllabus()
    factories.bank(factories.exam_pool())
    return factories.exam(**changes).id


def plan(*, singles=2, points=40, **rules):
    """`factories.PLAN` with rules, or with other counts."""
    cells = (
        Cell("planning", QuestionType.SINGLE, None, singles, Fraction(points)),
        Cell("planning", QuestionType.TRUE_FALSE, None, 1, Fraction(20)),
    )
    return ExamPlan(cells, rules=PlanRules(**rules))


def save(exam_id, wanted, *, based_on=0, note="why", by=None):
    """A new version of the plan."""
    author = by or people()[0]
    return plans.save_plan(
        exam_id, wanted, based_on=based_on, note=note, actor=Actor(author), now=factories.NOW
    )


def queued(exam_id, *, count=2, seed=5):
    """The id of a batch that the instructor asked for."""
    return paper_batches.ask_for_papers(
        exam_id, count=count, seed=seed, actor=Actor(people()[0]), now=factories.NOW
    )


def proposed(exam_id, **changes):
    """The id of a batch that waits for a decision."""
    batch_id = queued(exam_id, **changes)
    assembling.work_on(batch_id, now=factories.NOW)
    return batch_id


def approved(exam_id, *, now=LATER, **changes):
    """(batch id, paper ids) of a batch that the keeper approved."""
    batch_id = proposed(exam_id, **changes)
    actor = Actor(people()[1])
    return batch_id, paper_batches.approve(batch_id, reason="", actor=actor, now=now)


def on_trial(*question_ids, **changes):
    """Put new exam questions on trial: reviewed by two people, not in use yet."""
    first, second = factories.reviewers()
    for question_id in question_ids:
        content = factories.content(question_id, pool="exam", **changes)
        factories.load_bank([factories.BankEntry("swot", content)], now=factories.NOW)
        row = db.session.get_one(Question, question_id)
        row.state, row.live_version = "draft", None
        db.session.commit()
        for step, by in (
            (QuestionStep.SUBMIT, None),
            (QuestionStep.APPROVE, first),
            (QuestionStep.APPROVE, second),
        ):
            factories.step(question_id, step, by)


def retire(question_id):
    """Take a question out of use."""
    factories.step(question_id, QuestionStep.RETIRE, people()[1], note="leaked")
