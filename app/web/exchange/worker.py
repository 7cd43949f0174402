"""Whether a worker runs, and waking it."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app

from app.domain.preflight.machine import WORKER
from app.queries.preflight import last_beat
from app.web.clock import now

_SILENT = timedelta(minutes=3)
"""Without a sign of life for so long it does not run; it gives one every minute."""


def has_worker() -> bool:
    """Whether somebody works on what waits."""
    beat = last_beat(WORKER)
    return beat is not None and now() - beat < _SILENT


def wake_worker() -> None:
    """Tell the worker that something waits."""
    current_app.extensions["call_worker"]()
