"""One candidate of a sitting, for whoever runs it: times, the deadline, what happened.

No question, no answer and no score leaves this module.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, literal, select, union_all

from app.db import AnyRow, db
from app.domain.attempts import AttemptState
from app.domain.events import SIGNALS, Event
from app.domain.presence import IN_THE_EXAM, Presence, presence
from app.domain.timing import Clockwork
from app.models.accounts import User
from app.models.attempts import Attempt, AttemptEvent
from app.models.sittings import Registration, RegistrationEvent, Sitting
from app.queries.desk import time_left
from app.queries.desk_counts import answered_counts, held_counts, paper_sizes, signal_counts
from app.queries.paging import Page, paged

TIMELINE_SIZE = 50


@dataclass(frozen=True, slots=True)
class CandidateAttempt:
    """One attempt. clockwork: what its deadline comes from; by_proctor: of its granted time,
    what was given and not just stopped by a pause. address, browser: of the tab that writes.
    """

    id: int
    number: int
    state: AttemptState
    presence: Presence
    clockwork: Clockwork
    by_proctor: timedelta
    deadline_at: datetime
    remaining: timedelta
    closed_at: datetime | None
    seen_at: datetime
    saved_at: datetime | None
    address: str
    browser: str
    pause_kind: str | None
    pause_since: datetime | None
    pause_ends_at: datetime | None
    breaks: timedelta
    breaks_used: timedelta
    section: int
    sections: int
    answered: int
    questions: int
    signals: int
    held: int

    @property
    def is_open(self) -> bool:
        """Whether the candidate is still at it."""
        return self.presence in IN_THE_EXAM

    @property
    def own_end(self) -> datetime:
        """When the personal time is used up, whatever the sitting's window."""
        clock = self.clockwork
        return clock.started_at + clock.limit * clock.factor + clock.granted

    @property
    def outer_end(self) -> datetime:
        """The end of the window for this person."""
        return self.clockwork.window_end + self.clockwork.late_allowance


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person's place in a sitting. attempts: (id, number, state) of all of them."""

    registration_id: int
    user_id: int
    name: str
    username: str
    department: str
    admission_number: str
    state: AttemptState
    agreed_at: datetime | None
    admitted_at: datetime | None
    ticket_is_out: bool
    ticket_used_at: datetime | None
    attempts: tuple[tuple[int, int, str], ...]
    attempt: CandidateAttempt | None

    @property
    def presence(self) -> Presence:
        """What the candidate is doing, by the attempt that is shown."""
        if self.attempt is not None:
            return self.attempt.presence
        return Presence(self.state.value)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the timeline. of_attempt: False for what concerns the place itself.

    actor: name of whoever did it, None for the system.
    """

    at: datetime
    kind: str
    of_attempt: bool
    actor: str | None
    address: str
    browser: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TimelineFilter:
    """What the timeline shows. about: "", "signals" or "acts" (of staff). sort: "newest" or
    "oldest".
    """

    about: str = ""
    sort: str = "newest"


ACTS = frozenset(
    {
        Event.ADMITTED,
        Event.ADMISSION_WITHDRAWN,
        Event.DOOR_UNLOCKED,
        Event.TICKET_ISSUED,
        Event.MESSAGE,
        Event.TIME_ADDED,
        Event.FORCE_SUBMIT,
        Event.IRREGULARITY,
        Event.HELD_SAVES_DECIDED,
        Event.ANSWER_FILE,
        Event.RESCORED,
        Event.SIGNALS_REVIEWED,
        Event.INCIDENT,
        "pause",
        "resume",
        "void",
        "reinstate",
    }
)
"""What staff does to a candidate."""


def candidate_of_attempt(sitting_id: int, attempt_id: int, *, now: datetime) -> Candidate | None:
    """The candidate of one attempt of this sitting, None where it is of another."""
    registration_id = db.session.scalar(
        select(Attempt.registration_id).where(
            Attempt.id == attempt_id, Attempt.sitting_id == sitting_id
        )
    )
    if registration_id is None:
        return None
    return candidate(sitting_id, registration_id, attempt_id=attempt_id, now=now)


def candidate(
    sitting_id: int, registration_id: int, *, now: datetime, attempt_id: int | None = None
) -> Candidate | None:
    """A place in this sitting with the attempt that is asked for, or the latest one."""
    row = db.session.execute(
        select(Registration, User.name, User.username, User.department, Sitting.closes_at)
        .join(User, User.id == Registration.user_id)
        .join(Sitting, Sitting.id == Registration.sitting_id)
        .where(Registration.id == registration_id, Registration.sitting_id == sitting_id)
    ).one_or_none()
    if row is None:
        return None
    place = row.Registration
    attempts = db.session.scalars(
        select(Attempt).where(Attempt.registration_id == place.id).order_by(Attempt.number)
    ).all()
    wanted = [a for a in attempts if attempt_id is None or a.id == attempt_id]
    return Candidate(
        registration_id=place.id,
        user_id=place.user_id,
        name=row.name,
        username=row.username,
        department=row.department,
        admission_number=place.admission_number,
        state=AttemptState(place.state),
        agreed_at=place.agreed_at,
        admitted_at=place.admitted_at,
        ticket_is_out=place.ticket_hash is not None,
        ticket_used_at=place.ticket_used_at,
        attempts=tuple((a.id, a.number, a.state) for a in attempts),
        attempt=_attempt(wanted[-1], window_end=row.closes_at, now=now) if wanted else None,
    )


def timeline(
    registration_id: int, attempt_id: int | None, filters: TimelineFilter, *, page: int
) -> Page[Entry]:
    """What happened to the place and to one attempt, in one list: two statements."""
    of_place = _events(RegistrationEvent, of_attempt=False).where(
        RegistrationEvent.registration_id == registration_id
    )
    of_attempt = _events(AttemptEvent, of_attempt=True).where(
        AttemptEvent.attempt_id == (attempt_id or 0)
    )
    events = union_all(of_place, of_attempt).subquery()
    statement = select(events, User.name.label("actor")).outerjoin(
        User, User.id == events.c.actor_id
    )
    if filters.about == "signals":
        statement = statement.where(events.c.kind.in_(SIGNALS))
    if filters.about == "acts":
        statement = statement.where(events.c.kind.in_(ACTS), events.c.actor_id.is_not(None))
    order = [events.c.at, events.c.of_attempt, events.c.id]
    if filters.sort == "oldest":
        statement = statement.order_by(*order)
    else:
        statement = statement.order_by(*(column.desc() for column in order))
    found = paged(statement, number=page, size=TIMELINE_SIZE)
    return Page([_entry(row) for row in found.rows], found.number, found.total, found.size)


def _events(log: type[AttemptEvent] | type[RegistrationEvent], *, of_attempt: bool) -> Any:
    return select(
        log.id,
        log.at,
        log.kind,
        log.actor_id,
        log.address,
        log.browser,
        log.detail,
        literal(int(of_attempt)).label("of_attempt"),
    )


def _entry(row: AnyRow) -> Entry:
    return Entry(
        at=row.at,
        kind=row.kind,
        of_attempt=bool(row.of_attempt),
        actor=row.actor,
        address=row.address,
        browser=row.browser,
        detail=row.detail,
    )


def _attempt(attempt: Attempt, *, window_end: datetime, now: datetime) -> CandidateAttempt:
    questions, sections = paper_sizes([attempt.paper_id]).get(attempt.paper_id, (0, 1))
    minutes = db.session.scalar(
        select(func.sum(AttemptEvent.detail["minutes"].as_integer())).where(
            AttemptEvent.attempt_id == attempt.id, AttemptEvent.kind == Event.TIME_ADDED
        )
    )
    return CandidateAttempt(
        id=attempt.id,
        number=attempt.number,
        state=AttemptState(attempt.state),
        presence=presence(
            AttemptState(attempt.state),
            seen_at=attempt.seen_at,
            saved_at=attempt.saved_at,
            started_at=attempt.started_at,
            deadline_at=attempt.deadline_at,
            pause_ends_at=attempt.pause_ends_at,
            now=now,
        ),
        clockwork=Clockwork(
            started_at=attempt.started_at,
            limit=timedelta(seconds=attempt.limit_seconds),
            window_end=window_end,
            factor=attempt.time_factor,
            granted=timedelta(seconds=attempt.granted_seconds),
            late_allowance=timedelta(seconds=attempt.late_seconds),
        ),
        by_proctor=timedelta(minutes=minutes or 0),
        deadline_at=attempt.deadline_at,
        remaining=time_left(attempt.deadline_at, attempt.pause_ends_at, now=now),
        closed_at=attempt.closed_at,
        seen_at=attempt.seen_at,
        saved_at=attempt.saved_at,
        address=attempt.address,
        browser=attempt.browser,
        pause_kind=attempt.pause_kind,
        pause_since=attempt.pause_since,
        pause_ends_at=attempt.pause_ends_at,
        breaks=timedelta(seconds=attempt.break_seconds),
        breaks_used=timedelta(seconds=attempt.break_used_seconds),
        section=attempt.section,
        sections=sections,
        answered=answered_counts([attempt.id]).get(attempt.id, 0),
        questions=questions,
        signals=signal_counts([attempt.id]).get(attempt.id, 0),
        held=held_counts([attempt.id]).get(attempt.id, 0),
    )
