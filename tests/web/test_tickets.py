"""A log-in with a ticket reaches one exam and nothing else."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from app.db import db
from app.domain.permissions import Role
from app.models.accounts import LoginSession
from app.models.attempts import Attempt
from app.models.audit import AuditEntry
from app.models.sittings import Registration
from app.services import accounts, starting, tickets
from app.services.trail import SYSTEM, Actor
from tests import factories
from tests.factories import NOW, log_in
from tests.services import scenes


@pytest.fixture
def exam(app):
    factories.syllabus()
    factories.bank(factories.exam_pool())
    return SimpleNamespace(id=factories.exam(wait_hours=0).id)


@pytest.fixture
def sitting_id(exam):
    return factories.sitting(exam, needs_ticket=True)


def ticket_for(sitting_id, username="trainee1", **changes):
    place = factories.registration(sitting_id, factories.user(username, language="en", **changes))
    (ticket,) = tickets.issue_tickets(sitting_id, registration_ids=[place], actor=SYSTEM, now=NOW)
    return ticket


def enter(client, ticket, *, code=None):
    return client.post(
        "/ticket", data={"number": ticket.admission_number, "ticket": code or ticket.code}
    )


def user_of(ticket):
    return db.session.get_one(Registration, ticket.registration_id).user_id


def test_a_ticket_leads_to_its_exam_and_starts_it(client, sitting_id, session):
    response = enter(client, ticket_for(sitting_id))

    assert response.location == f"/exams/{sitting_id}"
    assert client.get(response.location).status_code == 200
    started = client.post(f"/exams/{sitting_id}/start")
    assert started.location == f"/attempts/{session.scalar(select(Attempt.id))}"
    assert client.get(started.location).status_code == 200


def test_the_whole_exam_is_within_reach(client, app, sitting_id, session):
    enter(client, ticket_for(sitting_id))
    page = client.post(f"/exams/{sitting_id}/start").location
    claimed = client.post(f"{page}/tab").json
    batch = {
        "token": claimed["token"],
        "epoch": claimed["epoch"],
        "saves": [{"position": 1, "seq": 1, "answer": "a"}],
    }

    saved = client.post(f"{page}/saves", json=batch)
    handed_in = client.post(f"{page}/submit")

    assert saved.json["receipts"][0]["state"] == "accepted"
    assert client.get(f"{page}/state").status_code == 200
    assert client.get(handed_in.location).status_code == 200


PLACES = ["/", "/course", "/practice", "/exams", "/certificates", "/account", "/account/password"]


@pytest.mark.parametrize("path", PLACES)
def test_everything_else_leads_back_to_the_exam(client, sitting_id, path):
    enter(client, ticket_for(sitting_id))

    assert client.get(path).location == f"/exams/{sitting_id}"


def test_a_person_of_the_staff_has_no_powers_in_it(client, sitting_id):
    ticket = ticket_for(sitting_id, "boss")
    accounts.set_roles(user_of(ticket), roles=list(Role), actor=SYSTEM, now=NOW)
    enter(client, ticket)

    for path in ("/people", "/sittings", "/results", "/questions", "/audit"):
        assert client.get(path).location == f"/exams/{sitting_id}"


def test_another_sitting_and_its_attempts_are_out_of_reach(client, app, exam, sitting_id):
    other_id = factories.sitting(exam)
    user_id = factories.user(language="en")
    earlier = starting.start(
        factories.registration(other_id, user_id),
        user_id=user_id,
        seed=1,
        actor=Actor(user_id),
        now=NOW,
    )
    scenes.finish(app, earlier, user_id, right=False)
    place = factories.registration(sitting_id, user_id)
    (ticket,) = tickets.issue_tickets(sitting_id, registration_ids=[place], actor=SYSTEM, now=NOW)
    enter(client, ticket)

    for path in (f"/exams/{other_id}", f"/attempts/{earlier}/done", "/attempts/999999"):
        assert client.get(path).location == f"/exams/{sitting_id}"
    assert client.post(f"/exams/{other_id}/start").location == f"/exams/{sitting_id}"


def test_a_program_is_told_that_it_may_not(client, sitting_id):
    enter(client, ticket_for(sitting_id))

    response = client.get("/exams", headers={"Accept": "application/json"})

    assert (response.status_code, response.json["code"]) == (403, "forbidden")


def test_a_first_password_need_not_be_changed_in_it(client, sitting_id):
    enter(client, ticket_for(sitting_id, must_change_password=True))

    assert client.get(f"/exams/{sitting_id}").status_code == 200
    client.post("/logout")
    log_in(client)
    assert client.get(f"/exams/{sitting_id}").location == "/account/password"


def test_language_and_log_out_are_within_reach(client, sitting_id, session):
    enter(client, ticket_for(sitting_id))

    client.post("/language", data={"language": "zh", "next": f"/exams/{sitting_id}"})
    assert 'lang="zh-CN"' in client.get(f"/exams/{sitting_id}").text
    client.post("/logout")

    assert session.scalars(select(LoginSession.revoked_at)).all() == [NOW]
    assert client.get(f"/exams/{sitting_id}").location.startswith("/login")


def test_its_pages_show_no_way_out(client, sitting_id):
    enter(client, ticket_for(sitting_id))

    page = client.get(f"/exams/{sitting_id}").text

    assert 'href="/exams"' not in page
    assert 'href="/account"' not in page
    assert "site-nav" not in page


def test_a_new_ticket_ends_the_old_log_in(client, sitting_id):
    ticket = ticket_for(sitting_id)
    enter(client, ticket)

    tickets.issue_tickets(
        sitting_id, registration_ids=[ticket.registration_id], actor=SYSTEM, now=NOW
    )

    assert client.get(f"/exams/{sitting_id}").location.startswith("/login")


def test_a_refused_ticket_says_why_and_keeps_what_was_typed(client, sitting_id):
    ticket = ticket_for(sitting_id)
    wrong = enter(client, ticket, code="AAAAA-AAAAA")
    enter(client, ticket)
    client.post("/logout")

    spent = enter(client, ticket)

    assert wrong.status_code == 403
    assert f'value="{ticket.admission_number}"' in wrong.text
    assert 'value="AAAAA-AAAAA"' in wrong.text
    assert spent.status_code == 409


@pytest.mark.parametrize("data", [{}, {"number": "\x00", "ticket": "\x00"}, {"number": "9" * 99}])
def test_nonsense_is_refused(client, sitting_id, data):
    assert client.post("/ticket", data=data).status_code == 403


def test_the_lockout_of_log_ins_holds_for_tickets(app, client, sitting_id):
    app.extensions["settings"], kept = (
        replace(app.extensions["settings"], account_failures=2),
        app.extensions["settings"],
    )
    ticket = ticket_for(sitting_id)
    try:
        for _ in range(2):
            enter(client, ticket, code="wrong")
        response = enter(client, ticket)
    finally:
        app.extensions["settings"] = kept

    assert response.status_code == 403
    assert "15" in response.text


# ── handing them out ──────────────────────────────────────────────────────────


@pytest.fixture
def hr(sitting_id, client):
    factories.user("hr", Role.HR, language="en")
    return log_in(client, "hr")


def places(session):
    session.expire_all()
    return session.scalars(select(Registration).order_by(Registration.id)).all()


def people(sitting_id, count):
    for number in range(count):
        user_id = factories.user(f"trainee{number}")
        accounts.enrol(user_id, scheme_id="unit", due_at=None, actor=SYSTEM, now=NOW)
        factories.registration(sitting_id, user_id)


def test_tickets_come_as_a_sheet_to_print(hr, sitting_id, session):
    people(sitting_id, 12)

    response = hr.post(f"/sittings/{sitting_id}/tickets", data={"whom": "without"})

    assert response.headers["Content-Type"] == "application/pdf"
    assert response.data.startswith(b"%PDF")
    assert b"pdfuaid" in response.data
    assert all(place.ticket_hash for place in places(session))


def test_only_the_chosen_get_a_new_ticket(hr, sitting_id, session):
    people(sitting_id, 2)
    chosen = places(session)[1].id

    hr.post(f"/sittings/{sitting_id}/tickets", data={"whom": "chosen", "place": [chosen, "x"]})

    assert [bool(place.ticket_hash) for place in places(session)] == [False, True]


def test_where_nobody_is_chosen_nothing_is_issued(hr, sitting_id, session):
    people(sitting_id, 1)

    response = hr.post(f"/sittings/{sitting_id}/tickets", data={"whom": "chosen"})

    assert response.status_code == 409
    assert places(session)[0].ticket_hash is None


def test_a_proctor_gives_one_person_a_new_ticket_that_is_shown_once(client, exam, app, session):
    proctor_id = factories.user("proctor1", Role.PROCTOR)
    sitting_id = factories.sitting(exam, proctors=frozenset({proctor_id}))
    people(sitting_id, 1)
    place_id = places(session)[0].id
    log_in(client, "proctor1")

    page = client.post(f"/sittings/{sitting_id}/roster/{place_id}/ticket").text

    code = page.partition("ticket-code")[2].partition(">")[2].partition("<")[0]
    row = places(session)[0]
    assert row.ticket_hash == tickets.ticket_hash(row.admission_number, code)
    assert code not in client.get(f"/sittings/{sitting_id}/roster/{place_id}").text
    assert client.post(f"/sittings/{sitting_id}/tickets").status_code == 403


def test_a_proctor_of_another_sitting_gives_no_tickets(client, exam, session):
    other = factories.user("proctor1", Role.PROCTOR)
    factories.user("proctor2", Role.PROCTOR)
    sitting_id = factories.sitting(exam, proctors=frozenset({other}))
    people(sitting_id, 1)
    log_in(client, "proctor2")

    response = client.post(f"/sittings/{sitting_id}/roster/{places(session)[0].id}/ticket")

    assert response.status_code == 404
    assert places(session)[0].ticket_hash is None


def test_tickets_leave_no_code_in_any_log(hr, sitting_id, session):
    people(sitting_id, 1)
    row = places(session)[0]

    page = hr.post(f"/sittings/{sitting_id}/roster/{row.id}/ticket").text

    code = page.partition("ticket-code")[2].partition(">")[2].partition("<")[0].replace("-", "")
    details = session.scalars(select(AuditEntry.detail)).all()
    assert len(code) == 10
    assert code not in str(details)
    assert session.scalar(select(func.count()).select_from(AuditEntry)) > 0
