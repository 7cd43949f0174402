"""What a reviewer makes of an attempt's signals, and what the candidate may say about them.

Signals never fail anybody by themselves (promise 11): nothing here knows of scores, and no rule
turns a number of seconds into a decision.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from app.domain.errors import DomainError, ErrorKind
from app.domain.events import ReviewDecision
from app.domain.text import N_

SHORT_LOSS = 3
"""Seconds. A window left for less is what a system message or a stray click does."""
LONGEST_LOSS = 24 * 3600
"""Seconds. What a page reports beyond this is not a time that anybody was away."""
STATEMENT_TIME = timedelta(days=30)
"""How long after the end of an attempt its candidate may say something about it."""
LONGEST_STATEMENT = 2000
MOST_STATEMENTS = 20
LONGEST_NOTE = 1000


class StatementRefused(DomainError):
    """The candidate cannot say this, or cannot say it now; the sentence tells why."""


class ReviewRefused(DomainError):
    """The reviewer cannot decide this; the sentence tells why."""


def seconds_away(detail: Mapping[str, object]) -> float:
    """How long a window was left, as its page said; 0 where it said nothing credible."""
    seconds = detail.get("seconds")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return 0.0
    return float(seconds) if 0 <= seconds <= LONGEST_LOSS else 0.0


def is_short(detail: Mapping[str, object]) -> bool:
    """Whether a window was left so briefly that it is not counted unless asked for."""
    return seconds_away(detail) < SHORT_LOSS


def may_state(closed_at: datetime | None, *, now: datetime) -> bool:
    """Whether the candidate may still add a statement: after the end, for thirty days."""
    return closed_at is not None and now <= closed_at + STATEMENT_TIME


def checked_statement(text: str, *, closed_at: datetime | None, earlier: int, now: datetime) -> str:
    """The statement without blanks around it; raises StatementRefused.

    earlier: how many this candidate has made about the attempt; each of them stays.
    """
    text = text.strip()
    if not may_state(closed_at, now=now):
        raise StatementRefused(
            "statement-too-late",
            N_("A statement can be added from the end of the exam, for %(days)s days."),
            kind=ErrorKind.CONFLICT,
            days=STATEMENT_TIME.days,
        )
    if earlier >= MOST_STATEMENTS:
        raise StatementRefused(
            "too-many-statements",
            N_("There are %(most)s statements already. Speak to your training department."),
            kind=ErrorKind.CONFLICT,
            most=MOST_STATEMENTS,
        )
    if not text or "\x00" in text:
        raise StatementRefused("statement-missing", N_("Write your statement."))
    if len(text) > LONGEST_STATEMENT:
        raise StatementRefused(
            "statement-too-long",
            N_("A statement has at most %(most)s characters; this one has %(count)s."),
            most=LONGEST_STATEMENT,
            count=len(text),
        )
    return text


def checked_note(decision: ReviewDecision, note: str) -> str:
    """The reviewer's note without blanks around it; raises ReviewRefused.

    Whoever finds nothing may leave it empty; every other decision says why.
    """
    note = note.strip()
    if "\x00" in note or (not note and decision is not ReviewDecision.NO_CONCERN):
        raise ReviewRefused("note-missing", N_("Write a note: what was found, and what follows."))
    if len(note) > LONGEST_NOTE:
        raise ReviewRefused(
            "note-too-long",
            N_("A note has at most %(most)s characters; this one has %(count)s."),
            most=LONGEST_NOTE,
            count=len(note),
        )
    return note
