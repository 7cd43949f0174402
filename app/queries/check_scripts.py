"""Check scripts: which there are, whether they are in use, and how they were marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.db import db
from app.domain.marking.policy import MarkingPolicy
from app.domain.marking.roles import MarkingState
from app.domain.questions.question import Question
from app.models.accounts import User
from app.models.marking import Marking, Script
from app.models.questions import QuestionVersion
from app.models.schemes import Exam
from app.queries.paging import Page, paged
from app.queries.versions import question_of


@dataclass(frozen=True, slots=True)
class CheckFilter:
    """Which check scripts the list shows. state: waiting, in_use, retired or "" for all."""

    exam: int | None = None
    state: str = ""
    sort: str = "newest"


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One check script. hits: of the marks those within the allowed deviation."""

    number: str
    question_id: str
    exam_title: Mapping[str, str]
    agreed: Fraction
    maximum: Fraction
    reason: str
    made_by: int | None
    maker: str | None
    approver: str | None
    created_at: datetime
    is_retired: bool
    hits: int
    marks: int

    @property
    def state(self) -> str:
        """waiting for another lead, in_use, or retired."""
        if self.is_retired:
            return "retired"
        return "in_use" if self.approver else "waiting"


def check_scripts(filters: CheckFilter, *, page: int = 1) -> Page[CheckRow]:
    """Check scripts, a page at a time: three statements."""
    maker, approver = aliased(User, name="maker"), aliased(User, name="approver")
    statement = (
        select(
            Script,
            Exam.title,
            Exam.marking,
            QuestionVersion.question_id,
            maker.name.label("maker_name"),
            approver.name.label("approver_name"),
        )
        .join(Exam, Exam.id == Script.exam_id)
        .join(QuestionVersion, QuestionVersion.id == Script.version_id)
        .outerjoin(maker, maker.id == Script.made_by)
        .outerjoin(approver, approver.id == Script.approved_by)
        .where(Script.attempt_id.is_(None))
    )
    if filters.exam is not None:
        statement = statement.where(Script.exam_id == filters.exam)
    if filters.state == "waiting":
        statement = statement.where(Script.approved_by.is_(None), Script.retired_at.is_(None))
    elif filters.state == "in_use":
        statement = statement.where(Script.approved_by.is_not(None), Script.retired_at.is_(None))
    elif filters.state == "retired":
        statement = statement.where(Script.retired_at.is_not(None))
    newest = filters.sort != "oldest"
    found = paged(statement.order_by(Script.id.desc() if newest else Script.id.asc()), number=page)
    given = _given([row.Script.id for row in found.rows])
    rows = []
    for row in found.rows:
        script: Script = row.Script
        agreed = script.agreed if script.agreed is not None else Fraction(0)
        allowed = MarkingPolicy.load(row.marking).check_deviation * script.maximum
        marks = given.get(script.id, [])
        rows.append(
            CheckRow(
                number=script.number,
                question_id=row.question_id,
                exam_title=row.title,
                agreed=agreed,
                maximum=script.maximum,
                reason=script.reason,
                made_by=script.made_by,
                maker=row.maker_name,
                approver=row.approver_name,
                created_at=script.created_at,
                is_retired=script.retired_at is not None,
                hits=sum(abs(points - agreed) <= allowed for points in marks),
                marks=len(marks),
            )
        )
    return Page(rows, found.number, found.total, found.size)


@dataclass(frozen=True, slots=True)
class MarkedQuestion:
    """A question that people mark in an exam."""

    exam_id: int
    exam_title: Mapping[str, str]
    version_id: int
    question: Question
    maximum: Fraction


def marked_question(exam_id: int, version_id: int) -> MarkedQuestion | None:
    """The question in this exam; None where nobody marks it there."""
    row = db.session.execute(
        select(Script.maximum, Exam.title, QuestionVersion.content_hash, QuestionVersion.content)
        .join(Exam, Exam.id == Script.exam_id)
        .join(QuestionVersion, QuestionVersion.id == Script.version_id)
        .where(
            Script.exam_id == exam_id,
            Script.version_id == version_id,
            Script.attempt_id.is_not(None),
        )
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    question = question_of(row.content_hash, row.content)
    return MarkedQuestion(exam_id, row.title, version_id, question, row.maximum)


def _given(script_ids: Sequence[int]) -> dict[int, list[Fraction]]:
    rows = db.session.execute(
        select(Marking.script_id, Marking.points).where(
            Marking.script_id.in_(script_ids), Marking.state == MarkingState.DONE.value
        )
    )
    found: dict[int, list[Fraction]] = {}
    for script_id, points in rows:
        if points is not None:
            found.setdefault(script_id, []).append(points)
    return found
