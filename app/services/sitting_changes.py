"""What may still be changed about a sitting that is on offer, and its cancellation."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import delete, select

from app.db import db, transactional
from app.domain.attempts import OPEN_STATES, AttemptState, Move
from app.domain.errors import DomainError, ErrorKind
from app.domain.events import Event
from app.domain.text import N_, Text
from app.domain.timing import is_over
from app.models.attempts import Attempt
from app.models.sittings import Registration, Sitting, SittingPaper, SittingProctor
from app.services.mails import Letterhead, places_cancelled
from app.services.remedies import checked_text
from app.services.sitting_checks import (
    SittingRefused,
    check_against_attempts,
    check_against_places,
    has_started,
)
from app.services.sitting_papers import ReadyPapers, hand_out, ready_papers
from app.services.sittings import (
    SittingClosed,
    SittingRules,
    check_window,
    name_proctors,
    put_rules,
)
from app.services.trail import Actor, log_events, record
from app.services.transitions import (
    deadline_of,
    end_pause_if_over,
    expire_as_due,
    step_registration,
)


class SittingMissing(DomainError):
    """There is no such sitting, or it is not this person's: the answer is the same."""

    def __init__(self) -> None:
        super().__init__("sitting-missing", N_("There is no such sitting."), kind=ErrorKind.MISSING)


_SECRETS = frozenset({"access_code", "seb_keys"})
"""Of these the audit log only tells that there are some."""


def change_sitting(
    sitting_id: int,
    *,
    exam_id: int,
    title: Text,
    opens_at: datetime,
    closes_at: datetime,
    rules: SittingRules,
    seed: int,
    actor: Actor,
    now: datetime,
) -> int:
    """Change a sitting; returns how many candidates who are working got more time by it.

    seed: for papers that are assembled with it, where the exam is another one. Once somebody
    has started, exam and papers stay, the beginning moves no later, and the end never below a
    deadline that somebody has been promised. Raises SittingMissing, SittingRefused,
    PlanNotMet, DomainError.
    """
    check_window(opens_at, closes_at)
    of_sitting = db.session.scalar(select(Sitting.exam_id).where(Sitting.id == sitting_id))
    is_other = of_sitting is not None and of_sitting != exam_id and not has_started(sitting_id)
    return _change(
        sitting_id,
        ready_papers(exam_id, seed=seed) if is_other else None,
        exam_id=exam_id,
        title=title,
        opens_at=opens_at,
        closes_at=closes_at,
        rules=rules,
        actor=actor,
        now=now,
    )


@transactional
def _change(
    sitting_id: int,
    ready: ReadyPapers | None,
    *,
    exam_id: int,
    title: Text,
    opens_at: datetime,
    closes_at: datetime,
    rules: SittingRules,
    actor: Actor,
    now: datetime,
) -> int:
    sitting = _locked(sitting_id)
    before = _described(sitting)
    check_against_attempts(sitting, exam_id=exam_id, opens_at=opens_at)
    check_against_places(sitting, rules)
    gained = 0
    if closes_at != sitting.closes_at:
        gained = _move_end(sitting, closes_at, actor=actor, now=now)
    if exam_id != sitting.exam_id:
        if ready is None:
            raise SittingRefused("exam-moved", N_("The sitting was changed meanwhile. Try again."))
        sitting.exam_id = exam_id
        db.session.execute(delete(SittingPaper).where(SittingPaper.sitting_id == sitting.id))
        hand_out(sitting.id, ready, actor=actor, now=now)
    sitting.title = title.dump()
    sitting.opens_at, sitting.closes_at = opens_at, closes_at
    put_rules(sitting, rules)
    name_proctors(sitting.id, rules.proctors)
    _make_agreed_ready(sitting, actor=actor, now=now)
    db.session.flush()
    after = _described(sitting)
    changed = {name: [before[name], after[name]] for name in after if after[name] != before[name]}
    for secret in changed.keys() & _SECRETS:
        changed[secret] = [bool(before[secret]), bool(after[secret])]
    if changed:
        record(
            "sitting.changed",
            f"sitting:{sitting.id}",
            actor=actor,
            now=now,
            changed=changed,
            exam=exam_id,
            seed=ready.seed if ready is not None and "exam_id" in changed else None,
        )
    return gained


