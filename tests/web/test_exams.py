"""A trainee's way through an exam, page by page."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.models.attempts import Attempt
from app.models.sittings import Registration
from app.services import accounts
from app.services.trail import SYSTEM
from tests import factories
from tests.factories import log_in
from tests.services import scenes


@pytest.fixture
def offered(app, client, session):
    """An open sitting, and a trainee who is enrolled; returns the sitting's id."""
    factories.syllabus()
    factories.bank(factories.exam_pool())
    sitting_id = factories.sitting(factories.exam())
    accounts.enrol(
        factories.user(language="en"),
        scheme_id="unit",
        due_at=None,
        actor=SYSTEM,
        now=factories.NOW,
    )
    log_in(client)
    return sitting_id


def start(client, sitting_id, **data):
    return client.post(f"/exams/{sitting_id}/start", data=data)


def attempts(session):
    return session.scalar(select(func.count()).select_from(Attempt))


def test_from_the_list_to_the_exam_page(offered, client, session):
    assert f'href="/exams/{offered}"' in client.get("/exams").text

    client.post(f"/exams/{offered}/register")
    assert (
        session.scalar(select(Registration.admission_number))
        in client.get(f"/exams/{offered}").text
    )
    started = start(client, offered, agree="yes")

    assert started.location == f"/attempts/{session.scalar(select(Attempt.id))}"
    assert client.get(started.location).status_code == 200


def test_the_list_leads_back_into_a_running_exam(offered, client):
    client.post(f"/exams/{offered}/register")
    page = start(client, offered, agree="yes").location

    shown = client.get("/exams").text

    assert f'class="btn btn-primary" href="{page}"' in shown


def test_without_the_tick_nothing_starts(offered, client, session):
    client.post(f"/exams/{offered}/register")

    response = start(client, offered)

    assert response.status_code == 400
    assert "Tick the box to agree before you start." in response.text
    assert attempts(session) == 0
    assert session.scalar(select(Registration.agreed_at)) is None


def test_without_a_place_nothing_starts(offered, client):
    assert start(client, offered, agree="yes").status_code == 404


def test_outside_its_window_an_exam_does_not_start(offered, client, session, clock):
    client.post(f"/exams/{offered}/register")
    clock.forward(hours=8)
    log_in(client)

    response = start(client, offered, agree="yes")

    assert response.status_code == 409
    assert "This exam is not open at this time." in response.text
    assert attempts(session) == 0


def test_starting_twice_leads_to_the_same_attempt(offered, client, session):
    client.post(f"/exams/{offered}/register")

    first, second = (start(client, offered, agree="yes") for _ in range(2))

    assert first.location == second.location
    assert attempts(session) == 1


def test_handing_in_shows_the_result_and_the_certificate(offered, client, session):
    attempt_id = begin(client, offered, session)
    answer_right(attempt_id, session)

    submitted = client.post(f"/attempts/{attempt_id}/submit")
    page = client.get(submitted.location).text

    assert "Passed" in page
    assert "/certificates/QJ-2026-U1-000001-" in page
    assert client.get(f"/attempts/{attempt_id}").location == f"/attempts/{attempt_id}/done"


def begin(client, sitting_id, session):
    client.post(f"/exams/{sitting_id}/register")
    start(client, sitting_id, agree="yes")
    return session.scalar(select(Attempt.id))


def answer_right(attempt_id, session):
    user_id = session.get_one(Attempt, attempt_id).user_id
    scenes.answer(attempt_id, user_id, scenes.right_answers(attempt_id))


def test_handing_in_twice_changes_nothing(offered, client, session, clock):
    attempt_id = begin(client, offered, session)
    client.post(f"/attempts/{attempt_id}/submit")
    closed_at = session.scalar(select(Attempt.closed_at))
    clock.forward(minutes=1)

    assert client.post(f"/attempts/{attempt_id}/submit").status_code == 302

    assert session.scalar(select(Attempt.closed_at)) == closed_at


def test_after_failing_the_page_tells_how_long_to_wait(offered, client, session):
    attempt_id = begin(client, offered, session)
    client.post(f"/attempts/{attempt_id}/submit")

    response = start(client, offered)

    assert response.status_code == 409
    assert "You can take this exam again in 24 hours." in response.text


def test_a_running_exam_has_no_result_page_yet(offered, client, session):
    attempt_id = begin(client, offered, session)

    assert client.get(f"/attempts/{attempt_id}/done").location == f"/attempts/{attempt_id}"


@pytest.mark.parametrize("look", ["/attempts/{}", "/attempts/{}/done", "/exams"])
def test_time_that_is_up_closes_the_attempt_when_anybody_looks(
    offered, client, session, clock, look
):
    attempt_id = begin(client, offered, session)
    answer_right(attempt_id, session)
    clock.forward(minutes=60, seconds=11)
    log_in(client)

    client.get(look.format(attempt_id), follow_redirects=True)

    session.expire_all()
    row = session.get_one(Attempt, attempt_id)
    assert (row.state, row.closed_at) == ("released", row.deadline_at)


def test_leaving_and_coming_back_gains_no_time(offered, client, session, clock):
    attempt_id = begin(client, offered, session)
    clock.forward(minutes=20)

    page = client.get(f"/attempts/{attempt_id}").text

    assert f'data-remaining-ms="{40 * 60 * 1000}"' in page


def test_the_first_page_leads_back_into_a_running_exam(offered, client, session):
    attempt_id = begin(client, offered, session)

    assert f'href="/attempts/{attempt_id}"' in client.get("/").text
