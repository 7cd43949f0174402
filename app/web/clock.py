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


def zone() -> ZoneInfo:
    """The organisation's time zone."""
    return ZoneInfo(current_app.extensions["settings"].time_zone)


def today() -> date:
    """The organisation's day."""
    return now().astimezone(zone()).date()


def exam_day(opens_at: datetime) -> date:
    """The day that accommodations are asked for: today, or that of an opening yet to come."""
    return max(today(), opens_at.astimezone(zone()).date())
