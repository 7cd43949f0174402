"""`domain/presence` for the database, so that lists can be filtered and counted by it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, or_

from app.domain.attempts import OPEN_STATES, AttemptState
from app.domain.presence import IDLE_AFTER, OFFLINE_AFTER, Presence
from app.domain.timing import GRACE


def presence_as_sql(
    state: ColumnElement[str],
    *,
    seen_at: ColumnElement[datetime],
    saved_at: ColumnElement[datetime | None],
    started_at: ColumnElement[datetime],
    deadline_at: ColumnElement[datetime],
    pause_ends_at: ColumnElement[datetime | None],
    now: datetime,
) -> ColumnElement[str]:
    """`domain/presence.presence` as an expression; a test holds the two together."""
    active_at = func.coalesce(saved_at, started_at)
    return case(
        (state == AttemptState.VOIDED.value, Presence.VOIDED.value),
        (state == AttemptState.REGISTERED.value, Presence.REGISTERED.value),
        (state == AttemptState.READY.value, Presence.READY.value),
        (state.not_in([open_.value for open_ in OPEN_STATES]), Presence.FINISHED.value),
        (deadline_at < now - GRACE, Presence.FINISHED.value),
        (
            and_(
                state == AttemptState.PAUSED.value,
                or_(pause_ends_at.is_(None), pause_ends_at > now),
            ),
            Presence.PAUSED.value,
        ),
        (or_(seen_at.is_(None), seen_at < now - OFFLINE_AFTER), Presence.OFFLINE.value),
        (or_(active_at.is_(None), active_at < now - IDLE_AFTER), Presence.IDLE.value),
        else_=Presence.WORKING.value,
    )
