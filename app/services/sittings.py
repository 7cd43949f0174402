"""Sittings: putting an exam on offer with papers assembled and frozen ahead, and registering."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import datetime

from sqlalchemy import select

from app.db import db, transactional
from app.domain.assembly import assemble
from app.domain.attempts import AttemptState, Move, move
from app.domain.errors import DomainError, ErrorKind
from app.domain.plans import ExamPlan
from app.domain.problems import Problems
from app.domain.reading import Reader
from app.domain.text import N_, Text
from app.models.accounts import Enrolment
from app.models.papers import Paper, PaperQuestion
from app.models.schemes import Exam
from app.models.sittings import Registration, Sitting, SittingPaper
from app.queries.pool import exam_pool, question_uses
from app.services.trail import Actor, record


class SittingClosed(DomainError):
    """The sitting cannot be entered now."""

    def __init__(self) -> None:
        super().__init__(
            "sitting-closed", N_("This exam is not open at this time."), kind=ErrorKind.CONFLICT
        )


@transactional
def open_sitting(
    exam_id: int,
    *,
    title: Text,
    opens_at: datetime,
    closes_at: datetime,
    seed: int,
    actor: Actor,
    now: datetime,
) -> int:
    """Put an exam on offer, with as many papers as its scheme asks for; returns the sitting's id.

    seed: papers take seed, seed + 1, … so that they can be assembled again. Raises PlanNotMet,
    naming the cells for which the pool has too few questions.
    """
    if closes_at <= opens_at:
        raise DomainError("window-empty", N_("The exam must close after it opens."))
    exam = db.session.get(Exam, exam_id)
    if exam is None:
        raise DomainError("exam-missing", N_("There is no such exam."), kind=ErrorKind.MISSING)
    sitting = Sitting(
        exam_id=exam.id, title=title.dump(), opens_at=opens_at, closes_at=closes_at, created_at=now
    )
    db.session.add(sitting)
    db.session.flush()
    for paper_id in _assemble_papers(exam, seed=seed, now=now):
        db.session.add(SittingPaper(sitting_id=sitting.id, paper_id=paper_id))
    record("sitting.opened", f"sitting:{sitting.id}", actor=actor, now=now, exam=exam.id, seed=seed)
    return sitting.id


@transactional
def register(sitting_id: int, *, user_id: int, now: datetime) -> int:
    """Give somebody who is enrolled a place in an open sitting; returns the registration's id."""
    row = db.session.execute(
        select(Sitting, Exam.scheme_id).join(Exam).where(Sitting.id == sitting_id)
    ).one_or_none()
    enrolled = row is not None and db.session.scalar(
        select(Enrolment.id).where(
            Enrolment.user_id == user_id, Enrolment.scheme_id == row.scheme_id
        )
    )
    if row is None or not enrolled or not row.Sitting.open_to_enrolled:
        raise DomainError(
            "sitting-missing", N_("This exam is not on your list."), kind=ErrorKind.MISSING
        )
    known = db.session.scalar(
        select(Registration.id).where(
            Registration.sitting_id == sitting_id, Registration.user_id == user_id
        )
    )
    if known:
        return known
    if now >= row.Sitting.closes_at:
        raise SittingClosed
    registration = Registration(
        sitting_id=sitting_id,
        user_id=user_id,
        admission_number=f"{now:%Y}{sitting_id:04d}{user_id:06d}",
        state=AttemptState.REGISTERED.value,
        created_at=now,
    )
    db.session.add(registration)
    db.session.flush()
    return registration.id


@transactional
def agree(registration_id: int, *, user_id: int, agreement: str, now: datetime) -> None:
    """Record the candidate's agreement. agreement: the text as shown, kept by its hash."""
    registration = db.session.scalar(
        select(Registration)
        .where(Registration.id == registration_id, Registration.user_id == user_id)
        .with_for_update()
    )
    if registration is None:
        raise DomainError(
            "registration-missing", N_("This exam is not on your list."), kind=ErrorKind.MISSING
        )
    if registration.state == AttemptState.READY:
        return
    registration.state = move(AttemptState(registration.state), Move.AGREE).value
    registration.agreed_at = now
    registration.agreement_hash = hashlib.sha256(agreement.encode()).hexdigest()


def plan_of(exam: Exam) -> ExamPlan:
    """The exam's plan; it was checked before it was stored."""
    problems = Problems()
    plan = ExamPlan.read(
        Reader(cell, place=f"plan {number}", problems=problems)
        for number, cell in enumerate(exam.plan, start=1)
    )
    if problems:
        raise ValueError("; ".join(map(str, problems)))
    return plan


def _assemble_papers(exam: Exam, *, seed: int, now: datetime) -> list[int]:
    plan = plan_of(exam)
    pool = exam_pool({cell.module for cell in plan.cells})
    uses = Counter(question_uses(exam.id))
    paper_ids = []
    for number in range(exam.papers):
        slots = assemble(plan, pool, seed=seed + number, uses=uses)
        paper = Paper(exam_id=exam.id, seed=seed + number, frozen_at=now)
        db.session.add(paper)
        db.session.flush()
        for slot in slots:
            uses[slot.question_id] += 1
            db.session.add(
                PaperQuestion(
                    paper_id=paper.id,
                    position=slot.position,
                    version_id=slot.version_id,
                    module_id=slot.module,
                    points=slot.points,
                )
            )
        paper_ids.append(paper.id)
    return paper_ids
