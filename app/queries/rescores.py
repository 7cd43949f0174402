"""Re-scores: the list, one of them, and the questions of exams that one can be proposed for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from app.db import AnyRow, AnySelect, db
from app.domain.attempts import GRADED_STATES
from app.domain.questions.question import Question
from app.domain.rescores import Act, RescoreState
from app.models.accounts import User
from app.models.attempts import Attempt
from app.models.papers import Paper, PaperQuestion
from app.models.questions import QuestionVersion
from app.models.rescores import QuestionRescore, RescoreAttempt
from app.models.schemes import Exam, Scheme
from app.queries.paging import Page, contains, paged
from app.queries.rescore_previews import affected_attempts
from app.queries.versions import question_of

_Proposer = aliased(User, name="proposer")
_Decider = aliased(User, name="decider")


@dataclass(frozen=True, slots=True)
class RescoreFilter:
    """What the list shows; "" leaves a filter open. search: a question's id."""

    search: str = ""
    state: str = ""
    exam: str = ""
    sort: str = "newest"


@dataclass(frozen=True, slots=True)
class RescoreView:
    """One re-score. done: attempts that it was applied to."""

    id: int
    exam_id: int
    exam_title: dict[str, Any]
    scheme_title: dict[str, Any]
    version_id: int
    question_id: str
    number: int
    question: Question
    act: Act
    key: Any
    reason: str
    state: RescoreState
    proposed_by: int
    proposer: str
    proposed_at: datetime
    decider: str | None
    decided_at: datetime | None
    decision_reason: str
    counts: dict[str, int]
    applied_at: datetime | None
    done: int


def rescores(filters: RescoreFilter, *, page: int) -> Page[RescoreView]:
    """Re-scores that meet the filter: two statements."""
    statement = _listed()
    if filters.search:
        statement = statement.where(
            QuestionVersion.question_id.ilike(contains(filters.search), escape="\\")
        )
    if filters.state in set(RescoreState):
        statement = statement.where(QuestionRescore.state == filters.state)
    if filters.exam:
        statement = statement.where(Exam.scheme_id == filters.exam)
    order = QuestionRescore.id if filters.sort == "oldest" else QuestionRescore.id.desc()
    found = paged(statement.order_by(order), number=page)
    return Page([_view(row) for row in found.rows], found.number, found.total, found.size)


def rescore(rescore_id: int) -> RescoreView | None:
    """One re-score."""
    row = db.session.execute(_listed().where(QuestionRescore.id == rescore_id)).one_or_none()
    return _view(row) if row else None


def questions_of_exams(search: str, *, page: int) -> Page[AnyRow]:
    """(exam_id, version_id, question_id, number, titles, attempts) of question versions that
    graded attempts have: two statements. search: a question's id."""
    statement = (
        select(
            Exam.id.label("exam_id"),
            Exam.title.label("exam_title"),
            Scheme.title.label("scheme_title"),
            QuestionVersion.id.label("version_id"),
            QuestionVersion.question_id,
            QuestionVersion.number,
            func.count(Attempt.id).label("attempts"),
        )
        .select_from(PaperQuestion)
        .join(Paper, Paper.id == PaperQuestion.paper_id)
        .join(Exam, Exam.id == Paper.exam_id)
        .join(Scheme, Scheme.id == Exam.scheme_id)
        .join(QuestionVersion, QuestionVersion.id == PaperQuestion.version_id)
        .join(Attempt, Attempt.paper_id == Paper.id)
        .where(Attempt.state.in_([state.value for state in GRADED_STATES]))
        .group_by(Exam.id, Scheme.id, QuestionVersion.id)
        .order_by(QuestionVersion.question_id, QuestionVersion.number, Exam.id)
    )
    if search:
        statement = statement.where(
            QuestionVersion.question_id.ilike(contains(search), escape="\\")
        )
    return paged(statement, number=page)


def question_in_exam(exam_id: int, version_id: int) -> tuple[Exam, AnyRow] | None:
    """The exam and (question_id, number, content_hash, content); None where a paper of the exam
    never had this version."""
    exam = db.session.get(Exam, exam_id)
    row = db.session.execute(
        select(
            QuestionVersion.question_id,
            QuestionVersion.number,
            QuestionVersion.content_hash,
            QuestionVersion.content,
        )
        .join(PaperQuestion, PaperQuestion.version_id == QuestionVersion.id)
        .join(Paper, Paper.id == PaperQuestion.paper_id)
        .where(QuestionVersion.id == version_id, Paper.exam_id == exam_id)
        .limit(1)
    ).one_or_none()
    return (exam, row) if exam is not None and row is not None else None


