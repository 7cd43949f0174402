"""Which of its panels the page of a sitting shows to a candidate: the next step, and no other."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from app.domain.attempts import AttemptState
from app.domain.sittings import SittingState
from app.queries.own_sittings import SittingCard


class Stage(StrEnum):
    """How far a candidate is on the way into an exam."""

    RUNNING = "running"
    PASSED = "passed"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    FULL = "full"
    REGISTER = "register"
    USED_UP = "used_up"
    AGREE = "agree"
    ADMISSION = "admission"
    TICKET = "ticket"
    EARLY = "early"
    START = "start"


WAITING = frozenset({Stage.ADMISSION, Stage.EARLY, Stage.TICKET})
"""Stages that end without the candidate: the page looks again by itself."""


def stage_of(card: SittingCard, *, now: datetime) -> Stage:
    """The stage of whoever the card belongs to."""
    over = _over(card, now=now)
    if over is not None:
        return over
    if card.place is None:
        return Stage.FULL if card.full else Stage.REGISTER
    if card.used >= card.attempts_allowed:
        return Stage.USED_UP
    if not card.place.agreed:
        return Stage.AGREE
    if card.place.state is AttemptState.REGISTERED:
        return Stage.ADMISSION
    if card.needs_ticket and not card.place.ticket_used:
        return Stage.TICKET
    return Stage.EARLY if card.window(now) is SittingState.PLANNED else Stage.START


def starts_at_once(card: SittingCard, *, now: datetime) -> bool:
    """Whether nothing stands between the agreement and the first question."""
    if card.place is None or card.window(now) is not SittingState.OPEN:
        return False
    is_seen = card.place.admitted or not card.needs_admission
    return is_seen and (card.place.ticket_used or not card.needs_ticket)


def _over(card: SittingCard, *, now: datetime) -> Stage | None:
    """The stage of a way that leads on into the exam, or nowhere."""
    if card.running is not None:
        return Stage.RUNNING
    if card.passed is not None:
        return Stage.PASSED
    if card.cancelled_at is not None:
        return Stage.CANCELLED
    if card.withdrawn:
        return Stage.WITHDRAWN
    return Stage.CLOSED if card.window(now) is SittingState.CLOSED else None
