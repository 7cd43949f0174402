"""The save path: what everybody does at once. One transaction, three statements at most.

Statements of one request: the log-in (with roles), the attempt (locked, read and marked as
seen in one UPDATE … RETURNING), the INSERT of the rows. Papers and questions never change and
are in memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.db import AnyRow, db, transactional
from app.domain.attempts import OPEN_STATES, AttemptState
from app.domain.errors import DomainError, ErrorKind
from app.domain.questions.body import Answer, InvalidAnswer
from app.domain.receipts import is_tab_token, receipt
from app.domain.saves import LARGEST_BATCH, BatchTooLarge, SaveState, state_of_arrival
from app.domain.text import N_
from app.domain.timing import Arrival, arrival, is_over, remaining
from app.models.attempts import Attempt, Save
from app.queries.versions import paper_slots
from app.services.attempts import AttemptMissing
from app.services.trail import Actor, log_event

_ATTEMPTS = cast(Table, Attempt.__table__)
_SAVES = cast(Table, Save.__table__)
_RECEIPT = (
    _SAVES.c.position,
    _SAVES.c.seq,
    _SAVES.c.received_at,
    _SAVES.c.state,
    _SAVES.c.receipt,
)
# Built once: building and compiling a statement costs more than running it.
_SEEN = (
    update(_ATTEMPTS)
    .where(_ATTEMPTS.c.id == bindparam("of_attempt"), _ATTEMPTS.c.user_id == bindparam("of_user"))
    .values(seen_at=bindparam("now"))
    .returning(_ATTEMPTS.c.state, _ATTEMPTS.c.deadline_at, _ATTEMPTS.c.epoch, _ATTEMPTS.c.paper_id)
)
_INSERT = {
    name: dialect.insert(_SAVES)
    .on_conflict_do_nothing(index_elements=["attempt_id", "epoch", "seq"])
    .returning(*_RECEIPT)
    for name, dialect in (("postgresql", postgresql), ("sqlite", sqlite))
}

SIGNALS = frozenset({"window_left", "paste", "fullscreen_left", "second_device", "address_changed"})
"""Events that a page may report. They are kept for a reviewer and change no score."""


@dataclass(frozen=True, slots=True)
class IncomingSave:
    """One change as the browser sends it; `answer` has not been looked at yet."""

    position: int
    seq: int
    answer: object
    flagged: bool
    spent_ms: int


@dataclass(frozen=True, slots=True)
class IncomingEvent:
    """A signal as the browser sends it. at_ms: milliseconds since the page was opened."""

    kind: str
    at_ms: int
    detail: dict[str, object]


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof of one stored save."""

    position: int
    seq: int
    at: datetime
    state: SaveState
    receipt: str


@dataclass(frozen=True, slots=True)
class Saved:
    """The answer to a batch. writing: whether the tab may go on writing."""

    receipts: tuple[Receipt, ...]
    remaining: timedelta
    writing: bool
    attempt: AttemptState


@transactional
def save(
    attempt_id: int,
    *,
    user_id: int,
    token: str,
    epoch: int,
    saves: Sequence[IncomingSave],
    events: Sequence[IncomingEvent],
    key: bytes,
    actor: Actor,
    now: datetime,
) -> Saved:
    """Store a batch of answers; returns signed receipts for exactly what was stored.

    A save that is already stored (same epoch and seq) is answered with its first receipt. What
    comes late, or after the attempt was closed, is held; what comes from a tab that was taken
    over is stored as superseded. Raises AttemptMissing, InvalidAnswer, BatchTooLarge.
    """
    if len(saves) > LARGEST_BATCH or len(events) > LARGEST_BATCH:
        raise BatchTooLarge
    row = _seen(attempt_id, user_id, now)
    if not is_tab_token(token, key=key, attempt_id=attempt_id, user_id=user_id, epoch=epoch):
        raise DomainError(
            "tab-unknown",
            N_("This window has lost its connection to the exam. Reload the page."),
            kind=ErrorKind.FORBIDDEN,
        )
    is_open = row.state in OPEN_STATES
    state = state_of_arrival(
        epoch=epoch,
        writing_epoch=row.epoch,
        in_time=is_open and arrival(row.deadline_at, now=now) is Arrival.IN_TIME,
    )
    answers = _read_answers(row.paper_id, saves)
    receipts = _insert(attempt_id, epoch, saves, answers, state=state, key=key, now=now)
    for event in events:
        if event.kind in SIGNALS:
            log_event(
                attempt_id, event.kind, actor=actor, now=now, at_ms=event.at_ms, **event.detail
            )
    over = is_open and is_over(row.deadline_at, now=now)
    return Saved(
        receipts=receipts,
        remaining=remaining(row.deadline_at, now=now),
        writing=epoch == row.epoch,
        attempt=AttemptState.EXPIRED if over else AttemptState(row.state),
    )


def _seen(attempt_id: int, user_id: int, now: datetime) -> AnyRow:
    """Lock the attempt, mark it as seen and read it, in one statement."""
    row = (
        db.session.connection()
        .execute(_SEEN, {"of_attempt": attempt_id, "of_user": user_id, "now": now})
        .one_or_none()
    )
    if row is None:
        raise AttemptMissing
    return row


def _read_answers(paper_id: int, saves: Sequence[IncomingSave]) -> list[Answer | None]:
    by_position = {slot.position: slot.question.body for slot in paper_slots(paper_id)}
    answers = []
    for item in saves:
        body = by_position.get(item.position)
        if body is None:
            raise InvalidAnswer
        answers.append(body.read_answer(item.answer))
    return answers


def _insert(
    attempt_id: int,
    epoch: int,
    saves: Sequence[IncomingSave],
    answers: Sequence[Answer | None],
    *,
    state: SaveState,
    key: bytes,
    now: datetime,
) -> tuple[Receipt, ...]:
    if not saves:
        return ()
    rows = {
        item.seq: {
            "attempt_id": attempt_id,
            "epoch": epoch,
            "seq": item.seq,
            "position": item.position,
            "answer": answer,
            "flagged": item.flagged,
            "spent_ms": item.spent_ms,
            "state": state.value,
            "received_at": now,
            "receipt": receipt(
                key=key,
                attempt_id=attempt_id,
                position=item.position,
                epoch=epoch,
                seq=item.seq,
                answer=answer,
                state=state.value,
                received_at=now,
            ),
        }
        for item, answer in zip(saves, answers, strict=True)
    }
    connection = db.session.connection()
    stored = list(connection.execute(_INSERT[connection.dialect.name], list(rows.values())))
    if len(stored) < len(rows):  # some were sent before: their first receipt is the right one
        sent_before = select(*_RECEIPT).where(
            _SAVES.c.attempt_id == attempt_id, _SAVES.c.epoch == epoch, _SAVES.c.seq.in_(rows)
        )
        stored = list(connection.execute(sent_before))
    return tuple(
        Receipt(row.position, row.seq, row.received_at, SaveState(row.state), row.receipt)
        for row in sorted(stored, key=lambda row: row.seq)
    )
