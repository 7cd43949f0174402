"""A candidate's way to the door: the list, the slip, the agreement, the wait, the code."""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
import typst
from sqlalchemy import func, select

from app.models.attempts import Attempt
from app.models.sittings import Registration, RegistrationEvent
from app.services import accounts, registrations, roster, sitting_changes
from app.services.trail import SYSTEM
from tests import factories
from tests.factories import NOW, log_in

SEB_KEY = "ab" * 32


@pytest.fixture
def offer(app, client):
    """Puts an exam on offer to a trainee who is logged in; returns the sitting's id."""
    factories.syllabus()
    factories.bank(factories.exam_pool())
    exam = SimpleNamespace(id=factories.exam().id)  # outlives the session's transactions
    user_id = factories.user(language="en")
    accounts.enrol(user_id, scheme_id="unit", due_at=None, actor=SYSTEM, now=NOW)
    log_in(client)

    def make(*, taken=False, **changes):
        sitting_id = factories.sitting(exam, **changes)
        if taken:
            roster.add_people(sitting_id, [user_id], actor=SYSTEM, now=NOW)
        return sitting_id

    return make


def place(session):
    session.expire_all()
    return session.scalars(select(Registration)).one()


def attempts(session):
    return session.scalar(select(func.count()).select_from(Attempt))


def agree(client, sitting_id):
    return client.post(f"/exams/{sitting_id}/agree", data={"agree": "yes"})


def start(client, sitting_id, **data):
    return client.post(f"/exams/{sitting_id}/start", data=data)


# ── the list ──────────────────────────────────────────────────────────────────


def test_the_list_has_upcoming_and_past_exams(offer, client, clock):
    sitting_id = offer(taken=True)

    upcoming, past = client.get("/exams").text, client.get("/exams?when=past").text
    assert f'href="/exams/{sitting_id}"' in upcoming
    assert f'href="/exams/{sitting_id}"' not in past

    clock.forward(hours=8)
    log_in(client)

    upcoming, past = client.get("/exams").text, client.get("/exams?when=past").text
    assert f'href="/exams/{sitting_id}"' not in upcoming
    assert f'href="/exams/{sitting_id}"' in past


def test_a_long_list_has_pages_and_a_search(offer, client):
    for number in range(12):
        offer(opens_at=NOW + timedelta(hours=number), room=f"R{number:02d}")

    first, second = client.get("/exams").text, client.get("/exams?page=2").text
    found = client.get("/exams?search=R11").text

    assert (first.count("exam-card-head"), second.count("exam-card-head")) == (10, 2)
    assert found.count("exam-card-head") == 1


def test_a_sitting_for_its_roster_alone_is_not_there_for_others(offer, client):
    sitting_id = offer(open_to_enrolled=False)

    assert f"/exams/{sitting_id}" not in client.get("/exams").text
    for path in ("", "/place", "/slip.pdf"):
        assert client.get(f"/exams/{sitting_id}{path}").status_code == 404
    assert client.post(f"/exams/{sitting_id}/register").status_code == 404


# ── taking a place ────────────────────────────────────────────────────────────


def test_a_place_can_be_taken_before_the_exam_opens(offer, client, session):
    sitting_id = offer(opens_at=NOW + timedelta(hours=1))

    page = client.get(f"/exams/{sitting_id}").text
    client.post(f"/exams/{sitting_id}/register")

    assert f'action="/exams/{sitting_id}/register"' in page
    assert place(session).state == "registered"


def test_a_full_sitting_is_told_on_the_page_and_to_whoever_comes_too_late(offer, client):
    sitting_id = offer(capacity=1)
    before = client.get(f"/exams/{sitting_id}").text
    factories.registration(sitting_id, factories.user("trainee2"))

    response = client.post(f"/exams/{sitting_id}/register")

    assert "Places left: 1 of 1" in before
    assert response.status_code == 409
    assert "All 1 places of this sitting are taken." in response.text
    assert "/register" not in client.get(f"/exams/{sitting_id}").text


