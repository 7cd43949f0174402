"""How far marking is: attempts that it has left behind, and counts per exam."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, exists, func, select

from app.db import db
from app.domain.attempts import AttemptState
from app.domain.marking.roles import UNFINISHED, MarkingRole
from app.models.attempts import Attempt
from app.models.marking import Marking, Script
from app.models.schemes import Exam

_UNFINISHED = [state.value for state in UNFINISHED]


def stuck_attempts() -> Sequence[int]:
    """Ids of attempts in marking in which nobody has anything left to do."""
    waits = exists().where(
        Script.attempt_id == Attempt.id,
        Marking.script_id == Script.id,
        Marking.round == Script.round,
        Marking.state.in_(_UNFINISHED),
    )
    return db.session.scalars(
        select(Attempt.id)
        .where(Attempt.state == AttemptState.MARKING.value, ~waits)
        .order_by(Attempt.id)
        .limit(1000)
    ).all()


@dataclass(frozen=True, slots=True)
class ExamProgress:
    """Marking of one exam. scripts, settled: answers. open: markings to do. disputes: answers
    that wait for the lead. attempts: those that wait for marks."""

    exam_id: int
    code: str
    scheme_id: str
    scripts: int
    settled: int
    open: int
    disputes: int
    attempts: int


def progress_by_exam() -> list[ExamProgress]:
    """Every exam that people mark: three statements."""
    waiting = _waiting_attempts()
    to_do = _unfinished()
    rows = db.session.execute(
        select(
            Exam.id,
            Exam.code,
            Exam.scheme_id,
            func.count(Script.id).label("scripts"),
            func.count(Script.settled_at).label("settled"),
        )
        .join(Script, Script.exam_id == Exam.id)
        .where(Script.attempt_id.is_not(None))
        .group_by(Exam.id, Exam.code, Exam.scheme_id)
        .order_by(Exam.id)
    )
    return [
        ExamProgress(
            exam_id=row.id,
            code=row.code,
            scheme_id=row.scheme_id,
            scripts=row.scripts,
            settled=row.settled,
            open=to_do.get(row.id, (0, 0))[0],
            disputes=to_do.get(row.id, (0, 0))[1],
            attempts=waiting.get(row.id, 0),
        )
        for row in rows
    ]


def _waiting_attempts() -> dict[int, int]:
    rows = db.session.execute(
        select(Attempt.exam_id, func.count())
        .where(Attempt.state == AttemptState.MARKING.value)
        .group_by(Attempt.exam_id)
    )
    return {row[0]: row[1] for row in rows}


def _unfinished() -> dict[int, tuple[int, int]]:
    is_dispute = Marking.role == MarkingRole.LEAD.value
    rows = db.session.execute(
        select(
            Marking.exam_id,
            func.count().label("open"),
            func.sum(case((is_dispute, 1), else_=0)).label("disputes"),
        )
        .where(Marking.state.in_(_UNFINISHED))
        .group_by(Marking.exam_id)
    )
    return {row.exam_id: (row.open, row.disputes) for row in rows}
