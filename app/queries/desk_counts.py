"""What the desk counts for the rows that it shows: one statement each, however many rows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import BigInteger, and_, case, cast, func, null, or_, select

from app.db import AnySelect, db
from app.domain.accommodations import Accommodation as Granted
from app.domain.accommodations import Provision, provision
from app.domain.events import SIGNALS
from app.domain.saves import SaveState
from app.models.accommodations import Accommodation
from app.models.attempts import AttemptEvent, Save, SaveDecision
from app.models.papers import PaperQuestion

_EPOCH = 2**31
"""More than any seq: epoch × this + seq orders saves as (epoch, seq) does."""


def answered_counts(attempt_ids: Sequence[int]) -> dict[int, int]:
    """Attempt → questions with an answer: of the saves that count, the last one per question.

    The same as `domain/saves.current_answers`, for many attempts and without the answers.
    """
    if not attempt_ids:
        return {}
    # The last bit of the highest (epoch, seq) says whether that save has an answer: one pass
    # over the saves, at a third of what a window function costs.
    place = cast(Save.epoch, BigInteger) * _EPOCH + Save.seq
    last = func.max(place * 2 + case((Save.answer.is_not(null()), 1), else_=0))
    latest = (
        select(Save.attempt_id, last.label("last"))
        .outerjoin(SaveDecision, SaveDecision.save_id == Save.id)
        .where(
            Save.attempt_id.in_(attempt_ids),
            or_(
                Save.state == SaveState.ACCEPTED.value,
                and_(Save.state == SaveState.HELD.value, SaveDecision.accepted),
            ),
        )
        .group_by(Save.attempt_id, Save.position)
        .subquery()
    )
    rows = db.session.execute(
        select(latest.c.attempt_id, func.count())
        .where(latest.c.last % 2 == 1)
        .group_by(latest.c.attempt_id)
    )
    return dict(rows.all())


def signal_counts(attempt_ids: Sequence[int]) -> dict[int, int]:
    """Attempt → integrity signals."""
    if not attempt_ids:
        return {}
    rows = db.session.execute(
        select(AttemptEvent.attempt_id, func.count())
        .where(AttemptEvent.attempt_id.in_(attempt_ids), AttemptEvent.kind.in_(SIGNALS))
        .group_by(AttemptEvent.attempt_id)
    )
    return dict(rows.all())


def held_counts(attempt_ids: Sequence[int]) -> dict[int, int]:
    """Attempt → held saves that wait for a decision."""
    if not attempt_ids:
        return {}
    rows = db.session.execute(
        undecided(select(Save.attempt_id, func.count()))
        .where(Save.attempt_id.in_(attempt_ids))
        .group_by(Save.attempt_id)
    )
    return dict(rows.all())


def undecided(statement: AnySelect) -> AnySelect:
    """A statement over Save, held ones alone that nobody has decided about."""
    return (
        statement.select_from(Save)
        .outerjoin(SaveDecision, SaveDecision.save_id == Save.id)
        .where(Save.state == SaveState.HELD.value, SaveDecision.save_id.is_(None))
    )


def paper_sizes(paper_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Paper → (questions, sections)."""
    if not paper_ids:
        return {}
    rows = db.session.execute(
        select(PaperQuestion.paper_id, func.count(), func.max(PaperQuestion.section))
        .where(PaperQuestion.paper_id.in_(paper_ids))
        .group_by(PaperQuestion.paper_id)
    )
    return {paper_id: (questions, sections) for paper_id, questions, sections in rows}


def provisions_of(user_ids: Sequence[int], *, on: date) -> dict[int, Provision]:
    """Person → what their accommodations give on that day; who has none is left out."""
    if not user_ids:
        return {}
    found: dict[int, list[Granted]] = {}
    rows = db.session.scalars(
        select(Accommodation).where(
            Accommodation.user_id.in_(user_ids),
            Accommodation.revoked_at.is_(None),
            Accommodation.valid_from <= on,
            or_(Accommodation.valid_until.is_(None), Accommodation.valid_until >= on),
        )
    )
    for row in rows:
        found.setdefault(row.user_id, []).append(
            Granted(
                time_factor=row.time_factor,
                break_minutes=row.break_minutes,
                larger_text=row.larger_text,
                separate_room=row.separate_room,
                valid_from=row.valid_from,
                valid_until=row.valid_until,
            )
        )
    return {user_id: provision(items, on=on) for user_id, items in found.items()}
