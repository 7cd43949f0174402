"""What an order to change many questions would do, question by question."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select, union

from app.db import AnyRow, db
from app.domain.errors import DomainError
from app.domain.questions.bulk import (
    BulkOrder,
    FieldChange,
    NothingChanges,
    change_content,
    check_pool_change,
    field_changes,
)
from app.domain.questions.kinds import QuestionState
from app.domain.questions.lifecycle import QuestionStep, Standing, take
from app.domain.questions.question import Question as Content
from app.domain.text import N_
from app.models.content import Point
from app.models.learning import PracticeAnswer
from app.models.papers import PaperQuestion
from app.models.questions import Question, QuestionVersion
from app.models.workshop import QuestionMove
from app.queries.question_standings import standings
from app.queries.versions import question_of


class UnknownPoint(DomainError):
    """A point that is to be added and is not in the syllabus."""

    def __init__(self, point: str) -> None:
        super().__init__(
            "point-missing", N_("Point %(point)s is not in the syllabus."), point=point
        )


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """What becomes of one question. content: the new one, None for a step of its life."""

    id: str
    pool: str
    stem_zh: str
    stem_en: str
    version: int
    standing: Standing
    changes: tuple[FieldChange, ...]
    content: Content | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A question that stays as it is. problem: why; its sentence is for people."""

    id: str
    pool: str
    stem_zh: str
    stem_en: str
    problem: DomainError


@dataclass(frozen=True, slots=True)
class BulkPlan:
    """Everything that an order would do, by id. unchanged: what is already so."""

    changes: tuple[PlannedChange, ...]
    refused: tuple[Refusal, ...]
    unchanged: tuple[str, ...]

    @property
    def digest(self) -> str:
        """What tells whether the changes are still those that somebody has seen."""
        seen = [(row.id, row.version, row.standing.state) for row in self.changes]
        return hashlib.sha256(json.dumps(seen).encode()).hexdigest()


def bulk_plan(question_ids: Collection[str], order: BulkOrder, *, by: int) -> BulkPlan:
    """What the order would do to these questions, where this person gives it.

    Five statements at most. Raises OrderUnclear, NoteMissing, UnknownPoint.
    """
    order.check()
    _check_points(order.add_points)
    stands = standings(question_ids)
    touched = _touched(question_ids) if order.pool is not None else frozenset()
    changes: list[PlannedChange] = []
    refused: list[Refusal] = []
    unchanged: list[str] = []
    for row in _newest(question_ids):
        try:
            changes.append(
                _planned(row, order, stands[row.id], by=by, is_touched=row.id in touched)
            )
        except NothingChanges:
            unchanged.append(row.id)
        except DomainError as problem:
            refused.append(Refusal(row.id, row.pool, row.stem_zh, row.stem_en, problem))
    return BulkPlan(tuple(changes), tuple(refused), tuple(unchanged))


def _planned(
    row: AnyRow, order: BulkOrder, standing: Standing, *, by: int, is_touched: bool
) -> PlannedChange:
    before = question_of(row.content_hash, row.content)
    content = None
    changes: tuple[FieldChange, ...] = ()
    if order.step is None:
        content = change_content(before, order)
        changes = field_changes(before, content)
        if content.pool is not before.pool:
            check_pool_change(standing.state, is_touched=is_touched)
    after = take(standing, order.step or QuestionStep.WRITE, by=by, note=order.note)
    if after.state is not standing.state:
        changes = (*changes, FieldChange("state", standing.state.value, after.state.value))
    return PlannedChange(
        id=row.id,
        pool=row.pool,
        stem_zh=row.stem_zh,
        stem_en=row.stem_en,
        version=row.current_version,
        standing=standing,
        changes=changes,
        content=content,
    )


def _newest(question_ids: Collection[str]) -> Sequence[AnyRow]:
    return db.session.execute(
        select(
            Question.id,
            Question.pool,
            Question.stem_zh,
            Question.stem_en,
            Question.current_version,
            QuestionVersion.content,
            QuestionVersion.content_hash,
        )
        .join(
            QuestionVersion,
            (QuestionVersion.question_id == Question.id)
            & (QuestionVersion.number == Question.current_version),
        )
        .where(Question.id.in_(question_ids))
        .order_by(Question.id)
    ).all()


def _touched(question_ids: Collection[str]) -> frozenset[str]:
    """Of these, the questions that somebody may have seen, or that a file keeps in its pool."""
    live = QuestionState.LIVE.value
    found = union(
        select(PracticeAnswer.question_id).where(PracticeAnswer.question_id.in_(question_ids)),
        select(QuestionVersion.question_id)
        .join(PaperQuestion, PaperQuestion.version_id == QuestionVersion.id)
        .where(QuestionVersion.question_id.in_(question_ids)),
        select(QuestionMove.question_id).where(
            QuestionMove.question_id.in_(question_ids),
            or_(QuestionMove.from_state == live, QuestionMove.to_state == live),
        ),
        select(Question.id).where(
            Question.id.in_(question_ids),
            or_(Question.live_version.is_not(None), Question.file_hash.is_not(None)),
        ),
    )
    return frozenset(db.session.scalars(found))


def _check_points(points: Sequence[str]) -> None:
    if not points:
        return
    known = set(db.session.scalars(select(Point.id).where(Point.id.in_(points))))
    for point in points:
        if point not in known:
            raise UnknownPoint(point)
