"""flask demo create: a demonstration organisation, once."""

from __future__ import annotations

import json
import stat
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from app.domain.permissions import Role
from app.models.accounts import Enrolment, User
from app.models.audit import AuditEntry
from app.models.sittings import Sitting, SittingProctor
from app.services.content import load_content
from app.services.questions import load_bank
from tests import factories
from tests.factories import log_in
from tests.services.test_content import shipped


@pytest.fixture
def instance(app, tmp_path):
    """An instance folder of its own for each test."""
    kept = app.extensions["settings"]
    app.extensions["settings"] = replace(kept, instance=tmp_path)
    yield tmp_path
    app.extensions["settings"] = kept


@pytest.fixture
def run(app, instance):
    return lambda *args: app.test_cli_runner().invoke(args=args)


@pytest.fixture
def created(run):
    """The demonstration organisation, on the shipped content."""
    load_content(shipped(), now=factories.NOW)
    load_bank(shipped().bank, now=factories.NOW)
    result = run("demo", "create")
    assert result.exit_code == 0, result.output


def logins(instance):
    return json.loads((instance / "demo-logins.json").read_text(encoding="utf-8"))


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


def test_there_is_a_log_in_for_every_role_and_an_open_exam(created, instance, session):
    roles = [login["role"] for login in logins(instance)]
    assert set(roles) == {role.value for role in Role}
    assert roles.count("trainee") == 2
    assert (count(session, Sitting), count(session, Enrolment)) == (1, 2)


def test_the_open_exam_names_the_proctor(created, session):
    (named,) = session.scalars(select(SittingProctor.user_id))

    assert session.get_one(User, named).username == "proctor"


def test_the_written_passwords_are_for_their_owner_alone_and_work(created, instance, client):
    assert stat.S_IMODE((instance / "demo-logins.json").stat().st_mode) == 0o600
    for login in logins(instance):
        log_in(client, login["username"], login["password"])

        assert client.get("/account").status_code == 200
        client.post("/logout")


def test_a_second_time_changes_nothing(created, run, instance, session):
    before = logins(instance), count(session, User), count(session, AuditEntry)

    assert run("demo", "create").exit_code == 0

    assert (logins(instance), count(session, User), count(session, AuditEntry)) == before


def test_where_somebody_is_already_no_demonstration_is_made(run, instance, session):
    factories.user("boss", Role.ADMIN)

    assert run("demo", "create").exit_code == 0

    assert count(session, User) == 1
    assert not (instance / "demo-logins.json").exists()


def test_a_start_that_was_cut_short_is_finished_by_the_next(run, instance, session):
    path = instance / "demo-logins.json"
    path.write_text(json.dumps([{"role": "hr", "username": "hr", "password": "some-pass-1234"}]))

    assert run("demo", "create").exit_code == 0

    assert session.scalars(select(User.username)).all() == ["hr"]
