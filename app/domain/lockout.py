"""When failed log-ins lock an account or an address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

FAILURES = 5
WINDOW = timedelta(minutes=15)


def locked_until(
    failures: Sequence[datetime], *, now: datetime, limit: int = FAILURES
) -> datetime | None:
    """Until when `failures` lock, or None.

    failures: times of failed log-ins in any order. Locked while `limit` of them lie within
    the last `WINDOW`; the lock ends when the oldest of those leaves the window.
    """
    recent = sorted((at for at in failures if now - WINDOW < at <= now), reverse=True)
    if len(recent) < limit:
        return None
    return recent[limit - 1] + WINDOW
