"""Work that nobody waits for: plain idempotent functions, run by the worker or a command."""

from __future__ import annotations

from functools import partial

from flask import Flask

from app.jobs.commands import refresh_statistics_now, send_mails_now, sweep, worker
from app.jobs.queue import call_worker


def register(app: Flask) -> None:
    """Add the commands that run jobs, and what wakes the worker."""
    app.extensions["call_worker"] = partial(call_worker, app)
    app.cli.add_command(worker)
    app.cli.add_command(sweep)
    app.cli.add_command(send_mails_now)
    app.cli.add_command(refresh_statistics_now)
