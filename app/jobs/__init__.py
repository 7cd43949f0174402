"""Work that nobody waits for: plain idempotent functions, run by the worker or a command."""

from __future__ import annotations

from flask import Flask

from app.jobs.commands import send_mails_now, sweep, worker


def register(app: Flask) -> None:
    """Add the commands that run jobs."""
    app.cli.add_command(worker)
    app.cli.add_command(sweep)
    app.cli.add_command(send_mails_now)
