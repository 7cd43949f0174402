"""Integrity signals: which attempts of a sitting have some, and the timeline of one attempt.

No score is read here, so that nothing on these pages can suggest that a signal changes one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from app.db import AnyRow, AnySelect, db
from app.domain.attempts import Move
from app.domain.events import SIGNALS, Event
from app.domain.signals import LONGEST_LOSS, SHORT_LOSS
from app.models.accounts import User
from app.models.attempts import Attempt, AttemptEvent
from app.models.sittings import Registration
from app.queries.attempt_heads import names_contain
from app.queries.paging import Page, paged

TO_REVIEW = SIGNALS | {Event.IRREGULARITY, Event.STATEMENT}
"""What a reviewer looks at; whatever comes after a review asks for another one."""
SIDES = frozenset({Move.START, Move.PAUSE, Move.RESUME, Move.SUBMIT, Move.EXPIRE, Move.VOID})
"""Moves that a timeline shows, so that a signal can be placed."""
ENTRIES = 100
"""Entries of a timeline on one page."""


@dataclass(frozen=True, slots=True)
class SignalFilter:
    """What the list shows; "" leaves a filter open.

    kind: one of TO_REVIEW. least: seconds that the window was left for, at least. reviewed:
    "yes", or "no" for those that wait. short: "yes" counts short losses too. sort: see _SORTS.
    """

    search: str = ""
    kind: str = ""
    least: str = ""
    reviewed: str = ""
    short: str = ""
    sort: str = "seconds"

    @property
    def least_seconds(self) -> int:
        """`least` as a number; 0 where it is none."""
        return int(self.least[:6]) if self.least.isdecimal() and self.least.isascii() else 0


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One event of an attempt's log. actor: the name of whoever acted, None for the system."""

    id: int
    at: datetime
    kind: str
    actor: str | None
    address: str
    browser: str
    detail: Mapping[str, Any]


def signal_attempts(sitting_id: int, filters: SignalFilter, *, page: int) -> Page[AnyRow]:
    """Attempts of the sitting with something to review: two statements."""
    counted = _counted(sitting_id, with_short=filters.short == "yes").subquery()
    review = select(AttemptEvent.id, AttemptEvent.at, AttemptEvent.detail).subquery()
    waits = and_(
        counted.c.last_id.is_not(None),
        or_(counted.c.seen_id.is_(None), counted.c.seen_id < counted.c.last_id),
    )
    statement = (
        select(
            Attempt.id,
            Attempt.number,
            Attempt.state,
            Attempt.user_id,
            User.name,
            User.username,
            Registration.admission_number,
            counted,
            waits.label("waits"),
            review.c.at.label("reviewed_at"),
            review.c.detail.label("review"),
        )
        .join(counted, counted.c.attempt_id == Attempt.id)
        .join(User, User.id == Attempt.user_id)
        .join(Registration, Registration.id == Attempt.registration_id)
        .outerjoin(review, review.c.id == counted.c.review_id)
    )
    if filters.search:
        statement = statement.where(names_contain(filters.search))
    if filters.kind in TO_REVIEW:
        statement = statement.where(counted.c[filters.kind] > 0)
    if filters.least_seconds:
        statement = statement.where(counted.c.seconds >= filters.least_seconds)
    if filters.reviewed:
        reviewed = and_(counted.c.review_id.is_not(None), ~waits)
        statement = statement.where(reviewed if filters.reviewed == "yes" else waits)
    sorts = {
        "seconds": (counted.c.seconds.desc(), counted.c.signals.desc(), Attempt.id),
        "signals": (counted.c.signals.desc(), Attempt.id),
        "name": (User.name, User.username, Attempt.id),
        "latest": (counted.c.last_at.desc(), Attempt.id),
    }
    return paged(statement.order_by(*sorts.get(filters.sort, sorts["seconds"])), number=page)


def timeline(attempt_id: int, *, page: int) -> Page[TimelineEntry]:
    """Signals and irregularities in the order they came, between the attempt's moves."""
    kinds = SIGNALS | {Event.IRREGULARITY} | SIDES
    statement = _events(attempt_id, kinds).order_by(AttemptEvent.at, AttemptEvent.id)
    found = paged(statement, number=page, size=ENTRIES)
    return Page([_entry(row) for row in found.rows], found.number, found.total, found.size)


