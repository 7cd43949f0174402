"""The save path: receipts, last write, late and superseded saves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from app.domain.attempts import AttemptState
from app.domain.pauses import LONGEST_PAUSE
from app.domain.questions.body import InvalidAnswer
from app.domain.receipts import tab_token
from app.domain.saves import SaveState, current_answers
from app.domain.timing import GRACE
from app.models.attempts import Attempt, AttemptEvent, Save
from app.queries.saves import saves_of
from app.services import attempts, proctoring, saves
from app.services.saves import IncomingEvent, IncomingSave
from app.services.trail import Actor
from tests import factories

KEY = b"k" * 32


def store(attempt_id, user_id, *items, epoch=1, now=factories.NOW, address="", seen=0, signals=()):
    token = tab_token(key=KEY, attempt_id=attempt_id, user_id=user_id, epoch=epoch)
    return saves.save(
        attempt_id,
        user_id=user_id,
        token=token,
        epoch=epoch,
        saves=[IncomingSave(p, seq, answer, False, 100) for p, seq, answer in items],
        events=[IncomingEvent(kind, at_ms, {}) for at_ms, kind in enumerate(signals)],
        key=KEY,
        actor=Actor(user_id, address),
        now=now,
        seen_notice=seen,
    )


@pytest.fixture
def started(app):
    user_id = factories.user()
    attempt_id = factories.attempt(app, user_id)
    attempts.claim_tab(attempt_id, user_id=user_id, actor=Actor(user_id), now=factories.NOW)
    return attempt_id, user_id


def test_a_save_is_answered_with_a_signed_receipt(started):
    saved = store(*started, (1, 1, "b"))

    (receipt,) = saved.receipts
    assert receipt.state is SaveState.ACCEPTED
    assert len(receipt.receipt) == 64


def test_the_same_seq_twice_is_the_same_row(started, session):
    first = store(*started, (1, 1, "b"))
    second = store(*started, (1, 1, "c"), (2, 2, "a"))

    assert second.receipts[0] == first.receipts[0]
    assert session.scalar(select(Save.answer).where(Save.seq == 1)) == "b"
    assert len(second.receipts) == 2


def test_the_last_write_counts(started):
    store(*started, (1, 2, "c"))
    store(*started, (1, 1, "b"))

    assert current_answers(saves_of(started[0]))[1].answer == "c"


def test_an_older_tab_is_stored_but_overwrites_nothing(started):
    store(*started, (1, 1, "b"))
    attempts.claim_tab(started[0], user_id=started[1], actor=Actor(), now=factories.NOW)
    late = store(*started, (1, 9, "a"), epoch=1)

    assert not late.writing
    assert late.receipts[0].state is SaveState.SUPERSEDED
    assert current_answers(saves_of(started[0]))[1].answer == "b"


def test_a_late_save_is_held(started, clock):
    late = store(*started, (1, 1, "b"), now=clock.forward(minutes=60, seconds=11))

    assert late.receipts[0].state is SaveState.HELD
    assert current_answers(saves_of(started[0])) == {}


def test_the_database_itself_refuses_to_change_a_save(started, session):
    store(*started, (1, 1, "b"))

    with pytest.raises(DBAPIError, match="never changed"):
        session.execute(text("UPDATE saves SET answer = NULL"))


def test_an_error_of_the_database_names_no_answer(started, session):
    store(*started, (1, 1, "b"))

    with pytest.raises(DBAPIError) as refused:
        session.execute(text("UPDATE saves SET receipt = :secret"), {"secret": "the answer is b"})

    assert "the answer is b" not in str(refused.value)


def states(saved):
    return [receipt.state.value for receipt in saved.receipts]


def row_of(session, attempt_id):
    session.expire_all()
    return session.get_one(Attempt, attempt_id)


def at_the_desk(session, act, attempt_id, *, now=factories.NOW, **arguments):
    """An act of a proctor's."""
    row = row_of(session, attempt_id)
    return act(row.sitting_id, [attempt_id], actor=Actor(row.user_id), now=now, **arguments)


def say(session, attempt_id, text):
    at_the_desk(session, proctoring.message, attempt_id, text=text)


def pause(session, attempt_id, now=factories.NOW):
    at_the_desk(session, proctoring.pause, attempt_id, reason="alarm", now=now)


