"""Holds the rows of the database against the model, as `test_delivery_machine` does all along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from app.db import AnyRow, db
from app.domain.attempts import MOVES, AttemptState, Move
from app.domain.receipts import receipt
from app.domain.saves import current_answers
from app.models.attempts import Attempt, AttemptEvent, Save
from app.models.results import Result
from app.queries.saves import saves_of
from app.services.saves import Receipt
from tests.services.delivery_hall import moment
from tests.services.delivery_model import OPEN, SECOND, Life, World
from tests.services.scenes import KEY

MOVED = {move.value for move in Move} - {Move.START.value}

_attempts, _events = Attempt.__table__.c, AttemptEvent.__table__.c
_results = Result.__table__.c
_ATTEMPTS = select(
    *_attempts["id", "registration_id", "number", "paper_id", "state", "epoch", "section"],
    *_attempts["deadline_at", "closed_at", "break_used_seconds"],
).order_by(_attempts.id)
_EVENTS = select(*_events["attempt_id", "at", "kind"]).order_by(_events.id)
_SAVES = select(Save.__table__)
_RESULTS = select(*_results["attempt_id", "score", "passed"]).where(_results.current)


class Rows:
    """The rows of one example. Built once for its steps: what did not change is not read again."""

    def __init__(self) -> None:
        self._read: dict[int, int] = {}
        self._verified: set[tuple[int, int, int]] = set()

    def check(
        self,
        world: World,
        ids: Sequence[int],
        handed_out: Mapping[tuple[int, int, int], Receipt],
    ) -> None:
        """ids: of the world's lives. handed_out: receipts by attempt, epoch and seq."""
        db.session.rollback()  # what was not committed is gone
        lives = dict(zip(ids, world.lives, strict=True))
        self._check_attempts(lives)
        self._check_events(lives)
        self._check_saves(lives, handed_out)
        assert {tuple(row) for row in db.session.execute(_RESULTS)} == {
            (attempt_id, life.score, life.score >= world.pass_mark)
            for attempt_id, life in lives.items()
            if life.score is not None
        }

    def _check_attempts(self, lives: Mapping[int, Life]) -> None:
        """State and times; one open attempt at most, and never a paper twice."""
        rows = db.session.execute(_ATTEMPTS).all()
        assert [row.id for row in rows] == list(lives)
        assert len([row for row in rows if row.state in OPEN]) <= 1
        assert len({row.paper_id for row in rows}) == len(rows)
        assert len({(row.registration_id, row.number) for row in rows}) == len(rows)
        for row, life in zip(rows, lives.values(), strict=True):
            assert (row.state, row.epoch, row.section) == (life.state, life.epoch, life.section)
            assert row.deadline_at == moment(life.deadline)
            assert row.closed_at == (None if life.closed is None else moment(life.closed))
            assert row.break_used_seconds * SECOND == life.break_used

    def _check_events(self, lives: Mapping[int, Life]) -> None:
        """Every event that belongs there and no other, and a move for every change of state."""
        logged: dict[int, list[Any]] = {attempt_id: [] for attempt_id in lives}
        states = dict.fromkeys(lives, AttemptState.IN_PROGRESS)
        for attempt_id, at, kind in db.session.execute(_EVENTS):
            logged[attempt_id].append((at, kind))
            if kind in MOVED:
                states[attempt_id] = MOVES[states[attempt_id], Move(kind)]
        for attempt_id, life in lives.items():
            assert logged[attempt_id] == [(moment(at), kind) for at, kind in life.events]
            assert states[attempt_id] == life.state

    def _check_saves(
        self, lives: Mapping[int, Life], handed_out: Mapping[tuple[int, int, int], Receipt]
    ) -> None:
        """Every row and no other, a row for every receipt, and the answers that count."""
        stored = {(row.attempt_id, row.epoch, row.seq): row for row in db.session.execute(_SAVES)}
        assert {
            key: (row.position, row.answer, row.state, row.received_at)
            for key, row in stored.items()
        } == {
            (attempt_id, *key): (row.position, row.answer, row.state, moment(row.at))
            for attempt_id, life in lives.items()
            for key, row in life.rows.items()
        }
        for key, given in handed_out.items():
            assert stored[key].receipt == given.receipt
            if key not in self._verified:
                assert given.receipt == _signed(stored[key])
                self._verified.add(key)
        for attempt_id, life in lives.items():
            if self._read.get(attempt_id) != len(life.rows):
                self._read[attempt_id] = len(life.rows)
                assert {
                    position: (save.epoch, save.seq, save.answer)
                    for position, save in current_answers(saves_of(attempt_id)).items()
                } == life.current


def _signed(row: AnyRow) -> str:
    return receipt(
        key=KEY,
        attempt_id=row.attempt_id,
        position=row.position,
        epoch=row.epoch,
        seq=row.seq,
        answer=row.answer,
        state=row.state,
        received_at=row.received_at,
    )
