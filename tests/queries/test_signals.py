"""Signals as lists: what is summed, what is brief, who waits for a review."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.events import Event, ReviewDecision
from app.queries import signals
from app.queries.own_records import own_record
from app.queries.signals import SignalFilter
from app.services import attempts, proctoring, starting
from app.services import signals as writes
from app.services.trail import Actor
from tests import factories
from tests.services import review_scenes as late


@pytest.fixture
def begun(app):
    return late.started(app)


def listed(attempt_id, page=1, **filters):
    return signals.signal_attempts(late.sitting_of(attempt_id), SignalFilter(**filters), page=page)


def only(attempt_id, **filters):
    (row,) = listed(attempt_id, **filters).rows
    return row


def review(attempt_id, decision=ReviewDecision.NO_CONCERN, *, seen=None):
    sums = signals.signal_sums(late.sitting_of(attempt_id), attempt_id)
    writes.review(
        late.sitting_of(attempt_id),
        attempt_id,
        decision=decision,
        note="Seen",
        seen=sums.newest_id if seen is None else seen,
        actor=Actor(factories.user(f"reviewer{len(late.events(attempt_id, 'signals_reviewed'))}")),
        now=late.LATE,
    )


def test_an_exam_without_signals_is_not_listed(begun):
    assert listed(begun[0]).rows == []
    assert signals.signal_sums(late.sitting_of(begun[0]), begun[0]) is None


def test_seconds_away_are_summed_and_brief_losses_counted_apart(begun):
    for seconds in (2, 3, 40.5, 0):
        late.signal(*begun, seconds=seconds)

    row = only(begun[0])

    assert (row.window_left, row.short, row.seconds, row.signals) == (2, 2, 43.5, 2)


def test_brief_losses_are_summed_where_asked(begun):
    for seconds in (2, 40):
        late.signal(*begun, seconds=seconds)

    row = only(begun[0], short="yes")

    assert (row.window_left, row.short, row.seconds) == (2, 0, 42)


NONSENSE = [None, True, -40, 90_000, 1e15]


def test_nonsense_from_a_page_breaks_no_list_and_hides_nothing(begun):
    late.signal(*begun, seconds=40)
    late.signal(*begun)
    for seconds in NONSENSE:
        late.signal(*begun, seconds=seconds)
    for seen in (1e15, True, None, -1):
        late.signal(*begun, seen=seen, seconds=5)

    row = only(begun[0])

    assert (row.window_left, row.seconds) == (5, 60)
    assert row.waits


def test_text_where_a_number_should_be_counts_as_nothing(begun):
    late.note(begun[0], Event.WINDOW_LEFT, seconds="9")
    late.note(begun[0], Event.WINDOW_LEFT, seconds=[9])
    late.signal(*begun, seconds=4)

    assert only(begun[0]).seconds == 4


def test_every_kind_is_counted(begun):
    for kind in ("paste", "paste", "fullscreen_left"):
        late.signal(*begun, kind, position=1)
    late.note(begun[0], Event.SECOND_DEVICE)
    late.note(begun[0], Event.ADDRESS_CHANGED, before="10.0.0.1")
    late.note(begun[0], Event.IRREGULARITY, irregularity="aid", text="A phone")
    late.note(begun[0], Event.STATEMENT, text="Mine was off")

    row = only(begun[0])

    assert (row.paste, row.fullscreen_left, row.second_device, row.address_changed) == (2, 1, 1, 1)
    assert (row.irregularity, row.statement, row.signals) == (1, 1, 5)


def test_the_list_is_filtered_by_kind_and_by_seconds(begun):
    late.signal(*begun, seconds=40)
    attempt_id = begun[0]

    assert len(listed(attempt_id, kind="window_left").rows) == 1
    assert len(listed(attempt_id, kind="paste").rows) == 0
    assert [len(listed(attempt_id, least=least).rows) for least in ("40", "41", "", "x")] == [
        1,
        0,
        1,
        1,
    ]
    assert len(listed(attempt_id, kind="release").rows) == 1


def test_brief_losses_alone_wait_for_nobody(begun):
    late.signal(*begun, seconds=1)

    assert not only(begun[0]).waits
    assert listed(begun[0], reviewed="no").rows == []
    assert listed(begun[0], reviewed="yes").rows == []
    assert listed(begun[0], kind="window_left").rows == []
    assert only(begun[0], short="yes", reviewed="no").window_left == 1


def test_a_review_settles_what_it_has_seen(begun):
    late.signal(*begun, seconds=40)
    assert only(begun[0], reviewed="no").waits

    review(begun[0], ReviewDecision.NOTED)

    assert listed(begun[0], reviewed="no").rows == []
    row = only(begun[0], reviewed="yes")
    assert (row.review["decision"], row.reviewed_at, row.waits) == ("noted", late.LATE, False)


def test_what_comes_after_the_review_waits_again(begun):
    late.signal(*begun, seconds=40)
    review(begun[0])

    late.note(begun[0], Event.STATEMENT, text="One more thing")

    assert only(begun[0], reviewed="no").review["decision"] == "no_concern"


def test_what_came_while_the_reviewer_was_reading_waits(begun):
    late.signal(*begun, seconds=40)
    shown = signals.signal_sums(late.sitting_of(begun[0]), begun[0]).newest_id
    late.signal(*begun, seconds=50)

    review(begun[0], seen=shown)

    assert only(begun[0]).waits


def test_the_latest_review_is_the_one_that_is_shown(begun):
    late.signal(*begun, seconds=40)
    review(begun[0], ReviewDecision.REFERRED)
    review(begun[0], ReviewDecision.NO_CONCERN)

    assert only(begun[0]).review["decision"] == "no_concern"


def room(app, seconds):
    """One attempt for each number of seconds away, in one sitting."""
    factories.syllabus()
    factories.bank(factories.exam_pool())
    sitting_id = factories.sitting(factories.exam())
    found = []
    for number, away in enumerate(seconds):
        user_id = factories.user(f"user{number}", name=f"考生{number}")
        place = factories.registration(sitting_id, user_id)
        attempt_id = starting.start(
            place, user_id=user_id, seed=1, actor=Actor(user_id), now=factories.NOW
        )
        attempts.claim_tab(
            attempt_id, user_id=user_id, actor=late.at_desk(user_id), now=factories.NOW
        )
        late.signal(
            attempt_id, user_id, now=factories.NOW + timedelta(minutes=number), seconds=away
        )
        found.append(attempt_id)
    return found


def test_the_list_is_searched_and_sorted(app):
    first, second, third = room(app, [5, 500, 50])
    late.note(third, Event.PASTE, now=factories.NOW + timedelta(minutes=9))

    def order(**filters):
        return [row.id for row in listed(first, **filters).rows]

    assert order() == [second, third, first]
    assert order(sort="name") == [first, second, third]
    assert order(sort="signals") == [third, first, second]
    assert order(sort="latest") == [third, second, first]
    assert order(search="考生1") == [second]
    assert order(search="user2") == [third]


@pytest.mark.parametrize("people", [1, 30])
def test_the_list_costs_two_statements_however_many_are_on_it(app, statements, people):
    (attempt_id, *_) = room(app, [10] * people)
    sitting_id = late.sitting_of(attempt_id)
    statements.clear()

    page = signals.signal_attempts(sitting_id, SignalFilter(), page=1)

    assert (page.total, len(page.rows)) == (people, min(people, 25))
    assert len(statements) == 2


def test_the_timeline_stands_between_the_moves_of_the_exam(app, begun):
    late.signal(*begun, seconds=1, now=factories.NOW + timedelta(minutes=1))
    late.signal(*begun, "paste", position=2, now=factories.NOW + timedelta(minutes=2))
    late.close(app, begun[0])

    page = signals.timeline(begun[0], page=1)

    assert [entry.kind for entry in page.rows] == ["start", "window_left", "paste", "expire"]
    assert page.rows[1].detail["seconds"] == 1


def test_the_timeline_is_paged(begun):
    for _ in range(120):
        late.signal(*begun, seconds=5)

    pages = [signals.timeline(begun[0], page=number) for number in (1, 2)]

    assert [len(page.rows) for page in pages] == [100, 21]
    assert pages[0].total == 121


def test_the_candidate_is_told_everything_about_the_own_exam(app, begun):
    attempt_id, user_id = begun
    sitting_id = late.sitting_of(attempt_id)
    at = factories.NOW + timedelta(minutes=1)
    for seconds in (1, 30, 40):
        late.signal(*begun, seconds=seconds)
    act = {"reason": "Alarm", "actor": Actor()}
    proctoring.add_minutes(sitting_id, [attempt_id], minutes=5, now=at, **act)
    proctoring.pause(sitting_id, [attempt_id], now=at, **act)
    proctoring.resume(sitting_id, [attempt_id], now=at + timedelta(minutes=2), **act)
    late.note(attempt_id, Event.IRREGULARITY, irregularity="aid", text="A phone")
    late.note(attempt_id, Event.STATEMENT, text="Mine was off")

    found = own_record(attempt_id, closed_at=None)

    assert (found.seconds_away, found.short_losses, len(found.signals)) == (70, 1, 3)
    assert [entry.detail["minutes"] for entry in found.minutes] == [5]
    (pause,) = found.pauses
    assert (pause.until - pause.since, pause.kind) == (timedelta(minutes=2), "proctor")
    assert len(found.irregularities) == len(found.statements) == 1
    assert found.review is None
    review(attempt_id)
    assert own_record(attempt_id, closed_at=None).review.detail["decision"] == "no_concern"


def test_a_pause_that_nobody_ended_lasted_to_the_end_of_the_exam(app, begun):
    attempt_id, user_id = begun
    proctoring.pause(
        late.sitting_of(attempt_id),
        [attempt_id],
        reason="Alarm",
        actor=Actor(),
        now=factories.NOW,
    )
    end = factories.NOW + timedelta(minutes=4)
    attempts.submit(attempt_id, user_id=user_id, actor=Actor(user_id), now=end)

    (pause,) = own_record(attempt_id, closed_at=end).pauses

    assert (pause.since, pause.until) == (factories.NOW, end)