def test_a_notice_comes_with_the_next_answer_until_the_page_has_seen_it(started, session):
    say(session, started[0], "安静")

    first = store(*started, (1, 1, "b"))
    again = store(*started)
    later = store(*started, seen=first.notices[-1].id)

    assert [(notice.kind, notice.detail["text"]) for notice in first.notices] == [
        ("message", "安静")
    ]
    assert again.notices == first.notices
    assert later.notices == ()


def test_only_notices_that_the_page_has_not_seen_come(started, session):
    say(session, started[0], "one")
    seen = store(*started).notices[-1].id
    say(session, started[0], "two")
    at_the_desk(session, proctoring.add_minutes, started[0], minutes=5, reason="noise")

    notices = store(*started, seen=seen).notices

    assert [(notice.kind, notice.detail.get("minutes")) for notice in notices] == [
        ("message", None),
        ("time_added", 5),
    ]


def test_time_that_was_added_is_in_the_next_answer(started, session):
    assert store(*started).remaining == timedelta(minutes=60)

    at_the_desk(session, proctoring.add_minutes, started[0], minutes=5, reason="noise")

    assert store(*started).remaining == timedelta(minutes=65)


def test_a_save_is_two_statements_and_a_notice_costs_one_more(started, session, statements):
    store(*started, (1, 1, "b"))
    statements.clear()
    store(*started, (1, 2, "c"), (2, 3, "a"))
    assert len(statements) == 2, statements
    say(session, started[0], "安静")
    statements.clear()

    store(*started, (1, 4, "c"))

    assert len(statements) == 3, statements


def test_what_was_written_before_a_pause_counts_and_what_was_written_in_it_is_held(
    started, session
):
    pause(session, started[0])
    ends = factories.NOW + GRACE

    assert states(store(*started, (1, 1, "a"), now=ends)) == ["accepted"]
    assert states(store(*started, (1, 2, "b"), now=ends + timedelta(milliseconds=1))) == ["held"]
    assert current_answers(saves_of(started[0]))[1].answer == "a"


def test_during_a_pause_the_time_that_is_left_stands_still(started, session, clock):
    pause(session, started[0], now=clock.forward(minutes=10))

    for _ in range(3):
        saved = store(*started, now=clock.forward(minutes=7))
        assert (saved.attempt, saved.remaining) == (AttemptState.PAUSED, timedelta(minutes=50))


def test_after_the_pause_saves_count_again(started, session, clock):
    pause(session, started[0])
    later = clock.forward(minutes=20)
    at_the_desk(session, proctoring.resume, started[0], reason="all clear", now=later)

    saved = store(*started, (1, 1, "a"), now=later)

    assert (states(saved), saved.remaining) == (["accepted"], timedelta(minutes=60))


def test_a_pause_that_ran_out_is_ended_by_the_next_save(started, session):
    pause(session, started[0])
    ended = factories.NOW + LONGEST_PAUSE

    saved = store(*started, (1, 1, "a"), now=ended)

    assert (states(saved), saved.attempt) == (["accepted"], AttemptState.IN_PROGRESS)
    assert [notice.kind for notice in saved.notices] == ["pause", "resume"]
    assert saved.remaining == timedelta(minutes=60)
    assert row_of(session, started[0]).deadline_at == ended + timedelta(minutes=60)


def test_a_break_that_is_used_up_is_ended_by_the_next_save(app, session, clock):
    user_id = factories.user()
    factories.accommodation(user_id, breaks=10)
    attempt_id = factories.attempt(app, user_id)
    attempts.claim_tab(attempt_id, user_id=user_id, actor=Actor(user_id), now=factories.NOW)
    attempts.take_break(attempt_id, user_id=user_id, actor=Actor(user_id), now=factories.NOW)

    saved = store(attempt_id, user_id, (1, 1, "a"), now=clock.forward(minutes=30))

    assert (states(saved), saved.remaining) == (["accepted"], timedelta(minutes=40))
    assert row_of(session, attempt_id).break_used_seconds == 600


def test_after_a_forgotten_pause_and_its_deadline_a_save_is_held(started, session):
    pause(session, started[0])
    over = factories.NOW + LONGEST_PAUSE + timedelta(minutes=60) + 2 * GRACE

    saved = store(*started, (1, 1, "a"), now=over)

    assert (states(saved), saved.attempt) == (["held"], AttemptState.EXPIRED)


@pytest.fixture
def one_way(app):
    """A running attempt in two sections: positions 1 and 2, then 3."""
    user_id = factories.user()
    attempt_id = factories.attempt(
        app, user_id, plan=factories.IN_SECTIONS, sections=factories.SECTIONS
    )
    attempts.claim_tab(attempt_id, user_id=user_id, actor=Actor(user_id), now=factories.NOW)
    return attempt_id, user_id


