"""Statements and reviews: kept beside each other, on record, and without any effect on a score."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.events import ReviewDecision
from app.domain.permissions import Role
from app.domain.signals import ReviewRefused, StatementRefused
from app.models.attempts import Attempt
from app.models.audit import AuditEntry
from app.models.results import Mark
from app.services import signals
from app.services.attempts import AttemptMissing
from app.services.held_saves import OwnExam
from app.services.trail import Actor
from tests import factories
from tests.services import review_scenes as late
from tests.services import scenes

AFTER = factories.NOW + timedelta(days=1)


def state(attempt_id, user_id, text="The phone rang.", *, now=AFTER):
    signals.make_statement(
        attempt_id, user_id=user_id, text=text, actor=Actor(user_id, "10.0.0.1"), now=now
    )


def review(attempt_id, decision=ReviewDecision.NO_CONCERN, *, note="", seen=0, by=None, now=AFTER):
    signals.review(
        late.sitting_of(attempt_id),
        attempt_id,
        decision=decision,
        note=note,
        seen=seen,
        actor=Actor(by),
        now=now,
    )


def texts(attempt_id):
    return [event.detail["text"] for event in late.events(attempt_id, "statement")]


def test_a_candidate_adds_to_a_statement_and_both_are_kept(app):
    attempt_id, user_id = scenes.passed(app)

    state(attempt_id, user_id, " The phone rang. ")
    state(attempt_id, user_id, "Twice.")

    assert texts(attempt_id) == ["The phone rang.", "Twice."]
    assert {event.actor_id for event in late.events(attempt_id, "statement")} == {user_id}


def test_a_statement_waits_for_the_end_of_the_exam(app):
    attempt_id, user_id = late.started(app)

    with pytest.raises(StatementRefused):
        state(attempt_id, user_id, now=factories.NOW)

    assert texts(attempt_id) == []


def test_a_statement_comes_within_thirty_days_of_the_end(app):
    attempt_id, user_id = scenes.passed(app)
    last = factories.NOW + timedelta(days=30)

    state(attempt_id, user_id, now=last)
    with pytest.raises(StatementRefused):
        state(attempt_id, user_id, now=last + timedelta(seconds=1))

    assert len(texts(attempt_id)) == 1


def test_nobody_speaks_about_the_exam_of_another(app):
    attempt_id, _ = scenes.passed(app)

    with pytest.raises(AttemptMissing):
        state(attempt_id, factories.user("stranger"))


def test_there_is_an_end_to_statements(app):
    attempt_id, user_id = scenes.passed(app)
    for number in range(20):
        state(attempt_id, user_id, str(number))

    with pytest.raises(StatementRefused):
        state(attempt_id, user_id)

    assert len(texts(attempt_id)) == 20


def test_a_review_is_on_record_beside_the_ones_before(app, session):
    attempt_id, _ = scenes.passed(app)
    by = factories.user("reviewer", Role.HR)

    review(attempt_id, ReviewDecision.REFERRED, note="Two devices", by=by)
    review(attempt_id, ReviewDecision.NO_CONCERN, by=by)

    found = late.events(attempt_id, "signals_reviewed")
    assert [event.detail["decision"] for event in found] == ["referred", "no_concern"]
    assert found[0].detail["note"] == "Two devices"
    entries = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "signals.reviewed").order_by(AuditEntry.id)
    ).all()
    assert [(entry.subject, entry.actor_id) for entry in entries] == [
        (f"attempt:{attempt_id}", by)
    ] * 2


@pytest.mark.parametrize("decision", list(ReviewDecision))
def test_no_decision_changes_a_score_or_a_state(app, session, decision):
    attempt_id, user_id = late.started(app)
    for seconds in (5, 500):
        late.signal(attempt_id, user_id, seconds=seconds)
    scenes.finish(app, attempt_id, user_id)
    before = picture(session, attempt_id)

    state(attempt_id, user_id)
    review(attempt_id, decision, note="Looked at")

    assert picture(session, attempt_id) == before


def picture(session, attempt_id):
    session.expire_all()
    row = session.get_one(Attempt, attempt_id)
    marks = session.execute(select(Mark.position, Mark.points).order_by(Mark.position)).all()
    return row.state, row.deadline_at, row.closed_at, late.results(attempt_id), marks


@pytest.mark.parametrize("decision", [ReviewDecision.NOTED, ReviewDecision.REFERRED])
def test_a_decision_with_consequences_says_why(app, decision):
    attempt_id, _ = scenes.passed(app)

    with pytest.raises(ReviewRefused):
        review(attempt_id, decision, note="  ")

    assert late.events(attempt_id, "signals_reviewed") == []


def test_a_reviewer_never_reviews_the_own_exam(app):
    attempt_id, user_id = scenes.passed(app)

    with pytest.raises(OwnExam):
        review(attempt_id, by=user_id)

    assert late.events(attempt_id, "signals_reviewed") == []


def test_an_exam_of_another_sitting_is_not_reviewed(app):
    attempt_id, _ = scenes.passed(app)

    with pytest.raises(AttemptMissing):
        signals.review(
            late.sitting_of(attempt_id) + 1,
            attempt_id,
            decision=ReviewDecision.NO_CONCERN,
            note="",
            seen=0,
            actor=Actor(),
            now=AFTER,
        )


def test_nobody_reviews_what_has_not_happened_yet(app):
    attempt_id, user_id = late.started(app)
    late.signal(attempt_id, user_id, seconds=30)
    last = late.events(attempt_id, "window_left")[-1].id

    review(attempt_id, seen=10**9)

    assert late.events(attempt_id, "signals_reviewed")[0].detail["seen"] == last
