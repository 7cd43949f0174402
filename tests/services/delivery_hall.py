"""Where `test_delivery_machine` plays: two sittings, one candidate, and a server that can die."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import event, update
from sqlalchemy.orm import Session

from app.db import db
from app.models.sittings import Registration, Sitting
from app.services.trail import Actor
from tests import factories
from tests.services.delivery_model import HOUR, MINUTE, SECOND, Place, World

PLAN = [
    {"module": "planning", "type": "single", "count": 2, "points": 30.0},
    {"module": "planning", "type": "true_false", "count": 2, "points": 20.0},
]
POINTS = {1: 30, 2: 30, 3: 20, 4: 20}
CHOICES = {
    1: ["b", "a", "b", None],
    2: ["b", "d", "b", "c"],
    3: [True, False, True, None],
    4: [True, False, True, None],
}
RIGHT = {1: "b", 2: "b", 3: True, 4: True}
FREE, ONE_WAY = {1: 1, 2: 1, 3: 1, 4: 1}, {1: 1, 2: 1, 3: 2, 4: 2}
RULES = [
    {"attempts": 3, "wait_hours": 0, "papers": 4},
    {"attempts": 2, "wait_hours": 1, "papers": 2},
]


class Killed(Exception):
    """The server died here."""


class Death:
    """Kills a transaction at its nth statement or at its commit: then none of it comes about."""

    def __init__(self) -> None:
        self._left: dict[str, int] = {}

    @contextmanager
    def at_hand(self, **at: int) -> Iterator[None]:
        """For the acts inside: statement=2 dies at the second statement, commit=1 at a commit."""
        self._left = dict(at)
        try:
            yield
        finally:
            self._left = {}

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Hears every statement and commit."""
        event.listen(db.engine, "before_cursor_execute", self._on_statement)
        event.listen(Session, "before_commit", self._on_commit)
        try:
            yield
        finally:
            event.remove(Session, "before_commit", self._on_commit)
            event.remove(db.engine, "before_cursor_execute", self._on_statement)

    def _on_statement(
        self, connection, cursor, statement, parameters, context, executemany
    ) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            self._count("statement")

    def _on_commit(self, session) -> None:
        self._count("commit")

    def _count(self, what: str) -> None:
        if what not in self._left:
            return
        self._left[what] -= 1
        if self._left[what] == 0:
            self._left = {}
            raise Killed


@dataclass(frozen=True)
class Hall:
    """What every example begins with: somebody registered in two sittings, and a proctor."""

    app: Flask
    user_id: int
    proctor: Actor
    sitting_ids: list[int]
    registration_ids: list[int]
    death: Death = field(default_factory=Death)

    def open(self, *, closes: tuple[int, int], factor: float, breaks: int, late: int) -> World:
        """Write down what is particular to one example; the model's world of it.

        closes: ends of the two windows (ms). breaks: minutes. late: seconds.
        """
        factories.accommodation(self.user_id, factor=factor, breaks=breaks)
        db.session.execute(update(Registration).values(late_seconds=late))
        for sitting_id, end in zip(self.sitting_ids, closes, strict=True):
            ends = update(Sitting).where(Sitting.id == sitting_id).values(closes_at=moment(end))
            db.session.execute(ends)
        db.session.commit()
        return World(
            [
                Place(
                    closes=end,
                    limit=HOUR,
                    attempts=rules["attempts"],
                    wait=rules["wait_hours"] * HOUR,
                    papers=rules["papers"],
                    factor=factor,
                    late=late * SECOND,
                    breaks=breaks * MINUTE,
                    sections=sections,
                    points=POINTS,
                    right=RIGHT,
                )
                for end, rules, sections in zip(closes, RULES, (FREE, ONE_WAY), strict=True)
            ]
        )


def build(app: Flask) -> Hall:
    """The rows that all examples share."""
    factories.syllabus()
    factories.bank(factories.exam_pool(singles=8, statements=8))
    one_way = {
        "plan": [PLAN[0], {**PLAN[1], "section": 2}],
        "code": "one-way",
        "sections": factories.SECTIONS,
    }
    sitting_ids = [
        factories.sitting(factories.exam(**exam, **rules))
        for exam, rules in zip(({"plan": PLAN}, one_way), RULES, strict=True)
    ]
    user_id = factories.user()
    return Hall(
        app,
        user_id,
        Actor(factories.user("proctor"), "10.0.0.9", "desk"),
        sitting_ids,
        [factories.registration(sitting_id, user_id) for sitting_id in sitting_ids],
    )


def moment(now: int) -> datetime:
    """The model's time as the product has it."""
    return factories.NOW + timedelta(milliseconds=now)
