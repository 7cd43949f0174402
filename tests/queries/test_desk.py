"""The desk's list: presences as SQL, filters, counts and what it costs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import String, literal, select

from app.db import UtcDateTime, db
from app.domain.attempts import AttemptState
from app.domain.presence import IDLE_AFTER, OFFLINE_AFTER, Presence, presence
from app.domain.saves import current_answers
from app.domain.timing import GRACE
from app.models.attempts import Attempt, Save, SaveDecision
from app.models.sittings import Registration
from app.queries import candidates, desk, incidents
from app.queries.candidates import TimelineFilter
from app.queries.desk import DeskFilter
from app.queries.desk_counts import answered_counts, held_counts
from app.queries.desk_targets import targets
from app.queries.presences import presence_as_sql
from app.queries.saves import saves_of
from app.services import attempts, proctoring, registrations
from app.services.trail import Actor
from tests import factories
from tests.services import rooms
from tests.services.rooms import NOW, minutes

TICK = timedelta(microseconds=1)
EDGES = [
    timedelta(0), TICK, OFFLINE_AFTER - TICK, OFFLINE_AFTER, OFFLINE_AFTER + TICK,
    IDLE_AFTER - TICK, IDLE_AFTER, IDLE_AFTER + TICK, GRACE - TICK, GRACE, GRACE + TICK,
    timedelta(hours=2),
]  # fmt: skip
around_now = st.sampled_from([NOW - edge for edge in EDGES] + [NOW + edge for edge in EDGES])


def listed(sitting_id, *, now=NOW, page=1, **filters):
    found = desk.desk(sitting_id, DeskFilter(**filters), page=page, now=now, today=NOW.date())
    return found.rows


def names(sitting_id, **filters):
    return [row.username for row in listed(sitting_id, **filters)]


# ── presences ─────────────────────────────────────────────────────────────────


@given(
    state=st.sampled_from(AttemptState),
    seen_at=around_now,
    saved_at=st.none() | around_now,
    started_at=around_now,
    deadline_at=around_now,
    pause_ends_at=st.none() | around_now,
)
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_the_database_and_the_rule_agree_about_every_presence(app, state, **known):
    columns = {name: literal(value, UtcDateTime()) for name, value in known.items()}
    expression = presence_as_sql(literal(state.value, String()), now=NOW, **columns)

    found = db.session.scalar(select(expression))

    assert found == presence(state, now=NOW, **known)


@pytest.fixture
def mixed(app, session):
    """A sitting with one candidate of every presence; user names say which."""
    sitting_id, _ = rooms.room(0)
    later = NOW + minutes(10)
    proctor = rooms.proctor()
    for presence_ in Presence:
        if presence_ in (Presence.REGISTERED, Presence.READY):
            factories.registration(
                sitting_id,
                factories.user(presence_.value),
                agreed=presence_ is Presence.READY,
            )
            continue
        attempt_id = rooms.begin(sitting_id, presence_.value)
        row = session.get_one(Attempt, attempt_id)
        row.seen_at = NOW if presence_ is Presence.OFFLINE else later
        row.saved_at = None if presence_ is Presence.IDLE else later
        session.commit()
        if presence_ is Presence.PAUSED:
            proctoring.pause(sitting_id, [attempt_id], reason="x", actor=proctor, now=later)
        if presence_ is Presence.FINISHED:
            attempts.submit(attempt_id, user_id=row.user_id, actor=Actor(), now=later)
        if presence_ is Presence.VOIDED:
            proctoring.void(sitting_id, [attempt_id], reason="x", actor=proctor, now=later)
    return sitting_id, later


def test_everybody_is_listed_as_what_they_are(mixed):
    sitting_id, later = mixed

    assert {row.username: row.presence.value for row in listed(sitting_id, now=later)} == {
        each.value: each.value for each in Presence
    }


def test_a_filter_by_presence_and_its_total_show_the_same(mixed):
    sitting_id, later = mixed

    found = {each: names(sitting_id, presence=each.value, now=later) for each in Presence}

    assert found == {each: [each.value] for each in Presence}
    assert desk.totals(sitting_id, now=later) == dict.fromkeys(Presence, 1)


def test_an_unknown_presence_or_sort_filters_nothing(mixed):
    sitting_id, later = mixed

    assert len(names(sitting_id, presence="x", sort="DROP TABLE", marks="x", now=later)) == 8


def test_time_is_left_for_those_who_are_at_it_alone(mixed):
    sitting_id, later = mixed
    left = {row.username: row.remaining for row in listed(sitting_id, now=later + minutes(5))}

    assert left["paused"] == minutes(50)
    assert left["offline"] == minutes(45)
    assert [left[name] for name in ("registered", "ready", "finished", "voided")] == [None] * 4


# ── finding ───────────────────────────────────────────────────────────────────


def test_search_finds_names_and_numbers_and_no_patterns(app, session):
    sitting_id, _ = rooms.room(0)
    rooms.begin(sitting_id, "user_a", name="甲%")
    rooms.begin(sitting_id, "userb", name="乙")
    number = listed(sitting_id, search="userb")[0].admission_number

    assert names(sitting_id, search="甲") == ["user_a"]
    assert names(sitting_id, search="%") == ["user_a"]
    assert names(sitting_id, search="R_") == ["user_a"]
    assert names(sitting_id, search=number) == ["userb"]
    assert names(sitting_id, search="丙") == []


def test_the_list_is_of_one_sitting_and_names_each_person_once(app, session):
    sitting_id, (first, _) = rooms.room(2, attempts=1)
    rooms.other_room()
    proctoring.void(sitting_id, [first], reason="x", actor=rooms.proctor(), now=NOW)
    row = rooms.attempt(first)
    second = rooms.starting.start(
        row.registration_id, user_id=row.user_id, seed=1, actor=Actor(), now=NOW
    )

    rows = listed(sitting_id)

    assert [row.username for row in rows] == ["candidate1", "candidate2"]
    assert (rows[0].attempt_id, rows[0].number) == (second, 2)


def test_who_was_taken_off_the_roster_before_starting_is_not_at_the_desk(app, session):
    sitting_id, _ = rooms.room(1)
    place = factories.registration(sitting_id, factories.user("gone"), agreed=False)
    session.get_one(Registration, place).state = "voided"
    session.commit()

    assert names(sitting_id) == ["candidate1"]
    assert sum(desk.totals(sitting_id, now=NOW).values()) == 1


def test_sorting_by_deadline_puts_the_first_to_end_first_and_the_others_last(app, session):
    sitting_id, (first, _) = rooms.room(2)
    factories.registration(sitting_id, factories.user("waiting"))
    proctoring.add_minutes(
        sitting_id, [first], minutes=5, reason="x", actor=rooms.proctor(), now=NOW
    )

    assert names(sitting_id, sort="deadline") == ["candidate2", "candidate1", "waiting"]


def test_who_gets_more_is_seen_before_and_after_the_start(app, session):
    sitting_id = factories.sitting(rooms.exam())
    user_id = factories.user("candidate1")
    factories.accommodation(user_id, factor=1.5, breaks=20, separate_room=True)
    place = factories.registration(sitting_id, user_id)

    before = listed(sitting_id)[0].provision
    rooms.starting.start(place, user_id=user_id, seed=1, actor=Actor(), now=NOW)
    after = listed(sitting_id)[0].provision

    assert before == after
    assert (after.time_factor, after.breaks, after.separate_room) == (1.5, minutes(20), True)


# ── counts ────────────────────────────────────────────────────────────────────

writes = st.lists(
    st.tuples(
        st.integers(1, 3),
        st.integers(1, 3),
        st.none() | st.just("a"),
        st.sampled_from(["accepted", "superseded", "held"]),
        st.none() | st.booleans(),
    ),
    max_size=12,
)


@given(rows=writes)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_answered_is_what_the_rule_of_the_last_save_says(app, session, one_attempt, rows):
    attempt_id, user_id = one_attempt
    with session.begin_nested() as savepoint:
        for seq, (position, epoch, answer, state, decision) in enumerate(rows, start=1):
            save = Save(
                attempt_id=attempt_id, epoch=epoch, seq=seq, position=position, answer=answer,
                flagged=False, spent_ms=1, state=state, received_at=NOW, receipt="x",
            )  # fmt: skip
            session.add(save)
            session.flush()
            if state == "held" and decision is not None:
                session.add(
                    SaveDecision(
                        save_id=save.id, accepted=decision, decided_by=user_id, reason="x", at=NOW
                    )
                )
        session.flush()
        current = current_answers(saves_of(attempt_id))

        answered = answered_counts([attempt_id]).get(attempt_id, 0)
        waiting = held_counts([attempt_id]).get(attempt_id, 0)
        savepoint.rollback()

    assert answered == sum(save.answer is not None for save in current.values())
    assert waiting == sum(state == "held" and decided is None for *_, state, decided in rows)


@pytest.fixture
def one_attempt(app, session):
    _, (attempt_id,) = rooms.room(1)
    return attempt_id, rooms.attempt(attempt_id).user_id


def test_filters_by_signals_and_held_saves_find_who_has_some(app, session):
    sitting_id, (first, second, _) = rooms.room(3)
    for attempt_id, kind in ((first, "window_left"), (second, "message")):
        session.add(
            rooms.AttemptEvent(attempt_id=attempt_id, at=NOW, kind=kind, detail={"seconds": 4})
        )
    held = {"epoch": 1, "position": 1, "answer": "a", "flagged": False, "spent_ms": 1}
    for attempt_id, seq in ((first, 1), (second, 2)):
        session.add(
            Save(attempt_id=attempt_id, seq=seq, state="held", received_at=NOW, receipt="x", **held)
        )
    session.flush()
    decided = session.scalar(select(Save.id).where(Save.attempt_id == first))
    decider = rooms.attempt(first).user_id
    session.add(
        SaveDecision(save_id=decided, accepted=False, decided_by=decider, reason="x", at=NOW)
    )
    session.commit()

    assert names(sitting_id, marks="signals") == ["candidate1"]
    assert names(sitting_id, marks="held") == ["candidate2"]
    assert [(row.signals, row.held) for row in listed(sitting_id)] == [(1, 0), (0, 1), (0, 0)]


def test_the_desk_runs_as_many_statements_with_thirty_rows_as_with_one(app, session, statements):
    sitting_id, _ = rooms.room(1)

    def cost():
        statements.clear()
        listed(sitting_id)
        desk.totals(sitting_id, now=NOW)
        return len(statements)

    cost()
    with_one = cost()
    for number in range(10, 39):
        rooms.begin(sitting_id, f"more{number}")

    assert cost() == with_one <= 9
    assert len(listed(sitting_id)) == 30


def test_a_page_holds_fifty(app, session):
    sitting_id, _ = rooms.room(0)
    for number in range(51):
        user_id = factories.user(f"user{number:02d}", name=f"{number:02d}")
        factories.accounts.enrol(user_id, scheme_id="unit", due_at=None, actor=Actor(), now=NOW)
        registrations.register(sitting_id, user_id=user_id, now=NOW)

    first, second = listed(sitting_id), listed(sitting_id, page=2)

    assert (len(first), [row.username for row in second]) == (50, ["user50"])


# ── whom a form is about ──────────────────────────────────────────────────────


def test_targets_are_people_of_this_sitting_alone(app, session):
    sitting_id, (first, second) = rooms.room(2)
    _, stranger = rooms.other_room()
    waiting = factories.registration(sitting_id, factories.user("waiting", name="等"))

    found = targets(
        sitting_id,
        registration_ids=[waiting, rooms.attempt(stranger).registration_id],
        attempt_ids=[first, stranger],
    )

    assert {(t.registration_id, t.attempt_id) for t in found} == {
        (waiting, None),
        (rooms.attempt(first).registration_id, first),
    }
    assert second not in {t.attempt_id for t in found}


# ── one candidate ─────────────────────────────────────────────────────────────


def test_the_deadline_is_explained_by_parts_that_add_up(app, session):
    sitting_id, (attempt_id,) = rooms.room(1, hours=2)
    proctor = rooms.proctor()
    proctoring.add_minutes(sitting_id, [attempt_id], minutes=10, reason="x", actor=proctor, now=NOW)
    proctoring.pause(sitting_id, [attempt_id], reason="x", actor=proctor, now=NOW)
    proctoring.resume(sitting_id, [attempt_id], reason="x", actor=proctor, now=NOW + minutes(5))

    person = candidates.candidate_of_attempt(sitting_id, attempt_id, now=NOW + minutes(5))

    shown = person.attempt
    assert shown.by_proctor == minutes(10)
    assert shown.clockwork.granted - shown.by_proctor == minutes(5)
    assert (shown.own_end, shown.outer_end) == (NOW + minutes(75), NOW + minutes(135))
    assert shown.deadline_at == min(shown.own_end, shown.outer_end)
    assert shown.remaining == minutes(70)


def test_a_candidate_of_another_sitting_is_not_there(app, session):
    sitting_id, _ = rooms.room(1)
    _, stranger = rooms.other_room()

    assert candidates.candidate_of_attempt(sitting_id, stranger, now=NOW) is None
    place = rooms.attempt(stranger).registration_id
    assert candidates.candidate(sitting_id, place, now=NOW) is None


def test_the_timeline_has_the_place_and_the_attempt_in_the_order_of_events(app, session):
    sitting_id, (attempt_id, other) = rooms.room(2)
    proctor = rooms.proctor()
    proctoring.message(sitting_id, [attempt_id], text="你好", actor=proctor, now=NOW + minutes(1))
    proctoring.message(sitting_id, [other], text="别人", actor=proctor, now=NOW + minutes(1))
    place = rooms.attempt(attempt_id).registration_id

    def kinds(**filters):
        found = candidates.timeline(place, attempt_id, TimelineFilter(**filters), page=1)
        return [entry.kind for entry in found.rows]

    assert kinds(sort="oldest") == ["registered", "agreed", "make_ready", "start", "message"]
    assert kinds() == list(reversed(kinds(sort="oldest")))
    assert kinds(about="acts") == ["message"]
    assert kinds(about="signals") == []


# ── who may have been affected ────────────────────────────────────────────────


def test_who_was_open_in_an_interval_and_who_probably_was_hit(app, session):
    sitting_id, (silent, writing, lost, done) = rooms.room(4)
    late = rooms.begin(sitting_id, "later9", now=NOW + minutes(40))
    since, until = NOW + minutes(10), NOW + minutes(20)
    base = {"epoch": 1, "seq": 1, "position": 1, "answer": "a", "flagged": False, "spent_ms": 1}
    for attempt_id in (writing, lost, done):
        session.add(
            Save(
                attempt_id=attempt_id, state="accepted", received_at=since + minutes(1),
                receipt="x", **base,
            )
        )  # fmt: skip
    for attempt_id, seen in ((silent, 30), (writing, 30), (lost, 12), (done, 12)):
        session.get_one(Attempt, attempt_id).seen_at = NOW + minutes(seen)
    session.commit()
    attempts.submit(done, user_id=rooms.attempt(done).user_id, actor=Actor(), now=NOW + minutes(12))

    found = incidents.possibly_affected(sitting_id, since=since, until=until)

    assert {row.attempt_id: row.is_likely for row in found} == {
        silent: True,
        writing: False,
        lost: True,
        done: False,
    }
    assert late not in {row.attempt_id for row in found}
