"""Where somebody came from to a question: a list or the review queue, and what is next there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from app.domain.questions.bank_filter import MOST_COUNTED, BankFilter
from app.domain.questions.lifecycle import REVIEWED
from app.queries.bank import bank_ids
from app.queries.paging import PAGE_SIZE
from app.queries.review_queue import QueueFilter, queue_ids
from app.web.access import me
from app.web.clock import zone


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What stands before and after a question where one came from: (id, place) or None."""

    previous: tuple[str, int] | None = None
    next: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """A list or the queue, and the question's place in it, from 0. at None: neither."""

    filters: BankFilter
    at: int | None = None
    is_queue: bool = False

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Origin:
        """The origin that an address tells."""
        at = str(raw.get("at", ""))
        is_known = at.isascii() and at.isdecimal() and len(at) < 8
        return cls(
            BankFilter.read(raw),
            min(int(at), MOST_COUNTED) if is_known else None,
            is_known and raw.get("queue") == "1",
        )

    def address(self, question_id: str, at: int) -> str:
        """A question of the same list."""
        return url_for("bank.question", question_id=question_id, **self.arguments(at))

    def arguments(self, at: int | None = None) -> dict[str, Any]:
        """What the addresses of a question's pages carry on; nothing where there is no list."""
        if self.at is None and at is None:
            return {}
        queue = {"queue": "1"} if self.is_queue else {}
        return {**self.filters.dump(), **queue, "at": self.at if at is None else at}

    def back(self) -> str:
        """The page of the list that shows the question."""
        page = (self.at or 0) // PAGE_SIZE + 1
        endpoint = "bank.review" if self.is_queue else "bank.index"
        more: dict[str, Any] = {"page": page} if page > 1 else {}
        return url_for(endpoint, **self.filters.dump(), **more)

    def neighbours(self, question_id: str) -> Neighbours:
        """What is before and after; a question that has left the list is where it was."""
        if self.at is None:
            return Neighbours()
        ids = self.ids(self.at + 2)
        place, is_there = _place(ids, question_id, self.at)
        after = place + 1 if is_there else place
        return Neighbours(
            (ids[place - 1], place - 1) if 0 < place <= len(ids) else None,
            (ids[after], after) if after < len(ids) else None,
        )

    def ids(self, most: int) -> Sequence[str]:
        """The first questions of the list."""
        if self.is_queue:
            return queue_ids(me().user_id, queue_filter(self.filters), most=most)
        return bank_ids(self.filters, zone=zone(), most=most)


def queue_filter(filters: BankFilter) -> QueueFilter:
    """The part of a filter that the queue has too."""
    return QueueFilter(
        state=filters.state if filters.state in REVIEWED else "",
        pool=filters.pool,
        module=filters.module,
        lesson=filters.lesson,
        author=filters.author,
    )


def _place(ids: Sequence[str], question_id: str, at: int) -> tuple[int, bool]:
    if at < len(ids) and ids[at] == question_id:
        return at, True
    if question_id in ids:
        return ids.index(question_id), True
    return at, False
