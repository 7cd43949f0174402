"""What a proctor does to candidates: state, deadline, log, notices, and what is refused."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.domain.attempts import MoveRefused
from app.domain.errors import DomainError
from app.domain.events import Event, Irregularity
from app.domain.pauses import LONGEST_PAUSE
from app.models.audit import AuditEntry
from app.models.certificates import Certificate
from app.models.schemes import Exam
from app.models.sittings import Registration, RegistrationEvent, Sitting
from app.services import admissions, attempts, proctoring, registrations, starting
from app.services.chosen import NobodyAffected, NotOfThisSitting
from app.services.remedies import ReasonMissing
from app.services.trail import Actor
from tests import factories
from tests.services import rooms, scenes
from tests.services.rooms import NOW, minutes

WHY = "停电"
KEY = "a-key-of-a-form"


@pytest.fixture
def running(app, session):
    """(sitting, three open attempts, a proctor)."""
    sitting_id, ids = rooms.room()
    return sitting_id, ids, rooms.proctor()


ACTS = {
    "message": lambda sitting, ids, **given: proctoring.message(
        sitting, ids, text=given.pop("reason"), **given
    ),
    "minutes": lambda sitting, ids, **given: proctoring.add_minutes(
        sitting, ids, minutes=10, **given
    ),
    "pause": proctoring.pause,
    "submit": proctoring.force_submit,
    "void": proctoring.void,
    "irregularity": lambda sitting, ids, **given: proctoring.report_irregularity(
        sitting, ids, kind=Irregularity.AID, text=given.pop("reason"), **given
    ),
}
each_act = pytest.mark.parametrize("act", ACTS)


def count(result):
    return result if isinstance(result, int) else len(result)


# ── every act ─────────────────────────────────────────────────────────────────


@each_act
def test_an_act_without_a_reason_is_refused_and_changes_nothing(running, act):
    sitting_id, ids, proctor = running
    before = [(row.state, row.deadline_at) for row in map(rooms.attempt, ids)]

    with pytest.raises(ReasonMissing):
        ACTS[act](sitting_id, ids, reason=" \n", actor=proctor, now=NOW)

    assert [(row.state, row.deadline_at) for row in map(rooms.attempt, ids)] == before


@each_act
def test_an_act_is_refused_whole_when_an_attempt_is_of_another_sitting(running, act):
    sitting_id, ids, proctor = running
    _, stranger = rooms.other_room()
    logged = len(rooms.log(ids[0]))

    with pytest.raises(NotOfThisSitting):
        ACTS[act](sitting_id, [ids[0], stranger], reason=WHY, actor=proctor, now=NOW)

    assert rooms.attempt(stranger).state == "in_progress"
    assert len(rooms.log(ids[0])) == logged


@each_act
def test_an_act_reaches_exactly_the_chosen(running, act):
    sitting_id, ids, proctor = running
    logged = {one: len(rooms.log(one)) for one in ids}

    done = ACTS[act](sitting_id, ids[:2], reason=WHY, actor=proctor, now=NOW)

    assert count(done) == 2
    grown = [one for one in ids if len(rooms.log(one)) > logged[one]]
    assert grown == ids[:2]


@each_act
def test_the_same_form_sent_twice_acts_once_and_says_the_same(running, act):
    sitting_id, ids, proctor = running

    first = ACTS[act](sitting_id, ids, reason=WHY, actor=proctor, now=NOW, key=KEY)
    after = [
        (row.state, row.deadline_at, len(rooms.log(row.id))) for row in map(rooms.attempt, ids)
    ]
    second = ACTS[act](sitting_id, ids, reason=WHY, actor=proctor, now=NOW + minutes(1), key=KEY)

    assert (count(first), count(second)) == (3, 3)
    assert [
        (row.state, row.deadline_at, len(rooms.log(row.id))) for row in map(rooms.attempt, ids)
    ] == after


@each_act
def test_every_act_is_in_the_log_with_who_where_and_why(running, act):
    sitting_id, ids, proctor = running

    ACTS[act](sitting_id, ids[:1], reason=f" {WHY} ", actor=proctor, now=NOW)

    entry = next(
        row
        for row in rooms.log(ids[0])
        if WHY in (row.detail.get("reason"), row.detail.get("text"))
    )
    assert (entry.actor_id, entry.address, entry.at) == (proctor.user_id, "10.0.0.1", NOW)


@pytest.mark.parametrize("act", ["message", "minutes", "pause", "submit", "irregularity"])
def test_everybody_means_everybody_who_is_in_the_exam(running, act):
    sitting_id, ids, proctor = running
    attempts.submit(ids[2], user_id=rooms.attempt(ids[2]).user_id, actor=Actor(), now=NOW)
    logged = len(rooms.log(ids[2]))

    done = ACTS[act](sitting_id, None, reason=WHY, actor=proctor, now=NOW)

    assert count(done) == 2
    assert len(rooms.log(ids[2])) == logged


@pytest.mark.parametrize("act", ["message", "minutes", "pause", "submit"])
def test_nobody_in_the_exam_is_said_and_not_passed_over(running, act):
    sitting_id, ids, proctor = running
    proctoring.force_submit(sitting_id, None, reason=WHY, actor=proctor, now=NOW)

    with pytest.raises(NobodyAffected):
        ACTS[act](sitting_id, ids, reason=WHY, actor=proctor, now=NOW)


@pytest.mark.parametrize("act", ["message", "minutes", "pause", "submit"])
def test_whose_clock_ran_out_is_not_in_the_exam_though_nobody_closed_it(running, act):
    sitting_id, ids, proctor = running

    with pytest.raises(NobodyAffected):
        ACTS[act](sitting_id, ids, reason=WHY, actor=proctor, now=NOW + minutes(61))

    assert rooms.attempt(ids[0]).deadline_at == NOW + minutes(60)


@pytest.mark.parametrize(
    ("act", "action"),
    [
        ("minutes", "attempts.time_added"),
        ("pause", "attempts.paused"),
        ("submit", "attempts.submitted"),
        ("irregularity", "attempts.irregularity"),
    ],
)
def test_an_act_for_many_is_one_entry_of_the_audit_log(running, session, act, action):
    sitting_id, ids, proctor = running

    ACTS[act](sitting_id, None, reason=WHY, actor=proctor, now=NOW)

    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == action)).one()
    assert (entry.subject, entry.detail["attempts"]) == (f"sitting:{sitting_id}", ids)
    assert entry.actor_id == proctor.user_id


def test_a_text_that_is_too_long_is_refused_and_not_cut(running):
    sitting_id, ids, proctor = running

    with pytest.raises(DomainError, match="1000"):
        proctoring.message(sitting_id, ids, text="长" * 1001, actor=proctor, now=NOW)


# ── messages ──────────────────────────────────────────────────────────────────


def test_a_message_reaches_an_open_page_with_its_next_heartbeat_and_once(running):
    sitting_id, ids, proctor = running
    rooms.beat(ids[0], now=NOW)

    proctoring.message(sitting_id, ids[:1], text="请保持安静", actor=proctor, now=NOW)
    answer = rooms.beat(ids[0], now=NOW)
    again = rooms.beat(ids[0], now=NOW, seen=answer.notices[-1].id)

    assert [notice.detail["text"] for notice in answer.notices] == ["请保持安静"]
    assert again.notices == ()
    assert rooms.beat(ids[1], now=NOW).notices == ()


# ── minutes ───────────────────────────────────────────────────────────────────


def test_minutes_move_the_deadline_and_reach_the_next_save(running):
    sitting_id, ids, proctor = running
    rooms.beat(ids[0], now=NOW)

    proctoring.add_minutes(sitting_id, ids, minutes=10, reason=WHY, actor=proctor, now=NOW)
    answer = rooms.beat(ids[0], now=NOW + minutes(1))

    assert rooms.attempt(ids[0]).deadline_at == NOW + minutes(70)
    assert answer.remaining == minutes(69)
    assert [(n.kind, n.detail["minutes"]) for n in answer.notices] == [("time_added", 10)]


def test_minutes_go_beyond_the_end_of_the_sitting_unless_it_is_said_otherwise(app, session):
    sitting_id, ids = rooms.room(2, hours=1)
    proctor = rooms.proctor()

    proctoring.add_minutes(sitting_id, ids[:1], minutes=10, reason=WHY, actor=proctor, now=NOW)
    proctoring.add_minutes(
        sitting_id,
        ids[1:],
        minutes=10,
        reason=WHY,
        actor=proctor,
        now=NOW,
        beyond_window=False,
    )

    assert rooms.attempt(ids[0]).deadline_at == NOW + minutes(70)
    assert rooms.attempt(ids[1]).deadline_at == NOW + minutes(60)


@pytest.mark.parametrize("number", [0, -5, 241])
def test_minutes_that_nobody_means_are_refused(running, number):
    sitting_id, ids, proctor = running

    with pytest.raises(DomainError, match="240"):
        proctoring.add_minutes(sitting_id, ids, minutes=number, reason=WHY, actor=proctor, now=NOW)


# ── pauses ────────────────────────────────────────────────────────────────────


def test_a_pause_gives_back_exactly_the_time_that_it_took(running):
    sitting_id, ids, proctor = running

    proctoring.pause(sitting_id, ids, reason=WHY, actor=proctor, now=NOW + minutes(10))
    during = rooms.attempt(ids[0])
    stopped = during.deadline_at - during.pause_ends_at
    proctoring.resume(sitting_id, ids, reason="来电", actor=proctor, now=NOW + minutes(25))

    assert stopped == minutes(50)
    row = rooms.attempt(ids[0])
    assert (row.state, row.deadline_at) == ("in_progress", NOW + minutes(75))
    assert row.pause_kind is None


def test_a_pause_moves_the_end_of_the_window_by_as_much_and_no_more(app, session):
    sitting_id, (attempt_id,) = rooms.room(1, hours=1.5)
    proctor = rooms.proctor()
    late = NOW + minutes(50)

    proctoring.pause(sitting_id, [attempt_id], reason=WHY, actor=proctor, now=late)
    proctoring.resume(sitting_id, [attempt_id], reason=WHY, actor=proctor, now=late + minutes(45))

    row = rooms.attempt(attempt_id)
    assert row.deadline_at == NOW + minutes(60 + 45)
    assert row.late_seconds == 45 * 60


def test_minutes_during_a_pause_are_there_after_it(running):
    sitting_id, ids, proctor = running
    proctoring.pause(sitting_id, ids, reason=WHY, actor=proctor, now=NOW)

    proctoring.add_minutes(
        sitting_id, ids, minutes=10, reason=WHY, actor=proctor, now=NOW + minutes(2)
    )
    proctoring.resume(sitting_id, ids, reason=WHY, actor=proctor, now=NOW + minutes(5))

    assert rooms.attempt(ids[0]).deadline_at == NOW + minutes(75)


def test_a_paused_page_is_told_so_and_told_when_it_goes_on(running):
    sitting_id, ids, proctor = running
    rooms.beat(ids[0], now=NOW)

    proctoring.pause(sitting_id, ids, reason=WHY, actor=proctor, now=NOW)
    paused = rooms.beat(ids[0], now=NOW + minutes(1))
    proctoring.resume(sitting_id, ids, reason=WHY, actor=proctor, now=NOW + minutes(2))
    on = rooms.beat(ids[0], now=NOW + minutes(2), seen=paused.notices[-1].id)

    assert (paused.attempt, [n.kind for n in paused.notices]) == ("paused", ["pause"])
    assert (on.attempt, [n.kind for n in on.notices]) == ("in_progress", ["resume"])
    assert paused.remaining == minutes(60)


def test_who_is_paused_is_not_paused_twice(running):
    sitting_id, ids, proctor = running
    proctoring.pause(sitting_id, ids[:1], reason=WHY, actor=proctor, now=NOW)

    done = proctoring.pause(sitting_id, ids, reason=WHY, actor=proctor, now=NOW + minutes(1))

    assert done == 2
    assert rooms.attempt(ids[0]).pause_since == NOW
    with pytest.raises(NobodyAffected):
        proctoring.pause(sitting_id, ids, reason=WHY, actor=proctor, now=NOW + minutes(2))


def test_a_proctor_does_not_end_the_break_of_a_candidate(app, session):
    sitting_id = factories.sitting(rooms.exam())
    user_id = factories.user("candidate1")
    factories.accommodation(user_id, breaks=20)
    place = factories.registration(sitting_id, user_id)
    attempt_id = starting.start(place, user_id=user_id, seed=1, actor=Actor(), now=NOW)
    attempts.take_break(attempt_id, user_id=user_id, actor=Actor(user_id), now=NOW)

    with pytest.raises(NobodyAffected):
        proctoring.resume(sitting_id, [attempt_id], reason=WHY, actor=rooms.proctor(), now=NOW)

    assert rooms.attempt(attempt_id).pause_kind == "break"


def test_a_pause_that_nobody_ended_ends_by_itself(running):
    sitting_id, ids, proctor = running
    proctoring.pause(sitting_id, ids, reason=WHY, actor=proctor, now=NOW)
    later = NOW + LONGEST_PAUSE + minutes(1)

    done = proctoring.add_minutes(sitting_id, ids, minutes=10, reason=WHY, actor=proctor, now=later)

    assert done == 3
    assert rooms.attempt(ids[0]).state == "in_progress"
    assert rooms.attempt(ids[0]).deadline_at == NOW + LONGEST_PAUSE + minutes(70)


# ── handing in, voiding ───────────────────────────────────────────────────────


def test_handing_in_for_a_candidate_closes_now_with_both_facts_in_the_log(running):
    sitting_id, ids, proctor = running

    closed = proctoring.force_submit(
        sitting_id, ids, reason=WHY, actor=proctor, now=NOW + minutes(5)
    )

    assert list(closed) == ids
    row = rooms.attempt(ids[0])
    assert (row.state, row.closed_at) == ("submitted", NOW + minutes(5))
    assert [e.kind for e in rooms.log(ids[0])][-2:] == ["force_submit", "submit"]


def test_a_paused_candidate_can_be_handed_in_for(running):
    sitting_id, ids, proctor = running
    proctoring.pause(sitting_id, ids, reason=WHY, actor=proctor, now=NOW)

    proctoring.force_submit(sitting_id, ids, reason=WHY, actor=proctor, now=NOW + minutes(5))

    row = rooms.attempt(ids[0])
    assert (row.state, row.pause_kind) == ("submitted", None)


def test_voiding_twice_is_refused(running):
    sitting_id, ids, proctor = running
    proctoring.void(sitting_id, ids[:1], reason=WHY, actor=proctor, now=NOW)

    with pytest.raises(NobodyAffected):
        proctoring.void(sitting_id, ids[:1], reason=WHY, actor=proctor, now=NOW)
    done = proctoring.void(sitting_id, ids[:2], reason=WHY, actor=proctor, now=NOW)

    assert done == 1
    assert len(rooms.log(ids[0], "void")) == 1


def test_a_void_attempt_suspends_the_certificate_that_rests_on_it(app, session):
    attempt_id, _ = scenes.passed(app)
    sitting_id = rooms.attempt(attempt_id).sitting_id

    proctoring.void(sitting_id, [attempt_id], reason=WHY, actor=rooms.proctor(), now=NOW)

    assert session.scalars(select(Certificate.suspended_at)).one() == NOW
    assert rooms.log(attempt_id, "void")[0].detail["before"] == "released"


def test_a_void_attempt_takes_no_more_answers_in(running):
    sitting_id, ids, proctor = running
    row = rooms.attempt(ids[0])
    proctoring.void(sitting_id, ids[:1], reason=WHY, actor=proctor, now=NOW)

    with pytest.raises(MoveRefused):
        attempts.claim_tab(ids[0], user_id=row.user_id, actor=Actor(), now=NOW)


# ── void attempts and the rules of a retake ───────────────────────────────────


def again(attempt_id, *, now):
    row = rooms.attempt(attempt_id)
    return starting.start(
        row.registration_id, user_id=row.user_id, seed=1, actor=Actor(row.user_id), now=now
    )


def test_a_void_attempt_counts_neither_for_the_number_nor_for_the_waiting_time(app, session):
    sitting_id, (attempt_id,) = rooms.room(1, attempts=1, wait_hours=24)
    proctoring.void(sitting_id, [attempt_id], reason=WHY, actor=rooms.proctor(), now=NOW)

    second = again(attempt_id, now=NOW + minutes(1))

    assert second != attempt_id
    assert rooms.attempt(second).state == "in_progress"


def test_without_voiding_the_same_start_is_refused(app, session):
    sitting_id, (attempt_id,) = rooms.room(1, attempts=2, wait_hours=24)
    proctoring.force_submit(sitting_id, None, reason=WHY, actor=rooms.proctor(), now=NOW)

    with pytest.raises(starting.TooSoon):
        again(attempt_id, now=NOW + minutes(1))


def test_a_void_attempt_keeps_its_number_and_its_paper(app, session):
    sitting_id, (first,) = rooms.room(1, attempts=1, papers=3)
    proctor = rooms.proctor()
    papers, numbers = [rooms.attempt(first).paper_id], [1]
    latest = first
    for step in (1, 2):
        proctoring.void(sitting_id, [latest], reason=WHY, actor=proctor, now=NOW + minutes(step))
        latest = again(latest, now=NOW + minutes(step))
        papers.append(rooms.attempt(latest).paper_id)
        numbers.append(rooms.attempt(latest).number)

    assert numbers == [1, 2, 3]
    assert len(set(papers)) == 3


def test_when_every_paper_was_seen_there_is_no_other_attempt(app, session):
    sitting_id, (attempt_id,) = rooms.room(1, attempts=2, papers=1)
    proctoring.void(sitting_id, [attempt_id], reason=WHY, actor=rooms.proctor(), now=NOW)

    with pytest.raises(starting.NoAttemptLeft):
        again(attempt_id, now=NOW)


# ── irregularities, admitting ─────────────────────────────────────────────────


def test_an_irregularity_changes_nothing_by_itself(running):
    sitting_id, ids, proctor = running
    before = rooms.attempt(ids[0])
    known = (before.state, before.deadline_at, before.notice_id)

    proctoring.report_irregularity(
        sitting_id, ids[:1], kind=Irregularity.AID, text="手机", actor=proctor, now=NOW
    )

    row = rooms.attempt(ids[0])
    assert (row.state, row.deadline_at, row.notice_id) == known
    assert rooms.log(ids[0], Event.IRREGULARITY)[0].detail["irregularity"] == "aid"


@pytest.fixture
def waiting(app, session):
    """(sitting that needs admission, the places of two who have agreed, a proctor)."""
    sitting_id = factories.sitting(rooms.exam())
    session.get_one(Sitting, sitting_id).needs_admission = True
    session.commit()
    places = [factories.registration(sitting_id, factories.user(f"candidate{n}")) for n in (1, 2)]
    return sitting_id, places, rooms.proctor()


def state_of(session, registration_id):
    session.expire_all()
    return session.get_one(Registration, registration_id).state


def test_who_is_admitted_and_has_agreed_is_ready(waiting, session):
    sitting_id, places, proctor = waiting
    before = [state_of(session, place) for place in places]

    done = admissions.admit(sitting_id, places, note="看过身份证", actor=proctor, now=NOW)

    assert before == ["registered", "registered"]
    assert done == 2
    assert [state_of(session, place) for place in places] == ["ready", "ready"]
    note = session.scalars(
        select(RegistrationEvent).where(RegistrationEvent.kind == Event.ADMITTED)
    ).first()
    assert (note.detail["note"], note.actor_id) == ("看过身份证", proctor.user_id)


def test_admitting_again_changes_nothing(waiting, session):
    sitting_id, places, proctor = waiting
    admissions.admit(sitting_id, places[:1], note="身份证", actor=proctor, now=NOW)

    done = admissions.admit(sitting_id, places, note="工牌", actor=proctor, now=NOW)

    assert done == 1
    admitted = select(func.count()).where(RegistrationEvent.kind == Event.ADMITTED)
    assert session.scalar(admitted) == 2


def test_who_is_sent_out_again_cannot_start_until_admitted_anew(waiting, session):
    sitting_id, places, proctor = waiting
    admissions.admit(sitting_id, places, note="身份证", actor=proctor, now=NOW)
    user_id = session.get_one(Registration, places[0]).user_id

    done = admissions.withdraw_admission(
        sitting_id, places[:1], reason="不是本人", actor=proctor, now=NOW
    )

    assert done == 1
    assert [state_of(session, place) for place in places] == ["registered", "ready"]
    with pytest.raises(MoveRefused):
        starting.start(places[0], user_id=user_id, seed=1, actor=proctor, now=NOW)
    admissions.admit(sitting_id, places[:1], note="护照", actor=proctor, now=NOW)
    assert state_of(session, places[0]) == "ready"


def test_the_admission_of_somebody_in_the_exam_stays(waiting, session):
    sitting_id, places, proctor = waiting
    admissions.admit(sitting_id, places, note="身份证", actor=proctor, now=NOW)
    user_id = session.get_one(Registration, places[0]).user_id
    starting.start(places[0], user_id=user_id, seed=1, actor=Actor(user_id), now=NOW)

    with pytest.raises(NobodyAffected):
        admissions.withdraw_admission(
            sitting_id, places[:1], reason="不是本人", actor=proctor, now=NOW
        )

    assert state_of(session, places[0]) == "ready"


def test_how_somebody_was_recognised_is_written_down(waiting, session):
    sitting_id, places, proctor = waiting

    with pytest.raises(ReasonMissing):
        admissions.admit(sitting_id, places, note="", actor=proctor, now=NOW)

    assert state_of(session, places[0]) == "registered"


def test_nobody_of_another_sitting_is_admitted(waiting, session):
    sitting_id, places, proctor = waiting
    other = factories.sitting(session.scalars(select(Exam)).one())
    elsewhere = registrations.register(
        other, user_id=session.get_one(Registration, places[0]).user_id, now=NOW
    )

    with pytest.raises(NotOfThisSitting):
        admissions.admit(sitting_id, [places[0], elsewhere], note="x", actor=proctor, now=NOW)

    assert state_of(session, places[0]) == "registered"


def test_an_irregularity_at_the_door_is_kept_with_the_place_and_once(waiting, session):
    sitting_id, places, proctor = waiting
    report = {"kind": Irregularity.IDENTITY, "text": "照片不符", "actor": proctor, "key": KEY}

    for _ in range(2):
        proctoring.report_irregularity(
            sitting_id, [], registration_ids=places[:1], now=NOW, **report
        )

    found = session.scalars(
        select(RegistrationEvent).where(RegistrationEvent.kind == Event.IRREGULARITY)
    ).all()
    assert [(e.registration_id, e.detail["irregularity"]) for e in found] == [
        (places[0], "identity")
    ]


def test_a_report_about_nobody_is_refused(running):
    sitting_id, _, proctor = running

    with pytest.raises(NobodyAffected):
        proctoring.report_irregularity(
            sitting_id, [], kind=Irregularity.AID, text="x", actor=proctor, now=NOW
        )


def test_a_message_to_a_room_is_one_insert_and_not_one_per_candidate(running, statements):
    sitting_id, ids, proctor = running

    statements.clear()
    proctoring.message(sitting_id, ids, text="x", actor=proctor, now=NOW)

    assert len([line for line in statements if line.startswith("INSERT")]) == 1
