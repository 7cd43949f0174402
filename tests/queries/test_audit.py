"""The audit log: search, filter, order."""

from __future__ import annotations

import pytest

from app.queries.audit import actions, entries, entry_count
from app.services import sessions
from app.services.trail import Actor
from tests import factories


@pytest.fixture
def log(app):
    """An account is made, then logged out everywhere by itself."""
    user_id = factories.user("admin1")
    sessions.end_all_sessions(user_id, actor=Actor(user_id, "10.0.0.1"), now=factories.NOW)
    return user_id


def acts(**filters):
    given = {"search": "", "action": "", "page": 1, **filters}
    return [row.action for row in entries(**given).rows]


def test_the_newest_entry_comes_first_unless_asked_otherwise(log):
    newest = acts()

    assert newest == ["session.all_ended", "account.created"]
    assert acts(sort="oldest") == newest[::-1]


def test_entries_are_found_by_act_by_subject_and_by_who_did_it(log):
    assert acts(action="account.created") == ["account.created"]
    assert acts(search="admin1") == ["session.all_ended"]
    assert len(acts(search=f"user:{log}")) == 2
    assert acts(search="%") == []


def test_every_act_that_occurs_is_offered_as_a_filter(log):
    assert actions() == ["account.created", "session.all_ended"]
    assert entry_count() == 2
