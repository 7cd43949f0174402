"""A page that logs its own person in again: JSON, and nobody else."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from app.models.accounts import LoginSession
from tests import factories
from tests.factories import PASSWORD

JSON = {"Accept": "application/json"}


@pytest.fixture
def user_id(app):
    return factories.user(language="en")


def post(client, user_id, **changes):
    fields = {"username": "trainee1", "password": PASSWORD, "user": str(user_id), **changes}
    return client.post("/login", data=fields, headers=JSON)


def open_sessions(session):
    statement = select(func.count()).where(LoginSession.revoked_at.is_(None))
    return session.scalar(statement)


def test_the_right_password_is_answered_with_who_is_logged_in(client, user_id):
    response = post(client, user_id)

    assert response.status_code == 200
    assert (response.json["ok"], response.json["user"]) == (True, user_id)
    assert client.get("/account").status_code == 200


def test_a_wrong_password_is_a_sentence(client, user_id):
    response = post(client, user_id, password="wrong-horse-7")

    assert (response.status_code, response.json["code"]) == (403, "login-refused")
    assert response.json["message"]
    assert client.get("/account").status_code == 302


def test_too_many_failures_are_told_as_well(client, user_id):
    for _ in range(5):
        post(client, user_id, password="wrong-horse-7")

    response = post(client, user_id)

    assert (response.status_code, response.json["code"]) == (403, "locked-out")


def test_nothing_typed_is_refused(client, user_id):
    response = post(client, user_id, password="")

    assert (response.status_code, response.json["code"]) == (400, "login-incomplete")


def test_somebody_else_cannot_log_in_on_the_page(client, user_id, session):
    factories.user("other")

    response = post(client, user_id, username="other")

    assert (response.status_code, response.json["code"]) == (409, "other-person")
    assert client.get("/account").status_code == 302
    assert open_sessions(session) == 0


def test_whoever_is_logged_in_instead_gives_way(client, user_id):
    factories.user("other")
    factories.log_in(client, "other")

    assert post(client, user_id).json["user"] == user_id
    assert "trainee1" in client.get("/account").text


def test_a_first_password_still_has_to_be_changed(client):
    user_id = factories.user(must_change_password=True)

    assert post(client, user_id).json["must_change_password"] is True


def test_the_token_in_the_answer_works_and_the_old_one_no_longer(app, client, user_id):
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        old = token_in(client.get("/login").text)
        new = post(client, user_id, csrf_token=old).json["csrf"]

        refused = client.post("/language", data={"language": "zh", "csrf_token": old})
        taken = client.post("/language", data={"language": "zh", "csrf_token": new})
    finally:
        app.config["WTF_CSRF_ENABLED"] = False

    assert (refused.status_code, taken.status_code) == (400, 302)


def test_without_a_token_nobody_is_logged_in(app, client, user_id):
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        response = post(client, user_id)
    finally:
        app.config["WTF_CSRF_ENABLED"] = False

    assert (response.status_code, response.json["code"]) == (400, "form-expired")


def token_in(page):
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]


def test_a_browser_that_asks_for_a_page_still_gets_one(client, user_id):
    fields = {"username": "trainee1", "password": PASSWORD}

    response = client.post("/login", data=fields, headers={"Accept": "text/html"})

    assert (response.status_code, response.location) == (302, "/")
