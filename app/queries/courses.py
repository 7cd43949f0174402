"""The course as a learner sees it: modules, lessons, points, with progress."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select

from app.db import db
from app.domain.mastery import Mastery, PointRecord, mastery
from app.domain.questions.kinds import Pool
from app.models.accounts import Enrolment
from app.models.content import Lesson, LessonText, Module, Point
from app.models.learning import LessonProgress, PracticeAnswer
from app.models.questions import Question
from app.models.schemes import Scheme


@dataclass(frozen=True, slots=True)
class PointLine:
    """A point with how far the learner is. title: {zh, en}."""

    id: str
    title: dict[str, Any]
    key: bool
    answers: int
    share: float
    mastery: Mastery


@dataclass(frozen=True, slots=True)
class LessonLine:
    """A lesson in the course's list. written: whether it can be read. questions: to practise."""

    id: str
    title: dict[str, Any]
    minutes: int
    written: bool
    questions: int
    opened: bool
    done: bool
    points: tuple[PointLine, ...]


@dataclass(frozen=True, slots=True)
class ModuleBlock:
    """A module with its lessons."""

    id: str
    title: dict[str, Any]
    weight: int
    lessons: tuple[LessonLine, ...]

    @property
    def points(self) -> list[PointLine]:
        """All points of the module."""
        return [point for lesson in self.lessons for point in lesson.points]

    @property
    def done(self) -> int:
        """How many lessons are done."""
        return sum(lesson.done for lesson in self.lessons)

    @property
    def written(self) -> int:
        """How many lessons can be read."""
        return sum(lesson.written for lesson in self.lessons)


@dataclass(frozen=True, slots=True)
class SchemeCard:
    """A scheme that somebody is enrolled in."""

    id: str
    title: dict[str, Any]
    summary: dict[str, Any]
    modules: tuple[str, ...]
    due_at: datetime | None


def schemes_of(user_id: int) -> list[SchemeCard]:
    """The schemes that somebody is enrolled in."""
    rows = db.session.execute(
        select(Scheme.id, Scheme.title, Scheme.summary, Scheme.modules, Enrolment.due_at)
        .join(Enrolment, Enrolment.scheme_id == Scheme.id)
        .where(Enrolment.user_id == user_id)
        .order_by(Scheme.id)
    )
    return [SchemeCard(r.id, r.title, r.summary, tuple(r.modules), r.due_at) for r in rows]


def course(user_id: int, *, language: str) -> list[ModuleBlock]:
    """Every module with the learner's progress: three statements, whatever the numbers."""
    modules = db.session.execute(select(Module).order_by(Module.place)).scalars().all()
    points = _points(user_id)
    lessons = _lessons(user_id, language=language, points=points)
    return [
        ModuleBlock(
            m.id, m.title, m.weight, tuple(line for module, line in lessons if module == m.id)
        )
        for m in modules
    ]


@dataclass(frozen=True, slots=True)
class LessonPage:
    """A lesson as its page shows it. previous, next: (id, title) or None."""

    id: str
    module_id: str
    module_title: dict[str, Any]
    title: str
    minutes: int
    html: str
    toc: Sequence[dict[str, str]]
    done: bool
    seconds: int
    questions: int
    previous: tuple[str, dict[str, Any]] | None
    next: tuple[str, dict[str, Any]] | None


def lesson_page(lesson_id: str, *, user_id: int, language: str) -> LessonPage | None:
    """The page of one lesson, or None where it is not written."""
    row = db.session.execute(
        select(
            Lesson.module_id,
            Lesson.place,
            Module.title.label("module_title"),
            LessonText.title,
            LessonText.minutes,
            LessonText.html,
            LessonText.toc,
            LessonProgress.done_at,
            LessonProgress.seconds,
        )
        .join(Module, Module.id == Lesson.module_id)
        .join(LessonText, and_(LessonText.lesson_id == Lesson.id, LessonText.language == language))
        .outerjoin(
            LessonProgress,
            and_(LessonProgress.lesson_id == Lesson.id, LessonProgress.user_id == user_id),
        )
        .where(Lesson.id == lesson_id)
    ).one_or_none()
    if row is None:
        return None
    neighbours = db.session.execute(
        select(Lesson.id, Lesson.place, Lesson.title)
        .join(LessonText, and_(LessonText.lesson_id == Lesson.id, LessonText.language == language))
        .order_by(Lesson.place)
    ).all()
    earlier = [n for n in neighbours if n.place < row.place]
    later = [n for n in neighbours if n.place > row.place]
    return LessonPage(
        id=lesson_id,
        module_id=row.module_id,
        module_title=row.module_title,
        title=row.title,
        minutes=row.minutes,
        html=row.html,
        toc=row.toc,
        done=row.done_at is not None,
        seconds=row.seconds or 0,
        questions=_practice_count(lesson_id),
        previous=(earlier[-1].id, earlier[-1].title) if earlier else None,
        next=(later[0].id, later[0].title) if later else None,
    )


def _practice_count(lesson_id: str) -> int:
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Question)
            .where(
                Question.lesson_id == lesson_id,
                Question.pool == Pool.PRACTICE.value,
                Question.live_version.is_not(None),
            )
        )
        or 0
    )


def _points(user_id: int) -> dict[str, list[PointLine]]:
    record = (
        select(
            PracticeAnswer.point_id,
            func.count().label("answers"),
            func.avg(PracticeAnswer.share).label("share"),
            func.count(PracticeAnswer.day.distinct()).label("days"),
        )
        .where(PracticeAnswer.user_id == user_id, PracticeAnswer.share.is_not(None))
        .group_by(PracticeAnswer.point_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            Point.id,
            Point.lesson_id,
            Point.title,
            Point.key,
            record.c.answers,
            record.c.share,
            record.c.days,
        )
        .outerjoin(record, record.c.point_id == Point.id)
        .order_by(Point.place)
    )
    points: dict[str, list[PointLine]] = {}
    for r in rows:
        known = PointRecord(r.answers or 0, float(r.share or 0.0), r.days or 0)
        points.setdefault(r.lesson_id, []).append(
            PointLine(r.id, r.title, r.key, known.answers, known.share, mastery(known, key=r.key))
        )
    return points


def _lessons(
    user_id: int, *, language: str, points: dict[str, list[PointLine]]
) -> list[tuple[str, LessonLine]]:
    questions = (
        select(Question.lesson_id, func.count().label("questions"))
        .where(Question.pool == Pool.PRACTICE.value, Question.live_version.is_not(None))
        .group_by(Question.lesson_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            Lesson.id,
            Lesson.module_id,
            Lesson.title,
            LessonText.minutes,
            LessonProgress.opened_at,
            LessonProgress.done_at,
            questions.c.questions,
        )
        .outerjoin(
            LessonText, and_(LessonText.lesson_id == Lesson.id, LessonText.language == language)
        )
        .outerjoin(
            LessonProgress,
            and_(LessonProgress.lesson_id == Lesson.id, LessonProgress.user_id == user_id),
        )
        .outerjoin(questions, questions.c.lesson_id == Lesson.id)
        .order_by(Lesson.place)
    )
    return [
        (
            r.module_id,
            LessonLine(
                id=r.id,
                title=r.title,
                minutes=r.minutes or 0,
                written=r.minutes is not None,
                questions=r.questions or 0,
                opened=r.opened_at is not None,
                done=r.done_at is not None,
                points=tuple(points.get(r.id, ())),
            ),
        )
        for r in rows
    ]