def test_whoever_was_taken_off_sees_that_and_no_place(offer, client, session):
    sitting_id = offer(taken=True)
    number = place(session).admission_number
    roster.take_off(place(session).id, sitting_id=sitting_id, reason="病假", actor=SYSTEM, now=NOW)

    page = client.get(f"/exams/{sitting_id}").text

    assert "You were taken off the roster of this sitting." in page
    assert number not in page
    assert client.post(f"/exams/{sitting_id}/register").status_code == 409
    assert client.get(f"/exams/{sitting_id}/slip.pdf").status_code == 404
    assert start(client, sitting_id, agree="yes").status_code == 404


def test_a_cancelled_sitting_says_so_and_starts_nobody(offer, client, session):
    sitting_id = offer(taken=True)
    sitting_changes.cancel_sitting(sitting_id, reason="停电", actor=SYSTEM, now=NOW)

    page = client.get(f"/exams/{sitting_id}").text

    assert "This sitting has been cancelled." in page
    assert "Cancelled" in client.get("/exams").text
    assert start(client, sitting_id, agree="yes").status_code == 409
    assert client.get(f"/exams/{sitting_id}/slip.pdf").status_code == 404
    assert attempts(session) == 0


# ── what is needed, and what accommodations give ──────────────────────────────


def test_the_page_tells_what_the_door_asks_for(offer, client):
    sitting_id = offer(
        taken=True,
        needs_admission=True,
        needs_ticket=True,
        access_code="SECRET7",
        seb_keys=(SEB_KEY,),
        networks=("10.1.0.0/16",),
    )

    page = client.get(f"/exams/{sitting_id}").text

    for words in ("a proctor looks at it", "one-time ticket", "access code", "Safe Exam Browser"):
        assert words in page
    assert "This device is not in it" in page
    assert "SECRET7" not in page
    assert SEB_KEY not in page


def test_the_page_tells_what_accommodations_give_before_the_start(offer, client, session):
    sitting_id = offer(taken=True)
    factories.accommodation(
        place(session).user_id, factor=1.5, breaks=20, larger_text=True, separate_room=True
    )

    page = client.get(f"/exams/{sitting_id}").text

    assert "90 minutes (60 × 1.5, your extra time)" in page
    assert "breaks of 20 minutes" in page
    assert "larger text" in page
    assert "separate room" in page


def test_an_accommodation_counts_on_the_day_of_the_exam(offer, client, session):
    tomorrow = NOW + timedelta(days=1)
    sitting_id = offer(taken=True, opens_at=tomorrow)
    factories.accommodation(place(session).user_id, factor=2.0, valid_from=tomorrow.date())

    assert "120 minutes" in client.get(f"/exams/{sitting_id}").text


# ── the slip ──────────────────────────────────────────────────────────────────


def test_the_slip_is_a_pdf_for_whoever_has_a_place(offer, client):
    sitting_id = offer(opens_at=NOW + timedelta(hours=1), room="三楼 302")
    before = client.get(f"/exams/{sitting_id}/slip.pdf")
    client.post(f"/exams/{sitting_id}/register")

    slip = client.get(f"/exams/{sitting_id}/slip.pdf")

    assert before.status_code == 404
    assert slip.headers["Content-Type"] == "application/pdf"
    assert slip.data.startswith(b"%PDF")
    assert re.search(rb"pdfuaid", slip.data)


def test_the_slip_holds_name_number_room_and_personal_minutes(offer, client, session, monkeypatch):
    seen = {}

    def look(_template, *, sys_inputs, **_settings):
        seen.update(sys_inputs)
        return b"%PDF"

    monkeypatch.setattr(typst, "compile", look)
    sitting_id = offer(taken=True, room="三楼 302", needs_admission=True)
    row = place(session)
    factories.accommodation(row.user_id, factor=1.25, separate_room=True)

    client.get(f"/exams/{sitting_id}/slip.pdf")

    text = seen["slip"]
    for words in ("学员甲", "trainee1", row.admission_number, "三楼 302", "Sitting"):
        assert words in text
    for words in ("75 minutes (60 × 1.25", "separate room", f"/exams/{sitting_id}"):
        assert words in text


# ── agreeing, waiting, starting ───────────────────────────────────────────────


def test_where_admission_is_asked_for_the_agreement_leads_to_the_wait(offer, client, session):
    sitting_id = offer(taken=True, needs_admission=True)

    response = start(client, sitting_id, agree="yes")
    page = client.get(response.location).text

    assert response.location == f"/exams/{sitting_id}"
    assert "Waiting for a proctor" in page
    assert f'data-waiting="/exams/{sitting_id}/place"' in page
    assert "js/sittings/waiting.js" in page
    assert attempts(session) == 0


