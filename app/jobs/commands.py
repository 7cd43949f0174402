"""flask worker, flask sweep, flask send-mails, flask refresh-statistics."""

from __future__ import annotations

import os
import threading
import time
from datetime import UTC, datetime
from functools import partial

import click
from flask import current_app
from flask.cli import with_appcontext

from app.domain.preflight.machine import WORKER
from app.jobs.mailing import send_mails
from app.jobs.queue import make_queue
from app.jobs.statistics import refresh_statistics
from app.jobs.sweeping import sweep_attempts
from app.services.beats import beat
from app.services.certificates import Signer
from app.services.post import post_of

_LONGEST_NAP = 2.0
"""Seconds between two looks into the queue: somebody may be waiting for an import."""


@click.command("worker")
@click.option("--follow-parent", is_flag=True, help="End when the process that started it ends.")
@with_appcontext
def worker(follow_parent: bool) -> None:
    """Run the jobs. Exactly one worker per installation: it is also the scheduler."""
    application = current_app._get_current_object()  # type: ignore[attr-defined]
    if follow_parent:
        threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    beat(WORKER, now=datetime.now(UTC))
    consumer = make_queue(application).create_consumer(
        workers=1, max_delay=_LONGEST_NAP, check_worker_health=True
    )
    consumer.run()


@click.command("sweep")
@with_appcontext
def sweep() -> None:
    """Close what is past its deadline and grade what is closed, now."""
    signer = Signer.of(current_app.extensions["settings"])
    done = sweep_attempts(signer=signer, now=datetime.now(UTC))
    click.echo(f"{done.closed} closed, {done.graded} graded, {done.failed} failed")
    if done.failed:
        raise SystemExit(1)


@click.command("send-mails")
@with_appcontext
def send_mails_now() -> None:
    """Send the mails that are due, now."""
    post = post_of(current_app.extensions["settings"])
    done = send_mails(post, now=datetime.now(UTC))
    click.echo(f"{done.sent} sent, {done.failed} refused")
    if done.problem:
        click.echo(done.problem, err=True)
    if done.problem or done.failed:
        raise SystemExit(1)


@click.command("refresh-statistics")
@with_appcontext
def refresh_statistics_now() -> None:
    """Work out the figures of papers whose results have changed, now."""
    papers = refresh_statistics(clock=partial(datetime.now, UTC))
    click.echo(f"{papers} papers worked out")


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)  # the consumer's threads hold nothing that is not on disk
