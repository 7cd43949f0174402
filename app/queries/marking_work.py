"""What a marker can do now: questions with open answers, the next answer, the next check."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.db import AnySelect, db
from app.domain.attempts import AttemptState
from app.domain.marking.roles import BY_MARKERS, MarkingRole, MarkingState
from app.domain.text import Text
from app.models.attempts import Attempt
from app.models.marking import Marking, Script
from app.models.questions import Question, QuestionVersion
from app.models.schemes import Exam
from app.models.trainers import Trainer
from app.queries.paging import Page, paged
from app.queries.trainers import trainers_of

_BY_MARKERS = [role.value for role in BY_MARKERS]
_Mine = aliased(Marking, name="mine")
SORTS = ("most", "exam", "question")


@dataclass(frozen=True, slots=True)
class WorkFilter:
    """What one's list of work shows. exam_id None: of every exam. sort: one of SORTS."""

    exam_id: int | None = None
    all: bool = False
    sort: str = "most"


@dataclass(frozen=True, slots=True)
class QuestionWork:
    """One question of one exam. open: answers that this marker may take. mine: taken by them and
    not done. done: done by them. total, settled: answers of everybody's."""

    exam_id: int
    exam_title: dict[str, str]
    version_id: int
    question_id: str
    pool: str
    type: str
    stem: Text
    open: int
    mine: int
    done: int
    total: int
    settled: int


def work_of(marker_id: int, filters: WorkFilter, *, page: int = 1) -> Page[QuestionWork]:
    """Questions with answers to mark, a page at a time: two statements."""
    found = paged(_work(marker_id, filters), number=page)
    rows = [
        QuestionWork(
            exam_id=row.exam_id,
            exam_title=row.title,
            version_id=row.version_id,
            question_id=row.question_id,
            pool=row.pool,
            type=row.type,
            stem=Text(row.stem_zh, row.stem_en),
            open=row.open,
            mine=row.mine,
            done=row.done,
            total=row.total,
            settled=row.settled,
        )
        for row in found.rows
    ]
    return Page(rows, found.number, found.total, found.size)


def exams_with_scripts() -> list[tuple[int, dict[str, str]]]:
    """(id, title) of every exam that people mark, the newest first."""
    rows = db.session.execute(
        select(Exam.id, Exam.title)
        .where(exists().where(Script.exam_id == Exam.id))
        .order_by(Exam.id.desc())
    )
    return [(row.id, row.title) for row in rows]


def count_waiting(marker_id: int) -> int:
    """How many answers this person may mark now, those on the desk among them."""
    counts = _marking_counts(marker_id).subquery()
    return int(db.session.scalar(select(func.sum(counts.c.open + counts.c.mine))) or 0)


def next_open(exam_id: int, version_id: int, *, marker_id: int) -> int | None:
    """The marking that this person gets next; locked, and past those that others lock now.

    What is kept for this person first, then third markings, for which an attempt waits the
    longest; then in the order drawn when the scripts were opened.
    """
    return db.session.scalar(
        select(Marking.id)
        .join(Script, Script.id == Marking.script_id)
        .join(Attempt, Attempt.id == Script.attempt_id)
        .where(Marking.exam_id == exam_id, Marking.version_id == version_id, _free_for(marker_id))
        .order_by(
            case((Marking.marker_id == marker_id, 0), else_=1),
            case((Marking.role == MarkingRole.THIRD.value, 0), else_=1),
            Script.shuffle,
            Marking.id,
        )
        .limit(1)
        .with_for_update(of=Marking, skip_locked=True)
    )


def taken_marking(exam_id: int, version_id: int, *, marker_id: int) -> str | None:
    """The number of the script that lies on this marker's desk."""
    return db.session.scalar(
        select(Script.number)
        .join(Marking, Marking.script_id == Script.id)
        .where(
            Marking.marker_id == marker_id,
            Marking.state == MarkingState.TAKEN.value,
            Marking.exam_id == exam_id,
            Marking.version_id == version_id,
            Marking.role.in_(_BY_MARKERS),
        )
        .order_by(Marking.taken_at, Marking.id)
        .limit(1)
    )


def count_taken(exam_id: int, version_id: int, *, marker_id: int) -> int:
    """How many answers to the question this person has had on the desk."""
    return (
        db.session.scalar(
            select(func.count()).where(
                Marking.marker_id == marker_id,
                Marking.exam_id == exam_id,
                Marking.version_id == version_id,
                Marking.role.in_(_BY_MARKERS),
                Marking.taken_at.is_not(None),
            )
        )
        or 0
    )


def check_for(exam_id: int, version_id: int, *, marker_id: int) -> int | None:
    """A check script in use that this person has neither marked, made nor approved."""
    return db.session.scalar(
        select(Script.id)
        .where(
            Script.exam_id == exam_id,
            Script.version_id == version_id,
            Script.attempt_id.is_(None),
            Script.approved_by.is_not(None),
            Script.retired_at.is_(None),
            Script.approved_by != marker_id,
            Script.made_by != marker_id,
            ~_has_had(marker_id),
        )
        .order_by(Script.shuffle, Script.id)
        .limit(1)
    )


