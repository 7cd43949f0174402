"""The audit log is one chain, and history is frozen by the database itself."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.domain.audit import first_break
from app.models.audit import AuditEntry
from app.queries.audit import chain
from app.services import accounts
from app.services.trail import SYSTEM
from tests import factories
from tests.services import scenes

FROZEN = [
    "saves",
    "attempt_events",
    "audit_entries",
    "question_versions",
    "paper_questions",
    "scheme_versions",
]


def test_everything_that_was_recorded_is_one_whole_chain(app, session):
    scenes.passed(app)

    assert first_break(chain()) is None
    assert len(list(chain())) == len(session.scalars(select(AuditEntry.id)).all()) > 3


def test_an_entry_follows_the_hash_of_the_one_before(app, session):
    user_id = factories.user()
    accounts.set_active(user_id, active=False, actor=SYSTEM, now=factories.NOW)

    first, second = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()

    assert first.previous_hash == "0" * 64
    assert second.previous_hash == first.hash


def test_a_service_that_fails_leaves_no_entry(app, session):
    factories.user()

    with pytest.raises(accounts.UsernameTaken):
        factories.user()

    assert len(session.scalars(select(AuditEntry.id)).all()) == 1


def test_the_database_refuses_to_change_history(app, session):
    scenes.passed(app)
    for table in FROZEN:
        column = "position" if table == "paper_questions" else "id"
        for act in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
            with pytest.raises(DBAPIError, match="never changed"), session.begin_nested():
                session.execute(text(act))
