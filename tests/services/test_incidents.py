"""Incidents: proposed by one, decided by another, done to everybody in one transaction."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.domain.errors import DomainError
from app.domain.events import Event
from app.domain.incidents import AlreadyDecided, Outcome, OwnProposal, Remedy
from app.domain.permissions import Role
from app.models.audit import AuditEntry
from app.models.certificates import Certificate
from app.models.results import Result
from app.models.sittings import Incident, IncidentAttempt
from app.services import attempts, grading, incidents, proctoring, starting
from app.services.chosen import NotOfThisSitting
from app.services.incidents import IncidentMissing, NobodyChosen
from app.services.remedies import ReasonMissing
from app.services.trail import Actor
from tests.services import rooms, scenes
from tests.services.rooms import NOW, minutes

WHAT = "三楼断网十五分钟"


@pytest.fixture
def hit(app, session):
    """(sitting, three open attempts, the proctor who proposes, HR who decides)."""
    sitting_id, ids = rooms.room(attempts=1)
    return sitting_id, ids, rooms.proctor(), rooms.proctor("hr1", Role.HR)


def propose(sitting_id, ids, proposer, *, remedy=Remedy.MINUTES, number=15, **changes):
    given = {"description": WHAT, "now": NOW, **changes}
    return incidents.propose(
        sitting_id, ids, remedy=remedy, minutes=number, actor=proposer, **given
    )


def decide(incident_id, sitting_id, decider, *, approve=True, now=NOW, **changes):
    given = {"reason": "情况属实", **changes}
    return incidents.decide(
        incident_id, sitting_id=sitting_id, approve=approve, actor=decider, now=now, **given
    )


def outcomes(session, incident_id):
    session.expire_all()
    return dict(
        session.execute(
            select(IncidentAttempt.attempt_id, IncidentAttempt.outcome).where(
                IncidentAttempt.incident_id == incident_id
            )
        ).all()
    )


# ── proposing ─────────────────────────────────────────────────────────────────


def test_a_proposal_changes_nothing_for_anybody(hit, session):
    sitting_id, ids, proctor, _ = hit

    incident_id = propose(sitting_id, ids[:2], proctor)

    assert rooms.attempt(ids[0]).deadline_at == NOW + minutes(60)
    row = session.get_one(Incident, incident_id)
    assert (row.state, row.minutes, row.proposed_by) == ("proposed", 15, proctor.user_id)
    assert outcomes(session, incident_id) == {ids[0]: "", ids[1]: ""}


def test_a_proposal_without_a_description_is_refused(hit, session):
    sitting_id, ids, proctor, _ = hit

    with pytest.raises(ReasonMissing):
        propose(sitting_id, ids, proctor, description=" ")

    assert session.scalar(select(func.count()).select_from(Incident)) == 0


def test_a_proposal_for_nobody_is_refused(hit):
    sitting_id, _, proctor, _ = hit

    with pytest.raises(NobodyChosen):
        propose(sitting_id, [], proctor)


@pytest.mark.parametrize("number", [0, 241])
def test_minutes_that_nobody_means_are_refused(hit, number):
    sitting_id, ids, proctor, _ = hit

    with pytest.raises(DomainError, match="240"):
        propose(sitting_id, ids, proctor, number=number)


def test_attempts_of_another_sitting_are_refused(hit, session):
    sitting_id, ids, proctor, _ = hit
    _, stranger = rooms.other_room()

    with pytest.raises(NotOfThisSitting):
        propose(sitting_id, [*ids, stranger], proctor)

    assert session.scalar(select(func.count()).select_from(Incident)) == 0


def test_the_same_form_sent_twice_is_one_incident(hit, session):
    sitting_id, ids, proctor, _ = hit

    first = propose(sitting_id, ids, proctor)
    second = propose(sitting_id, list(reversed(ids)), proctor, now=NOW + minutes(1))

    assert first == second
    assert session.scalar(select(func.count()).select_from(Incident)) == 1


def test_the_same_words_about_others_are_another_incident(hit):
    sitting_id, ids, proctor, _ = hit

    assert propose(sitting_id, ids[:1], proctor) != propose(sitting_id, ids[1:], proctor)


# ── deciding ──────────────────────────────────────────────────────────────────


def test_approved_minutes_reach_those_who_are_still_at_it(hit, session):
    sitting_id, ids, proctor, hr = hit
    attempts.submit(ids[2], user_id=rooms.attempt(ids[2]).user_id, actor=Actor(), now=NOW)
    incident_id = propose(sitting_id, ids, proctor)

    counted = decide(incident_id, sitting_id, hr)

    assert outcomes(session, incident_id) == {
        ids[0]: "granted",
        ids[1]: "granted",
        ids[2]: "closed",
    }
    assert counted == {Outcome.GRANTED: 2, Outcome.CLOSED: 1}
    assert rooms.attempt(ids[0]).deadline_at == NOW + minutes(75)
    assert rooms.attempt(ids[2]).granted_seconds == 0


def test_approved_minutes_arrive_in_the_open_page(hit):
    sitting_id, ids, proctor, hr = hit
    rooms.beat(ids[0], now=NOW)
    incident_id = propose(sitting_id, ids, proctor)

    decide(incident_id, sitting_id, hr)
    answer = rooms.beat(ids[0], now=NOW)

    assert [(n.kind, n.detail["minutes"]) for n in answer.notices] == [("time_added", 15)]


def test_minutes_never_open_what_the_clock_has_closed(hit, session):
    """Between the proposal and the decision the time ran out, and no sweep came by."""
    sitting_id, ids, proctor, hr = hit
    incident_id = propose(sitting_id, ids, proctor)

    decide(incident_id, sitting_id, hr, now=NOW + minutes(61))

    assert set(outcomes(session, incident_id).values()) == {"closed"}
    assert rooms.attempt(ids[0]).deadline_at == NOW + minutes(60)


def test_who_proposed_cannot_decide_and_nothing_happens(hit, session):
    sitting_id, ids, proctor, _ = hit
    incident_id = propose(sitting_id, ids, proctor)

    for approve in (True, False):
        with pytest.raises(OwnProposal):
            decide(incident_id, sitting_id, proctor, approve=approve)

    assert session.get_one(Incident, incident_id).state == "proposed"
    assert rooms.attempt(ids[0]).granted_seconds == 0


def test_deciding_twice_is_refused_and_gives_nothing_twice(hit, session):
    sitting_id, ids, proctor, hr = hit
    incident_id = propose(sitting_id, ids, proctor)
    decide(incident_id, sitting_id, hr)

    for approve in (True, False):
        with pytest.raises(AlreadyDecided):
            decide(incident_id, sitting_id, hr, approve=approve)

    assert rooms.attempt(ids[0]).granted_seconds == 15 * 60
    assert session.get_one(Incident, incident_id).state == "approved"


def test_a_decision_needs_a_reason(hit, session):
    sitting_id, ids, proctor, hr = hit
    incident_id = propose(sitting_id, ids, proctor)

    with pytest.raises(ReasonMissing):
        decide(incident_id, sitting_id, hr, reason="")

    assert session.get_one(Incident, incident_id).state == "proposed"


def test_an_incident_is_decided_through_its_own_sitting_alone(hit):
    sitting_id, ids, proctor, hr = hit
    other, _ = rooms.other_room()
    incident_id = propose(sitting_id, ids, proctor)

    with pytest.raises(IncidentMissing):
        decide(incident_id, other, hr)


def test_a_rejected_remedy_changes_nothing_but_the_logs(hit, session):
    sitting_id, ids, proctor, hr = hit
    incident_id = propose(sitting_id, ids, proctor, remedy=Remedy.RESIT)

    decide(incident_id, sitting_id, hr, approve=False, reason="没有断网")

    assert rooms.attempt(ids[0]).state == "in_progress"
    row = session.get_one(Incident, incident_id)
    assert (row.state, row.reason, row.decided_by) == ("rejected", "没有断网", hr.user_id)
    assert rooms.log(ids[0], Event.INCIDENT)[0].detail["decision"] == "rejected"


def test_the_decision_is_in_the_log_of_every_attempt(hit):
    sitting_id, ids, proctor, hr = hit
    incident_id = propose(sitting_id, ids, proctor)

    decide(incident_id, sitting_id, hr)

    for attempt_id in ids:
        (entry,) = rooms.log(attempt_id, Event.INCIDENT)
        assert entry.actor_id == hr.user_id
        assert {key: entry.detail[key] for key in ("incident", "remedy", "minutes", "outcome")} == {
            "incident": incident_id,
            "remedy": "minutes",
            "minutes": 15,
            "outcome": "granted",
        }


def test_proposal_and_decision_are_in_the_audit_log(hit, session):
    sitting_id, ids, proctor, hr = hit
    incident_id = propose(sitting_id, ids, proctor)
    decide(incident_id, sitting_id, hr)

    entries = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.subject == f"incident:{incident_id}")
        .order_by(AuditEntry.id)
    ).all()

    assert [(entry.action, entry.actor_id) for entry in entries] == [
        ("incident.proposed", proctor.user_id),
        ("incident.approved", hr.user_id),
    ]
    assert entries[0].detail["attempts"] == ids
    assert entries[1].detail["outcomes"] == {"granted": 3}


# ── another attempt ───────────────────────────────────────────────────────────


def again(attempt_id, *, now):
    row = rooms.attempt(attempt_id)
    return starting.start(
        row.registration_id, user_id=row.user_id, seed=1, actor=Actor(row.user_id), now=now
    )


def test_after_an_approved_resit_the_exam_can_be_taken_again_at_once(hit, session):
    sitting_id, ids, proctor, hr = hit
    proctoring.force_submit(sitting_id, ids[:1], reason="x", actor=proctor, now=NOW)
    with pytest.raises(starting.NoAttemptLeft):
        again(ids[0], now=NOW)
    incident_id = propose(sitting_id, ids, proctor, remedy=Remedy.RESIT)

    decide(incident_id, sitting_id, hr)
    second = again(ids[0], now=NOW + minutes(1))

    assert set(outcomes(session, incident_id).values()) == {"voided"}
    assert [rooms.attempt(one).state for one in (*ids, second)] == [
        "voided",
        "voided",
        "voided",
        "in_progress",
    ]
    assert rooms.attempt(second).number == 2
    assert rooms.attempt(second).paper_id != rooms.attempt(ids[0]).paper_id


@pytest.fixture
def passed(app, session):
    """(sitting, an attempt that has passed, one at work, proctor, HR)."""
    first, _ = scenes.passed(app, papers=3)
    sitting_id = rooms.attempt(first).sitting_id
    second = rooms.begin(sitting_id, "candidate2")
    return sitting_id, first, second, rooms.proctor(), rooms.proctor("hr1", Role.HR)


def test_a_resit_leaves_a_released_pass_alone(passed, session):
    sitting_id, first, second, proctor, hr = passed
    incident_id = propose(sitting_id, [first, second], proctor, remedy=Remedy.RESIT)

    decide(incident_id, sitting_id, hr)

    assert outcomes(session, incident_id) == {first: "kept", second: "voided"}
    assert rooms.attempt(first).state == "released"
    assert session.scalars(select(Certificate.suspended_at)).one() is None


def test_a_resit_takes_a_pass_away_where_that_was_said(passed, session):
    sitting_id, first, second, proctor, hr = passed
    incident_id = propose(sitting_id, [first, second], proctor, remedy=Remedy.RESIT)

    decide(incident_id, sitting_id, hr, include_passed=True)

    assert rooms.attempt(first).state == "voided"
    assert session.scalars(select(Certificate.suspended_at)).one() == NOW
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "incident.approved")
    ).one()
    assert entry.detail["include_passed"] is True


def test_a_failed_result_is_not_kept(app, session):
    sitting_id, (attempt_id,) = rooms.room(1)
    user_id = rooms.attempt(attempt_id).user_id
    attempts.submit(attempt_id, user_id=user_id, actor=Actor(user_id), now=NOW)
    grading.grade(attempt_id, signer=scenes.signer(app), now=NOW)
    assert session.scalars(select(Result.passed)).one() is False
    incident_id = propose(sitting_id, [attempt_id], rooms.proctor(), remedy=Remedy.RESIT)

    decide(incident_id, sitting_id, rooms.proctor("hr1", Role.HR))

    assert rooms.attempt(attempt_id).state == "voided"


def test_what_was_void_before_is_left_as_it_is(hit, session):
    sitting_id, ids, proctor, hr = hit
    incident_id = propose(sitting_id, ids[:1], proctor, remedy=Remedy.RESIT)
    proctoring.void(sitting_id, ids[:1], reason="替考", actor=proctor, now=NOW)

    decide(incident_id, sitting_id, hr)

    assert outcomes(session, incident_id) == {ids[0]: "voided"}
    assert [event.detail["reason"] for event in rooms.log(ids[0], "void")] == ["替考"]
