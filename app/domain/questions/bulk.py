"""One change of many questions: what is asked, and what it makes of each of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from app.domain.errors import DomainError, ErrorKind
from app.domain.questions.kinds import Level, Pool, QuestionState
from app.domain.questions.lifecycle import NEEDS_NOTE, NoteMissing, QuestionStep
from app.domain.questions.question import Question
from app.domain.text import N_

LONGEST_SOURCE = 200
HARDEST = 5

BULK_STEPS = (QuestionStep.SUBMIT, QuestionStep.RETIRE, QuestionStep.REVIVE)
"""Steps that many questions may take at once; approving one takes reading it."""


class OrderUnclear(DomainError):
    """Nothing is to be changed, or what is to be changed cannot be."""

    def __init__(self) -> None:
        super().__init__(
            "order-unclear",
            N_("Choose what to change: level, difficulty, source, points and pool, or one step."),
        )


class NothingChanges(DomainError):
    """The question is already as it is to be."""

    def __init__(self) -> None:
        super().__init__("nothing-changes", N_("It is already so."))


class MainPointStays(DomainError):
    """The first point cannot be taken away: the id begins with it, and it decides the lesson."""

    def __init__(self, point: str) -> None:
        super().__init__(
            "main-point-stays",
            N_("%(point)s is the first point, with which the id begins."),
            point=point,
            kind=ErrorKind.CONFLICT,
        )


class PoolInUse(DomainError):
    """Only a question that nobody has ever seen may change its pool (promise 7)."""

    def __init__(self) -> None:
        super().__init__(
            "pool-in-use",
            N_(
                "Its pool stays: it is no draft, or it was live, practised, on a paper or comes"
                " from a file."
            ),
            kind=ErrorKind.CONFLICT,
        )


@dataclass(frozen=True, slots=True)
class BulkOrder:
    """What is to become of each question: parts of its content, or one step of its life.

    None and () leave a part as it is. note: goes with the new versions or with the step.
    """

    level: Level | None = None
    difficulty: int | None = None
    source: str | None = None
    add_points: tuple[str, ...] = ()
    remove_points: tuple[str, ...] = ()
    pool: Pool | None = None
    step: QuestionStep | None = None
    note: str = ""

    @property
    def changes_content(self) -> bool:
        """Whether it makes new versions."""
        return replace(self, step=None, note="") != BulkOrder()

    def check(self) -> None:
        """Whether it can be followed at all; raises OrderUnclear, NoteMissing."""
        if self.changes_content == (self.step is not None):
            raise OrderUnclear
        if self.step is not None and self.step not in BULK_STEPS:
            raise OrderUnclear
        if set(self.add_points) & set(self.remove_points):
            raise OrderUnclear
        if self.step in NEEDS_NOTE and not self.note.strip():
            raise NoteMissing
        if self.difficulty is not None and not 1 <= self.difficulty <= HARDEST:
            raise OrderUnclear
        if self.source is not None and not 0 < len(self.source.strip()) <= LONGEST_SOURCE:
            raise OrderUnclear

    def dump(self) -> dict[str, Any]:
        """The form that the database keeps."""
        return {
            "level": self.level and self.level.value,
            "difficulty": self.difficulty,
            "source": self.source,
            "add_points": list(self.add_points),
            "remove_points": list(self.remove_points),
            "pool": self.pool and self.pool.value,
            "step": self.step and self.step.value,
            "note": self.note,
        }

    @classmethod
    def load(cls, raw: Mapping[str, Any]) -> Self:
        """The inverse of `dump`."""
        return cls(
            level=Level(raw["level"]) if raw["level"] else None,
            difficulty=raw["difficulty"],
            source=raw["source"],
            add_points=tuple(raw["add_points"]),
            remove_points=tuple(raw["remove_points"]),
            pool=Pool(raw["pool"]) if raw["pool"] else None,
            step=QuestionStep(raw["step"]) if raw["step"] else None,
            note=raw["note"],
        )


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One part of a question before and after: level, difficulty, source, points, pool, state."""

    field: str
    before: str
    after: str


def change_content(question: Question, order: BulkOrder) -> Question:
    """The question as the order wants it; raises MainPointStays, NothingChanges."""
    main = question.points[0]
    if main in order.remove_points:
        raise MainPointStays(main)
    points = [point for point in question.points if point not in order.remove_points]
    points.extend(point for point in order.add_points if point not in points)
    changed = replace(
        question,
        level=order.level or question.level,
        difficulty=order.difficulty or question.difficulty,
        source=question.source if order.source is None else order.source.strip(),
        points=tuple(points),
        pool=order.pool or question.pool,
    )
    if changed == question:
        raise NothingChanges
    return changed


def check_pool_change(state: QuestionState, *, is_touched: bool) -> None:
    """Whether a question may move to the other pool (promise 7); raises PoolInUse.

    is_touched: whether it was ever live, practised, on a paper, or comes from a file.
    """
    if is_touched or state is not QuestionState.DRAFT:
        raise PoolInUse


def field_changes(before: Question, after: Question) -> tuple[FieldChange, ...]:
    """What an order changed in a question, part by part."""
    parts = (
        ("level", before.level.value, after.level.value),
        ("difficulty", str(before.difficulty), str(after.difficulty)),
        ("source", before.source, after.source),
        ("points", _list(before.points), _list(after.points)),
        ("pool", before.pool.value, after.pool.value),
    )
    return tuple(FieldChange(name, old, new) for name, old, new in parts if old != new)


def _list(points: Collection[str]) -> str:
    return ", ".join(points)