def open_rescore(exam_id: int, version_id: int) -> int | None:
    """The re-score of this question that waits for a decision."""
    return db.session.scalar(
        select(QuestionRescore.id).where(
            QuestionRescore.exam_id == exam_id,
            QuestionRescore.version_id == version_id,
            QuestionRescore.state == RescoreState.PROPOSED.value,
        )
    )


def left_to_apply(row: QuestionRescore) -> Sequence[int]:
    """Graded attempts that an approved re-score has not come to yet."""
    done = set(
        db.session.scalars(
            select(RescoreAttempt.attempt_id).where(RescoreAttempt.rescore_id == row.id)
        )
    )
    return [id_ for id_ in affected_attempts(row.exam_id, row.version_id) if id_ not in done]


def unapplied() -> Sequence[int]:
    """Approved re-scores that are not applied everywhere yet, in the order of approval."""
    return db.session.scalars(
        select(QuestionRescore.id)
        .where(
            QuestionRescore.state == RescoreState.APPROVED.value,
            QuestionRescore.applied_at.is_(None),
        )
        .order_by(QuestionRescore.decided_at, QuestionRescore.id)
    ).all()


def done_attempts(rescore_id: int, *, page: int) -> Page[AnyRow]:
    """What a re-score has done, attempt by attempt: two statements."""
    return paged(
        select(
            RescoreAttempt.attempt_id,
            RescoreAttempt.score_before,
            RescoreAttempt.score_after,
            RescoreAttempt.passed_before,
            RescoreAttempt.passed_after,
            User.name,
            User.username,
        )
        .join(Attempt, Attempt.id == RescoreAttempt.attempt_id)
        .join(User, User.id == Attempt.user_id)
        .where(RescoreAttempt.rescore_id == rescore_id)
        .order_by(User.name, User.username, RescoreAttempt.attempt_id),
        number=page,
    )


def rescores_for(attempt_id: int) -> Sequence[QuestionRescore]:
    """Approved re-scores of the questions on an attempt's paper, in the order of approval."""
    return db.session.scalars(
        select(QuestionRescore)
        .join(Attempt, Attempt.exam_id == QuestionRescore.exam_id)
        .join(
            PaperQuestion,
            and_(
                PaperQuestion.paper_id == Attempt.paper_id,
                PaperQuestion.version_id == QuestionRescore.version_id,
            ),
        )
        .where(
            Attempt.id == attempt_id,
            QuestionRescore.state == RescoreState.APPROVED.value,
        )
        .order_by(QuestionRescore.decided_at, QuestionRescore.id)
    ).all()


def _listed() -> AnySelect:
    done = (
        select(func.count())
        .select_from(RescoreAttempt)
        .where(RescoreAttempt.rescore_id == QuestionRescore.id)
        .correlate(QuestionRescore)
        .scalar_subquery()
    )
    return (
        select(
            QuestionRescore,
            Exam.title.label("exam_title"),
            Scheme.title.label("scheme_title"),
            QuestionVersion.question_id,
            QuestionVersion.number,
            QuestionVersion.content_hash,
            QuestionVersion.content,
            _Proposer.name.label("proposer"),
            _Decider.name.label("decider"),
            done.label("done"),
        )
        .join(Exam, Exam.id == QuestionRescore.exam_id)
        .join(Scheme, Scheme.id == Exam.scheme_id)
        .join(QuestionVersion, QuestionVersion.id == QuestionRescore.version_id)
        .join(_Proposer, _Proposer.id == QuestionRescore.proposed_by)
        .outerjoin(_Decider, _Decider.id == QuestionRescore.decided_by)
    )


def _view(row: AnyRow) -> RescoreView:
    one = row.QuestionRescore
    return RescoreView(
        id=one.id,
        exam_id=one.exam_id,
        exam_title=row.exam_title,
        scheme_title=row.scheme_title,
        version_id=one.version_id,
        question_id=row.question_id,
        number=row.number,
        question=question_of(row.content_hash, row.content),
        act=Act(one.act),
        key=one.key,
        reason=one.reason,
        state=RescoreState(one.state),
        proposed_by=one.proposed_by,
        proposer=row.proposer,
        proposed_at=one.proposed_at,
        decider=row.decider,
        decided_at=one.decided_at,
        decision_reason=one.decision_reason,
        counts=one.counts,
        applied_at=one.applied_at,
        done=row.done,
    )