def test_the_waiting_page_hears_of_the_admission_and_then_shows_the_start(offer, client, session):
    sitting_id = offer(taken=True, needs_admission=True, access_code="ABCD")
    agree(client, sitting_id)
    page = client.get(f"/exams/{sitting_id}").text
    mark = re.search(r'data-mark="([^"]+)"', page).group(1)
    before = client.get(f"/exams/{sitting_id}/place").json["mark"]

    registrations.admit(place(session).id, actor=SYSTEM, now=NOW)

    after = client.get(f"/exams/{sitting_id}/place").json["mark"]
    page = client.get(f"/exams/{sitting_id}").text
    assert (before == mark, after == mark) == (True, False)
    assert 'name="access_code"' in page
    assert "data-waiting" not in page
    assert start(client, sitting_id, access_code="abcd").location.startswith("/attempts/")


def test_waiting_costs_one_statement_beside_the_log_in(offer, client, statements):
    sitting_id = offer(taken=True, needs_admission=True)
    agree(client, sitting_id)
    client.get(f"/exams/{sitting_id}/place")
    statements.clear()

    client.get(f"/exams/{sitting_id}/place")

    assert len(statements) == 2


def test_waiting_is_nothing_for_whoever_has_no_place(offer, client):
    assert client.get(f"/exams/{offer()}/place").status_code == 404


def test_whoever_is_early_waits_for_the_opening(offer, client, session, clock):
    sitting_id = offer(taken=True, opens_at=NOW + timedelta(minutes=5))
    agree(client, sitting_id)
    early = client.get(f"/exams/{sitting_id}").text
    refused = start(client, sitting_id)
    clock.forward(minutes=5)

    page = client.get(f"/exams/{sitting_id}").text

    assert "You are ready" in early
    assert "data-waiting" in early
    assert refused.status_code == 409
    assert f'action="/exams/{sitting_id}/start"' in page


def test_agreeing_twice_changes_nothing_and_without_the_tick_it_is_asked_again(
    offer, client, session
):
    sitting_id = offer(taken=True, needs_admission=True)

    missing = client.post(f"/exams/{sitting_id}/agree")
    for _ in range(2):
        agree(client, sitting_id)

    kinds = session.scalars(select(RegistrationEvent.kind)).all()
    assert missing.status_code == 400
    assert "Tick the box to agree." in missing.text
    assert kinds.count("agreed") == 1


def test_a_wrong_code_stays_in_the_form_and_is_noted(offer, client, session):
    sitting_id = offer(taken=True, access_code="ABCD")

    response = start(client, sitting_id, agree="yes", access_code="WRONG")

    assert response.status_code == 403
    assert 'value="WRONG"' in response.text
    assert "The access code is not right." in response.text
    assert "entry_refused" in session.scalars(select(RegistrationEvent.kind)).all()
    assert start(client, sitting_id, access_code="a b-c d").location.startswith("/attempts/")


def test_a_forgotten_tick_keeps_the_code(offer, client):
    sitting_id = offer(taken=True, access_code="ABCD")

    response = start(client, sitting_id, access_code="ABCD")

    assert response.status_code == 400
    assert 'value="ABCD"' in response.text


def test_where_a_ticket_is_asked_for_a_password_leads_to_the_agreement_only(offer, client, session):
    sitting_id = offer(needs_ticket=True)
    client.post(f"/exams/{sitting_id}/register")

    responses = [start(client, sitting_id, agree="yes") for _ in range(2)]

    page = client.get(f"/exams/{sitting_id}").text
    assert {response.location for response in responses} == {f"/exams/{sitting_id}"}
    assert "Log in with your ticket" in page
    assert place(session).state == "ready"
    assert attempts(session) == 0


def test_the_list_of_exams_runs_as_many_statements_with_thirty_as_with_one(
    offer, client, statements
):
    def count():
        client.get("/exams")
        statements.clear()
        client.get("/exams")
        return len(statements)

    offer(taken=True, capacity=5)
    with_one = count()
    for _ in range(29):
        offer(taken=True, capacity=5)

    assert count() == with_one <= 7
