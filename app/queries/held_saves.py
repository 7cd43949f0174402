"""Held saves: which attempts of a sitting have some, and each of them for whoever decides.

No answer, no question and no score leaves this module: proctors see neither.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.db import AnyRow, db
from app.domain.events import Event
from app.domain.held_saves import Content, Held, Standing, assess, reason_for
from app.domain.saves import SaveState
from app.models.accounts import User
from app.models.attempts import Attempt, AttemptEvent, Save, SaveDecision
from app.models.sittings import Registration
from app.queries.attempt_heads import AttemptHead, names_contain
from app.queries.paging import Page, paged
from app.queries.saves import stored_save
from app.queries.versions import paper_slots

LINES = 50
"""Held saves on one page."""


@dataclass(frozen=True, slots=True)
class HeldFilter:
    """What the list shows. state: "undecided", "decided" or "" for both. sort: see _SORTS."""

    search: str = ""
    state: str = "undecided"
    sort: str = "latest"


@dataclass(frozen=True, slots=True)
class HeldLine:
    """One held save. window: number of the tab that wrote it, window_at: when that was opened.

    late: how long after the end it came. accepted: None while nobody has decided.
    """

    id: int
    position: int
    type: str
    received_at: datetime
    late: timedelta
    why: Held
    window: int
    window_at: datetime | None
    content: Content
    standing: Standing
    accepted: bool | None
    decided_at: datetime | None
    decided_by: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class HeldLines:
    """A page of them. undecided: how many wait, all pages together; last_id: the last of these."""

    page: Page[HeldLine]
    undecided: int
    last_id: int


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision as the candidate is told: over which questions, how, when and why."""

    at: datetime
    accepted: bool
    reason: str
    positions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OwnHeld:
    """What was held of one's attempt: questions that nobody has decided about, and decisions."""

    undecided: tuple[int, ...] = ()
    decisions: tuple[Decided, ...] = ()


def held_attempts(sitting_id: int, filters: HeldFilter, *, page: int) -> Page[AnyRow]:
    """Attempts of the sitting that have held saves: two statements."""
    counted = (
        select(
            Save.attempt_id,
            func.count().label("held"),
            func.count(SaveDecision.save_id).label("decided"),
            func.count().filter(SaveDecision.accepted.is_(True)).label("accepted"),
            func.count(Save.position.distinct()).label("questions"),
            func.max(Save.received_at).label("last_at"),
        )
        .join(Attempt, Attempt.id == Save.attempt_id)
        .outerjoin(SaveDecision, SaveDecision.save_id == Save.id)
        .where(Attempt.sitting_id == sitting_id, Save.state == SaveState.HELD.value)
        .group_by(Save.attempt_id)
        .subquery()
    )
    undecided = counted.c.held - counted.c.decided
    statement = (
        select(
            Attempt.id,
            Attempt.number,
            Attempt.state,
            Attempt.deadline_at,
            Attempt.closed_at,
            User.name,
            User.username,
            Registration.admission_number,
            counted.c.held,
            counted.c.accepted,
            counted.c.questions,
            counted.c.last_at,
            undecided.label("undecided"),
        )
        .join(counted, counted.c.attempt_id == Attempt.id)
        .join(User, User.id == Attempt.user_id)
        .join(Registration, Registration.id == Attempt.registration_id)
    )
    if filters.state:
        statement = statement.where(
            undecided > 0 if filters.state == "undecided" else undecided == 0
        )
    if filters.search:
        statement = statement.where(names_contain(filters.search))
    sorts = {
        "latest": (counted.c.last_at.desc(), Attempt.id),
        "name": (User.name, User.username, Attempt.id),
        "most": (undecided.desc(), Attempt.id),
    }
    return paged(statement.order_by(*sorts.get(filters.sort, sorts["latest"])), number=page)


def undecided_attempts(sitting_id: int) -> int:
    """How many attempts of the sitting wait for a decision, for the tabs of its pages."""
    return (
        db.session.scalar(
            select(func.count(Save.attempt_id.distinct()))
            .join(Attempt, Attempt.id == Save.attempt_id)
            .outerjoin(SaveDecision, SaveDecision.save_id == Save.id)
            .where(
                Attempt.sitting_id == sitting_id,
                Save.state == SaveState.HELD.value,
                SaveDecision.save_id.is_(None),
            )
        )
        or 0
    )


