"""Deciding about held saves: once, for a reason, and with the result that follows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select

from app.db import AnyRow, db, transactional
from app.domain.attempts import GRADED_STATES
from app.domain.errors import DomainError, ErrorKind
from app.domain.events import Event
from app.domain.saves import SaveState
from app.domain.text import N_
from app.models.attempts import Attempt, Save, SaveDecision
from app.services.attempts import AttemptMissing
from app.services.certificates import Signer
from app.services.grading import rescore
from app.services.remedies import checked_text
from app.services.trail import Actor, log_event, record


class NothingChosen(DomainError):
    """None of the attempt's held saves is among the chosen ones."""

    def __init__(self) -> None:
        super().__init__("nothing-chosen", N_("None of the chosen answers waits for a decision."))


class DecidedBefore(DomainError):
    """One of the chosen saves is decided; a decision is never changed."""

    def __init__(self) -> None:
        super().__init__(
            "decided-before",
            N_("Some of these answers are decided already. Look at the list again."),
            kind=ErrorKind.CONFLICT,
        )


class OwnExam(DomainError):
    """Somebody would decide about an exam of their own."""

    def __init__(self) -> None:
        super().__init__(
            "own-exam",
            N_("Nobody decides about their own exam. Ask a colleague."),
            kind=ErrorKind.FORBIDDEN,
        )


@transactional
def decide(
    sitting_id: int,
    attempt_id: int,
    *,
    save_ids: Collection[int],
    accepted: bool,
    reason: str,
    signer: Signer,
    actor: Actor,
    now: datetime,
) -> int:
    """Accept or refuse held saves; returns how many. What is graded is graded again at once.

    Raises AttemptMissing, OwnExam, ReasonMissing, NothingChosen, DecidedBefore.
    """
    attempt = db.session.scalar(
        select(Attempt)
        .where(Attempt.id == attempt_id, Attempt.sitting_id == sitting_id)
        .with_for_update()
    )
    if attempt is None:
        raise AttemptMissing
    if attempt.user_id == actor.user_id:
        raise OwnExam
    reason = checked_text(reason)
    held = _held(attempt.id, save_ids)
    assert actor.user_id is not None
    db.session.add_all(
        SaveDecision(
            save_id=row.id, accepted=accepted, decided_by=actor.user_id, reason=reason, at=now
        )
        for row in held
    )
    _put_on_record(attempt.id, held, accepted, reason=reason, actor=actor, now=now)
    if accepted and attempt.state in GRADED_STATES:
        rescore(attempt, reason=reason, signer=signer, actor=actor, now=now)
    return len(held)


def _held(attempt_id: int, save_ids: Collection[int]) -> Sequence[AnyRow]:
    """(id, position) of the chosen saves, all of them held and none of them decided."""
    rows = db.session.execute(
        select(Save.id, Save.position, SaveDecision.save_id.label("decision"))
        .outerjoin(SaveDecision, SaveDecision.save_id == Save.id)
        .where(
            Save.attempt_id == attempt_id,
            Save.state == SaveState.HELD.value,
        )
        .order_by(Save.id)
    ).all()
    chosen = [row for row in rows if row.id in save_ids]
    if not chosen:
        raise NothingChosen
    if any(row.decision is not None for row in chosen):
        raise DecidedBefore
    return chosen


def _put_on_record(
    attempt_id: int,
    held: Sequence[AnyRow],
    accepted: bool,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    log_event(
        attempt_id,
        Event.HELD_SAVES_DECIDED,
        actor=actor,
        now=now,
        accepted=accepted,
        saves=[row.id for row in held],
        positions=sorted({row.position for row in held}),
        reason=reason,
    )
    record(
        "held_saves.decided",
        f"attempt:{attempt_id}",
        actor=actor,
        now=now,
        accepted=accepted,
        saves=len(held),
        reason=reason,
    )