@transactional
def cancel_sitting(
    sitting_id: int,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
    letterhead: Letterhead | None = None,
) -> None:
    """Cancel a sitting that nobody has started; the reason is in the mails to its candidates.

    letterhead: writes the mails. Raises SittingMissing, ReasonMissing, SittingRefused where
    somebody has started, SittingClosed once its window is over.
    """
    reason = checked_text(reason)
    sitting = _locked(sitting_id)
    if now >= sitting.closes_at:
        raise SittingClosed
    if has_started(sitting_id):
        raise SittingRefused(
            "sitting-started", N_("Somebody has started: this sitting can no longer be cancelled.")
        )
    sitting.cancelled_at = now
    record("sitting.cancelled", f"sitting:{sitting_id}", actor=actor, now=now, reason=reason)
    if letterhead is None:
        return
    affected = db.session.scalars(
        select(Registration.user_id).where(
            Registration.sitting_id == sitting_id,
            Registration.state != AttemptState.VOIDED.value,
        )
    ).all()
    places_cancelled(sitting, affected, letterhead=letterhead, now=now, reason=reason)


def _locked(sitting_id: int) -> Sitting:
    """The sitting, for this transaction alone; a cancelled one is changed no more."""
    sitting = db.session.scalar(select(Sitting).where(Sitting.id == sitting_id).with_for_update())
    if sitting is None:
        raise SittingMissing
    if sitting.cancelled_at is not None:
        raise SittingRefused("sitting-cancelled", N_("This sitting has been cancelled."))
    return sitting


def _move_end(sitting: Sitting, closes_at: datetime, *, actor: Actor, now: datetime) -> int:
    """Give open attempts the deadlines that the new end makes, and tell those who gain by it."""
    if closes_at < now:
        raise SittingRefused("end-before-now", N_("The end cannot be moved before now."))
    gained: dict[int, list[Attempt]] = defaultdict(list)
    for attempt in _open_attempts(sitting, now=now):
        promised = attempt.deadline_at
        attempt.deadline_at = deadline_of(attempt, window_end=closes_at)
        if attempt.deadline_at < promised:
            raise SittingRefused(
                "end-promised",
                N_("Somebody is working who has been promised more time than this end leaves."),
            )
        gained[int((attempt.deadline_at - promised).total_seconds()) // 60].append(attempt)
    gained.pop(0, None)
    for minutes, attempts in gained.items():
        events = log_events(
            [attempt.id for attempt in attempts],
            Event.TIME_ADDED,
            actor=actor,
            now=now,
            minutes=minutes,
            window_end=closes_at.isoformat(),
        )
        for attempt in attempts:
            attempt.notice_id = events[attempt.id]
    return sum(map(len, gained.values()))


def _open_attempts(sitting: Sitting, *, now: datetime) -> list[Attempt]:
    """The sitting's open attempts, locked; what is over by the old end is closed as of it."""
    attempts = db.session.scalars(
        select(Attempt)
        .where(
            Attempt.sitting_id == sitting.id,
            Attempt.state.in_([state.value for state in OPEN_STATES]),
        )
        .order_by(Attempt.id)
        .with_for_update()
    ).all()
    for attempt in attempts:
        if is_over(attempt.deadline_at, now=now):
            expire_as_due(attempt, window_end=sitting.closes_at, now=now)
        else:
            end_pause_if_over(attempt, window_end=sitting.closes_at, now=now)
    return [attempt for attempt in attempts if attempt.state in OPEN_STATES]


def _make_agreed_ready(sitting: Sitting, *, actor: Actor, now: datetime) -> None:
    """Where admission is no longer asked for, nobody waits for it any more."""
    if sitting.needs_admission:
        return
    waiting = db.session.scalars(
        select(Registration)
        .where(
            Registration.sitting_id == sitting.id,
            Registration.state == AttemptState.REGISTERED.value,
            Registration.agreed_at.is_not(None),
        )
        .with_for_update()
    )
    for registration in waiting:
        step_registration(registration, Move.MAKE_READY, actor=actor, now=now)


def _described(sitting: Sitting) -> dict[str, object]:
    """The sitting as the audit log tells it."""
    proctors = db.session.scalars(
        select(SittingProctor.user_id)
        .where(SittingProctor.sitting_id == sitting.id)
        .order_by(SittingProctor.user_id)
    ).all()
    return {
        "exam_id": sitting.exam_id,
        "title": dict(sitting.title),
        "opens_at": sitting.opens_at.isoformat(),
        "closes_at": sitting.closes_at.isoformat(),
        "room": sitting.room,
        "capacity": sitting.capacity,
        "open_to_enrolled": sitting.open_to_enrolled,
        "access_code": sitting.access_code,
        "networks": list(sitting.networks),
        "seb_keys": list(sitting.seb_keys),
        "needs_admission": sitting.needs_admission,
        "needs_ticket": sitting.needs_ticket,
        "proctors": list(proctors),
    }
