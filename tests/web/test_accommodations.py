"""Accommodations as HR approves, finds and revokes them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.permissions import Role
from app.models.accommodations import Accommodation
from app.models.attempts import Attempt
from app.models.audit import AuditEntry
from app.queries.accounts import user_id_of
from tests import factories
from tests.factories import log_in

TODAY = factories.NOW.date()
DAY = timedelta(days=1)
FORM = {
    "person": "trainee1",
    "time_factor": "1.25",
    "break_minutes": "10",
    "larger_text": "y",
    "reason": "dyslexia",
    "valid_from": TODAY.isoformat(),
    "valid_until": "",
}


@pytest.fixture
def hr(client):
    factories.user("hr", Role.HR, language="en")
    return log_in(client, "hr")


@pytest.fixture
def trainee(app):
    return factories.user()


def approvals(session):
    session.expire_all()
    return session.scalars(select(Accommodation).order_by(Accommodation.id)).all()


def test_an_approval_is_entered_and_shown_with_its_reason(hr, trainee, session):
    response = hr.post("/accommodations/new", data=FORM)

    (row,) = approvals(session)
    assert response.location == f"/accommodations/{row.id}"
    assert (row.user_id, row.time_factor, row.break_minutes) == (trainee, 1.25, 10)
    assert (row.larger_text, row.separate_room, row.valid_until) == (True, False, None)
    assert row.approved_by == user_id_of("hr")
    page = hr.get(response.location).text
    assert "dyslexia" in page
    assert "25 % more time" in page


def test_the_form_begins_with_today_and_the_person_of_the_link(hr):
    page = hr.get("/accommodations/new?person=trainee1").text

    assert 'value="trainee1"' in page
    assert f'value="{TODAY.isoformat()}"' in page


def test_a_name_is_asked_back_and_everything_typed_is_kept(hr, trainee, session):
    other = factories.user("trainee2", name="学员乙")

    asked = hr.post("/accommodations/new", data={**FORM, "person": "学员"})

    assert asked.status_code == 400
    assert "Whom do you mean?" in asked.text
    assert f'value="{trainee}"' in asked.text
    assert "dyslexia" in asked.text
    chosen = {**FORM, "person": "学员", "user_id": str(other)}
    assert hr.post("/accommodations/new", data=chosen).status_code == 302
    assert [row.user_id for row in approvals(session)] == [other]


def test_one_name_that_fits_is_asked_back_as_well(hr, trainee, session):
    response = hr.post("/accommodations/new", data={**FORM, "person": "学员甲"})

    assert response.status_code == 400
    assert approvals(session) == []


def test_somebody_who_was_not_asked_about_cannot_be_chosen(hr, trainee, session):
    stranger = factories.user("stranger", name="某人")
    chosen = {**FORM, "person": "学员", "user_id": str(stranger)}

    assert hr.post("/accommodations/new", data=chosen).status_code == 400
    assert approvals(session) == []


def test_a_name_that_nobody_has_is_told(hr):
    response = hr.post("/accommodations/new", data={**FORM, "person": "nobody"})

    assert response.status_code == 400
    assert "Nobody with an account has this user name or name." in response.text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"person": ""}, "Enter a user name or a name."),
        ({"time_factor": "much"}, "Enter a number such as 1.25."),
        ({"time_factor": "nan"}, "Enter a number such as 1.25."),
        ({"time_factor": ""}, "Enter a number such as 1.25."),
        ({"time_factor": "3.5"}, "The time factor must be between 1.0 and 3.0."),
        ({"break_minutes": "ten"}, "Enter a whole number of minutes."),
        ({"break_minutes": "241"}, "Break minutes must be between 0 and 240."),
        ({"break_minutes": "9" * 30}, "Break minutes must be between 0 and 240."),
        ({"reason": " "}, "Give a reason."),
        ({"reason": "\x00"}, "This contains a character that cannot be shown."),
        ({"valid_from": "soon"}, "Enter a day."),
        ({"valid_until": "soon"}, "Enter a day."),
        ({"valid_until": (TODAY - DAY).isoformat()}, "The last day lies before the first."),
        (
            {"time_factor": "1", "break_minutes": "0", "larger_text": ""},
            "Choose at least one: extra time, breaks, larger text or a separate room.",
        ),
    ],
)
def test_what_cannot_be_approved_is_told_and_what_was_typed_is_kept(
    hr, trainee, session, changes, sentence
):
    data = {**FORM, **changes}
    if not data["larger_text"]:
        del data["larger_text"]

    response = hr.post("/accommodations/new", data=data)

    assert response.status_code == 400
    assert sentence in response.text
    assert changes.get("person", 'value="trainee1"') in response.text
    assert approvals(session) == []


def test_nobody_approves_their_own(hr, session):
    response = hr.post("/accommodations/new", data={**FORM, "person": "hr"})

    assert response.status_code == 403
    assert "You cannot approve accommodations for yourself." in response.text
    assert "dyslexia" in response.text
    assert approvals(session) == []


def test_an_approval_reaches_an_exam_that_is_open(hr, app, trainee, session):
    attempt_id = factories.attempt(app, trainee)

    hr.post("/accommodations/new", data={**FORM, "time_factor": "1.5"})

    session.expire_all()
    row = session.get_one(Attempt, attempt_id)
    assert row.deadline_at == factories.NOW + timedelta(minutes=90)


def test_the_page_of_the_exam_hears_of_it_with_its_next_heartbeat(hr, app, trainee):
    attempt_id = factories.attempt(app, trainee)
    candidate = log_in(app.test_client())
    tab = candidate.post(f"/attempts/{attempt_id}/tab").json

    hr.post("/accommodations/new", data={**FORM, "time_factor": "1.5"})

    answer = candidate.post(
        f"/attempts/{attempt_id}/saves",
        json={"token": tab["token"], "epoch": tab["epoch"], "saves": [], "seen_notice": 0},
    ).json
    assert answer["remaining_ms"] == 90 * 60 * 1000
    assert [notice["kind"] for notice in answer["notices"]] == ["time_added", "message"]
    assert answer["notices"][0]["minutes"] == 30
    assert "dyslexia" not in str(answer)


# -- revoking


def test_an_approval_is_revoked_with_a_reason(hr, trainee, session):
    id_ = factories.accommodation(trainee, factor=1.5)

    response = hr.post(f"/accommodations/{id_}/revoke", data={"reason": "a mistake"})

    assert response.location == f"/accommodations/{id_}"
    assert approvals(session)[0].revoked_reason == "a mistake"
    page = hr.get(response.location).text
    assert "a mistake" in page
    assert "Revoke accommodation" not in page


def test_revoking_without_a_reason_is_refused(hr, trainee, session):
    id_ = factories.accommodation(trainee, factor=1.5)

    response = hr.post(f"/accommodations/{id_}/revoke", data={"reason": " "})

    assert response.status_code == 400
    assert "Give a reason." in response.text
    assert approvals(session)[0].revoked_at is None


def test_a_reason_that_is_too_long_is_refused_and_kept(hr, trainee):
    id_ = factories.accommodation(trainee, factor=1.5)

    response = hr.post(f"/accommodations/{id_}/revoke", data={"reason": "r" * 1001})

    assert response.status_code == 400
    assert "r" * 1001 in response.text


@pytest.mark.parametrize(("method", "path"), [("get", ""), ("post", "/revoke")])
def test_what_is_not_there_is_not_there(hr, method, path):
    response = getattr(hr, method)(f"/accommodations/999999{path}", data={"reason": "x"})

    assert response.status_code == 404


# -- who sees the reason


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.HR])
def test_nobody_but_hr_sees_an_accommodation(client, trainee, role):
    id_ = factories.accommodation(trainee, factor=1.5)
    factories.user("person", role)
    log_in(client, "person")

    for path in ("", "/new", f"/{id_}"):
        assert client.get(f"/accommodations{path}").status_code == 403


def test_the_reason_is_in_no_audit_entry(hr, trainee, session):
    hr.post("/accommodations/new", data=FORM)
    id_ = approvals(session)[0].id
    hr.post(f"/accommodations/{id_}/revoke", data={"reason": "dyslexia, again"})

    entries = session.scalars(select(AuditEntry)).all()

    assert [e.action for e in entries][-2:] == ["accommodation.approved", "accommodation.revoked"]
    assert not [entry for entry in entries if "dyslexia" in str(entry.detail)]


# -- the list


@pytest.fixture
def four(app, session):
    """One of each standing, by name."""
    people = {
        "now": {"valid_until": TODAY, "factor": 1.25},
        "later": {"valid_from": TODAY + DAY, "factor": 1.5},
        "ended": {"valid_from": TODAY - 9 * DAY, "valid_until": TODAY - DAY, "breaks": 10},
        "revoked": {"revoked_at": factories.NOW, "revoked_reason": "x", "larger_text": True},
    }
    for name, given in people.items():
        factories.accommodation(factories.user(name, name=f"名 {name}"), **given)
    return list(people)


def listed(page, names):
    return [name for name in names if f"名 {name}" in page.text]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["now", "later", "ended", "revoked"]),
        ("?standing=valid", ["now"]),
        ("?standing=future", ["later"]),
        ("?standing=ended", ["ended"]),
        ("?standing=revoked", ["revoked"]),
        ("?standing=nonsense", ["now", "later", "ended", "revoked"]),
        ("?search=名 l", ["later"]),
        ("?search=ENDED", ["ended"]),
        ("?search=e&standing=revoked", ["revoked"]),
        ("?search=%25", []),
    ],
)
def test_the_list_is_filtered_by_address(hr, four, query, expected):
    assert listed(hr.get(f"/accommodations{query}"), four) == expected


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("name", "ended"),
        ("newest", "revoked"),
        ("first", "ended"),
        ("last", "ended"),
        ("x", "ended"),
    ],
)
def test_the_list_is_sorted_as_asked(hr, four, sort, first):
    page = hr.get(f"/accommodations?sort={sort}").text

    assert min(four, key=lambda name: page.index(f"名 {name}")) == first


def test_a_long_list_has_pages_that_keep_the_filter(hr, app):
    for number in range(26):
        factories.accommodation(factories.user(f"u{number}", name=f"名{number:02d}"), factor=1.5)

    first, second = (hr.get(f"/accommodations?standing=valid&page={n}").text for n in (1, 2))

    assert "/accommodations?standing=valid&amp;page=2" in first
    assert ("名00" in first, "名25" in first) == (True, False)
    assert ("名00" in second, "名25" in second) == (False, True)


def test_the_list_runs_no_more_statements_for_more_people(hr, four, statements):
    hr.get("/accommodations")
    few = len(statements)
    for number in range(5):
        factories.accommodation(factories.user(f"more{number}"), factor=1.5)
    statements.clear()

    hr.get("/accommodations")

    assert len(statements) == few


def test_an_empty_list_says_what_it_is_for(hr):
    assert "Nobody has an accommodation yet" in hr.get("/accommodations").text


def test_hr_finds_it_in_the_navigation_and_others_do_not(hr, app):
    factories.user("admin", Role.ADMIN)
    admin = log_in(app.test_client(), "admin")

    assert 'href="/accommodations"' in hr.get("/accommodations").text
    assert 'href="/accommodations"' not in admin.get("/people").text
