"""Accounts, as an administrator keeps them."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from app.domain.permissions import Role
from app.models.accounts import User
from app.models.audit import AuditEntry
from app.queries.accounts import account, user_id_of
from tests import factories
from tests.factories import log_in

NEW = {"username": "w.zhang", "name": "张伟", "department": "客服部", "roles": ["trainee", "hr"]}


@pytest.fixture
def admin(client):
    factories.user("admin", Role.ADMIN, language="en")
    return log_in(client, "admin")


def people(session):
    return session.scalar(select(func.count()).select_from(User))


def first_password(response):
    return re.search(r"<code>([\w-]{19})</code>", response.text)[1]


def test_a_first_password_works_once_and_must_be_changed(admin, app):
    password = first_password(admin.post("/people/new", data=NEW))

    browser = log_in(app.test_client(), "w.zhang", password)

    assert browser.get("/course").location == "/account/password"
    changed = {"current": password, "new": "another-pass-9", "again": "another-pass-9"}
    assert browser.post("/account/password", data=changed).location == "/"
    refused = app.test_client().post("/login", data={"username": "w.zhang", "password": password})
    assert refused.status_code == 403


def test_a_new_account_has_its_roles_and_is_on_record(admin, session):
    admin.post("/people/new", data=NEW)

    assert account(user_id_of("w.zhang")).roles == (Role.HR, Role.TRAINEE)
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (entry.action, entry.actor_id) == ("account.created", user_id_of("admin"))


def test_a_user_name_that_is_taken_keeps_what_was_typed(admin, session):
    admin.post("/people/new", data=NEW)

    response = admin.post("/people/new", data=NEW | {"name": "另一个"})

    assert response.status_code == 409
    assert 'value="另一个"' in response.text
    assert "The user name w.zhang is taken." in response.text
    assert people(session) == 2


@pytest.mark.parametrize("name", ["😀", "䶮", "𬭎先生", "O'Neill <b>", "é" * 100])
def test_a_name_of_any_script_is_shown_as_it_was_typed(admin, session, name):
    admin.post("/people/new", data=NEW | {"name": name})

    assert session.scalar(select(User.name).where(User.username == "w.zhang")) == name
    assert "<b>" not in admin.get("/people").text


UNFIT = [
    {"name": "张\x00伟"},
    {"department": "客服\x00部"},
    {"username": "w\x00zhang"},
    {"username": "a b"},
    {"username": "x" * 65},
    {"username": ""},
    {"name": "   "},
    {"name": "x" * 101},
    {"department": "x" * 201},
    {"roles": []},
    {"roles": ["emperor"]},
    {"email": "nowhere"},
    {"email": "a@example.org, b@example.org"},
]


def test_what_cannot_be_kept_is_refused_and_the_rest_stays_typed(admin, session):
    for typed in UNFIT:
        response = admin.post("/people/new", data=NEW | typed)

        kept = next(field for field in ("username", "name") if field not in typed)
        assert response.status_code == 400, typed
        assert f'value="{NEW[kept]}"' in response.text, typed
    assert people(session) == 1


def test_roles_are_set_from_the_page(admin):
    user_id = factories.user("person", Role.TRAINEE)

    admin.post(f"/people/{user_id}", data={"roles": ["marker", "proctor"]})

    assert account(user_id).roles == (Role.MARKER, Role.PROCTOR)


def test_nobody_is_left_without_a_role(admin):
    user_id = factories.user("person", Role.TRAINEE)

    assert admin.post(f"/people/{user_id}", data={"sent": "1"}).status_code == 400
    assert account(user_id).roles == (Role.TRAINEE,)


def test_a_reset_ends_every_log_in_and_gives_a_password_to_change(admin, app):
    user_id = factories.user()
    browser = log_in(app.test_client())

    password = first_password(admin.post(f"/people/{user_id}/password"))

    assert browser.get("/course").location.startswith("/login")
    log_in(browser, "trainee1", password)
    assert browser.get("/course").location == "/account/password"


def test_logging_somebody_out_ends_every_log_in(admin, app):
    user_id = factories.user()
    browser = log_in(app.test_client())

    admin.post(f"/people/{user_id}/sessions")

    assert browser.get("/course").status_code == 302


def test_a_disabled_account_is_out_and_can_come_back(admin, app):
    user_id = factories.user()
    browser = log_in(app.test_client())

    admin.post(f"/people/{user_id}/active", data={"active": "no"})
    assert browser.get("/course").status_code == 302
    admin.post(f"/people/{user_id}/active", data={"active": "yes"})

    assert log_in(browser).get("/course").status_code == 200


def test_an_administrator_cannot_lock_themselves_out(admin):
    response = admin.post(f"/people/{user_id_of('admin')}/active", data={"active": "no"})

    assert response.status_code == 409
    assert admin.get("/people").status_code == 200


@pytest.mark.parametrize("act", ["", "/email", "/password", "/sessions", "/active"])
def test_somebody_who_does_not_exist_is_not_there(admin, act):
    data = {"roles": ["hr"], "active": "yes", "email": ""}

    assert admin.post(f"/people/999999{act}", data=data).status_code == 404


def test_an_account_may_have_an_e_mail_address(admin):
    admin.post("/people/new", data=NEW | {"email": " w.zhang@example.org "})

    assert account(user_id_of("w.zhang")).email == "w.zhang@example.org"


def test_an_e_mail_address_is_set_and_taken_away(admin, session):
    user_id = factories.user()

    admin.post(f"/people/{user_id}/email", data={"email": "a@example.org"})
    assert 'value="a@example.org"' in admin.get(f"/people/{user_id}").text
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (entry.action, entry.detail) == ("account.email_set", {"has_address": True})

    admin.post(f"/people/{user_id}/email", data={"email": ""})
    assert account(user_id).email == ""


def test_an_e_mail_address_that_is_none_is_refused_and_stays_typed(admin):
    user_id = factories.user("person", Role.MARKER)

    response = admin.post(f"/people/{user_id}/email", data={"email": "nowhere"})

    assert response.status_code == 400
    assert 'value="nowhere"' in response.text
    assert re.search(r'checked[^>]*value="marker"', response.text)
    assert account(user_id).email == ""
