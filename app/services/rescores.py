"""Re-scoring a question: proposed, previewed, approved by another person, applied in batches."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from app.db import db, transactional
from app.domain.attempts import GRADED_STATES
from app.domain.certification import check_release_decider
from app.domain.errors import DomainError, ErrorKind
from app.domain.releases import check_separate
from app.domain.rescores import (
    Act,
    NothingWouldRemain,
    PreviewOutdated,
    ProposedBefore,
    Remedy,
    RescoreState,
)
from app.domain.text import N_
from app.models.attempts import Attempt
from app.models.rescores import QuestionRescore, RescoreAttempt
from app.models.schemes import Exam
from app.queries import rescores as reads
from app.queries.involvement import involvement
from app.queries.rescore_previews import Preview, affected_attempts, preview
from app.queries.versions import question_of
from app.services.certificates import Signer
from app.services.grading import Rescored, rescore
from app.services.mails import Letterhead
from app.services.remedies import checked_text
from app.services.result_mails import result_changed
from app.services.trail import SYSTEM, Actor, record

BATCH = 100


class RescoreMissing(DomainError):
    """There is no such re-score, or no such question in the exam."""

    def __init__(self) -> None:
        super().__init__(
            "rescore-missing",
            N_("There is no such re-score, or no such question in this exam."),
            kind=ErrorKind.MISSING,
        )


@transactional
def propose(
    exam_id: int,
    version_id: int,
    *,
    act: Act,
    key: Any,
    reason: str,
    actor: Actor,
    now: datetime,
) -> int:
    """Put a proposal on record; returns its id. key: see `domain/scoring/rekeying`.

    Raises RescoreMissing, KeyRefused, ReasonMissing, ProposedBefore, NothingWouldRemain.
    """
    reason = checked_text(reason)
    exam = db.session.scalar(select(Exam).where(Exam.id == exam_id).with_for_update())
    found = reads.question_in_exam(exam_id, version_id)
    if exam is None or found is None:
        raise RescoreMissing
    if reads.open_rescore(exam_id, version_id) is not None:
        raise ProposedBefore
    key = key if act is Act.REKEY else None
    question = question_of(found[1].content_hash, found[1].content)
    foreseen = preview(exam, version_id, Remedy.of(act, key, question))
    if foreseen.empty_papers:
        raise NothingWouldRemain
    assert actor.user_id is not None
    row = QuestionRescore(
        exam_id=exam_id,
        version_id=version_id,
        act=act.value,
        key=key,
        reason=reason,
        state=RescoreState.PROPOSED.value,
        proposed_by=actor.user_id,
        proposed_at=now,
        counts=foreseen.counts,
    )
    db.session.add(row)
    db.session.flush()
    _record("proposed", row, actor=actor, now=now, reason=reason, counts=foreseen.counts)
    return row.id


@transactional
def decide(
    rescore_id: int, *, approve: bool, reason: str, digest: str, actor: Actor, now: datetime
) -> None:
    """Approve just what the preview with this digest showed, or reject.

    From the approval on every grading counts it. Raises RescoreMissing, SameProposer,
    DecidedAlready, NotIndependent, ReasonMissing, PreviewOutdated, NothingWouldRemain.
    """
    row = db.session.scalar(
        select(QuestionRescore).where(QuestionRescore.id == rescore_id).with_for_update()
    )
    if row is None:
        raise RescoreMissing
    check_separate(
        row.state,
        proposed_by=row.proposed_by,
        decider=actor.user_id,
        decided=(RescoreState.APPROVED, RescoreState.REJECTED),
    )
    assert actor.user_id is not None
    affected = affected_attempts(row.exam_id, row.version_id)
    check_release_decider(involvement(actor.user_id, affected))
    row.decision_reason = checked_text(reason)
    if approve:
        foreseen = preview_of(row)
        if foreseen.digest != digest:
            raise PreviewOutdated
        if foreseen.empty_papers:
            raise NothingWouldRemain
        row.digest, row.counts = foreseen.digest, foreseen.counts
    row.state = (RescoreState.APPROVED if approve else RescoreState.REJECTED).value
    row.decided_by, row.decided_at = actor.user_id, now
    _record(row.state, row, actor=actor, now=now, reason=row.decision_reason, counts=row.counts)


@transactional
def apply(
    rescore_id: int, *, signer: Signer, letterhead: Letterhead, now: datetime, size: int = BATCH
) -> int:
    """Grade the next `size` attempts again by an approved re-score; returns how many are left.

    Each attempt gets a row when it is done, so that a crash loses nothing and doing it again
    does nothing twice. Whoever's released result changes is told.
    """
    row = db.session.scalar(
        select(QuestionRescore).where(QuestionRescore.id == rescore_id).with_for_update()
    )
    if row is None or row.state != RescoreState.APPROVED or row.applied_at:
        return 0
    waiting = reads.left_to_apply(row)
    told = []
    for attempt_id in waiting[:size]:
        attempt = db.session.scalars(
            select(Attempt).where(Attempt.id == attempt_id).with_for_update()
        ).one()
        if attempt.state not in GRADED_STATES:  # voided meanwhile: it counts for nothing
            continue
        done = rescore(
            attempt,
            reason=row.reason,
            signer=signer,
            actor=SYSTEM,
            now=now,
            cause=f"rescore:{row.id}",
        )
        _note(row.id, attempt_id, done, now=now)
        if done.tells_otherwise:
            told.append(attempt.user_id)
    exam = db.session.get_one(Exam, row.exam_id)
    result_changed(told, exam.title, letterhead=letterhead, now=now)
    if len(waiting) <= size:
        row.applied_at = now
        _record("applied", row, actor=SYSTEM, now=now)
    return max(0, len(waiting) - size)


def preview_of(row: QuestionRescore) -> Preview:
    """What a stored re-score would do, or did; reads only."""
    found = reads.question_in_exam(row.exam_id, row.version_id)
    if found is None:
        raise RescoreMissing
    exam, version = found
    question = question_of(version.content_hash, version.content)
    return preview(exam, row.version_id, Remedy.of(row.act, row.key, question))


def _note(rescore_id: int, attempt_id: int, done: Rescored, *, now: datetime) -> None:
    before, after = done.before, done.after
    db.session.execute(
        insert(RescoreAttempt).values(
            rescore_id=rescore_id,
            attempt_id=attempt_id,
            score_before=before.score if before else None,
            score_after=after.score if after else None,
            passed_before=before.passed if before else None,
            passed_after=after.passed if after else None,
            at=now,
        )
    )


def _record(what: str, row: QuestionRescore, *, actor: Actor, now: datetime, **detail: Any) -> None:
    record(
        f"rescore.{what}",
        f"rescore:{row.id}",
        actor=actor,
        now=now,
        exam=row.exam_id,
        version=row.version_id,
        act=row.act,
        key=row.key,
        **detail,
    )
