"""Batches of papers: asked for by one, assembled by the worker, decided by another."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.domain.assembly.batches import BatchMoved, BatchState, OwnBatch
from app.domain.errors import DomainError
from app.jobs.assembling import work_on_batches
from app.models.audit import AuditEntry
from app.models.papers import Paper, PaperBatch, PaperQuestion
from app.models.schemes import Exam
from app.models.sittings import SittingPaper
from app.queries.paper_batches import batch, proposed_papers
from app.queries.papers import paper, papers_of_sitting
from app.queries.plans import plan_in_force, plan_of_sitting
from app.services import assembling, paper_batches
from app.services.paper_rows import QuestionsGone
from app.services.trail import Actor
from tests import factories, paper_scenes
from tests.factories import NOW


@pytest.fixture
def exam_id(app):
    return paper_scenes.an_exam()


def state(session, batch_id):
    session.expire_all()
    return BatchState(session.get_one(PaperBatch, batch_id).state)


def test_what_was_asked_for_is_proposed_with_its_figures_and_is_no_paper_yet(exam_id, session):
    batch_id = paper_scenes.queued(exam_id)

    assert work_on_batches(clock=lambda: NOW) == 1

    assert state(session, batch_id) is BatchState.PROPOSED
    assert len(proposed_papers(batch_id)) == 2
    assert [p["questions"] for p in batch(batch_id).figures["papers"]] == [3, 3]
    assert session.scalar(select(func.count()).select_from(Paper)) == 0


def test_the_same_seed_proposes_the_same_papers(exam_id):
    one, other = paper_scenes.proposed(exam_id, seed=9), paper_scenes.proposed(exam_id, seed=9)

    assert proposed_papers(one) == proposed_papers(other)


def test_an_impossible_plan_is_answered_with_what_collides(exam_id, session):
    paper_scenes.save(exam_id, paper_scenes.plan(max_exposure=0.2))

    batch_id = paper_scenes.proposed(exam_id, count=5)

    assert state(session, batch_id) is BatchState.IMPOSSIBLE
    found = {one["name"]: one["missing"] for one in batch(batch_id).collisions}
    assert found == {"planning × * × single": 2, "planning × * × true_false": 1}


def test_a_batch_keeps_to_the_plan_that_was_in_force_when_it_was_asked_for(exam_id):
    batch_id = paper_scenes.queued(exam_id)
    paper_scenes.save(exam_id, paper_scenes.plan(singles=4, points=20))

    assembling.work_on(batch_id, now=NOW)

    assert batch(batch_id).plan_number == 0
    assert {len(p) for p in proposed_papers(batch_id)} == {3}


def test_approval_freezes_the_papers(exam_id, session):
    batch_id, paper_ids = paper_scenes.approved(exam_id)

    assert state(session, batch_id) is BatchState.APPROVED
    for number, paper_id in enumerate(paper_ids):
        found = paper(paper_id)
        assert (found.batch_id, found.number) == (batch_id, number + 1)
        slots = proposed_papers(batch_id)[number]
        assert [p.question.id for p in found.places] == [s.question_id for s in slots]


def test_nobody_approves_what_they_asked_for(exam_id, session):
    batch_id = paper_scenes.proposed(exam_id)

    with pytest.raises(OwnBatch):
        paper_batches.approve(batch_id, reason="", actor=Actor(paper_scenes.people()[0]), now=NOW)

    assert state(session, batch_id) is BatchState.PROPOSED
    assert session.scalar(select(func.count()).select_from(PaperQuestion)) == 0


def test_a_rejection_says_why(exam_id, session):
    batch_id, actor = paper_scenes.proposed(exam_id), Actor(paper_scenes.people()[1])

    with pytest.raises(DomainError) as refused:
        paper_batches.reject(batch_id, reason="", actor=actor, now=NOW)
    paper_batches.reject(batch_id, reason="too easy", actor=actor, now=NOW)

    assert refused.value.code == "reason-missing"
    assert (state(session, batch_id), batch(batch_id).reason) == (BatchState.REJECTED, "too easy")


def test_a_decision_is_made_once(exam_id):
    batch_id, _ = paper_scenes.approved(exam_id)

    with pytest.raises(BatchMoved):
        paper_batches.reject(batch_id, reason="no", actor=Actor(paper_scenes.people()[1]), now=NOW)


def test_papers_with_a_question_that_was_retired_meanwhile_are_not_approved(exam_id, session):
    batch_id = paper_scenes.proposed(exam_id)
    gone = proposed_papers(batch_id)[0][0].question_id
    paper_scenes.retire(gone)

    with pytest.raises(QuestionsGone, match=gone):
        paper_batches.approve(batch_id, reason="", actor=Actor(paper_scenes.people()[1]), now=NOW)


@pytest.mark.parametrize(
    ("count", "code"), [(0, "papers-count"), (13, "papers-count"), (1, "papers-too-few")]
)
def test_a_number_of_papers_that_cannot_be_is_refused(exam_id, count, code):
    with pytest.raises(DomainError) as refused:
        paper_scenes.queued(exam_id, count=count)

    assert refused.value.code == code


def test_every_step_is_on_record(exam_id, session):
    paper_scenes.approved(exam_id)

    actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()

    assert [a for a in actions if a.startswith("papers.")] == [
        "papers.asked_for",
        "papers.assembled",
        "papers.approved",
    ]


def test_work_that_broke_off_is_begun_again_and_given_up_in_the_end(exam_id, session, monkeypatch):
    batch_id = paper_scenes.queued(exam_id)

    def breaks(*_args, **_wanted):
        raise ValueError("the machine is tired")

    monkeypatch.setattr(assembling, "given", breaks)
    for _ in range(4):
        work_on_batches(clock=lambda: NOW)

    assert state(session, batch_id) is BatchState.FAILED


def test_a_sitting_hands_out_approved_papers(exam_id, session):
    batch_id, paper_ids = paper_scenes.approved(exam_id)

    sitting_id = _sitting(exam_id)

    assert set(session.scalars(select(SittingPaper.paper_id))) == set(paper_ids)
    assert papers_of_sitting(sitting_id).batch_id == batch_id


def test_the_batch_that_was_approved_last_counts(exam_id, session):
    paper_scenes.approved(exam_id, seed=1)
    _, latest = paper_scenes.approved(exam_id, seed=2, now=paper_scenes.LATER.replace(hour=9))

    _sitting(exam_id)

    assert set(session.scalars(select(SittingPaper.paper_id))) == set(latest)


def test_papers_are_held_against_the_plan_that_they_were_made_from(exam_id, session):
    sitting_id = _sitting(exam_id)
    paper_scenes.save(exam_id, paper_scenes.plan(singles=4, points=20))

    exam = session.get_one(Exam, exam_id)

    assert plan_of_sitting(sitting_id, exam).plan == paper_scenes.plan()
    assert plan_in_force(exam).number == 1


def test_without_approved_papers_a_sitting_makes_its_own_and_says_so(exam_id, session):
    paper_scenes.proposed(exam_id)

    sitting_id = _sitting(exam_id)

    assert papers_of_sitting(sitting_id).batch_id is None
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.subject == f"sitting:{sitting_id}")
    ).first()
    assert entry.action == "papers.assembled"
    assert entry.detail["approved_by"] is None


def test_a_sitting_does_not_hand_out_a_paper_with_a_retired_question(app, session):
    exam_id = paper_scenes.an_exam(attempts=2)
    _, paper_ids = paper_scenes.approved(exam_id, count=3)
    paper_scenes.retire(paper(paper_ids[0]).places[0].question.id)

    _sitting(exam_id)

    handed_out = set(session.scalars(select(SittingPaper.paper_id)))
    assert paper_ids[0] not in handed_out
    assert len(handed_out) >= 2


def test_too_few_papers_without_retired_questions_are_refused(exam_id):
    _, paper_ids = paper_scenes.approved(exam_id)
    paper_scenes.retire(paper(paper_ids[0]).places[0].question.id)

    with pytest.raises(DomainError) as refused:
        _sitting(exam_id)

    assert refused.value.code == "papers-retired"


def _sitting(exam_id):
    return factories.sitting(factories.db.session.get_one(Exam, exam_id))
