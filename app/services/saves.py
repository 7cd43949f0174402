"""The save path: what everybody does at once. One transaction, three statements as a rule.

Statements of one request: the log-in (with roles), the attempt (locked, read and marked as
seen in one UPDATE … RETURNING), the INSERT of the rows. Papers and questions never change and
are in memory. Only what is rare costs more: a notice to hand over, a pause that ran out, an
address that changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, bindparam, select, update

from app.db import AnyRow, db, transactional
from app.domain import pauses
from app.domain.attempts import OPEN_STATES, AttemptState
from app.domain.errors import DomainError, ErrorKind
from app.domain.events import PAGE_SIGNALS, Event
from app.domain.pauses import Pause, PauseKind
from app.domain.questions.body import InvalidAnswer
from app.domain.receipts import is_tab_token
from app.domain.saves import LARGEST_BATCH, BatchTooLarge, SaveState, state_of_arrival
from app.domain.text import N_
from app.domain.timing import Arrival, arrival, is_over, remaining
from app.models.attempts import Attempt, AttemptEvent
from app.models.sittings import Sitting
from app.queries.notices import Notice, notices_since
from app.queries.versions import PaperSlot, paper_slots
from app.services.attempts import AttemptMissing
from app.services.save_rows import RECEIPT, SAVES, insert_rows, signed_row
from app.services.trail import Actor, log_event
from app.services.transitions import end_pause_if_over

_ATTEMPTS = cast(Table, Attempt.__table__)
# Built once: building and compiling a statement costs more than running it.
_SEEN = (
    update(_ATTEMPTS)
    .where(_ATTEMPTS.c.id == bindparam("of_attempt"), _ATTEMPTS.c.user_id == bindparam("of_user"))
    .values(seen_at=bindparam("now"))
    .returning(
        _ATTEMPTS.c.state,
        _ATTEMPTS.c.deadline_at,
        _ATTEMPTS.c.epoch,
        _ATTEMPTS.c.paper_id,
        _ATTEMPTS.c.section,
        _ATTEMPTS.c.notice_id,
        _ATTEMPTS.c.address,
        _ATTEMPTS.c.pause_kind,
        _ATTEMPTS.c.pause_since,
        _ATTEMPTS.c.pause_ends_at,
    )
)
_SEEN_WITH_ANSWERS = _SEEN.values(saved_at=bindparam("now"))


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
    section: int
    notices: tuple[Notice, ...]


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
    seen_notice: int = 0,
) -> Saved:
    """Store a batch of answers; returns signed receipts for exactly what was stored.

    A save that is already stored (same epoch and seq) is answered with its first receipt. What
    comes late, after the attempt was closed, during a pause or for a section that was left is
    held; what comes from a tab that was taken over is stored as superseded. seen_notice: the
    last notice that the page has. Raises AttemptMissing, InvalidAnswer, BatchTooLarge.
    """
    if len(saves) > LARGEST_BATCH or len(events) > LARGEST_BATCH:
        raise BatchTooLarge
    row = _seen(attempt_id, user_id, now, with_answers=bool(saves))
    if not is_tab_token(token, key=key, attempt_id=attempt_id, user_id=user_id, epoch=epoch):
        raise DomainError(
            "tab-unknown",
            N_("This window has lost its connection to the exam. Reload the page."),
            kind=ErrorKind.FORBIDDEN,
        )
    pause = _pause(row)
    if pause is not None and pauses.is_over(pause, now=now):
        row = _go_on(attempt_id, user_id, now)
        pause = None
    is_open = row.state in OPEN_STATES
    counts = (
        is_open
        and arrival(row.deadline_at, now=now) is Arrival.IN_TIME
        and not (pause is not None and pauses.hides_from(pause, now=now))
    )
    slots = {slot.position: slot for slot in paper_slots(row.paper_id)}
    rows = [
        _row(
            attempt_id,
            item,
            slots.get(item.position),
            open_section=row.section,
            epoch=epoch,
            writing_epoch=row.epoch,
            in_time=counts,
            key=key,
            now=now,
        )
        for item in saves
    ]
    receipts = _insert(attempt_id, epoch, rows)
    if events:
        _log_signals(attempt_id, epoch, events, actor=actor, now=now)
    if is_open and epoch == row.epoch and actor.address != row.address:
        _note_address(attempt_id, row.address, actor=actor, now=now)
    over = is_open and is_over(row.deadline_at, now=now)
    return Saved(
        receipts=receipts,
        remaining=remaining(row.deadline_at, now=pause.ends_at if pause else now),
        writing=epoch == row.epoch,
        attempt=AttemptState.EXPIRED if over else AttemptState(row.state),
        section=row.section,
        notices=notices_since(attempt_id, seen_notice) if row.notice_id > seen_notice else (),
    )


def _seen(attempt_id: int, user_id: int, now: datetime, *, with_answers: bool) -> AnyRow:
    """Lock the attempt, mark it as seen and read it, in one statement."""
    row = (
        db.session.connection()
        .execute(
            _SEEN_WITH_ANSWERS if with_answers else _SEEN,
            {"of_attempt": attempt_id, "of_user": user_id, "now": now},
        )
        .one_or_none()
    )
    if row is None:
        raise AttemptMissing
    return row


def _pause(row: AnyRow) -> Pause | None:
    if row.pause_kind is None:
        return None
    return Pause(PauseKind(row.pause_kind), row.pause_since, row.pause_ends_at)


def _go_on(attempt_id: int, user_id: int, now: datetime) -> AnyRow:
    """End a pause that has run out, and read the attempt again."""
    attempt = db.session.get_one(Attempt, attempt_id)
    window_end = db.session.get_one(Sitting, attempt.sitting_id).closes_at
    end_pause_if_over(attempt, window_end=window_end, now=now)
    db.session.flush()
    return _seen(attempt_id, user_id, now, with_answers=False)


def _log_signals(
    attempt_id: int, epoch: int, events: Sequence[IncomingEvent], *, actor: Actor, now: datetime
) -> None:
    """Write down what the page tells of itself; a request sent again tells nothing twice."""
    told = {
        (row.kind, row.detail.get("epoch"), row.detail.get("at_ms"))
        for row in db.session.execute(
            select(AttemptEvent.kind, AttemptEvent.detail).where(
                AttemptEvent.attempt_id == attempt_id, AttemptEvent.kind.in_(PAGE_SIGNALS)
            )
        )
    }
    for event in events:
        signal = (event.kind, epoch, event.at_ms)
        if event.kind not in PAGE_SIGNALS or signal in told:
            continue
        told.add(signal)
        log_event(
            attempt_id,
            event.kind,
            actor=actor,
            now=now,
            **{**event.detail, "epoch": epoch, "at_ms": event.at_ms},
        )


def _note_address(attempt_id: int, before: str, *, actor: Actor, now: datetime) -> None:
    log_event(attempt_id, Event.ADDRESS_CHANGED, actor=actor, now=now, before=before)
    db.session.execute(
        update(_ATTEMPTS).where(_ATTEMPTS.c.id == attempt_id).values(address=actor.address)
    )


def _row(
    attempt_id: int,
    item: IncomingSave,
    slot: PaperSlot | None,
    *,
    open_section: int,
    epoch: int,
    writing_epoch: int,
    in_time: bool,
    key: bytes,
    now: datetime,
) -> dict[str, object]:
    """The row of one save; raises InvalidAnswer for a place that this page never showed."""
    if slot is None or slot.section > open_section:
        raise InvalidAnswer
    answer = slot.question.body.read_answer(item.answer)
    state = state_of_arrival(
        epoch=epoch,
        writing_epoch=writing_epoch,
        in_time=in_time and slot.section == open_section,
    )
    return signed_row(
        attempt_id,
        position=item.position,
        epoch=epoch,
        seq=item.seq,
        answer=answer,
        flagged=item.flagged,
        spent_ms=item.spent_ms,
        state=state,
        key=key,
        now=now,
    )


def _insert(attempt_id: int, epoch: int, rows: Sequence[dict[str, object]]) -> tuple[Receipt, ...]:
    if not rows:
        return ()
    by_seq = {row["seq"]: row for row in rows}
    stored = insert_rows(list(by_seq.values()))
    if len(stored) < len(by_seq):  # some were sent before: their first receipt is the right one
        sent_before = select(*RECEIPT).where(
            SAVES.c.attempt_id == attempt_id, SAVES.c.epoch == epoch, SAVES.c.seq.in_(by_seq)
        )
        stored = list(db.session.connection().execute(sent_before))
    return tuple(
        Receipt(row.position, row.seq, row.received_at, SaveState(row.state), row.receipt)
        for row in sorted(stored, key=lambda row: row.seq)
    )
