"""Pages of long lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import func, select

from app.db import AnyRow, AnySelect, db

T = TypeVar("T")

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list. number: from 1. total: rows of the whole list."""

    rows: Sequence[T]
    number: int
    total: int
    size: int = PAGE_SIZE

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))


def paged(statement: AnySelect, *, number: int, size: int = PAGE_SIZE) -> Page[AnyRow]:
    """Page `number` of the statement's rows: two queries, however long the list is."""
    total = db.session.scalar(select(func.count()).select_from(statement.order_by(None).subquery()))
    number = nearest_page(number, total=total or 0, size=size)
    rows = db.session.execute(statement.limit(size).offset((number - 1) * size)).all()
    return Page(rows, number, total or 0, size)


def page_of(rows: Sequence[T], *, number: int, size: int = PAGE_SIZE) -> Page[T]:
    """Page `number` of rows that are all there already."""
    number = nearest_page(number, total=len(rows), size=size)
    return Page(rows[(number - 1) * size : number * size], number, len(rows), size)


def nearest_page(number: int, *, total: int, size: int) -> int:
    """The page with that number, or the one of the list that is nearest to it."""
    return min(max(number, 1), max(1, -(-total // size)))


def contains(text: str) -> str:
    """A LIKE pattern (escaped with a backslash) for texts that contain `text`."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
