"""Releases, re-scores, appeals and certificates as pages: what is refused, what is shown."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.domain.permissions import Role
from app.models.audit import AuditEntry
from app.models.releases import Release
from app.models.rescores import QuestionRescore
from app.models.results import Result
from app.models.trainers import Trainer
from app.services import starting
from app.services.trail import Actor
from tests import factories
from tests.factories import log_in
from tests.services import result_scenes


@pytest.fixture
def scene(app, client):
    """(sitting, attempts: passed and failed); HR, certifier and teacher have accounts."""
    sitting_id = factories.sitting(result_scenes.exam())
    attempts = [
        result_scenes.sat(app, sitting_id, "one", name="甲"),
        result_scenes.sat(app, sitting_id, "two", name="乙", right=(1,)),
    ]
    result_scenes.staff()
    factories.user("teacher", Role.INSTRUCTOR)
    return sitting_id, attempts


def as_(client, username):
    client.post("/logout")
    return log_in(client, username)


def propose(client, sitting_id, **form):
    return as_(client, "hr").post(f"/sittings/{sitting_id}/release", data={"seen": "yes", **form})


def release_it(client, sitting_id):
    address = propose(client, sitting_id).location
    form = {"decision": "approve", "reason": "同意"}
    return as_(client, "certifier").post(f"{address}/decide", data=form)


def test_a_proposal_without_a_look_at_the_statistics_comes_back_filled_in(client, scene):
    response = propose(client, scene[0], seen="", note="请尽快")

    assert response.status_code == 400
    assert "请尽快" in response.text
    assert "统计" in response.text


def test_a_release_goes_from_hr_to_the_certifier(client, scene, session):
    assert "2 份成绩" in as_(client, "hr").get("/releases").text

    response = release_it(client, scene[0])

    page = client.get(response.location).text
    assert "2 份成绩即刻可见" in page
    assert "2 / 2" in page  # certificates and mails have followed
    assert session.scalar(select(Release.state)) == "approved"


def test_hr_is_shown_no_form_to_decide_and_is_refused(client, scene):
    address = propose(client, scene[0]).location

    assert 'value="approve"' not in client.get(address).text
    form = {"decision": "approve", "reason": "x"}
    assert client.post(f"{address}/decide", data=form).status_code == 403


def test_a_decision_without_a_reason_changes_nothing(client, scene, session):
    address = propose(client, scene[0]).location

    form = {"decision": "approve", "reason": " "}
    response = as_(client, "certifier").post(f"{address}/decide", data=form)

    assert response.status_code == 400
    assert session.scalar(select(Release.state)) == "proposed"


def rescore_address(attempt_id):
    exam_id = result_scenes.db.session.get_one(result_scenes.Attempt, attempt_id).exam_id
    return f"/rescores/new/{exam_id}/{result_scenes.version_at(attempt_id, 1)}"


def test_a_look_at_an_exam_question_is_on_record(client, scene, session):
    as_(client, "teacher").get(rescore_address(scene[1][0]))

    assert "question.viewed" in set(session.scalars(select(AuditEntry.action)))


def test_a_preview_writes_nothing(client, scene, session):
    form = {"what": "preview", "act": "rekey", "right": ["c"], "reason": "错"}

    page = as_(client, "teacher").post(rescore_address(scene[1][0]), data=form).text

    assert "由合格变为不合格" in page
    assert session.scalars(select(QuestionRescore)).all() == []


@pytest.mark.parametrize(
    "form",
    [
        {"what": "propose", "act": "", "reason": "错"},
        {"what": "propose", "act": "rekey", "reason": "错"},
        {"what": "propose", "act": "rekey", "right": ["b"], "reason": "错"},
        {"what": "propose", "act": "drop", "reason": ""},
    ],
)
def test_an_incomplete_proposal_comes_back(client, scene, session, form):
    response = as_(client, "teacher").post(rescore_address(scene[1][0]), data=form)

    assert response.status_code == 400
    assert session.scalars(select(QuestionRescore)).all() == []


def test_an_instructor_sees_no_names_and_the_certifier_does(client, scene):
    form = {"what": "propose", "act": "drop", "reason": "错"}
    address = as_(client, "teacher").post(rescore_address(scene[1][0]), data=form).location

    assert ">甲 " not in client.get(address).text
    page = as_(client, "certifier").get(address).text
    assert ">甲 " in page
    assert 'name="digest"' in page


def test_an_approved_re_score_is_applied_at_once_where_there_are_few(client, scene, session):
    release_it(client, scene[0])
    form = {"what": "propose", "act": "credit_all", "reason": "错"}
    address = as_(client, "teacher").post(rescore_address(scene[1][0]), data=form).location
    digest = as_(client, "certifier").get(address).text.split('name="digest" value="')[1][:64]

    form = {"decision": "approve", "reason": "同意", "digest": digest}
    client.post(f"{address}/decide", data=form)

    assert session.scalar(select(QuestionRescore.applied_at)) is not None
    assert "2 / 2" in client.get(address).text


def test_a_preview_that_has_aged_is_shown_anew(client, scene, session):
    form = {"what": "propose", "act": "drop", "reason": "错"}
    address = as_(client, "teacher").post(rescore_address(scene[1][0]), data=form).location

    form = {"decision": "approve", "reason": "同意", "digest": "0" * 64}
    response = as_(client, "certifier").post(f"{address}/decide", data=form)

    assert response.status_code == 409
    assert "预览" in response.text


def test_an_appeal_is_filed_taken_answered_and_read(client, scene):
    sitting_id, (_, failed) = scene
    release_it(client, sitting_id)
    factories.user("handler", Role.HR)
    form = {"kind": "appeal", "position": "2", "text": "请核对"}
    letter = as_(client, "two").post(f"/attempts/{failed}/appeal", data=form).location
    appeal = f"/appeals/{letter.rpartition('/')[2]}"

    assert as_(client, "hr").post(f"{appeal}/take").status_code == 403
    as_(client, "handler").post(f"{appeal}/take")
    notes = {"missed_parts": "无", "sums": "无误", "entries": "无误"}
    form = {"outcome": "rejected", "letter_zh": "维持原成绩", **notes}
    assert client.post(f"{appeal}/answer", data=form).status_code == 302

    page = as_(client, "two").get(letter).text
    assert "维持原成绩" in page
    assert client.get(f"{letter}.pdf").data.startswith(b"%PDF-")
    assert as_(client, "one").get(letter).status_code == 404


@pytest.mark.parametrize(
    "form", [{"kind": "", "text": "x"}, {"kind": "appeal", "text": " "}, {"kind": "revenge"}]
)
def test_an_incomplete_appeal_comes_back(client, scene, form):
    release_it(client, scene[0])

    response = as_(client, "two").post(f"/attempts/{scene[1][1]}/appeal", data=form)

    assert response.status_code == 400


def test_a_late_appeal_is_told_when_the_time_ended(client, scene, clock):
    release_it(client, scene[0])
    client.post("/logout")
    clock.forward(days=11)

    form = {"kind": "appeal", "text": "x"}
    response = as_(client, "two").post(f"/attempts/{scene[1][1]}/appeal", data=form)

    assert response.status_code == 409
    assert "2026-11-12" in response.text


def test_trainers_are_noted_and_taken_back(client, scene, session):
    form = {"trainer": "teacher", "trainees": "one\ntwo", "scheme": "unit"}
    as_(client, "hr").post("/trainers", data=form)
    assert len(session.scalars(select(Trainer)).all()) == 2
    assert "teacher" in client.get("/trainers?search=one").text

    row = session.scalars(select(Trainer).order_by(Trainer.user_id)).first()
    form = {"trainer_id": row.trainer_id, "user_id": row.user_id, "scheme": "unit"}
    client.post("/trainers/remove", data=form)

    assert len(session.scalars(select(Trainer)).all()) == 1


@pytest.mark.parametrize(
    "form",
    [
        {"trainer": "nobody", "trainees": "one", "scheme": "unit"},
        {"trainer": "teacher", "trainees": "", "scheme": "unit"},
        {"trainer": "teacher", "trainees": "teacher", "scheme": "unit"},
        {"trainer": "teacher", "trainees": "one", "scheme": "nothing"},
    ],
)
def test_a_note_that_cannot_be_comes_back(client, scene, session, form):
    response = as_(client, "hr").post("/trainers", data=form)

    assert response.status_code in (400, 404)
    assert session.scalars(select(Trainer)).all() == []


def test_the_result_list_of_hr_has_nothing_before_the_release(client, scene, session):
    assert ">甲 " not in as_(client, "hr").get("/results").text

    release_it(client, scene[0])

    assert ">甲 " in as_(client, "hr").get("/results").text
    assert session.scalar(select(Result.released_at)) is not None


@pytest.mark.parametrize("points", ["", "many", "1e999999", "-1", "1/3", "12345"])
def test_points_that_are_no_number_come_back(app, client, scene, points):
    sitting_id, (_, failed) = scene
    release_it(client, sitting_id)
    factories.user("handler", Role.HR)
    appeal_id = result_scenes.appeal(app, failed, now=factories.NOW)
    as_(client, "handler").post(f"/appeals/{appeal_id}/take")

    form = {"position": "1", "points": points, "reason": "x"}

    assert client.post(f"/appeals/{appeal_id}/correct", data=form).status_code == 400


def test_nobody_looks_a_key_up_during_an_exam_of_their_own(client, scene):
    sitting_id, attempts = scene
    both = factories.user("both", Role.INSTRUCTOR, Role.TRAINEE)
    place = factories.registration(sitting_id, both)
    starting.start(place, user_id=both, seed=1, actor=Actor(both), now=factories.NOW)

    response = as_(client, "both").get(rescore_address(attempts[0]))

    assert response.status_code == 403
    assert "解析机密" not in response.text
