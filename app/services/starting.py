"""Starting an attempt: the door, the rules of a retake, the paper, and the one insert."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from app.db import db, transactional
from app.domain.attempts import OPEN_STATES, AttemptState, Move, move_registration
from app.domain.entrance import check_access_code, check_address, check_browser
from app.domain.errors import DomainError, ErrorKind
from app.domain.events import Event
from app.domain.lockout import WINDOW
from app.domain.text import N_
from app.domain.timing import is_over
from app.models.accounts import User
from app.models.attempts import Attempt
from app.models.papers import Paper
from app.models.results import Result
from app.models.schemes import Exam
from app.models.sittings import Registration, RegistrationEvent, Sitting, SittingPaper
from app.queries.accommodations import provision_of
from app.queries.versions import paper_slots
from app.services.attempts import AttemptMissing
from app.services.sittings import SittingClosed
from app.services.trail import Actor, log_event
from app.services.transitions import deadline_of, expire_as_due

MOST_REFUSALS = 10
"""Refused tries at the door within the lockout's window, before it stays shut for a while."""


class NoAttemptLeft(DomainError):
    """The exam has been taken as often as its rules allow, or was passed."""

    def __init__(self) -> None:
        super().__init__(
            "no-attempt-left", N_("You have no attempt left in this exam."), kind=ErrorKind.CONFLICT
        )


class TooSoon(DomainError):
    """The waiting time between two attempts is not over."""

    def __init__(self, *, hours: int) -> None:
        super().__init__(
            "too-soon",
            N_("You can take this exam again in %(hours)s hours."),
            kind=ErrorKind.CONFLICT,
            hours=hours,
        )


