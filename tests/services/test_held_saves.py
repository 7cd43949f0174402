"""Deciding about held saves: what counts afterwards, the result, the record, and only once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.attempts import AttemptState
from app.domain.permissions import Role
from app.domain.saves import current_answers
from app.models.attempts import Attempt, Save, SaveDecision
from app.models.audit import AuditEntry
from app.models.certificates import Certificate
from app.models.results import Result
from app.queries.saves import saves_of
from app.services import attempts, grading, proctoring
from app.services.attempts import AttemptMissing
from app.services.held_saves import DecidedBefore, NothingChosen, OwnExam
from app.services.remedies import ReasonMissing
from app.services.trail import Actor
from tests import factories
from tests.services import review_scenes as late
from tests.services import scenes


def test_an_accepted_answer_counts_and_the_result_gets_a_second_version(app, session):
    attempt_id, _ = late.came_late(app)
    assert late.results(attempt_id) == [(1, True, 0)]

    count = late.decide(app, attempt_id)

    assert count == 3
    assert late.results(attempt_id) == [(1, False, 0), (2, True, 100)]
    assert len(current_answers(saves_of(attempt_id))) == 3


def test_a_candidate_who_passes_by_it_gets_the_certificate(app, session):
    attempt_id, user_id = late.came_late(app)

    late.decide(app, attempt_id)

    assert session.scalars(select(Certificate.user_id)).all() == [user_id]


def test_a_refused_answer_stays_on_record_and_counts_for_nothing(app, session):
    attempt_id, _ = late.came_late(app)

    late.decide(app, attempt_id, accepted=False)

    assert late.results(attempt_id) == [(1, True, 0)]
    assert current_answers(saves_of(attempt_id)) == {}
    assert len(late.held_ids(attempt_id)) == 3
    assert late.events(attempt_id, "rescored") == []


def test_only_the_chosen_ones_are_decided(app, session):
    attempt_id, _ = late.came_late(app)

    late.decide(app, attempt_id, save_ids=late.held_ids(attempt_id, 1))

    assert list(current_answers(saves_of(attempt_id))) == [1]
    assert late.results(attempt_id)[-1] == (2, True, 40)


def test_the_rest_can_be_decided_later_and_otherwise(app, session):
    attempt_id, _ = late.came_late(app)
    late.decide(app, attempt_id, save_ids=late.held_ids(attempt_id, 1))

    late.decide(app, attempt_id, save_ids=late.held_ids(attempt_id, 2, 3), accepted=False)

    assert [version for version, _, _ in late.results(attempt_id)] == [1, 2]


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("second", [True, False])
def test_deciding_twice_is_refused(app, session, first, second):
    attempt_id, _ = late.came_late(app)
    late.decide(app, attempt_id, save_ids=late.held_ids(attempt_id, 1), accepted=first)
    before = late.results(attempt_id)

    with pytest.raises(DecidedBefore):
        late.decide(app, attempt_id, accepted=second)

    assert len(session.scalars(select(SaveDecision.save_id)).all()) == 1
    assert late.results(attempt_id) == before
    assert len(late.events(attempt_id, "held_saves_decided")) == 1


def test_a_held_answer_of_an_older_window_overwrites_nothing(app, session):
    attempt_id, user_id = late.started(app)
    attempts.claim_tab(attempt_id, user_id=user_id, actor=Actor(), now=factories.NOW)
    late.send(attempt_id, user_id, {1: "b"}, now=factories.NOW, epoch=2)
    late.close(app, attempt_id)
    late.send(attempt_id, user_id, {1: "c"}, now=late.LATE, epoch=1, first=50)

    late.decide(app, attempt_id)

    assert current_answers(saves_of(attempt_id))[1].answer == "b"
    assert late.results(attempt_id) == [(1, True, 40)]


def test_before_grading_nothing_is_graded_and_the_grade_then_counts_it(app, session):
    attempt_id, user_id = late.started(app)
    late.send(attempt_id, user_id, scenes.right_answers(attempt_id), now=late.LATE)

    late.decide(app, attempt_id)

    assert late.results(attempt_id) == []
    late.close(app, attempt_id)
    assert late.results(attempt_id) == [(1, True, 100)]


def test_what_was_held_during_a_pause_is_decided_while_the_exam_runs(app, session):
    attempt_id, user_id = late.started(app)
    sitting_id = late.sitting_of(attempt_id)
    acts = {"reason": "Fire alarm", "actor": Actor()}
    proctoring.pause(sitting_id, [attempt_id], now=factories.NOW, **acts)
    during = factories.NOW + timedelta(minutes=5)
    late.send(attempt_id, user_id, {1: "b"}, now=during)

    late.decide(app, attempt_id, now=during)

    assert current_answers(saves_of(attempt_id))[1].answer == "b"
    assert session.get_one(Attempt, attempt_id).state == AttemptState.PAUSED


def test_a_voided_exam_keeps_its_decision_without_a_result(app, session):
    attempt_id, user_id = late.started(app)
    late.send(attempt_id, user_id, {1: "b"}, now=late.LATE)
    session.get_one(Attempt, attempt_id).state = AttemptState.VOIDED.value
    session.commit()

    late.decide(app, attempt_id)

    assert session.scalar(select(Result.id)) is None


def test_the_decision_is_in_the_log_and_in_the_audit_log(app, session):
    attempt_id, _ = late.came_late(app)
    by = factories.user("proctor", Role.PROCTOR)

    late.decide(app, attempt_id, save_ids=late.held_ids(attempt_id, 1, 3), by=by, reason=" Power ")

    (event,) = late.events(attempt_id, "held_saves_decided")
    assert event.actor_id == by
    assert event.detail["accepted"] is True
    assert event.detail["positions"] == [1, 3]
    assert event.detail["reason"] == "Power"
    assert set(event.detail["saves"]) == late.held_ids(attempt_id, 1, 3)
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "held_saves.decided")
    ).one()
    assert (entry.subject, entry.actor_id) == (f"attempt:{attempt_id}", by)
    assert entry.detail == {"accepted": True, "saves": 2, "reason": "Power"}
    rows = session.scalars(select(SaveDecision)).all()
    assert {(row.decided_by, row.reason, row.accepted) for row in rows} == {(by, "Power", True)}


@pytest.mark.parametrize("reason", ["", " \n "])
def test_a_decision_needs_a_reason(app, session, reason):
    attempt_id, _ = late.came_late(app)

    with pytest.raises(ReasonMissing):
        late.decide(app, attempt_id, reason=reason)

    assert session.scalars(select(SaveDecision.save_id)).all() == []


def test_nobody_decides_about_the_own_exam(app, session):
    attempt_id, user_id = late.came_late(app)

    with pytest.raises(OwnExam):
        late.decide(app, attempt_id, by=user_id)

    assert session.scalars(select(SaveDecision.save_id)).all() == []


def test_what_is_not_held_cannot_be_decided(app, session):
    attempt_id, user_id = late.started(app)
    late.send(attempt_id, user_id, {1: "b"}, now=factories.NOW)
    (save_id,) = {row.id for row in session.execute(select(Save.id))}

    for chosen in (set(), {save_id}, {999_999}):
        with pytest.raises(NothingChosen):
            late.decide(app, attempt_id, save_ids=chosen)


def test_an_exam_of_another_sitting_is_not_there(app, session):
    attempt_id, _ = late.came_late(app)

    with pytest.raises(AttemptMissing):
        late.decide(app, attempt_id, sitting_id=late.sitting_of(attempt_id) + 1)


def test_decision_and_result_are_one_transaction(app, session, monkeypatch):
    attempt_id, _ = late.came_late(app)

    def fails(*_args, **_kwargs):
        raise RuntimeError("no disk")

    monkeypatch.setattr(grading, "_write_result", fails)
    with pytest.raises(RuntimeError):
        late.decide(app, attempt_id)

    assert session.scalars(select(SaveDecision.save_id)).all() == []
    assert late.events(attempt_id, "held_saves_decided") == []
    assert late.results(attempt_id) == [(1, True, 0)]
