"""Starting, taking over, submitting and expiring attempts. Closing comes before grading."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from app.db import db, transactional
from app.domain.attempts import OPEN_STATES, AttemptState, Move, MoveRefused, move
from app.domain.errors import DomainError, ErrorKind
from app.domain.text import N_
from app.domain.timing import Clockwork, deadline, is_over
from app.models.attempts import Attempt
from app.models.papers import Paper
from app.models.results import Result
from app.models.schemes import Exam
from app.models.sittings import Registration, Sitting, SittingPaper
from app.queries.versions import paper_slots
from app.services.sittings import SittingClosed
from app.services.trail import SYSTEM, Actor, log_event


class AttemptMissing(DomainError):
    """There is no such attempt, or it is somebody else's: the answer is the same."""

    def __init__(self) -> None:
        super().__init__(
            "attempt-missing", N_("This exam is not on your list."), kind=ErrorKind.MISSING
        )


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


@transactional
def start(registration_id: int, *, user_id: int, seed: int, actor: Actor, now: datetime) -> int:
    """Start an attempt, or return the open one; returns its id.

    seed: draws the paper, and the order in which this candidate sees options. Raises
    AttemptMissing, MoveRefused (no agreement yet), SittingClosed, NoAttemptLeft, TooSoon.
    """
    row = db.session.execute(
        select(Registration, Sitting, Exam)
        .join(Sitting, Sitting.id == Registration.sitting_id)
        .join(Exam, Exam.id == Sitting.exam_id)
        .where(Registration.id == registration_id, Registration.user_id == user_id)
        .with_for_update(of=Registration)
    ).one_or_none()
    if row is None:
        raise AttemptMissing
    registration, sitting, exam = row
    earlier = db.session.scalars(
        select(Attempt)
        .join(Exam, Exam.id == Attempt.exam_id)
        .where(
            Attempt.user_id == user_id,
            Exam.scheme_id == exam.scheme_id,
            Exam.code == exam.code,
            Attempt.state != AttemptState.VOIDED.value,
        )
    ).all()
    for attempt in earlier:
        if attempt.state in OPEN_STATES:
            if not is_over(attempt.deadline_at, now=now):
                return attempt.id
            _close(attempt, Move.EXPIRE, at=attempt.deadline_at, actor=SYSTEM, now=now)
    state = move(AttemptState(registration.state), Move.START)
    if not sitting.opens_at <= now < sitting.closes_at:
        raise SittingClosed
    _check_retake(earlier, exam, now=now)
    paper_id = _pick_paper(sitting.id, user_id, random.Random(seed))
    clockwork = Clockwork(
        started_at=now,
        limit=timedelta(minutes=exam.minutes),
        window_end=sitting.closes_at,
        factor=registration.time_factor,
        late_allowance=timedelta(seconds=registration.late_seconds),
    )
    attempt = Attempt(
        registration_id=registration.id,
        sitting_id=sitting.id,
        exam_id=exam.id,
        user_id=user_id,
        paper_id=paper_id,
        number=len([a for a in earlier if a.registration_id == registration.id]) + 1,
        state=state.value,
        seed=seed,
        layout=_layout(paper_id, seed),
        started_at=now,
        limit_seconds=exam.minutes * 60,
        time_factor=registration.time_factor,
        deadline_at=deadline(clockwork),
        seen_at=now,
    )
    db.session.add(attempt)
    db.session.flush()
    log_event(attempt.id, Move.START, actor=actor, now=now, paper=paper_id)
    return attempt.id


@transactional
def claim_tab(attempt_id: int, *, user_id: int, actor: Actor, now: datetime) -> int:
    """Make the calling tab the one that writes, the earlier one read-only; returns its epoch."""
    row = db.session.execute(
        update(Attempt)
        .where(Attempt.id == attempt_id, Attempt.user_id == user_id)
        .values(epoch=Attempt.epoch + 1, seen_at=now)
        .returning(Attempt.epoch, Attempt.state, Attempt.deadline_at)
    ).one_or_none()
    if row is None:
        raise AttemptMissing
    if row.state not in OPEN_STATES or is_over(row.deadline_at, now=now):
        raise MoveRefused
    log_event(attempt_id, "tab_claimed", actor=actor, now=now, epoch=row.epoch)
    epoch: int = row.epoch
    return epoch


@transactional
def submit(attempt_id: int, *, user_id: int, actor: Actor, now: datetime) -> None:
    """Close the attempt as submitted; submitting twice changes nothing.

    After the deadline and its grace the attempt has expired, and is closed as that.
    """
    attempt = _locked(attempt_id)
    if attempt is None or attempt.user_id != user_id:
        raise AttemptMissing
    if attempt.state not in OPEN_STATES:
        return
    if is_over(attempt.deadline_at, now=now):
        _close(attempt, Move.EXPIRE, at=attempt.deadline_at, actor=SYSTEM, now=now)
    else:
        _close(attempt, Move.SUBMIT, at=now, actor=actor, now=now)


@transactional
def expire(
    attempt_id: int,
    *,
    now: datetime,
    is_due: Callable[..., bool] = is_over,
) -> bool:
    """Close an attempt that is past its deadline, as of its deadline; whether it was closed.

    is_due: `is_over` when somebody looks at it, `is_sweepable` for the sweeper.
    """
    attempt = _locked(attempt_id)
    if attempt is None or attempt.state not in OPEN_STATES:
        return False
    if not is_due(attempt.deadline_at, now=now):
        return False
    _close(attempt, Move.EXPIRE, at=attempt.deadline_at, actor=SYSTEM, now=now)
    return True


def _close(attempt: Attempt, step: Move, *, at: datetime, actor: Actor, now: datetime) -> None:
    attempt.state = move(AttemptState(attempt.state), step).value
    attempt.closed_at = at
    log_event(attempt.id, step, actor=actor, now=now, closed_at=at.isoformat())


def _locked(attempt_id: int) -> Attempt | None:
    return db.session.scalar(select(Attempt).where(Attempt.id == attempt_id).with_for_update())


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


def _pick_paper(sitting_id: int, user_id: int, draw: random.Random) -> int:
    """A paper of the sitting that this person has never had: a resit never repeats a paper."""
    had = select(Attempt.paper_id).where(Attempt.user_id == user_id)
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