def held_lines(head: AttemptHead, *, page: int) -> HeldLines:
    """Held saves of an attempt, undecided ones first: two statements, and one for the paper."""
    rows = _all_saves(head.id)
    stored = {(row.epoch, row.seq): row for row in rows}
    assessed = assess([stored_save(row) for row in rows])
    opened, uploads = _windows_and_uploads(head.id)
    slots = {slot.position: slot for slot in paper_slots(head.paper_id)}
    lines = []
    for save, content, standing in assessed:
        row, slot = stored[save.epoch, save.seq], slots[save.position]
        lines.append(
            HeldLine(
                id=row.id,
                position=save.position,
                type=slot.question.type.value,
                received_at=row.received_at,
                late=head.ending.lateness(row.received_at),
                why=reason_for(
                    row.received_at,
                    head.ending,
                    from_file=row.received_at in uploads,
                    section_left=slot.section < head.section,
                ),
                window=save.epoch,
                window_at=opened.get(save.epoch),
                content=content,
                standing=standing,
                accepted=row.accepted,
                decided_at=row.at,
                decided_by=row.decider,
                reason=row.reason,
            )
        )
    lines.sort(key=lambda line: (line.accepted is not None, line.position, line.id))
    waiting = [line.id for line in lines if line.accepted is None]
    number = min(max(page, 1), max(1, -(-len(lines) // LINES)))
    shown = lines[(number - 1) * LINES : number * LINES]
    return HeldLines(
        page=Page(shown, number, len(lines), LINES),
        undecided=len(waiting),
        last_id=max(waiting, default=0),
    )


def undecided_saves(attempt_id: int, *, up_to: int) -> Sequence[int]:
    """Ids of held saves that wait for a decision, none above `up_to`: what a page has shown."""
    return db.session.scalars(
        select(Save.id)
        .outerjoin(SaveDecision, SaveDecision.save_id == Save.id)
        .where(
            Save.attempt_id == attempt_id,
            Save.state == SaveState.HELD.value,
            Save.id <= up_to,
            SaveDecision.save_id.is_(None),
        )
        .order_by(Save.id)
    ).all()


def own_held(attempt_id: int) -> OwnHeld:
    """What was held of an attempt and what was decided, for its candidate: one statement."""
    rows = db.session.execute(
        select(Save.position, SaveDecision.accepted, SaveDecision.at, SaveDecision.reason)
        .outerjoin(SaveDecision, SaveDecision.save_id == Save.id)
        .where(Save.attempt_id == attempt_id, Save.state == SaveState.HELD.value)
        .order_by(SaveDecision.at, Save.position)
    )
    undecided: set[int] = set()
    decisions: dict[tuple[datetime, bool, str], set[int]] = {}
    for row in rows:
        if row.accepted is None:
            undecided.add(row.position)
        else:
            decisions.setdefault((row.at, row.accepted, row.reason), set()).add(row.position)
    return OwnHeld(
        undecided=tuple(sorted(undecided)),
        decisions=tuple(
            Decided(at, accepted, reason, tuple(sorted(positions)))
            for (at, accepted, reason), positions in decisions.items()
        ),
    )


def _all_saves(attempt_id: int) -> Sequence[AnyRow]:
    return db.session.execute(
        select(
            Save.id,
            Save.position,
            Save.epoch,
            Save.seq,
            Save.answer,
            Save.flagged,
            Save.spent_ms,
            Save.state,
            Save.received_at,
            Save.receipt,
            SaveDecision.accepted,
            SaveDecision.at,
            SaveDecision.reason,
            User.name.label("decider"),
        )
        .outerjoin(SaveDecision, SaveDecision.save_id == Save.id)
        .outerjoin(User, User.id == SaveDecision.decided_by)
        .where(Save.attempt_id == attempt_id)
        .order_by(Save.id)
    ).all()


def _windows_and_uploads(attempt_id: int) -> tuple[dict[int, datetime], Collection[datetime]]:
    """When each tab was opened, and when answer files were taken in."""
    rows = db.session.execute(
        select(AttemptEvent.kind, AttemptEvent.at, AttemptEvent.detail).where(
            AttemptEvent.attempt_id == attempt_id,
            AttemptEvent.kind.in_((Event.TAB_CLAIMED, Event.ANSWER_FILE)),
        )
    ).all()
    opened = {row.detail["epoch"]: row.at for row in rows if row.kind == Event.TAB_CLAIMED}
    return opened, {row.at for row in rows if row.kind == Event.ANSWER_FILE}
