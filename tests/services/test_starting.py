"""Starting: the door of a sitting, which paper, how long, and what earlier attempts leave."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from app.domain.attempts import AttemptState, MoveRefused
from app.domain.entrance import AddressRefused, BrowserRefused, WrongAccessCode, config_key_hash
from app.domain.errors import DomainError
from app.domain.lockout import WINDOW
from app.models.attempts import Attempt, AttemptEvent
from app.models.sittings import Registration, Sitting, SittingPaper
from app.services import admissions, attempts, proctoring, registrations, starting
from app.services.sittings import SittingClosed
from app.services.starting import MOST_REFUSALS, Entry, NoAttemptLeft, OtherExamOpen, TooSoon
from app.services.trail import SYSTEM, Actor
from tests import factories
from tests.factories import NOW
from tests.services import scenes

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def exam(app):
    """Makes exams over one bank."""
    factories.syllabus()
    factories.bank(factories.exam_pool())
    return factories.exam


@pytest.fixture
def candidate(exam):
    return factories.user()


def ready(exam_row, user_id, **rules):
    """A place in a new sitting of the exam, agreed to."""
    return factories.registration(factories.sitting(exam_row, **rules), user_id)


def start(place, user_id, *, now=NOW, address="10.1.2.3", seed=1, **changes):
    actor = Actor(user_id, address, "browser")
    return starting.start(place, user_id=user_id, seed=seed, actor=actor, now=now, **changes)


def enter(place, user_id, code, **changes):
    return start(place, user_id, entry=Entry(access_code=code), **changes)


def row_of(session, attempt_id):
    session.expire_all()
    return session.get_one(Attempt, attempt_id)


def refuse(place, times, *, now=NOW):
    for _ in range(times):
        registrations.note_refused_entry(place, code="wrong-access-code", actor=SYSTEM, now=now)


def test_the_right_code_opens(exam, candidate, session):
    place = ready(exam(), candidate, access_code="K7PM2XQ4")

    attempt_id = enter(place, candidate, "k7pm-2xq4")

    assert row_of(session, attempt_id).state == "in_progress"


def test_a_wrong_code_starts_nothing(exam, candidate, session):
    place = ready(exam(), candidate, access_code="K7PM2XQ4")

    with pytest.raises(WrongAccessCode):
        enter(place, candidate, "K7PM2XQ5")

    assert session.scalar(select(func.count()).select_from(Attempt)) == 0


def test_after_ten_refusals_even_the_right_code_waits(exam, candidate):
    place = ready(exam(), candidate, access_code="K7PM2XQ4")
    refuse(place, MOST_REFUSALS - 1)
    with pytest.raises(WrongAccessCode):
        enter(place, candidate, "wrong")
    refuse(place, 1)

    with pytest.raises(DomainError) as refused:
        enter(place, candidate, "K7PM2XQ4", now=NOW + WINDOW - SECOND)

    assert refused.value.code == "entry-locked"
    assert enter(place, candidate, "K7PM2XQ4", now=NOW + WINDOW)


def test_a_proctor_unlocks_the_door_and_ten_more_tries_lock_it_again(exam, candidate):
    place = ready(exam(), candidate, access_code="K7PM2XQ4")
    sitting_id = factories.db.session.get_one(Registration, place).sitting_id
    refuse(place, MOST_REFUSALS)

    admissions.unlock_door(sitting_id, [place], reason="看错了代码", actor=SYSTEM, now=NOW)

    with pytest.raises(WrongAccessCode):
        enter(place, candidate, "wrong")
    refuse(place, MOST_REFUSALS)
    with pytest.raises(DomainError) as refused:
        enter(place, candidate, "K7PM2XQ4")
    assert refused.value.code == "entry-locked"


def test_refusals_of_another_candidate_lock_nobody_else(exam, candidate):
    place = ready(exam(), candidate, access_code="K7PM2XQ4")
    sitting_id = factories.db.session.get_one(Registration, place).sitting_id
    refuse(factories.registration(sitting_id, factories.user("other")), MOST_REFUSALS)

    assert enter(place, candidate, "K7PM2XQ4")


def test_only_a_device_of_the_room_starts(exam, candidate):
    place = ready(exam(), candidate, networks=("10.1.0.0/16",))

    with pytest.raises(AddressRefused):
        start(place, candidate, address="203.0.113.9")

    assert start(place, candidate, address="10.1.255.1")


def test_only_the_exam_browser_with_its_configuration_starts(exam, candidate):
    key, url = "a1" * 32, "https://exam.example.org/sittings/1/start"
    place = ready(exam(), candidate, seb_keys=(key,))

    for sent in ("", config_key_hash(url, "b2" * 32), config_key_hash(f"{url}/", key)):
        with pytest.raises(BrowserRefused):
            start(place, candidate, entry=Entry(url=url, seb_hash=sent))

    assert start(place, candidate, entry=Entry(url=url, seb_hash=config_key_hash(url, key)))


def test_a_sitting_with_tickets_is_entered_with_one(exam, candidate, session):
    place = ready(exam(), candidate, needs_ticket=True)
    with pytest.raises(DomainError) as refused:
        start(place, candidate)
    assert refused.value.code == "ticket-needed"

    session.execute(update(Registration).values(ticket_used_at=NOW))
    session.commit()

    assert start(place, candidate)


def test_whoever_has_to_be_admitted_waits_for_the_proctor(exam, candidate):
    place = ready(exam(), candidate, needs_admission=True)
    with pytest.raises(MoveRefused):
        start(place, candidate)

    registrations.admit(place, actor=Actor(factories.user("proctor")), now=NOW)

    assert start(place, candidate)


def test_a_cancelled_sitting_is_closed(exam, candidate, session):
    place = ready(exam(), candidate)
    session.execute(update(Sitting).values(cancelled_at=NOW))
    session.commit()

    with pytest.raises(SittingClosed):
        start(place, candidate)


def test_going_on_asks_for_no_code_again(exam, candidate):
    place = ready(exam(), candidate, access_code="K7PM2XQ4")
    attempt_id = enter(place, candidate, "K7PM2XQ4")

    assert enter(place, candidate, "") == attempt_id


@pytest.fixture
def two_places(exam, candidate):
    """Places in sittings of two exams of the scheme."""
    return ready(exam(), candidate), ready(exam(code="skills"), candidate)


def test_nobody_is_in_two_exams_at_once(two_places, candidate, session):
    start(two_places[0], candidate)

    with pytest.raises(OtherExamOpen):
        start(two_places[1], candidate)

    assert session.scalar(select(func.count()).select_from(Attempt)) == 1


def test_after_handing_in_the_other_exam_starts(two_places, candidate, session):
    first = start(two_places[0], candidate)
    attempts.submit(first, user_id=candidate, actor=Actor(candidate), now=NOW)

    second = start(two_places[1], candidate)

    assert row_of(session, second).state == "in_progress"


def test_another_exam_that_ran_out_is_closed_as_of_its_deadline(two_places, candidate, session):
    first = start(two_places[0], candidate)

    start(two_places[1], candidate, now=NOW + 2 * HOUR)

    row = row_of(session, first)
    assert (row.state, row.closed_at) == ("expired", NOW + HOUR)


def test_a_break_that_ran_out_is_counted_when_the_next_exam_starts(two_places, candidate, session):
    factories.accommodation(candidate, breaks=10)
    first = start(two_places[0], candidate)
    attempts.take_break(first, user_id=candidate, actor=Actor(candidate), now=NOW)

    start(two_places[1], candidate, now=NOW + 2 * HOUR)

    row = row_of(session, first)
    assert (row.closed_at, row.break_used_seconds) == (NOW + HOUR + timedelta(minutes=10), 600)
    kinds = select(AttemptEvent.kind).where(AttemptEvent.attempt_id == first)
    assert session.scalars(kinds.order_by(AttemptEvent.id)).all() == [
        "start", "pause", "resume", "expire"
    ]  # fmt: skip


def test_a_start_that_is_refused_closes_nothing(exam, candidate, session):
    place = ready(exam(attempts=1), candidate)
    first = start(place, candidate)

    with pytest.raises(NoAttemptLeft):
        start(place, candidate, now=NOW + 2 * HOUR)

    assert row_of(session, first).state == "in_progress"


def void(session, attempt_id, *, now=NOW):
    sitting_id = row_of(session, attempt_id).sitting_id
    actor = Actor(session.scalar(select(Attempt.user_id)))
    proctoring.void(sitting_id, [attempt_id], reason="fire alarm", actor=actor, now=now)


def test_a_voided_attempt_does_not_count_and_its_paper_never_comes_again(exam, candidate, session):
    place = ready(exam(attempts=1, papers=3), candidate)
    voided = []
    for seed in (1, 2):
        voided.append(start(place, candidate, seed=seed))
        void(session, voided[-1])

    last = start(place, candidate, seed=3)

    rows = [row_of(session, attempt_id) for attempt_id in (*voided, last)]
    assert len({row.paper_id for row in rows}) == 3
    assert [row.number for row in rows] == [1, 2, 3]
    with pytest.raises(NoAttemptLeft):
        void(session, last)
        start(place, candidate, seed=4)


def test_an_attempt_after_a_void_one_does_not_wait(exam, candidate, session):
    place = ready(exam(wait_hours=24), candidate)
    void(session, start(place, candidate))

    assert start(place, candidate, now=NOW + SECOND)


def test_waiting_counts_from_the_end_of_the_last_attempt(exam, candidate):
    place = ready(exam(wait_hours=2), candidate)
    first = start(place, candidate)
    attempts.submit(first, user_id=candidate, actor=SYSTEM, now=NOW + HOUR / 2)

    with pytest.raises(TooSoon, match="1 hours"):
        start(place, candidate, now=NOW + HOUR * 2.5 - SECOND)

    assert start(place, candidate, now=NOW + HOUR * 2.5)


def test_passing_in_another_sitting_is_passing(app, exam, candidate):
    row = exam(attempts=2, wait_hours=0)
    scenes.finish(app, start(ready(row, candidate), candidate), candidate)

    with pytest.raises(NoAttemptLeft):
        start(ready(row, candidate), candidate)


def test_a_resit_in_another_sitting_never_repeats_a_paper(exam, candidate, session):
    row = exam(attempts=3, wait_hours=0, papers=2)
    first_place = ready(row, candidate)
    first = start(first_place, candidate)
    attempts.submit(first, user_id=candidate, actor=SYSTEM, now=NOW)
    other_place = ready(row, candidate)
    other_sitting = session.get_one(Registration, other_place).sitting_id
    had = row_of(session, first).paper_id
    fresh = session.scalars(
        select(SittingPaper.paper_id).where(SittingPaper.sitting_id == other_sitting)
    ).all()
    session.execute(
        update(SittingPaper).where(SittingPaper.paper_id == fresh[0]).values(paper_id=had)
    )
    session.commit()

    second = start(other_place, candidate)

    assert row_of(session, second).paper_id == fresh[1]
    assert row_of(session, second).number == 1


def test_extra_time_is_whole_in_a_window_as_long_as_the_exam(exam, candidate, session):
    factories.accommodation(candidate, factor=1.25)
    place = ready(exam(), candidate, hours=1)

    row = row_of(session, start(place, candidate))

    assert row.deadline_at == NOW + timedelta(minutes=75)
    assert (row.time_factor, row.late_seconds) == (1.25, 900)


def test_whoever_comes_late_loses_as_much_with_extra_time_as_without(exam, candidate, session):
    factories.accommodation(candidate, factor=1.25)
    place = ready(exam(), candidate, hours=1)

    row = row_of(session, start(place, candidate, now=NOW + HOUR / 2))

    assert row.deadline_at == NOW + timedelta(minutes=75)


def test_a_personal_late_allowance_adds_to_that_of_an_accommodation(exam, candidate, session):
    factories.accommodation(candidate, factor=1.5)
    place = ready(exam(), candidate, hours=1)
    session.execute(update(Registration).values(late_seconds=600))
    session.commit()

    row = row_of(session, start(place, candidate, now=NOW + HOUR / 2))

    assert row.late_seconds == 1800 + 600
    assert row.deadline_at == NOW + HOUR + timedelta(minutes=40)


def test_breaks_and_larger_text_are_written_down_at_the_start(exam, candidate, session):
    factories.accommodation(candidate, breaks=15, larger_text=True)

    row = row_of(session, start(ready(exam(), candidate), candidate))

    assert (row.break_seconds, row.break_used_seconds, row.larger_text) == (900, 0, True)


@pytest.mark.parametrize(
    "changes",
    [
        {"revoked_at": NOW},
        {"valid_from": NOW.date() + timedelta(days=1)},
        {"valid_from": NOW.date() - timedelta(days=9), "valid_until": NOW.date() - timedelta(1)},
    ],
    ids=["revoked", "not yet", "no longer"],
)
def test_an_accommodation_that_is_not_valid_gives_nothing(exam, candidate, session, changes):
    factories.accommodation(candidate, factor=2, breaks=15, **changes)

    row = row_of(session, start(ready(exam(), candidate), candidate))

    assert (row.time_factor, row.break_seconds) == (1.0, 0)
    assert row.deadline_at == NOW + HOUR


def test_the_day_is_the_organisations_and_not_the_servers(exam, candidate, session):
    tomorrow = NOW.date() + timedelta(days=1)
    factories.accommodation(candidate, factor=2, valid_from=tomorrow)

    row = row_of(session, start(ready(exam(), candidate), candidate, today=tomorrow))

    assert row.time_factor == 2


def test_an_accommodation_of_somebody_else_gives_nothing(exam, candidate, session):
    factories.accommodation(factories.user("other"), factor=2)

    row = row_of(session, start(ready(exam(), candidate), candidate))

    assert row.time_factor == 1


def test_the_start_is_logged_with_who_from_where_and_what_was_given(exam, candidate, session):
    factories.accommodation(candidate, factor=1.25, breaks=5)
    attempt_id = start(ready(exam(), candidate), candidate, address="10.1.2.3")

    (event,) = session.scalars(select(AttemptEvent)).all()

    assert (event.kind, event.actor_id, event.address, event.browser, event.at) == (
        "start", candidate, "10.1.2.3", "browser", NOW
    )  # fmt: skip
    row = row_of(session, attempt_id)
    assert event.detail == {
        "paper": row.paper_id,
        "time_factor": 1.25,
        "break_seconds": 300,
        "late_seconds": 900,
        "deadline_at": (NOW + timedelta(minutes=75)).isoformat(),
    }


def test_an_attempt_that_the_sweeper_closes_meanwhile_is_closed_once(
    two_places, candidate, session, monkeypatch
):
    first = start(two_places[0], candidate)
    later = NOW + 2 * HOUR
    earlier = starting._earlier

    def swept_after_reading(user_id):
        found = earlier(user_id)
        session.execute(
            update(Attempt)
            .where(Attempt.id == first)
            .values(state=AttemptState.RELEASED.value, closed_at=NOW + HOUR)
            .execution_options(synchronize_session=False)
        )
        return found

    monkeypatch.setattr(starting, "_earlier", swept_after_reading)

    start(two_places[1], candidate, now=later)

    assert row_of(session, first).state == "released"