def events_of(attempt_id: int, kinds: Collection[str]) -> list[TimelineEntry]:
    """Events of these kinds, the oldest first; at most a thousand."""
    rows = db.session.execute(
        _events(attempt_id, kinds).order_by(AttemptEvent.at, AttemptEvent.id).limit(1000)
    )
    return [_entry(row) for row in rows]


def signal_sums(sitting_id: int, attempt_id: int) -> AnyRow | None:
    """The counts of one attempt, short losses apart; None where there is nothing to review."""
    counted = _counted(sitting_id, with_short=False).where(AttemptEvent.attempt_id == attempt_id)
    return db.session.execute(counted).one_or_none()


def _counted(sitting_id: int, *, with_short: bool) -> AnySelect:
    """Per attempt: how often each kind, seconds away, the last thing to review, the last review.

    Short losses of the window are counted apart, unless with_short: then last_id, which a
    review must have seen, may be one of them.
    """
    kind = AttemptEvent.kind
    seconds = _seconds_away()
    is_short = and_(kind == Event.WINDOW_LEFT, seconds < (0 if with_short else SHORT_LOSS))
    is_review = kind == Event.SIGNALS_REVIEWED
    matters = and_(kind.in_(TO_REVIEW), ~is_short)
    counts = [
        func.count().filter(kind == each, ~is_short).label(each.value) for each in sorted(TO_REVIEW)
    ]
    return (
        select(
            AttemptEvent.attempt_id,
            *counts,
            func.count().filter(is_short).label("short"),
            func.count().filter(kind.in_(SIGNALS), ~is_short).label("signals"),
            func.coalesce(func.sum(seconds).filter(~is_short), 0.0).label("seconds"),
            func.max(AttemptEvent.id).filter(matters).label("last_id"),
            func.max(AttemptEvent.at).filter(matters).label("last_at"),
            func.max(AttemptEvent.id).filter(kind.in_(TO_REVIEW)).label("newest_id"),
            func.max(AttemptEvent.id).filter(is_review).label("review_id"),
            func.max(case((is_review, AttemptEvent.detail["seen"].as_integer()))).label("seen_id"),
        )
        .join(Attempt, Attempt.id == AttemptEvent.attempt_id)
        .where(Attempt.sitting_id == sitting_id, kind.in_(TO_REVIEW | {Event.SIGNALS_REVIEWED}))
        .group_by(AttemptEvent.attempt_id)
        .having(func.count().filter(kind.in_(TO_REVIEW)) > 0)
    )


def _seconds_away() -> ColumnElement[float]:
    """The same as `domain/signals.seconds_away`, in the database.

    A page says what it likes: what is no number, or no time, counts as 0 and breaks nothing.
    """
    detail = AttemptEvent.detail
    if db.session.get_bind().dialect.name == "postgresql":
        is_number = func.jsonb_typeof(detail["seconds"]) == "number"
    else:
        is_number = func.json_type(detail, "$.seconds").in_(("integer", "real"))
    said = case((is_number, detail["seconds"].as_float()), else_=0.0)
    is_left = AttemptEvent.kind == Event.WINDOW_LEFT
    return case((and_(is_left, said.between(0, LONGEST_LOSS)), said), else_=0.0)


def _events(attempt_id: int, kinds: Collection[str]) -> AnySelect:
    return (
        select(
            AttemptEvent.id,
            AttemptEvent.at,
            AttemptEvent.kind,
            User.name.label("actor"),
            AttemptEvent.address,
            AttemptEvent.browser,
            AttemptEvent.detail,
        )
        .outerjoin(User, User.id == AttemptEvent.actor_id)
        .where(AttemptEvent.attempt_id == attempt_id, AttemptEvent.kind.in_(kinds))
    )


def _entry(row: AnyRow) -> TimelineEntry:
    return TimelineEntry(
        id=row.id,
        at=row.at,
        kind=row.kind,
        actor=row.actor,
        address=row.address,
        browser=row.browser,
        detail=row.detail,
    )
