"""The machine's part of a pre-flight, at and around every limit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.preflight import machine
from app.domain.preflight.checks import Subject, Verdict, go, no_go, overall, warn
from app.domain.preflight.machine import ClockFacts

NOW = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)
GO, WARN, NO_GO = Verdict.GO, Verdict.WARN, Verdict.NO_GO
SECOND = timedelta(seconds=1)


def verdicts(checks):
    return [check.verdict for check in checks]


def clock(**changes):
    facts = {"offset": None, "newest": NOW, "synchronised": True, **changes}
    return verdicts(machine.clock(ClockFacts(**facts), now=NOW))


def test_one_clock_that_runs_forward_and_is_synchronised_is_a_go():
    assert clock() == [GO, GO]


@pytest.mark.parametrize(
    ("seconds", "verdict"),
    [(0, GO), (1, GO), (1.1, WARN), (5, WARN), (5.1, NO_GO), (-1, GO), (-1.1, WARN), (-6, NO_GO)],
)
def test_the_database_s_clock_may_be_a_second_off_in_either_direction(seconds, verdict):
    assert clock(offset=timedelta(seconds=seconds))[0] is verdict


@pytest.mark.parametrize(
    ("newest", "verdict"),
    [(None, GO), (NOW - SECOND, GO), (NOW + 5 * SECOND, GO), (NOW + 6 * SECOND, NO_GO)],
)
def test_a_clock_that_was_set_back_is_a_no_go(newest, verdict):
    assert clock(newest=newest)[0] is verdict


@pytest.mark.parametrize(("told", "verdict"), [(True, GO), (False, WARN), (None, WARN)])
def test_a_clock_that_nobody_keeps_right_is_a_warning(told, verdict):
    assert clock(synchronised=told)[1] is verdict


@pytest.mark.parametrize(
    ("age", "verdict"), [(0, GO), (59, GO), (180, GO), (181, NO_GO), (-5, GO), (-6, NO_GO)]
)
def test_a_worker_silent_for_more_than_three_minutes_is_a_no_go(age, verdict):
    assert machine.worker(NOW - timedelta(seconds=age), now=NOW).verdict is verdict


def test_a_worker_that_never_ran_is_a_no_go():
    assert machine.worker(None, now=NOW).verdict is NO_GO


@given(candidates=st.integers(0, 10_000), questions=st.integers(0, 200), texts=st.integers(0, 20))
def test_the_disk_has_to_hold_the_exam_and_the_reserve_to_the_byte(candidates, questions, texts):
    need = machine.bytes_needed(candidates=candidates, questions=questions, texts=texts)

    assert need >= machine.RESERVE
    assert machine.disk("Database", need, need=need).verdict is GO
    assert machine.disk("Database", need - 1, need=need).verdict is NO_GO


@given(candidates=st.integers(1, 1000), questions=st.integers(1, 100), texts=st.integers(1, 20))
def test_more_people_questions_or_texts_need_more(candidates, questions, texts):
    def need(**more):
        facts = {"candidates": candidates, "questions": questions, "texts": texts}
        for name, amount in more.items():
            facts[name] += amount
        return machine.bytes_needed(**facts)

    assert need() < min(need(candidates=1), need(questions=1), need(texts=1))


def test_a_disk_that_cannot_be_seen_is_a_warning():
    assert machine.disk("Database", None, need=1).verdict is WARN


@pytest.mark.parametrize(
    ("problem", "given_up", "waiting", "expected"),
    [
        (None, 0, 0, [GO]),
        ("refused", 0, 0, [NO_GO]),
        (None, 1, 0, [GO, WARN]),
        (None, 0, 1, [GO, WARN]),
        ("refused", 2, 3, [NO_GO, WARN, WARN]),
    ],
)
def test_mails_have_to_go_out(problem, given_up, waiting, expected):
    assert verdicts(machine.mail(problem, given_up=given_up, waiting=waiting)) == expected


SAFE = {
    "sqlite": {"journal_mode": "wal", "synchronous": "2"},
    "postgresql": {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"},
}


@pytest.mark.parametrize("kind", list(SAFE))
def test_a_database_that_keeps_what_it_answered_is_a_go(kind):
    assert verdicts(machine.database(kind, SAFE[kind], is_migrated=True)) == [GO]


@pytest.mark.parametrize(
    ("kind", "setting", "value"),
    [
        ("sqlite", "journal_mode", "memory"),
        ("sqlite", "synchronous", "1"),
        ("sqlite", "synchronous", "0"),
        ("postgresql", "fsync", "off"),
        ("postgresql", "synchronous_commit", "off"),
        ("postgresql", "full_page_writes", "off"),
    ],
)
def test_each_setting_that_could_lose_a_receipt_is_a_no_go(kind, setting, value):
    found = machine.database(kind, {**SAFE[kind], setting: value}, is_migrated=True)

    assert verdicts(found) == [NO_GO]
    assert found[0].parameters == {"setting": setting, "value": value}


def test_a_setting_that_is_not_told_is_a_no_go():
    assert verdicts(machine.database("sqlite", {"journal_mode": "wal"}, is_migrated=True)) == [
        NO_GO
    ]


def test_tables_of_another_release_are_a_no_go():
    assert verdicts(machine.database("sqlite", SAFE["sqlite"], is_migrated=False)) == [NO_GO]


@given(st.lists(st.sampled_from([go, warn, no_go])))
def test_the_whole_is_as_bad_as_its_worst_part(makers):
    found = overall([make(Subject.CLOCK, "x") for make in makers])

    expected = NO_GO if no_go in makers or not makers else WARN if warn in makers else GO
    assert found is expected
