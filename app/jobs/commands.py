"""flask worker, flask sweep."""

from __future__ import annotations

import os
import threading
import time
from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import with_appcontext

from app.jobs.queue import make_queue
from app.jobs.sweeping import sweep_attempts
from app.services.certificates import Signer


@click.command("worker")
@click.option("--follow-parent", is_flag=True, help="End when the process that started it ends.")
@with_appcontext
def worker(follow_parent: bool) -> None:
    """Run the jobs. Exactly one worker per installation: it is also the scheduler."""
    application = current_app._get_current_object()  # type: ignore[attr-defined]
    if follow_parent:
        threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    make_queue(application).create_consumer(workers=1, check_worker_health=True).run()


@click.command("sweep")
@with_appcontext
def sweep() -> None:
    """Close what is past its deadline and grade what is closed, now."""
    signer = Signer.of(current_app.extensions["settings"])
    done = sweep_attempts(signer=signer, now=datetime.now(UTC))
    click.echo(f"{done.closed} closed, {done.graded} graded, {done.failed} failed")
    if done.failed:
        raise SystemExit(1)


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)  # the consumer's threads hold nothing that is not on disk
