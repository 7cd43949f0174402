"""Appeals and complaints: filed, taken by somebody independent, checked, answered by a letter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import select

from app.db import db, transactional
from app.domain.appeals import (
    ANSWER_DAYS,
    AppealKind,
    AppealMoved,
    AppealOutcome,
    AppealState,
    AppealStep,
    check_handling,
    checked_filing,
    checked_words,
)
from app.domain.attempts import GRADED_STATES
from app.domain.certification import NotIndependent, check_examined
from app.domain.errors import DomainError, ErrorKind
from app.domain.events import Event
from app.domain.text import N_
from app.models.appeals import Appeal, AppealEvent
from app.models.attempts import Attempt
from app.models.schemes import Exam
from app.queries import appeals as reads
from app.queries.involvement import has_released, involvement
from app.queries.score_checks import score_check
from app.queries.versions import paper_slots
from app.services.attempts import AttemptMissing
from app.services.certificates import Signer
from app.services.grading import Rescored, rescore
from app.services.mails import Letterhead
from app.services.remedies import checked_text
from app.services.result_mails import appeal_answered, appeal_filed
from app.services.trail import Actor, log_event, record


class AppealMissing(DomainError):
    """There is no such appeal, or it is somebody else's."""

    def __init__(self) -> None:
        super().__init__("appeal-missing", N_("There is no such appeal."), kind=ErrorKind.MISSING)


class PointsRefused(DomainError):
    """A mark cannot be corrected to this."""

    def __init__(self, sentence: str) -> None:
        super().__init__("points-refused", sentence)


@transactional
def file(
    attempt_id: int,
    *,
    kind: AppealKind,
    text: str,
    position: int | None,
    letterhead: Letterhead,
    actor: Actor,
    now: datetime,
) -> int:
    """File an appeal or a complaint about one's own attempt; returns its id.

    position: the question that it is about, None for the whole. Raises AttemptMissing,
    AppealRefused.
    """
    attempt = db.session.scalar(
        select(Attempt)
        .where(Attempt.id == attempt_id, Attempt.user_id == actor.user_id)
        .with_for_update()
    )
    if attempt is None:
        raise AttemptMissing
    text = checked_filing(
        kind,
        text,
        window=reads.window_of(attempt_id),
        has_open=reads.has_open(attempt_id, kind),
        now=now,
    )
    known = {slot.position for slot in paper_slots(attempt.paper_id)}
    row = Appeal(
        attempt_id=attempt_id,
        user_id=attempt.user_id,
        kind=kind.value,
        position=position if position in known else None,
        text=text,
        state=AppealState.FILED.value,
        filed_at=now,
        due_at=now + timedelta(days=ANSWER_DAYS),
    )
    db.session.add(row)
    db.session.flush()
    _note(row, AppealStep.FILED, Event.APPEAL_FILED, actor=actor, now=now, about=kind.value)
    exam = db.session.get_one(Exam, attempt.exam_id)
    appeal_filed(attempt.user_id, exam.title, due_at=row.due_at, letterhead=letterhead, now=now)
    return row.id


@transactional
def withdraw(appeal_id: int, *, actor: Actor, now: datetime) -> None:
    """Take one's own appeal back before it is answered. Raises AppealMissing, AppealMoved."""
    row = _locked(appeal_id)
    if row.user_id != actor.user_id:
        raise AppealMissing
    if row.state not in (AppealState.FILED, AppealState.ASSIGNED):
        raise AppealMoved
    row.state = AppealState.WITHDRAWN.value
    _note(row, AppealStep.WITHDRAWN, Event.APPEAL_WITHDRAWN, actor=actor, now=now)


@transactional
def take(appeal_id: int, *, actor: Actor, now: datetime) -> None:
    """Handle an appeal oneself. Raises AppealMissing, AppealMoved, NotIndependent."""
    row = _locked(appeal_id)
    if row.state != AppealState.FILED:
        raise AppealMoved
    _check_independent(row, actor)
    row.state, row.handler_id = AppealState.ASSIGNED.value, actor.user_id
    _note(row, AppealStep.ASSIGNED, Event.APPEAL_ASSIGNED, actor=actor, now=now)


@transactional
def grade_again(
    appeal_id: int, *, reason: str, signer: Signer, actor: Actor, now: datetime
) -> bool:
    """Grade what rules grade again; whether the result has a new version.

    Raises AppealMissing, AppealMoved, ReasonMissing.
    """
    row, attempt, reason = _to_handle(appeal_id, reason, actor=actor)
    done = rescore(
        attempt, reason=reason, signer=signer, actor=actor, now=now, cause=f"appeal:{row.id}"
    )
    _note(row, AppealStep.GRADED_AGAIN, None, actor=actor, now=now, reason=reason, **_told(done))
    return done.is_new


