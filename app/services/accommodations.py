"""Accommodations: approving and revoking them, and what that does to an exam under way."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from app.db import db, transactional
from app.domain import accommodations as rules
from app.domain.accommodations import OwnAccommodation, Provision
from app.domain.attempts import OPEN_STATES
from app.domain.errors import DomainError, ErrorKind
from app.domain.events import Event
from app.domain.text import N_, Language
from app.domain.timing import is_over
from app.models.accommodations import Accommodation
from app.models.accounts import User
from app.models.attempts import Attempt, AttemptEvent
from app.models.sittings import Registration, Sitting
from app.queries.accommodations import provision_of
from app.services.mails import Letterhead, accommodation_approved
from app.services.remedies import checked_text, grant
from app.services.trail import Actor, log_event, record
from app.services.transitions import end_pause_if_over
from app.translations import Voice


class AccommodationMissing(DomainError):
    """There is no such approval."""

    def __init__(self) -> None:
        super().__init__(
            "accommodation-missing",
            N_("There is no such accommodation."),
            kind=ErrorKind.MISSING,
        )


@transactional
def approve(
    user_id: int,
    item: rules.Accommodation,
    *,
    reason: str,
    letterhead: Letterhead,
    today: date,
    actor: Actor,
    now: datetime,
) -> int:
    """Approve an accommodation; returns its id. It applies to every exam by itself.

    To an exam that the person is in at this moment, too: nobody loses time because the
    approval came late. The audit log tells what was approved, never why. Raises
    AccommodationRefused, OwnAccommodation, ReasonMissing, DomainError for a missing account.
    """
    rules.check_accommodation(item, on=today)
    reason = checked_text(reason)
    if actor.user_id == user_id:
        raise OwnAccommodation
    person = db.session.get(User, user_id)
    if person is None:
        raise DomainError(
            "account-missing", N_("There is no such account."), kind=ErrorKind.MISSING
        )
    row = Accommodation(
        user_id=user_id,
        time_factor=item.time_factor,
        break_minutes=item.break_minutes,
        larger_text=item.larger_text,
        separate_room=item.separate_room,
        reason=reason,
        valid_from=item.valid_from,
        valid_until=item.valid_until,
        approved_by=actor.user_id,
        approved_at=now,
    )
    db.session.add(row)
    db.session.flush()
    # The attempt is locked before the audit log, as everybody does who locks both.
    _apply_to_open_attempt(person, row.id, letterhead, today=today, actor=actor, now=now)
    record(
        "accommodation.approved",
        f"user:{user_id}",
        actor=actor,
        now=now,
        accommodation=row.id,
        reason_given=True,
        **_effects(item),
    )
    accommodation_approved(user_id, item, letterhead=letterhead, now=now)
    return row.id


@transactional
def revoke(accommodation_id: int, *, reason: str, actor: Actor, now: datetime) -> None:
    """End an approval for exams to come; an exam under way keeps what it has.

    Raises AccommodationMissing, ReasonMissing, and DomainError where it is revoked already.
    """
    reason = checked_text(reason)
    row = db.session.scalar(
        select(Accommodation).where(Accommodation.id == accommodation_id).with_for_update()
    )
    if row is None:
        raise AccommodationMissing
    if row.revoked_at is not None:
        raise DomainError(
            "revoked-already",
            N_("This accommodation has been revoked already."),
            kind=ErrorKind.CONFLICT,
        )
    row.revoked_by, row.revoked_at, row.revoked_reason = actor.user_id, now, reason
    record(
        "accommodation.revoked",
        f"user:{row.user_id}",
        actor=actor,
        now=now,
        accommodation=row.id,
        reason_given=True,
    )


def _apply_to_open_attempt(
    person: User,
    accommodation_id: int,
    letterhead: Letterhead,
    *,
    today: date,
    actor: Actor,
    now: datetime,
) -> None:
    """Give the exam that the person is in what they would have had from its start."""
    attempt = _open_attempt(person.id, now=now)
    if attempt is None:
        return
    given = provision_of(person.id, on=today)
    minutes = _missing_minutes(attempt, given)
    if minutes > 0:
        grant(
            [attempt],
            minutes=minutes,
            reason="",
            actor=actor,
            now=now,
            accommodation=accommodation_id,
        )
    gains_break = given.breaks.total_seconds() > attempt.break_seconds
    gains_text = given.larger_text and not attempt.larger_text
    if not gains_break and not gains_text:
        return
    attempt.break_seconds = max(attempt.break_seconds, int(given.breaks.total_seconds()))
    attempt.larger_text = attempt.larger_text or given.larger_text
    voice = Voice(Language(person.language), letterhead.time_zone)
    attempt.notice_id = log_event(
        attempt.id,
        Event.MESSAGE,
        actor=actor,
        now=now,
        text=voice.say(N_("Accommodations were approved for you. Reload this page to use them.")),
        accommodation=accommodation_id,
    )


def _open_attempt(user_id: int, *, now: datetime) -> Attempt | None:
    """The attempt that somebody is in, locked, None where it is over.

    The person's places are locked first, as a start does: one that runs at the same moment is
    waited for, or waits and then finds the approval.
    """
    db.session.execute(
        select(Registration.id)
        .where(Registration.user_id == user_id)
        .order_by(Registration.id)
        .with_for_update()
    )
    attempt = db.session.scalar(
        select(Attempt)
        .where(
            Attempt.user_id == user_id,
            Attempt.state.in_([state.value for state in OPEN_STATES]),
        )
        .with_for_update()
    )
    if attempt is None:
        return None
    window_end = db.session.get_one(Sitting, attempt.sitting_id).closes_at
    end_pause_if_over(attempt, window_end=window_end, now=now)
    return None if is_over(attempt.deadline_at, now=now) else attempt


def _missing_minutes(attempt: Attempt, given: Provision) -> int:
    """Whole minutes, rounded up, that the attempt has less than it would have from its start.

    The factor that it began with stays: the log tells of every minute that came later, those
    of an earlier late approval included.
    """
    extra = timedelta(seconds=attempt.limit_seconds) * (given.time_factor - attempt.time_factor)
    wanted = -int(-extra.total_seconds() // 60)
    minutes = db.session.scalar(
        select(func.sum(AttemptEvent.detail["minutes"].as_integer())).where(
            AttemptEvent.attempt_id == attempt.id,
            AttemptEvent.kind == Event.TIME_ADDED,
            AttemptEvent.detail["accommodation"].as_integer().is_not(None),
        )
    )
    return wanted - (minutes or 0)


def _effects(item: rules.Accommodation) -> dict[str, object]:
    return {
        "time_factor": item.time_factor,
        "break_minutes": item.break_minutes,
        "larger_text": item.larger_text,
        "separate_room": item.separate_room,
        "valid_from": item.valid_from.isoformat(),
        "valid_until": item.valid_until.isoformat() if item.valid_until else None,
    }
