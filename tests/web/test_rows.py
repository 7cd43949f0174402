"""Other people's rows do not exist: tampered ids are answered with 404."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.domain.permissions import Role
from app.models.accounts import LoginSession
from app.models.attempts import Attempt, Save
from app.models.certificates import Certificate
from app.models.learning import PracticeAnswer
from tests import factories
from tests.factories import log_in
from tests.services import scenes


@pytest.fixture
def stranger(client):
    """Logged in as another trainee of the same scheme."""
    factories.user("stranger")
    return log_in(client, "stranger")


@pytest.mark.parametrize("path", ["", "/done"])
def test_the_attempt_of_another_is_not_there(app, stranger, path):
    attempt_id = factories.attempt(app)

    assert stranger.get(f"/attempts/{attempt_id}{path}").status_code == 404


@pytest.mark.parametrize("act", ["tab", "submit"])
def test_nobody_acts_on_the_attempt_of_another(app, stranger, session, act):
    attempt_id = factories.attempt(app)

    response = stranger.post(f"/attempts/{attempt_id}/{act}")

    assert response.status_code == 404
    session.expire_all()
    row = session.get_one(Attempt, attempt_id)
    assert (row.state, row.epoch) == ("in_progress", 0)


def test_nobody_saves_into_the_attempt_of_another(app, stranger, session):
    user_id = factories.user()
    attempt_id = factories.attempt(app, user_id)
    owner = log_in(app.test_client())
    token = owner.post(f"/attempts/{attempt_id}/tab").json["token"]
    batch = {"token": token, "epoch": 1, "saves": [{"position": 1, "seq": 1, "answer": "a"}]}

    response = stranger.post(f"/attempts/{attempt_id}/saves", json=batch)

    assert (response.status_code, response.json["code"]) == (404, "attempt-missing")
    assert session.scalar(select(func.count()).select_from(Save)) == 0


def test_the_result_of_another_is_not_there(app, stranger):
    attempt_id, _ = scenes.passed(app)

    assert stranger.get(f"/attempts/{attempt_id}/done").status_code == 404


@pytest.mark.parametrize("ending", ["", ".pdf"])
def test_the_certificate_of_another_is_not_there(app, stranger, session, ending):
    scenes.passed(app)
    number = session.scalar(select(Certificate.number))

    assert stranger.get(f"/certificates/{number}{ending}").status_code == 404


def test_the_practice_answer_of_another_is_not_there(app, stranger, session):
    factories.syllabus()
    factories.bank([factories.content()])
    factories.user()
    owner = log_in(app.test_client())
    form = {"question": "PL14-01", "version": 1, "seed": 1, "answer": '"b"'}
    owner.post("/practice/swot/answer", data=form)
    answer_id = session.scalar(select(PracticeAnswer.id))

    assert owner.get(f"/practice/swot/feedback/{answer_id}").status_code == 200
    assert stranger.get(f"/practice/swot/feedback/{answer_id}").status_code == 404


def test_a_device_of_another_stays_logged_in(app, stranger, session):
    owner_id = factories.user()
    owner = log_in(app.test_client())
    session_id = session.scalar(select(LoginSession.id).where(LoginSession.user_id == owner_id))

    stranger.post(f"/account/sessions/{session_id}/end")

    assert owner.get("/course").status_code == 200


def test_a_sitting_of_a_scheme_that_one_is_not_enrolled_in_is_not_there(app, stranger):
    factories.syllabus()
    factories.bank(factories.exam_pool())
    sitting_id = factories.sitting(factories.exam())

    assert stranger.get(f"/exams/{sitting_id}").status_code == 404
    assert stranger.post(f"/exams/{sitting_id}/register").status_code == 404
    assert stranger.post(f"/exams/{sitting_id}/start").status_code == 404


HUGE = "9" * 30
PATHS = [
    "/attempts/{}",
    "/attempts/{}/done",
    "/exams/{}",
    "/sittings/{}",
    "/sittings/{}/roster",
    "/practice/swot/feedback/{}",
    "/people/{}",
]


def test_an_id_that_cannot_be_is_not_there(client):
    factories.syllabus()
    factories.user("person", Role.TRAINEE, Role.ADMIN)
    log_in(client, "person")

    found = {
        (path, number): client.get(path.format(number)).status_code
        for path in PATHS
        for number in ("0", "999999", HUGE, "-1", "1e3", "１")
    }

    assert {asked: status for asked, status in found.items() if status != 404} == {}


NONSENSE = [
    "/questions?search=%00",
    "/questions?point=%00",
    "/questions/%00",
    f"/questions/PL14-01?version={HUGE}",
    f"/questions/PL14-01?at={HUGE}&queue=1&author={HUGE}",
    "/questions/PL14-01?at=%EF%BC%91&search=%22",
    f"/questions/PL14-01/differences?old={HUGE}&new=x",
    f"/questions?page={HUGE}&author={HUGE}&last_papers={HUGE}&changed_since=9999-12-31",
    f"/questions?changed={HUGE}&difficulty=x&sort=nothing&state=nothing&pool=nothing",
    f"/questions/review?page={HUGE}&state=nothing&author={HUGE}&module=nothing",
    f"/questions/mine?page={HUGE}",
    f"/questions/bulk?id={HUGE}&id=,,&set_level=nothing",
    f"/questions/bulk/preview?scope=all&set_step=nothing&page={HUGE}",
    "/questions/bulk/preview?scope=all&set_difficulty=%EF%BC%91&add_points=%2C%2C",
    "/people?search=%00",
    "/people?role=%00",
    "/results?search=%00",
    "/results?exam=%00",
    f"/results?sitting={HUGE}&page={HUGE}",
    "/sittings?search=%00",
    f"/sittings?page={HUGE}&state=nothing&exam=a:b:c&sort=nothing",
    f"/exams?page={HUGE}&when=nothing&sort=nothing",
    "/audit?search=%00",
    "/audit?action=%00",
    "/lessons/%00",
    "/practice/%00",
    "/practice/swot?after=%00",
    "/verify/%00",
    "/verify?number=%00",
]


def test_an_address_with_nonsense_in_it_breaks_nothing(client):
    factories.syllabus()
    factories.bank([factories.content()])
    factories.user("person", *Role)
    log_in(client, "person")

    found = {path: client.get(path).status_code for path in NONSENSE}

    assert {path: status for path, status in found.items() if status not in (200, 400, 404)} == {}
