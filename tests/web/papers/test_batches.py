"""Batches of papers in the browser: asked for, compared, decided; papers looked at on record."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.domain.permissions import Role
from app.models.audit import AuditEntry
from app.models.papers import PaperBatch
from app.models.schemes import Exam
from app.queries.paper_batches import proposed_papers
from app.services import assembling
from tests import factories, paper_scenes
from tests.factories import NOW, log_in


@pytest.fixture
def exam_id(app):
    return paper_scenes.an_exam()


@pytest.fixture
def teacher(exam_id, client):
    factories.user("teacher", Role.INSTRUCTOR, language="en")
    return log_in(client, "teacher")


@pytest.fixture
def keeper(exam_id, client):
    factories.user("keeper", Role.BANK_KEEPER, language="en")
    return log_in(client, "keeper")


def only_batch(session):
    session.expire_all()
    return session.scalars(select(PaperBatch)).one()


def test_asking_queues_a_batch_and_its_page_follows_the_work(teacher, exam_id, session):
    answer = teacher.post(f"/plans/{exam_id}/papers", data={"count": "2", "seed": "11"})
    page = teacher.get(answer.location).text

    batch = only_batch(session)
    assert (batch.count, batch.seed, batch.state) == (2, 11, "queued")
    assert f'data-progress="/papers/batches/{batch.id}/progress"' in page
    assert teacher.get(f"/papers/batches/{batch.id}/progress").json["working"]


def test_a_number_that_cannot_be_is_refused_in_words(teacher, exam_id):
    answer = teacher.post(f"/plans/{exam_id}/papers", data={"count": "40"}, follow_redirects=True)

    assert "Ask for 1 to 12 papers." in answer.text


def test_the_comparison_shows_the_papers_side_by_side(teacher, exam_id):
    batch_id = paper_scenes.proposed(exam_id)

    page = teacher.get(f"/papers/batches/{batch_id}").text

    for heading in (
        "Difficulty and time",
        "Questions that two papers share",
        "Exposure",
        "Coverage",
    ):
        assert heading in page
    assert page.count("<svg") >= 6
    assert "style=" not in page


def test_an_impossible_plan_names_what_collides(teacher, exam_id):
    paper_scenes.save(exam_id, paper_scenes.plan(max_exposure=0.2))
    batch_id = paper_scenes.proposed(exam_id, count=5)

    page = teacher.get(f"/papers/batches/{batch_id}").text

    assert "Service planning" not in page or "Any level" in page
    assert "8 in the pool, 10 needed: 2 missing" in page
    assert "4 in the pool, 5 needed: 1 missing" in page


def test_the_keeper_approves_what_the_instructor_asked_for(keeper, exam_id, session):
    batch_id = paper_scenes.proposed(exam_id)

    answer = keeper.post(f"/papers/batches/{batch_id}/approve", data={"reason": "equal"})

    assert answer.status_code == 302
    assert only_batch(session).state == "approved"
    assert "equal" in keeper.get(f"/papers/batches/{batch_id}").text


def test_who_asked_is_offered_no_approval_and_gets_none(keeper, exam_id, session):
    keeper.post(f"/plans/{exam_id}/papers", data={"count": "2"})
    batch_id = only_batch(session).id
    assembling.work_on(batch_id, now=NOW)

    page = keeper.get(f"/papers/batches/{batch_id}").text
    answer = keeper.post(f"/papers/batches/{batch_id}/approve", data={"reason": ""})

    assert "/approve" not in page
    assert "somebody else has to approve them" in page
    assert answer.status_code == 403
    assert only_batch(session).state == "proposed"


def test_a_rejection_needs_a_reason(keeper, exam_id, session):
    batch_id = paper_scenes.proposed(exam_id)

    without = keeper.post(f"/papers/batches/{batch_id}/reject", data={"reason": " "})
    with_one = keeper.post(f"/papers/batches/{batch_id}/reject", data={"reason": "too long"})

    assert (without.status_code, with_one.status_code) == (400, 302)
    assert only_batch(session).state == "rejected"


def test_an_instructor_does_not_decide(teacher, exam_id):
    batch_id = paper_scenes.proposed(exam_id)

    for act in ("approve", "reject"):
        answer = teacher.post(f"/papers/batches/{batch_id}/{act}", data={"reason": "x"})
        assert answer.status_code == 403


def test_looking_at_a_paper_is_on_record_before_and_after_its_approval(keeper, exam_id, session):
    batch_id = paper_scenes.proposed(exam_id)
    proposal = keeper.get(f"/papers/batches/{batch_id}/1")
    ids = [slot.question_id for slot in proposed_papers(batch_id)[0]]
    keeper.post(f"/papers/batches/{batch_id}/approve", data={"reason": ""})
    frozen = keeper.get(f"/papers/batches/{batch_id}/1", follow_redirects=True)

    assert all(id_ in proposal.text and id_ in frozen.text for id_ in ids)
    entries = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "questions.listed")
    ).all()
    assert [entry.detail["questions"] for entry in entries] == [ids, ids]


def test_a_pilot_is_shown_as_one_to_staff(keeper, exam_id):
    paper_scenes.on_trial("PL14-71")
    paper_scenes.save(exam_id, paper_scenes.plan(pilots=1))
    batch_id = paper_scenes.proposed(exam_id)

    page = keeper.get(f"/papers/batches/{batch_id}/1").text

    assert page.count("Pilot: counts for nobody") == 1


def test_the_list_is_filtered_sorted_and_linked_to(teacher, exam_id):
    batch_id = paper_scenes.proposed(exam_id)
    paper_scenes.queued(exam_id)

    waiting = teacher.get(f"/papers/batches?state=proposed&exam={exam_id}&sort=oldest").text

    assert f'href="/papers/batches/{batch_id}"' in waiting
    assert waiting.count("Waits for approval</") >= 1
    assert waiting.count('<th scope="row">') == 1
    assert "No papers to show" in teacher.get("/papers/batches?state=rejected").text
    assert "No papers to show" in teacher.get("/papers/batches?search=nobody-like-it").text


def test_the_sitting_tells_where_its_papers_come_from(client, exam_id):
    factories.user("hr", Role.HR, language="en")
    log_in(client, "hr")
    own = factories.sitting(factories.db.session.get_one(Exam, exam_id))
    paper_scenes.approved(exam_id)
    approved = factories.sitting(factories.db.session.get_one(Exam, exam_id))

    assert "approved by nobody" in client.get(f"/sittings/{own}").text
    assert "Approved: Batch" in client.get(f"/sittings/{approved}").text


@pytest.mark.parametrize("address", ["/papers/batches/99", "/papers/batches/99/1", "/papers/99"])
def test_what_is_not_there_is_not_found(teacher, address):
    assert teacher.get(address).status_code == 404
