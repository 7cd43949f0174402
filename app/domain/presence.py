"""Where a candidate of a sitting is right now, as the proctor's desk shows it."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.attempts import OPEN_STATES, AttemptState
from app.domain.timing import is_over

OFFLINE_AFTER = timedelta(seconds=45)
"""Three missed heartbeats of an exam page."""

IDLE_AFTER = timedelta(minutes=5)
"""Without a changed answer for this long, while the page is there."""


class Presence(StrEnum):
    """What a candidate is doing."""

    REGISTERED = "registered"
    READY = "ready"
    WORKING = "working"
    IDLE = "idle"
    OFFLINE = "offline"
    PAUSED = "paused"
    FINISHED = "finished"
    VOIDED = "voided"


IN_THE_EXAM = frozenset({Presence.WORKING, Presence.IDLE, Presence.OFFLINE, Presence.PAUSED})
"""The presences of an open attempt."""


def presence(
    state: AttemptState,
    *,
    seen_at: datetime | None = None,
    saved_at: datetime | None = None,
    started_at: datetime | None = None,
    deadline_at: datetime | None = None,
    pause_ends_at: datetime | None = None,
    now: datetime,
) -> Presence:
    """The presence of somebody whose attempt (or registration) is in `state`.

    seen_at: when the page last spoke to the server. saved_at: when an answer last arrived.
    Whoever is past their deadline has finished, and whose pause has run out is no longer
    paused, although nobody has written that down yet.
    """
    if state is AttemptState.VOIDED:
        return Presence.VOIDED
    if state is AttemptState.REGISTERED:
        return Presence.REGISTERED
    if state is AttemptState.READY:
        return Presence.READY
    if state not in OPEN_STATES or (deadline_at is not None and is_over(deadline_at, now=now)):
        return Presence.FINISHED
    if state is AttemptState.PAUSED and (pause_ends_at is None or now < pause_ends_at):
        return Presence.PAUSED
    if seen_at is None or now - seen_at > OFFLINE_AFTER:
        return Presence.OFFLINE
    active_at = saved_at or started_at
    if active_at is None or now - active_at > IDLE_AFTER:
        return Presence.IDLE
    return Presence.WORKING