def leave_section(attempt_id, user_id):
    attempts.close_section(
        attempt_id,
        user_id=user_id,
        section=1,
        epoch=1,
        actor=Actor(user_id),
        now=factories.NOW,
    )


def test_nothing_is_saved_for_a_section_that_was_not_opened(one_way, session):
    with pytest.raises(InvalidAnswer):
        store(*one_way, (1, 1, "a"), (3, 2, True))

    assert session.scalar(select(Save.id)) is None


def test_what_comes_for_a_section_that_was_left_is_held(one_way):
    store(*one_way, (1, 1, "a"))
    leave_section(*one_way)

    saved = store(*one_way, (1, 2, "b"), (3, 3, True))

    assert (states(saved), saved.section) == (["held", "accepted"], 2)
    answers = current_answers(saves_of(one_way[0]))
    assert {position: save.answer for position, save in answers.items()} == {1: "a", 3: True}


def address_changes(session):
    rows = select(AttemptEvent).where(AttemptEvent.kind == "address_changed")
    return [(row.address, row.detail) for row in session.scalars(rows.order_by(AttemptEvent.id))]


def test_a_change_of_address_is_one_signal_and_not_one_for_each_save(started, session):
    for seq in (1, 2, 3):
        store(*started, (1, seq, "b"), address="10.9.9.9")

    assert address_changes(session) == [("10.9.9.9", {"before": ""})]


def test_going_there_and_back_is_two_signals(started, session):
    for seq, address in enumerate(("10.9.9.9", "10.9.9.9", "", ""), start=1):
        store(*started, (1, seq, "b"), address=address)

    assert address_changes(session) == [
        ("10.9.9.9", {"before": ""}),
        ("", {"before": "10.9.9.9"}),
    ]


def test_a_signal_of_the_address_loses_no_answer(started):
    saved = store(*started, (1, 1, "b"), address="10.9.9.9")

    assert states(saved) == ["accepted"]


def test_an_older_tab_elsewhere_is_no_change_of_address(started, session):
    attempts.claim_tab(started[0], user_id=started[1], actor=Actor(), now=factories.NOW)

    store(*started, (1, 1, "b"), epoch=1, address="10.9.9.9")

    assert address_changes(session) == []


def test_a_page_reports_what_a_page_can_know_and_nothing_else(started, session):
    kinds = ["window_left", "paste", "fullscreen_left", "second_device", "submit", "message", "x"]

    store(*started, signals=kinds)

    logged = session.scalars(select(AttemptEvent.kind).order_by(AttemptEvent.id)).all()
    assert logged == ["start", "tab_claimed", "window_left", "paste", "fullscreen_left"]


def test_a_batch_that_is_sent_again_reports_nothing_twice(started, session):
    signals = ["window_left", "window_left", "paste"]
    store(*started, (1, 1, "b"), signals=signals)

    store(*started, (1, 1, "b"), signals=signals)

    logged = session.scalars(select(AttemptEvent.kind).order_by(AttemptEvent.id)).all()
    assert logged == ["start", "tab_claimed", *signals]


def test_the_same_moment_of_another_window_is_another_signal(started, session):
    store(*started, signals=["paste"])
    attempts.claim_tab(started[0], user_id=started[1], actor=Actor(), now=factories.NOW)

    store(*started, epoch=2, signals=["paste"])

    pastes = select(func.count()).where(AttemptEvent.kind == "paste")
    assert session.scalar(pastes) == 2


def test_signals_cost_no_points_and_no_time(started):
    before = store(*started, (1, 1, "b"))

    after = store(*started, (1, 2, "b"), signals=["window_left"] * 9)

    assert (states(after), after.remaining) == (states(before), before.remaining)


def test_the_page_that_was_taken_over_is_told(started):
    attempts.claim_tab(started[0], user_id=started[1], actor=Actor(), now=factories.NOW)

    assert not store(*started).writing
    assert store(*started, epoch=2).writing


def test_seen_and_saved_are_told_apart(started, session, clock):
    store(*started, (1, 1, "b"), now=clock.forward(minutes=1))
    store(*started, now=clock.forward(minutes=1))

    row = row_of(session, started[0])
    assert row.saved_at == factories.NOW + timedelta(minutes=1)
    assert row.seen_at == factories.NOW + timedelta(minutes=2)
