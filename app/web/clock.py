"""The time of a request: read once, at the edge."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import current_app, g


def now() -> datetime:
    """The server's time when this request came in (aware, UTC)."""
    if "now" not in g:
        clock = current_app.extensions.get("clock")
        g.now = clock() if clock else datetime.now(UTC)
    found: datetime = g.now
    return found


def today() -> date:
    """The organisation's day."""
    zone = current_app.extensions["settings"].time_zone
    return now().astimezone(ZoneInfo(zone)).date()


def exam_day(opens_at: datetime) -> date:
    """The day that accommodations are asked for: today, or that of an opening yet to come."""
    zone = ZoneInfo(current_app.extensions["settings"].time_zone)
    return max(today(), opens_at.astimezone(zone).date())