class OtherExamOpen(DomainError):
    """Somebody is in the middle of another exam."""

    def __init__(self) -> None:
        super().__init__(
            "other-exam-open",
            N_("Another exam of yours is running. Finish it first."),
            kind=ErrorKind.CONFLICT,
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """What a candidate shows at the door: access code, the page's address, SEB's header."""

    access_code: str = ""
    url: str = ""
    seb_hash: str = ""


NO_ENTRY = Entry()


@transactional
def start(
    registration_id: int,
    *,
    user_id: int,
    seed: int,
    actor: Actor,
    now: datetime,
    entry: Entry = NO_ENTRY,
    today: date | None = None,
) -> int:
    """Start an attempt, or return the open one; returns its id.

    seed: draws the paper, and the order in which this candidate sees options. today: the day
    of the organisation's calendar, for accommodations; the day of `now` without it. Raises
    AttemptMissing, MoveRefused (not ready yet), SittingClosed, EntryRefused, NoAttemptLeft,
    TooSoon, OtherExamOpen.
    """
    registration, sitting, exam = _locked(registration_id, user_id)
    earlier = _earlier(user_id)
    for attempt, _ in earlier:
        if not _is_still_open(attempt, now=now):
            continue
        if attempt.registration_id == registration.id:
            return attempt.id
        raise OtherExamOpen
    state = move_registration(AttemptState(registration.state), Move.START)
    if sitting.cancelled_at or not sitting.opens_at <= now < sitting.closes_at:
        raise SittingClosed
    _check_door(registration, sitting, entry, address=actor.address, now=now)
    of_exam = [
        attempt
        for attempt, code in earlier
        if code == (exam.scheme_id, exam.code) and attempt.state != AttemptState.VOIDED
    ]
    _check_retake(of_exam, exam, now=now)
    paper_id = _pick_paper(
        sitting.id, {attempt.paper_id for attempt, _ in earlier}, random.Random(seed)
    )
    given = provision_of(user_id, on=today or now.date())
    limit = timedelta(minutes=exam.minutes)
    attempt = Attempt(
        registration_id=registration.id,
        sitting_id=sitting.id,
        exam_id=exam.id,
        user_id=user_id,
        paper_id=paper_id,
        number=1 + sum(a.registration_id == registration.id for a, _ in earlier),
        state=state.value,
        seed=seed,
        layout=_layout(paper_id, seed),
        started_at=now,
        limit_seconds=exam.minutes * 60,
        time_factor=given.time_factor,
        late_seconds=registration.late_seconds + int(given.late_allowance(limit).total_seconds()),
        granted_seconds=0,
        break_seconds=int(given.breaks.total_seconds()),
        larger_text=given.larger_text,
        deadline_at=now,
        seen_at=now,
    )
    attempt.deadline_at = deadline_of(attempt, window_end=sitting.closes_at)
    db.session.add(attempt)
    db.session.flush()
    log_event(
        attempt.id,
        Move.START,
        actor=actor,
        now=now,
        paper=paper_id,
        time_factor=given.time_factor,
        break_seconds=attempt.break_seconds,
        late_seconds=attempt.late_seconds,
        deadline_at=attempt.deadline_at.isoformat(),
    )
    return attempt.id


def _locked(registration_id: int, user_id: int) -> tuple[Registration, Sitting, Exam]:
    """The place, its sitting and exam. Raises AttemptMissing.

    Starts do not wait for each other, but for whoever changes or cancels the sitting; and two
    starts of one person are one after the other.
    """
    of_place = select(Registration.sitting_id).where(Registration.id == registration_id)
    db.session.execute(
        select(Sitting.id)
        .where(Sitting.id == of_place.scalar_subquery())
        .with_for_update(read=True, key_share=True)
    )
    row = db.session.execute(
        select(Registration, Sitting, Exam)
        .join(Sitting, Sitting.id == Registration.sitting_id)
        .join(Exam, Exam.id == Sitting.exam_id)
        .join(User, User.id == Registration.user_id)
        .where(Registration.id == registration_id, Registration.user_id == user_id)
        .with_for_update(of=(Registration, User), key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise AttemptMissing
    return row.Registration, row.Sitting, row.Exam


def _earlier(user_id: int) -> list[tuple[Attempt, tuple[str, str]]]:
    """Every attempt of this person, each with (scheme, exam code)."""
    rows = db.session.execute(
        select(Attempt, Exam.scheme_id, Exam.code)
        .join(Exam, Exam.id == Attempt.exam_id)
        .where(Attempt.user_id == user_id)
        .order_by(Attempt.id)
    )
    return [(row.Attempt, (row.scheme_id, row.code)) for row in rows]


def _is_still_open(attempt: Attempt, *, now: datetime) -> bool:
    """Whether somebody is in it; one that is over is closed as of its deadline."""
    if attempt.state not in OPEN_STATES:
        return False
    db.session.refresh(attempt, with_for_update=True)  # the sweeper may be at it
    if attempt.state not in OPEN_STATES:
        return False
    if not is_over(attempt.deadline_at, now=now):
        return True
    window_end = db.session.get_one(Sitting, attempt.sitting_id).closes_at
    expire_as_due(attempt, window_end=window_end, now=now)
    return False


def _check_door(
    registration: Registration, sitting: Sitting, entry: Entry, *, address: str, now: datetime
) -> None:
    has_door = sitting.networks or sitting.seb_keys or sitting.access_code
    if has_door and _refusals(registration.id, now=now) >= MOST_REFUSALS:
        raise DomainError(
            "entry-locked",
            N_("Too many tries. Ask the proctor, or wait a quarter of an hour."),
            kind=ErrorKind.FORBIDDEN,
        )
    check_address(sitting.networks, address)
    check_browser(sitting.seb_keys, url=entry.url, sent=entry.seb_hash)
    check_access_code(sitting.access_code, entry.access_code)
    if sitting.needs_ticket and registration.ticket_used_at is None:
        raise DomainError(
            "ticket-needed",
            N_("This exam is entered with a ticket. Log in with the ticket you were given."),
            kind=ErrorKind.FORBIDDEN,
        )


def _refusals(registration_id: int, *, now: datetime) -> int:
    """Refused tries within the window, since a proctor last unlocked the door."""
    of_place = RegistrationEvent.registration_id == registration_id
    unlocked = (
        select(func.max(RegistrationEvent.id))
        .where(of_place, RegistrationEvent.kind == Event.DOOR_UNLOCKED)
        .scalar_subquery()
    )
    refused = select(func.count()).where(
        of_place,
        RegistrationEvent.kind == Event.ENTRY_REFUSED,
        RegistrationEvent.at > now - WINDOW,
        RegistrationEvent.id > func.coalesce(unlocked, 0),
    )
    return db.session.scalar(refused) or 0


def _check_retake(earlier: Sequence[Attempt], exam: Exam, *, now: datetime) -> None:
    passed = db.session.scalar(
        select(func.count())
        .select_from(Result)
        .where(
            Result.attempt_id.in_([attempt.id for attempt in earlier]),
            Result.current,
            Result.passed,
        )
    )
    if passed or len(earlier) >= exam.attempts:
        raise NoAttemptLeft
    closed = [attempt.closed_at or attempt.deadline_at for attempt in earlier]
    if closed:
        again_at = max(closed) + timedelta(hours=exam.wait_hours)
        if now < again_at:
            raise TooSoon(hours=-int(-(again_at - now).total_seconds() // 3600))


def _pick_paper(sitting_id: int, had: Collection[int], draw: random.Random) -> int:
    """A paper of the sitting that this person has never had: a resit never repeats a paper."""
    paper_ids = db.session.scalars(
        select(Paper.id)
        .join(SittingPaper, SittingPaper.paper_id == Paper.id)
        .where(SittingPaper.sitting_id == sitting_id, Paper.id.not_in(had))
        .order_by(Paper.id)
    ).all()
    if not paper_ids:
        raise NoAttemptLeft
    return draw.choice(paper_ids)


def _layout(paper_id: int, seed: int) -> dict[str, object]:
    return {
        str(slot.position): slot.question.body.arrange(
            random.Random(f"{seed}:{slot.position}")
        ).dump()
        for slot in paper_slots(paper_id)
    }
