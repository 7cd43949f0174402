"""Batches of papers: somebody asks for one, somebody else approves or rejects what came of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app.db import db, transactional
from app.domain.assembly.batches import BatchState, check_count, check_decision, load_papers
from app.domain.errors import DomainError, ErrorKind
from app.domain.text import N_
from app.models.papers import PaperBatch
from app.models.schemes import Exam
from app.queries.plans import plan_in_force
from app.services.paper_rows import check_usable, put_papers
from app.services.trail import Actor, record


class BatchMissing(DomainError):
    """There is no such batch."""

    def __init__(self) -> None:
        super().__init__("batch-missing", N_("There are no such papers."), kind=ErrorKind.MISSING)


@transactional
def ask_for_papers(exam_id: int, *, count: int, seed: int, actor: Actor, now: datetime) -> int:
    """Queue the assembly of `count` papers by the plan in force; returns the batch's id.

    Raises DomainError for a number that cannot be.
    """
    exam = db.session.get(Exam, exam_id)
    if exam is None:
        raise DomainError("exam-missing", N_("There is no such exam."), kind=ErrorKind.MISSING)
    if actor.user_id is None:
        raise ValueError("papers are asked for by a person")
    check_count(count, attempts=exam.attempts)
    row = PaperBatch(
        exam_id=exam.id,
        plan_number=plan_in_force(exam).number,
        seed=seed,
        count=count,
        state=BatchState.QUEUED.value,
        made_by=actor.user_id,
        made_at=now,
    )
    db.session.add(row)
    db.session.flush()
    record(
        "papers.asked_for",
        f"batch:{row.id}",
        actor=actor,
        now=now,
        exam=exam.id,
        plan=row.plan_number,
        count=count,
        seed=seed,
    )
    return row.id


@transactional
def approve(batch_id: int, *, reason: str, actor: Actor, now: datetime) -> list[int]:
    """Freeze the proposed papers for sittings; returns their ids. reason: may be empty.

    Raises BatchMissing, BatchMoved, OwnBatch, QuestionsGone.
    """
    row = _locked(batch_id)
    check_decision(
        BatchState(row.state), made_by=row.made_by, by=actor.user_id, approves=True, reason=reason
    )
    papers = load_papers(row.proposal)
    check_usable(papers)
    paper_ids = put_papers(
        papers,
        exam_id=row.exam_id,
        plan_number=row.plan_number,
        seed=row.seed,
        now=now,
        batch_id=row.id,
    )
    _decide(row, BatchState.APPROVED, reason=reason, actor=actor, now=now)
    record(
        "papers.approved",
        f"batch:{row.id}",
        actor=actor,
        now=now,
        papers=paper_ids,
        asked_for_by=row.made_by,
        reason=reason,
    )
    return paper_ids


@transactional
def reject(batch_id: int, *, reason: str, actor: Actor, now: datetime) -> None:
    """Say no, and why. Raises BatchMissing, BatchMoved, DomainError without a reason."""
    row = _locked(batch_id)
    check_decision(
        BatchState(row.state), made_by=row.made_by, by=actor.user_id, approves=False, reason=reason
    )
    _decide(row, BatchState.REJECTED, reason=reason, actor=actor, now=now)
    record("papers.rejected", f"batch:{row.id}", actor=actor, now=now, reason=reason)


def _locked(batch_id: int) -> PaperBatch:
    row = db.session.scalar(
        select(PaperBatch)
        .where(PaperBatch.id == batch_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise BatchMissing
    return row


def _decide(
    row: PaperBatch, state: BatchState, *, reason: str, actor: Actor, now: datetime
) -> None:
    row.state, row.reason = state.value, reason
    row.decided_by, row.decided_at = actor.user_id, now