@transactional
def correct_mark(
    appeal_id: int,
    *,
    position: int,
    points: Fraction,
    reason: str,
    signer: Signer,
    actor: Actor,
    now: datetime,
) -> bool:
    """Correct what a person marked; the score may fall. Whether there is a new version.

    What a rule marks is never corrected by hand: it is graded again, or its question is
    re-scored for everybody. Raises AppealMissing, AppealMoved, ReasonMissing, PointsRefused.
    """
    row, attempt, reason = _to_handle(appeal_id, reason, actor=actor)
    check = score_check(attempt.id)
    found = next(
        (q for q in check.questions if q.entry.position == position) if check else iter(()), None
    )
    if found is None or found.by_rule or found.entry.earned is None:
        raise PointsRefused(N_("Only a question that a person has marked can be corrected here."))
    if not 0 <= points <= found.entry.maximum:
        raise PointsRefused(N_("Points must lie between 0 and what the question is worth."))
    done = rescore(
        attempt,
        reason=reason,
        signer=signer,
        actor=actor,
        now=now,
        corrected={position: points},
        cause=f"appeal:{row.id}",
    )
    _note(
        row,
        AppealStep.MARK_CORRECTED,
        Event.MARK_CORRECTED,
        actor=actor,
        now=now,
        reason=reason,
        position=position,
        points_before=str(found.entry.earned),
        points_after=str(points),
        **_told(done),
    )
    return done.is_new


@transactional
def answer(
    appeal_id: int,
    *,
    outcome: AppealOutcome,
    letter: Mapping[str, str],
    notes: Mapping[str, str],
    letterhead: Letterhead,
    actor: Actor,
    now: datetime,
) -> None:
    """Close it with a letter. notes: what was found about missed parts, sums and entries.

    What the checks come to at this moment goes on record beside the notes. Raises
    AppealMissing, AppealMoved, AppealRefused.
    """
    row, attempt = _handled(appeal_id, actor=actor)
    written = checked_words(letter.get("zh", ""))
    english = letter.get("en", "").strip()
    check = score_check(attempt.id)
    row.checked = {
        "found": check.findings.dump() if check else {},
        "notes": {name: checked_words(text) for name, text in notes.items()},
    }
    row.outcome, row.decided_at = outcome.value, now
    row.letter = {"zh": written, "en": checked_words(english) if english else written}
    row.state = AppealState.ANSWERED.value
    _note(
        row,
        AppealStep.ANSWERED,
        Event.APPEAL_ANSWERED,
        actor=actor,
        now=now,
        outcome=outcome.value,
        checked=row.checked,
    )
    exam = db.session.get_one(Exam, attempt.exam_id)
    appeal_answered(attempt.user_id, exam.title, letterhead=letterhead, now=now)


def _locked(appeal_id: int) -> Appeal:
    row = db.session.scalar(select(Appeal).where(Appeal.id == appeal_id).with_for_update())
    if row is None:
        raise AppealMissing
    return row


def _handled(appeal_id: int, *, actor: Actor) -> tuple[Appeal, Attempt]:
    row = _locked(appeal_id)
    check_handling(row.state, handler=row.handler_id, actor=actor.user_id)
    attempt = db.session.scalars(
        select(Attempt).where(Attempt.id == row.attempt_id).with_for_update()
    ).one()
    return row, attempt


def _to_handle(appeal_id: int, reason: str, *, actor: Actor) -> tuple[Appeal, Attempt, str]:
    row, attempt = _handled(appeal_id, actor=actor)
    if attempt.state not in GRADED_STATES:
        raise AppealMoved
    return row, attempt, checked_text(reason)


def _check_independent(row: Appeal, actor: Actor) -> None:
    """Neither the candidate, nor a marker, trainer, proctor or releaser of this exam."""
    assert actor.user_id is not None
    check_examined(involvement(actor.user_id, [row.attempt_id]))
    if has_released(actor.user_id, row.attempt_id):
        raise NotIndependent(
            N_("You took part in releasing this result. Somebody else has to handle it.")
        )


def _told(done: Rescored) -> dict[str, Any]:
    return {
        "score_before": done.before.score if done.before else None,
        "score_after": done.after.score if done.after else None,
    }


def _note(
    row: Appeal,
    step: AppealStep,
    event: Event | None,
    *,
    actor: Actor,
    now: datetime,
    **detail: Any,
) -> None:
    """Put a step on record: of the appeal, of the attempt, and in the audit log."""
    db.session.add(
        AppealEvent(
            appeal_id=row.id, at=now, step=step.value, actor_id=actor.user_id, detail=detail
        )
    )
    if event is not None:
        log_event(row.attempt_id, event, actor=actor, now=now, appeal=row.id, **detail)
    record(
        f"appeal.{step.value}",
        f"appeal:{row.id}",
        actor=actor,
        now=now,
        attempt=row.attempt_id,
        **detail,
    )
