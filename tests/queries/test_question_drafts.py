"""Drafts as their writers, and those who write beside them, find them again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.queries.question_drafts import others_writing, own_drafts
from app.services import question_drafts
from tests import factories

NOW = factories.NOW
NEW = "6f9619ff-8b86-d011-b42d-00cf4fc964ff"


@pytest.fixture
def writer(app):
    factories.syllabus()
    factories.bank([factories.content()])
    return factories.user("writer", name="作者")


def autosave(user_id, minutes=0, seq=1):
    return question_drafts.autosave(
        "PL14-01",
        {"stem": {"zh": "未完"}},
        from_version=1,
        seq=seq,
        user_id=user_id,
        now=NOW + timedelta(minutes=minutes),
    )


def test_own_drafts_are_listed_the_latest_first(writer):
    autosave(writer)
    question_drafts.autosave_new(NEW, {}, seq=1, user_id=writer, now=NOW + timedelta(minutes=1))
    autosave(factories.user("other"))

    rows = own_drafts(writer).rows

    assert [(row.id == NEW, row.question_id) for row in rows] == [(True, None), (False, "PL14-01")]
    assert rows[1].raw == {"stem": {"zh": "未完"}}


def test_what_was_saved_or_discarded_is_no_draft_any_more(writer):
    draft_id = autosave(writer).draft_id

    question_drafts.discard(draft_id, seq=1, user_id=writer, now=NOW)

    assert own_drafts(writer).rows == []


def test_others_who_write_in_the_same_question_are_named(writer):
    other = factories.user("other", name="同事")
    autosave(writer)
    autosave(other, minutes=5)

    assert [tuple(row) for row in others_writing("PL14-01", user_id=writer, since=NOW)] == [
        ("同事", NOW + timedelta(minutes=5))
    ]
    assert others_writing("PL14-01", user_id=other, since=NOW + timedelta(minutes=1)) == []


def test_somebody_who_is_done_is_not_named(writer):
    other = factories.user("other")
    draft_id = autosave(other).draft_id
    question_drafts.discard(draft_id, seq=1, user_id=other, now=NOW)

    assert others_writing("PL14-01", user_id=writer, since=NOW) == []


def test_the_list_takes_two_statements(writer, statements):
    for number in range(4):
        question_drafts.autosave_new(
            NEW[:-1] + str(number), {"n": number}, seq=1, user_id=writer, now=NOW
        )
    statements.clear()

    assert len(own_drafts(writer).rows) == 4

    assert len(statements) == 2
