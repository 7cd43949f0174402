"""What a page shows of the exam pool is one entry of the audit log, and nothing without it."""

from __future__ import annotations

from sqlalchemy import select

from app.models.audit import AuditEntry
from app.services.question_views import note_seen
from app.services.trail import Actor
from tests import factories


def entries(session):
    return [
        (entry.action, entry.subject, entry.actor_id, entry.detail)
        for entry in session.scalars(
            select(AuditEntry).where(AuditEntry.action.like("questions.%"))
        )
    ]


def test_all_stems_of_a_page_are_one_entry(app, session):
    reader = factories.user("reader")

    note_seen(["PL14-01", "PL14-02"], where="list", actor=Actor(reader), now=factories.NOW)

    seen = {"questions": ["PL14-01", "PL14-02"]}
    assert entries(session) == [("questions.listed", "list", reader, seen)]


def test_a_page_without_the_exam_pool_writes_nothing(app, session):
    note_seen([], where="list", actor=Actor(), now=factories.NOW)

    assert entries(session) == []