def barred_from(script_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """Script → who may never mark it: the candidate, and who trained them. Two statements."""
    rows = db.session.execute(
        select(Script.id, Attempt.user_id)
        .outerjoin(Attempt, Attempt.id == Script.attempt_id)
        .where(Script.id.in_(script_ids))
    ).all()
    trained = trainers_of({row.user_id for row in rows if row.user_id is not None})
    return {
        row.id: frozenset({row.user_id} | trained[row.user_id]) if row.user_id else frozenset()
        for row in rows
    }


def had_by(script_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """Script → who has marked its answer or handed it back, or has it on the desk."""
    found: dict[int, set[int]] = {script_id: set() for script_id in script_ids}
    rows = db.session.execute(
        select(Marking.script_id, Marking.marker_id)
        .join(Script, Script.id == Marking.script_id)
        .where(
            Marking.script_id.in_(script_ids),
            Marking.round == Script.round,
        )
    )
    for script_id, marker_id in rows:
        if marker_id is not None:
            found[script_id].add(marker_id)
    return {script_id: frozenset(people) for script_id, people in found.items()}


def _free_for(marker_id: int) -> ColumnElement[bool]:
    """Whether `distribution.may_mark` lets this person take the marking, told in SQL."""
    return and_(
        Marking.state == MarkingState.OPEN.value,
        Marking.role.in_(_BY_MARKERS),
        or_(Marking.marker_id.is_(None), Marking.marker_id == marker_id),
        Attempt.state != AttemptState.VOIDED.value,
        Attempt.user_id != marker_id,
        ~exists().where(Trainer.trainer_id == marker_id, Trainer.user_id == Attempt.user_id),
        ~_has_had(marker_id, is_other=True),
    )


def _has_had(marker_id: int, *, is_other: bool = False) -> ColumnElement[bool]:
    """Whether this person has a marking of the same answer; is_other: besides the one at hand."""
    condition = and_(
        _Mine.script_id == Script.id, _Mine.round == Script.round, _Mine.marker_id == marker_id
    )
    if is_other:
        condition = and_(condition, _Mine.id != Marking.id)
    return exists(select(_Mine.id).where(condition).correlate(Script, Marking))


def _work(marker_id: int, filters: WorkFilter) -> AnySelect:
    """Per exam and question: what is open for, taken by and done by this marker."""
    counts = _marking_counts(marker_id).subquery("counts")
    scripts = (
        select(
            Script.exam_id,
            Script.version_id,
            func.count().label("total"),
            func.count(Script.settled_at).label("settled"),
        )
        .join(Attempt, Attempt.id == Script.attempt_id)
        .where(Attempt.state != AttemptState.VOIDED.value)
        .group_by(Script.exam_id, Script.version_id)
        .subquery("totals")
    )
    open_, mine = func.coalesce(counts.c.open, 0), func.coalesce(counts.c.mine, 0)
    done = func.coalesce(counts.c.done, 0)
    statement = (
        select(
            scripts.c.exam_id,
            scripts.c.version_id,
            scripts.c.total,
            scripts.c.settled,
            open_.label("open"),
            mine.label("mine"),
            done.label("done"),
            Exam.title,
            Question.id.label("question_id"),
            Question.pool,
            Question.type,
            Question.stem_zh,
            Question.stem_en,
        )
        .join(Exam, Exam.id == scripts.c.exam_id)
        .join(QuestionVersion, QuestionVersion.id == scripts.c.version_id)
        .join(Question, Question.id == QuestionVersion.question_id)
        .outerjoin(
            counts,
            and_(
                counts.c.exam_id == scripts.c.exam_id,
                counts.c.version_id == scripts.c.version_id,
            ),
        )
    )
    if filters.exam_id is not None:
        statement = statement.where(scripts.c.exam_id == filters.exam_id)
    if not filters.all:
        statement = statement.where(open_ + mine > 0)
    by_exam = (scripts.c.exam_id.desc(), Question.id, scripts.c.version_id)
    orders: dict[str, tuple[Any, ...]] = {
        "most": ((mine + open_).desc(), *by_exam),
        "exam": by_exam,
        "question": (Question.id, scripts.c.exam_id.desc(), scripts.c.version_id),
    }
    return statement.order_by(*orders.get(filters.sort, orders["most"]))


def _marking_counts(marker_id: int) -> AnySelect:
    def count(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.sum(case((condition, 1), else_=0))

    is_mine = and_(Marking.marker_id == marker_id, Marking.role.in_(_BY_MARKERS))
    return (
        select(
            Marking.exam_id,
            Marking.version_id,
            # A person may take one of the markings of an answer, never two.
            func.count(case((_free_for(marker_id), Marking.script_id)).distinct()).label("open"),
            count(and_(is_mine, Marking.state == MarkingState.TAKEN.value)).label("mine"),
            count(and_(is_mine, Marking.state == MarkingState.DONE.value)).label("done"),
        )
        .join(Script, Script.id == Marking.script_id)
        .outerjoin(Attempt, Attempt.id == Script.attempt_id)
        .group_by(Marking.exam_id, Marking.version_id)
    )
