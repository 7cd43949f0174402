"""The words of the event log: no two mean the same, and signals are no moves."""

from __future__ import annotations

from app.domain.attempts import Move
from app.domain.events import NOTICES, PAGE_SIGNALS, SIGNALS, Event


def test_no_fact_is_written_like_a_move():
    assert not {event.value for event in Event} & {move.value for move in Move}


def test_a_signal_moves_nothing_and_is_no_notice():
    assert not SIGNALS & NOTICES
    assert not {signal.value for signal in SIGNALS} & {move.value for move in Move}


def test_a_page_reports_about_itself_and_not_about_devices_and_addresses():
    assert set(PAGE_SIGNALS) == {"window_left", "paste", "fullscreen_left"}
    assert set(SIGNALS - PAGE_SIGNALS) == {"second_device", "address_changed"}


def test_a_candidate_is_told_of_messages_and_of_the_clock_and_of_nothing_else():
    assert set(NOTICES) == {"message", "time_added", "pause", "resume"}


def test_kinds_fit_their_column():
    assert all(len(kind) <= 40 for kind in [*Event, *Move])
