"""What trainees read and practise."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from sqlalchemy import select

from app.db import db, transactional
from app.domain.errors import DomainError, ErrorKind
from app.domain.questions.body import Answer, Layout
from app.domain.questions.kinds import Pool
from app.domain.questions.question import Question as Content
from app.domain.scoring.rules import MultipleRule, OrderingRule, ScoringRules
from app.domain.scoring.score import score
from app.domain.text import N_
from app.models.content import Lesson
from app.models.learning import LessonProgress, PracticeAnswer
from app.models.questions import Question, QuestionVersion
from app.queries.versions import question_of

PRACTICE_RULES = ScoringRules(multiple=MultipleRule.NET_HITS, ordering=OrderingRule.ADJACENT_PAIRS)
"""Practice gives part marks, so that progress shows."""

LONGEST_STAY = 60 * 60
"""Seconds that one visit to a lesson page can count."""


@dataclass(frozen=True, slots=True)
class Practised:
    """An answer as judged. share: 0..1, or None where the learner compares for themselves."""

    answer_id: int
    share: float | None


@transactional
def mark_lesson(lesson_id: str, *, user_id: int, done: bool, now: datetime) -> None:
    """Mark a lesson as done, or as not."""
    _progress(lesson_id, user_id, now).done_at = now if done else None


@transactional
def add_lesson_time(lesson_id: str, *, user_id: int, seconds: int, now: datetime) -> None:
    """Note that the lesson was opened, and add time that its page was in view."""
    _progress(lesson_id, user_id, now).seconds += max(0, min(seconds, LONGEST_STAY))


@transactional
def practise(
    question_id: str,
    *,
    version: int,
    answer: object,
    seed: int,
    spent_ms: int,
    user_id: int,
    now: datetime,
    today: date,
) -> Practised:
    """Judge and store one practice answer.

    version: number of the version that was shown; one that is newer than the live one is refused.
    seed: the one its layout was drawn with.
    Raises DomainError for a question that practice may not show, InvalidAnswer.
    """
    shown = db.session.scalar(
        select(QuestionVersion)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(
            Question.id == question_id,
            Question.pool == Pool.PRACTICE.value,
            QuestionVersion.number == version,
            QuestionVersion.number <= Question.live_version,
        )
    )
    if shown is None:
        raise DomainError(
            "question-missing", N_("There is no such question."), kind=ErrorKind.MISSING
        )
    content = question_of(shown.content_hash, shown.content)
    layout = practice_layout(content, seed=seed)
    given = content.body.read_answer(answer)
    share = _share(content, given, layout)
    stored = PracticeAnswer(
        user_id=user_id,
        question_id=question_id,
        version_id=shown.id,
        point_id=content.points[0],
        answer=given,
        layout=layout.dump(),
        share=share,
        spent_ms=max(0, min(spent_ms, LONGEST_STAY * 1000)),
        at=now,
        day=today,
    )
    db.session.add(stored)
    db.session.flush()
    return Practised(stored.id, share)


def practice_layout(content: Content, *, seed: int) -> Layout:
    """How practice shows the question under this seed."""
    return content.body.arrange(random.Random(f"{seed}:{content.id}"))


def _share(content: Content, given: Answer | None, layout: Layout) -> float | None:
    earned = score(content.body, given, layout=layout, maximum=Fraction(1), rules=PRACTICE_RULES)
    return None if earned is None else float(earned)


def _progress(lesson_id: str, user_id: int, now: datetime) -> LessonProgress:
    progress = db.session.get(LessonProgress, (user_id, lesson_id), with_for_update=True)
    if progress is None:
        if db.session.get(Lesson, lesson_id) is None:
            raise DomainError(
                "lesson-missing", N_("There is no such lesson."), kind=ErrorKind.MISSING
            )
        progress = LessonProgress(user_id=user_id, lesson_id=lesson_id, opened_at=now, seconds=0)
        db.session.add(progress)
    return progress
