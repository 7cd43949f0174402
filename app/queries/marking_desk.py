"""One answer on a marker's desk: no name, no attempt, no other mark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import func, select

from app.db import db
from app.domain.marking.roles import BY_MARKERS, MarkingState
from app.domain.marking.rubric import Judgement
from app.domain.questions.question import Question
from app.models.marking import Marking, MarkingComment, Script
from app.models.questions import QuestionVersion
from app.models.schemes import Exam
from app.queries.versions import question_of


@dataclass(frozen=True, slots=True)
class Desk:
    """What a marker sees. Nothing here tells the candidate, the role or another mark.

    done: answers to this question that the marker has done.
    """

    number: str
    exam_id: int
    exam_title: Mapping[str, str]
    version_id: int
    question: Question
    maximum: Fraction
    answer: Any
    state: MarkingState
    judgement: Judgement
    seq: int
    spent_seconds: int
    points: Fraction | None
    done: int


def desk(number: str, *, marker_id: int) -> Desk | None:
    """The answer with this number as its marker sees it; None where it is not on their desk."""
    row = db.session.execute(
        select(Script, Marking, Exam.title, QuestionVersion.content_hash, QuestionVersion.content)
        .join(Marking, Marking.script_id == Script.id)
        .join(Exam, Exam.id == Script.exam_id)
        .join(QuestionVersion, QuestionVersion.id == Script.version_id)
        .where(
            Script.number == number,
            Marking.round == Script.round,
            Marking.marker_id == marker_id,
            Marking.role.in_([role.value for role in BY_MARKERS]),
            Marking.state.in_([MarkingState.TAKEN.value, MarkingState.DONE.value]),
        )
        .order_by(Marking.id.desc())
    ).first()
    if row is None:
        return None
    script: Script = row.Script
    marking: Marking = row.Marking
    return Desk(
        number=script.number,
        exam_id=script.exam_id,
        exam_title=row.title,
        version_id=script.version_id,
        question=question_of(row.content_hash, row.content),
        maximum=script.maximum,
        answer=script.answer,
        state=MarkingState(marking.state),
        judgement=Judgement.load(marking.judgement),
        seq=marking.seq,
        spent_seconds=marking.spent_seconds,
        points=marking.points,
        done=_done(script, marker_id),
    )


@dataclass(frozen=True, slots=True)
class BankComment:
    """A sentence of the comment bank."""

    id: int
    text: str
    made_at: datetime
    is_mine: bool


def comments_for(exam_id: int, version_id: int, *, marker_id: int) -> Sequence[BankComment]:
    """The comment bank of a question, the oldest first."""
    rows = db.session.scalars(
        select(MarkingComment)
        .where(
            MarkingComment.exam_id == exam_id,
            MarkingComment.version_id == version_id,
            MarkingComment.retired_at.is_(None),
        )
        .order_by(MarkingComment.id)
    )
    return [BankComment(row.id, row.text, row.made_at, row.made_by == marker_id) for row in rows]


def _done(script: Script, marker_id: int) -> int:
    return (
        db.session.scalar(
            select(func.count()).where(
                Marking.marker_id == marker_id,
                Marking.exam_id == script.exam_id,
                Marking.version_id == script.version_id,
                Marking.state == MarkingState.DONE.value,
                Marking.role.in_([role.value for role in BY_MARKERS]),
            )
        )
        or 0
    )
