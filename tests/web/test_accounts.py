"""Logging in and one's own account, as a browser meets it."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.models.accounts import LoginSession
from app.services.sessions import token_hash
from tests import factories
from tests.factories import PASSWORD, log_in

WRONG = {"username": "trainee1", "password": "wrong-password-1"}


def cookie(client):
    return client.get_cookie("qijue").value


def without_tokens(html):
    return re.sub(r"[\w.-]{60,}", "", html)


def test_logging_in_leads_to_the_first_page(client):
    factories.user(name="学员䶮")

    response = client.post("/login", data={"username": " trainee1 ", "password": PASSWORD})

    assert response.location == "/"
    assert "学员䶮" in client.get("/").text


def test_a_wrong_password_keeps_the_typed_name_and_says_so(client):
    factories.user()

    response = client.post("/login", data=WRONG)

    assert response.status_code == 403
    assert 'value="trainee1"' in response.text
    assert WRONG["password"] not in response.text
    assert 'role="alert"' in response.text


def test_an_unknown_user_gets_the_same_page_as_a_wrong_password(client):
    factories.user()

    wrong = client.post("/login", data=WRONG)
    unknown = client.post("/login", data=WRONG | {"username": "trainee2"})

    assert unknown.status_code == wrong.status_code
    assert without_tokens(unknown.text).replace("trainee2", "trainee1") == without_tokens(
        wrong.text
    )


def test_the_sixth_try_is_locked_out_even_with_the_right_password(client, clock):
    factories.user()
    for _ in range(5):
        client.post("/login", data=WRONG)

    locked = client.post("/login", data={"username": "trainee1", "password": PASSWORD})

    assert locked.status_code == 403
    assert "15" in locked.text
    clock.forward(minutes=15)
    log_in(client)


def test_an_empty_form_asks_for_both(client):
    response = client.post("/login", data={})

    assert response.status_code == 200
    assert response.text.count('aria-invalid="true"') == 2


TARGETS = [
    ("/course?x=1", "/course?x=1"),
    ("//evil.example", "/"),
    ("https://evil.example/", "/"),
    ("/\\evil.example", "/"),
    ("\\\\evil.example", "/"),
    ("javascript:alert(1)", "/"),
    ("///evil.example", "/"),
    ("/\t/evil.example", "/"),
    ("course", "/"),
    ("http:/course", "/"),
    ("//[evil", "/"),
    ("", "/"),
]


def test_logging_in_leads_to_pages_of_this_site_only(client):
    factories.user()
    for target, location in TARGETS:
        data = {"username": "trainee1", "password": PASSWORD, "next": target}

        response = client.post("/login", data=data)

        assert (response.status_code, response.location) == (302, location), target


def test_a_page_that_asks_for_a_log_in_is_where_it_leads(client):
    factories.user()
    asked = client.get("/course?a=1")

    response = client.post(asked.location, data={"username": "trainee1", "password": PASSWORD})

    assert response.location == "/course?a=1"


def test_the_cookie_changes_at_the_log_in(client, app):
    factories.user()
    client.get("/login")
    with client.session_transaction() as before:
        before["planted"] = "yes"
    planted = cookie(client)

    log_in(client)

    assert cookie(client) != planted
    with client.session_transaction() as after:
        assert "planted" not in after
    other = app.test_client()
    other.set_cookie("qijue", planted)
    assert other.get("/course").status_code == 302


def test_the_cookie_cannot_be_read_by_scripts_or_sent_from_other_sites(client):
    factories.user()

    headers = client.post("/login", data={"username": "trainee1", "password": PASSWORD}).headers

    assert "HttpOnly" in headers["Set-Cookie"]
    assert "SameSite=Lax" in headers["Set-Cookie"]


def test_a_changed_cookie_is_no_log_in(client):
    factories.user()
    log_in(client)
    client.set_cookie("qijue", cookie(client)[:-3] + "AAA")

    assert client.get("/course").status_code == 302


def test_logging_out_ends_the_log_in_on_the_server(client, app):
    factories.user()
    log_in(client)
    kept = cookie(client)

    client.post("/logout")

    other = app.test_client()
    other.set_cookie("qijue", kept)
    assert other.get("/course").status_code == 302


def test_idleness_ends_the_log_in_and_work_does_not(client, clock):
    factories.user()
    log_in(client)
    for _ in range(3):
        clock.forward(minutes=29)
        assert client.get("/course").status_code == 200

    clock.forward(minutes=31)

    assert client.get("/course").location == "/login?next=/course"


def test_twelve_hours_end_the_log_in_at_work(client, clock):
    factories.user()
    log_in(client)
    for _ in range(25):
        clock.forward(minutes=29)
        client.get("/course")

    assert client.get("/course").status_code == 302


def test_a_created_account_sees_nothing_before_it_has_a_new_password(client):
    factories.user(must_change_password=True)
    log_in(client)

    for path in ("/", "/course", "/exams", "/account"):
        assert client.get(path).location == "/account/password"

    changed = client.post("/account/password", data=new_password())
    assert changed.location == "/"
    assert client.get("/course").status_code == 200


def new_password(new="another-pass-9", again=None, current=PASSWORD):
    return {"current": current, "new": new, "again": again or new}


def test_an_older_account_is_not_asked_for_a_new_password(client):
    factories.user()

    assert log_in(client).get("/course").status_code == 200


def test_changing_the_password_ends_every_other_log_in(client, app):
    factories.user()
    log_in(client)
    other = log_in(app.test_client())

    client.post("/account/password", data=new_password())

    assert client.get("/course").status_code == 200
    assert other.get("/course").status_code == 302


@pytest.mark.parametrize(
    "typed",
    [
        {"current": "wrong-password-1"},
        {"again": "something-else-1"},
        {"new": "short"},
        {"new": PASSWORD},
    ],
)
def test_a_password_that_cannot_be_taken_changes_nothing(client, typed):
    factories.user()
    log_in(client)

    response = client.post("/account/password", data=new_password(**typed))

    assert response.status_code == 400
    log_in(client)


def test_one_of_ones_own_devices_is_logged_out_from_another(client, app, session):
    factories.user()
    log_in(client)
    other = log_in(app.test_client())
    with other.session_transaction() as kept:
        hashed = token_hash(kept["_user_id"])
    session_id = session.scalar(select(LoginSession.id).where(LoginSession.token_hash == hashed))
    assert f"/account/sessions/{session_id}/end" in client.get("/account").text

    client.post(f"/account/sessions/{session_id}/end")

    assert other.get("/course").status_code == 302
