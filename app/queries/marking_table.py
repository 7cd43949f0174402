"""The live table of one exam: five statements, however many marks there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, case, func, select

from app.db import db
from app.domain.attempts import AttemptState
from app.domain.marking.figures import (
    DoneMark,
    MarkerFigures,
    QuestionFigures,
    by_marker,
    by_question,
)
from app.domain.marking.policy import MarkingPolicy
from app.domain.marking.roles import BY_MARKERS, UNFINISHED, MarkingRole, MarkingState
from app.models.accounts import User
from app.models.attempts import Attempt
from app.models.marking import Marking, Script
from app.models.questions import Question, QuestionVersion
from app.models.schemes import Exam

_UNFINISHED = [state.value for state in UNFINISHED]
_BY_MARKERS = [role.value for role in BY_MARKERS]
RECENT = timedelta(hours=1)
"""Over which the pace of a marker is told."""


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """One question. scripts, settled: answers. disputes: of them waiting for the lead."""

    version_id: int
    question_id: str
    type: str
    scripts: int
    settled: int
    disputes: int
    figures: QuestionFigures | None


@dataclass(frozen=True, slots=True)
class MarkerLine:
    """One marker. open: kept for or on the desk of this person. recent: done within RECENT."""

    marker_id: int
    name: str
    done: int
    open: int
    recent: int
    handed_back: int
    figures: MarkerFigures | None


@dataclass(frozen=True, slots=True)
class Table:
    """The live table. policy: how the exam is marked."""

    exam_id: int
    title: dict[str, str]
    policy: MarkingPolicy
    questions: Sequence[QuestionLine]
    markers: Sequence[MarkerLine]

    @property
    def scripts(self) -> int:
        """Answers that people mark."""
        return sum(line.scripts for line in self.questions)

    @property
    def settled(self) -> int:
        """Answers that are settled."""
        return sum(line.settled for line in self.questions)

    @property
    def disputes(self) -> int:
        """Answers that wait for the lead."""
        return sum(line.disputes for line in self.questions)


def marking_table(exam_id: int, *, now: datetime) -> Table | None:
    """The table of an exam; None where there is no such exam."""
    exam = db.session.execute(
        select(Exam.title, Exam.marking).where(Exam.id == exam_id)
    ).one_or_none()
    if exam is None:
        return None
    policy = MarkingPolicy.load(exam.marking)
    marks = _done_marks(exam_id)
    return Table(
        exam_id=exam_id,
        title=exam.title,
        policy=policy,
        questions=_questions(exam_id, by_question(marks)),
        markers=_markers(
            exam_id, by_marker(marks, check_deviation=policy.check_deviation), now=now
        ),
    )


def _done_marks(exam_id: int) -> list[DoneMark]:
    rows = db.session.execute(
        select(
            Marking.script_id,
            Marking.version_id,
            Marking.role,
            Marking.marker_id,
            Marking.points,
            Marking.spent_seconds,
            Script.maximum,
            Script.agreed,
        )
        .join(Script, Script.id == Marking.script_id)
        .where(
            Marking.exam_id == exam_id,
            Marking.state == MarkingState.DONE.value,
            Marking.role.in_(_BY_MARKERS),
        )
    )
    return [
        DoneMark(
            script_id=row.script_id,
            version_id=row.version_id,
            role=MarkingRole(row.role),
            marker_id=row.marker_id,
            points=row.points,
            maximum=row.maximum,
            seconds=row.spent_seconds,
            agreed=row.agreed,
        )
        for row in rows
    ]


def _questions(exam_id: int, figures: dict[int, QuestionFigures]) -> list[QuestionLine]:
    disputes = (
        select(Marking.version_id, func.count().label("count"))
        .where(
            Marking.exam_id == exam_id,
            Marking.role == MarkingRole.LEAD.value,
            Marking.state.in_(_UNFINISHED),
        )
        .group_by(Marking.version_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            Script.version_id,
            Question.id,
            Question.type,
            func.count().label("scripts"),
            func.count(Script.settled_at).label("settled"),
            func.coalesce(func.max(disputes.c.count), 0).label("disputes"),
        )
        .join(Attempt, Attempt.id == Script.attempt_id)
        .join(QuestionVersion, QuestionVersion.id == Script.version_id)
        .join(Question, Question.id == QuestionVersion.question_id)
        .outerjoin(disputes, disputes.c.version_id == Script.version_id)
        .where(Script.exam_id == exam_id, Attempt.state != AttemptState.VOIDED.value)
        .group_by(Script.version_id, Question.id, Question.type)
        .order_by(Question.id, Script.version_id)
    )
    return [
        QuestionLine(
            version_id=row.version_id,
            question_id=row.id,
            type=row.type,
            scripts=row.scripts,
            settled=row.settled,
            disputes=row.disputes,
            figures=figures.get(row.version_id),
        )
        for row in rows
    ]


def _markers(exam_id: int, figures: dict[int, MarkerFigures], *, now: datetime) -> list[MarkerLine]:
    is_done = Marking.state == MarkingState.DONE.value
    rows = db.session.execute(
        select(
            User.id,
            User.name,
            func.sum(case((is_done, 1), else_=0)).label("done"),
            func.sum(case((Marking.state.in_(_UNFINISHED), 1), else_=0)).label("open"),
            func.sum(case((and_(is_done, Marking.done_at > now - RECENT), 1), else_=0)).label(
                "recent"
            ),
            func.sum(case((Marking.state == MarkingState.HANDED_BACK.value, 1), else_=0)).label(
                "handed_back"
            ),
        )
        .join(User, User.id == Marking.marker_id)
        .where(Marking.exam_id == exam_id, Marking.role.in_(_BY_MARKERS))
        .group_by(User.id, User.name)
        .order_by(User.name, User.id)
    )
    return [
        MarkerLine(
            marker_id=row.id,
            name=row.name,
            done=row.done,
            open=row.open,
            recent=row.recent,
            handed_back=row.handed_back,
            figures=figures.get(row.id),
        )
        for row in rows
    ]
