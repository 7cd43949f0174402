"""One answer with everything about its marking, for the lead: never whose it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.db import db
from app.domain.marking.adjudication import How
from app.domain.marking.policy import MarkingPolicy
from app.domain.marking.roles import MarkingAct, MarkingRole, MarkingState
from app.domain.marking.rubric import Judgement
from app.domain.questions.question import Question
from app.models.accounts import User
from app.models.attempts import Attempt
from app.models.marking import Marking, MarkingEvent, Script
from app.models.questions import QuestionVersion
from app.models.schemes import Exam
from app.queries.versions import question_of


@dataclass(frozen=True, slots=True)
class MarkLine:
    """One marking of the answer, of any round."""

    role: MarkingRole
    state: MarkingState
    round: int
    marker: str | None
    points: Fraction | None
    judgement: Judgement
    spent_seconds: int
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class EventLine:
    """One entry of the markings' log."""

    at: datetime
    role: MarkingRole
    act: MarkingAct
    person: str | None
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MarkedScript:
    """The answer. is_check: a check script; agreed: its points. attempt_state: None of one."""

    number: str
    exam_id: int
    exam_title: Mapping[str, str]
    version_id: int
    question: Question
    maximum: Fraction
    allowed: Fraction
    answer: Any
    round: int
    points: Fraction | None
    how: How | None
    agreed: Fraction | None
    attempt_state: str | None
    marks: Sequence[MarkLine]
    events: Sequence[EventLine]

    @property
    def is_check(self) -> bool:
        """Whether it is a check script."""
        return self.attempt_state is None


def marked_script(number: str) -> MarkedScript | None:
    """The answer with this number; None where there is none. Three statements."""
    row = db.session.execute(
        select(
            Script,
            Exam.title,
            Exam.marking,
            QuestionVersion.content_hash,
            QuestionVersion.content,
            Attempt.state,
        )
        .join(Exam, Exam.id == Script.exam_id)
        .join(QuestionVersion, QuestionVersion.id == Script.version_id)
        .outerjoin(Attempt, Attempt.id == Script.attempt_id)
        .where(Script.number == number)
    ).one_or_none()
    if row is None:
        return None
    script: Script = row.Script
    return MarkedScript(
        number=script.number,
        exam_id=script.exam_id,
        exam_title=row.title,
        version_id=script.version_id,
        question=question_of(row.content_hash, row.content),
        maximum=script.maximum,
        allowed=MarkingPolicy.load(row.marking).tolerance * script.maximum,
        answer=script.answer,
        round=script.round,
        points=script.points,
        how=How(script.how) if script.how else None,
        agreed=script.agreed,
        attempt_state=row.state,
        marks=_marks(script.id),
        events=_events(script.id),
    )


def _marks(script_id: int) -> list[MarkLine]:
    rows = db.session.execute(
        select(Marking, User.name)
        .outerjoin(User, User.id == Marking.marker_id)
        .where(Marking.script_id == script_id)
        .order_by(Marking.round, Marking.id)
    )
    return [
        MarkLine(
            role=MarkingRole(row.Marking.role),
            state=MarkingState(row.Marking.state),
            round=row.Marking.round,
            marker=row.name,
            points=row.Marking.points,
            judgement=Judgement.load(row.Marking.judgement),
            spent_seconds=row.Marking.spent_seconds,
            done_at=row.Marking.done_at,
        )
        for row in rows
    ]


def _events(script_id: int) -> list[EventLine]:
    person = aliased(User, name="person")
    rows = db.session.execute(
        select(MarkingEvent, Marking.role, person.name)
        .join(Marking, Marking.id == MarkingEvent.marking_id)
        .outerjoin(person, person.id == MarkingEvent.actor_id)
        .where(Marking.script_id == script_id)
        .order_by(MarkingEvent.id.desc())
    )
    return [
        EventLine(
            at=row.MarkingEvent.at,
            role=MarkingRole(row.role),
            act=MarkingAct(row.MarkingEvent.kind),
            person=row.name,
            detail=row.MarkingEvent.detail,
        )
        for row in rows
    ]
