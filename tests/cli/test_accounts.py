"""flask accounts …, flask audit …: when nobody can log in, and whether the log is whole."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text, update

from app.db import db
from app.models.accounts import Enrolment, User
from app.models.audit import AuditEntry
from app.services.passwords import matches
from tests import factories


@pytest.fixture
def run(app):
    return lambda *args: app.test_cli_runner().invoke(args=args)


def test_a_created_account_has_the_printed_password(run, session):
    result = run("accounts", "create", "boss", "主任𬭎", "--role", "admin", "--role", "hr")

    user = session.scalar(select(User))
    assert result.exit_code == 0, result.output
    assert matches(user.password_hash, result.output.strip())
    assert (user.name, user.must_change_password) == ("主任𬭎", True)


def test_a_user_name_that_is_taken_is_one_sentence(run):
    factories.user("boss")

    result = run("accounts", "create", "boss", "主任", "--role", "admin")

    assert result.exit_code == 1
    assert "boss" in result.output
    assert "Traceback" not in result.output


def test_a_role_that_does_not_exist_is_refused(run, session):
    assert run("accounts", "create", "boss", "主任", "--role", "emperor").exit_code == 2
    assert session.scalar(select(User.id)) is None


def test_a_reset_password_is_printed_and_must_be_changed(run, session):
    factories.user()

    password = run("accounts", "reset", "trainee1").output.strip()

    user = session.scalar(select(User))
    assert matches(user.password_hash, password)
    assert user.must_change_password


@pytest.mark.parametrize("command", [("reset", "nobody"), ("enrol", "nobody", "unit")])
def test_somebody_who_does_not_exist_is_named(run, command):
    result = run("accounts", *command)

    assert result.exit_code == 1
    assert "nobody" in result.output


def test_enrolling_in_a_scheme(run, session):
    factories.user()
    factories.syllabus()
    factories.exam()

    assert run("accounts", "enrol", "trainee1", "unit").exit_code == 0

    assert session.scalar(select(Enrolment.scheme_id)) == "unit"


def test_a_whole_audit_log_is_counted(run):
    factories.user()

    assert run("audit", "verify").output == "1 entries, the chain is whole\n"


def test_a_changed_entry_is_found_by_its_number(run, session, db_kind):
    factories.user()
    second = factories.user("trainee2")
    tamper(db_kind)
    entry_id = session.scalar(select(AuditEntry.id).where(AuditEntry.subject == f"user:{second}"))
    session.execute(update(AuditEntry).where(AuditEntry.id == entry_id).values(address="elsewhere"))
    session.commit()

    result = run("audit", "verify")

    assert (result.exit_code, result.output) == (1, f"entry {entry_id} does not fit the chain\n")


def tamper(db_kind):
    """Take the guard away, as somebody with the database's own password could."""
    guard = {
        "sqlite": "DROP TRIGGER audit_entries_no_update",
        "postgresql": "DROP TRIGGER audit_entries_frozen ON audit_entries",
    }
    db.session.execute(text(guard[db_kind]))
    db.session.commit()
