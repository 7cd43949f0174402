"""The outbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.db import AnyRow, db
from app.domain.mails import MOST_TRIES, due_at
from app.models.system import Mail

MOST_AT_ONCE = 500


def due_mails(*, now: datetime) -> Sequence[AnyRow]:
    """Mails to try now, the oldest first: (id, address, subject, body, created_at, tries)."""
    rows = db.session.execute(
        select(Mail.id, Mail.address, Mail.subject, Mail.body, Mail.created_at, Mail.tries)
        .where(Mail.sent_at.is_(None), Mail.tries < MOST_TRIES)
        .order_by(Mail.tries, Mail.id)
        .limit(MOST_AT_ONCE)
    ).all()
    return [row for row in rows if _is_due(row, now)]


@dataclass(frozen=True, slots=True)
class Outbox:
    """waiting: will be tried. given_up: will not. oldest: when the oldest one was written."""

    waiting: int
    given_up: int
    oldest: datetime | None


def outbox() -> Outbox:
    """What has not been sent."""
    row = db.session.execute(
        select(
            func.count().filter(Mail.tries < MOST_TRIES).label("waiting"),
            func.count().filter(Mail.tries >= MOST_TRIES).label("given_up"),
            func.min(Mail.created_at).label("oldest"),
        ).where(Mail.sent_at.is_(None))
    ).one()
    return Outbox(row.waiting, row.given_up, row.oldest)


def _is_due(row: AnyRow, now: datetime) -> bool:
    at = due_at(row.created_at, row.tries)
    return at is not None and at <= now
