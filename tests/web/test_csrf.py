"""A form without its token, or with an old one, is refused in the reader's language."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.domain.permissions import Role
from app.models.accounts import User
from app.models.attempts import Attempt
from app.models.learning import LessonProgress
from tests import factories

SENTENCE = "This page was open for too long. Go back, reload the page and send it again."


@pytest.fixture
def browser(app, client):
    """A browser that must send tokens, logged in as somebody with two roles."""
    factories.syllabus()
    factories.user("person", Role.TRAINEE, Role.ADMIN, language="en")
    client.post("/login", data={"username": "person", "password": factories.PASSWORD})
    app.config["WTF_CSRF_ENABLED"] = True
    limit = app.config["WTF_CSRF_TIME_LIMIT"]
    yield client
    app.config["WTF_CSRF_ENABLED"] = False
    app.config["WTF_CSRF_TIME_LIMIT"] = limit


def token(browser):
    return re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/account").text)[1]


def mark(browser, **data):
    return browser.post("/lessons/swot/done", data={"done": "yes", **data})


def done(session):
    return session.scalar(select(LessonProgress.done_at))


def test_a_form_with_its_token_is_taken(browser, session):
    assert mark(browser, csrf_token=token(browser)).status_code == 302
    assert done(session) is not None


@pytest.mark.parametrize("sent", [{}, {"csrf_token": ""}, {"csrf_token": "made-up"}])
def test_a_form_without_its_token_writes_nothing(browser, session, sent):
    response = mark(browser, **sent)

    assert response.status_code == 400
    assert SENTENCE in response.text
    assert done(session) is None


def test_an_expired_token_is_refused(app, browser, session):
    kept = token(browser)
    app.config["WTF_CSRF_TIME_LIMIT"] = -1

    response = mark(browser, csrf_token=kept)

    assert (response.status_code, SENTENCE in response.text) == (400, True)
    assert done(session) is None


def test_a_token_of_another_browser_is_refused(app, browser, session):
    other = re.search(r'name="csrf_token" value="([^"]+)"', app.test_client().get("/login").text)[1]

    assert mark(browser, csrf_token=other).status_code == 400
    assert done(session) is None


def test_the_sentence_comes_in_the_readers_language(browser, session):
    browser.post("/language", data={"language": "zh", "csrf_token": token(browser)})

    response = mark(browser)

    assert response.status_code == 400
    assert '<html lang="zh-CN"' in response.text


def test_a_program_gets_the_refusal_as_json(browser):
    response = browser.post("/lessons/swot/done", json={})

    assert (response.status_code, response.json["code"]) == (400, "form-expired")


@pytest.mark.parametrize("path", ["/login", "/logout", "/language", "/people/new"])
def test_forms_of_every_area_ask_for_the_token(browser, session, path):
    response = browser.post(path, data={"username": "new", "name": "新", "roles": "hr"})

    assert response.status_code == 400
    assert session.scalar(select(User.id).where(User.username == "new")) is None


def test_an_exam_is_not_handed_in_without_the_token(app, browser, session):
    user_id = session.scalar(select(User.id))
    attempt_id = factories.attempt(app, user_id)

    assert browser.post(f"/attempts/{attempt_id}/submit").status_code == 400
    session.expire_all()
    assert session.get_one(Attempt, attempt_id).state == "in_progress"
