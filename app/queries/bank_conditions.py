"""What a filter of the bank means in SQL."""

from __future__ import annotations

from datetime import datetime, time, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select

from app.domain.questions.bank_filter import BankFilter, StatisticsFilter
from app.domain.statistics.items import LEAST_FOR_FACILITY
from app.models.content import Lesson
from app.models.papers import PaperQuestion
from app.models.questions import Question, QuestionVersion
from app.models.statistics import VersionFlag, VersionStatistics
from app.queries.statistics import in_use


def conditions(filters: BankFilter, *, zone: tzinfo) -> list[ColumnElement[bool]]:
    """Everything that a filter asks for but the words and the exposure.

    zone: the organisation's, in which changed_since is a day.
    """
    return [*_plain(filters), *_since(filters, zone), *_used(filters), *_flagged(filters)]


def exposed(filters: BankFilter, exposure: Any) -> list[ColumnElement[bool]]:
    """What of a filter looks at the columns of `exposure_of_all`."""
    conditions: list[ColumnElement[bool]] = []
    for count, least, most in (
        (exposure.c.papers, filters.papers_least, filters.papers_most),
        (exposure.c.attempts, filters.attempts_least, filters.attempts_most),
    ):
        if least is not None:
            conditions.append(func.coalesce(count, 0) >= least)
        if most is not None:
            conditions.append(func.coalesce(count, 0) <= most)
    return conditions


def _plain(filters: BankFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        column == value
        for column, value in (
            (Question.lesson_id, filters.lesson),
            (Question.point_id, filters.point.upper()),
            (Question.type, filters.type),
            (Question.level, filters.level),
            (Question.difficulty, filters.difficulty),
            (Question.pool, filters.pool),
            (Question.state, filters.state),
        )
        if value not in ("", None)
    ]
    if filters.module:
        lessons = select(Lesson.id).where(Lesson.module_id == filters.module)
        conditions.append(Question.lesson_id.in_(lessons))
    if filters.live in ("yes", "no"):
        is_live = Question.live_version.is_not(None)
        conditions.append(is_live if filters.live == "yes" else ~is_live)
    if filters.author is not None:
        conditions.append(
            Question.author_id == filters.author if filters.author else Question.author_id.is_(None)
        )
    return conditions


def _since(filters: BankFilter, zone: tzinfo) -> list[ColumnElement[bool]]:
    if filters.changed_since is None:
        return []
    return [Question.updated_at >= datetime.combine(filters.changed_since, time.min, tzinfo=zone)]


def _used(filters: BankFilter) -> list[ColumnElement[bool]]:
    if filters.used not in ("yes", "no"):
        return []
    on_paper = (
        exists()
        .where(QuestionVersion.question_id == Question.id)
        .where(PaperQuestion.version_id == QuestionVersion.id)
    )
    return [on_paper if filters.used == "yes" else ~on_paper]


def _flagged(filters: BankFilter) -> list[ColumnElement[bool]]:
    """What the figures of the version in use say, or else of the newest."""
    wanted = filters.flag
    if not wanted:
        return []
    version = exists().where(in_use())
    flagged = version.where(VersionFlag.version_id == QuestionVersion.id)
    counted = version.where(
        VersionStatistics.version_id == QuestionVersion.id,
        VersionStatistics.people >= LEAST_FOR_FACILITY,
    )
    match wanted:
        case StatisticsFilter.ANY:
            return [flagged]
        case StatisticsFilter.NONE:
            return [counted, ~flagged]
        case StatisticsFilter.FEW:
            return [~counted]
    return [flagged.where(VersionFlag.flag == wanted)]
