"""The queue (huey on SQLite, beside the data) and what the one scheduler runs when."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from zoneinfo import ZoneInfo

from flask import Flask
from huey import SqliteHuey, crontab

from app.db import db
from app.domain.preflight.machine import WORKER
from app.jobs.assembling import work_on_batches
from app.jobs.exporting import work_on_exports
from app.jobs.importing import work_on_imports
from app.jobs.mailing import send_mails
from app.jobs.settling import settle
from app.jobs.statistics import refresh_statistics
from app.jobs.sweeping import sweep_attempts
from app.services import question_exports, question_imports, sessions
from app.services.beats import beat
from app.services.certificates import Signer
from app.services.mails import Letterhead
from app.services.post import post_of

EXCHANGE = "exchange_soon"
"""The task that works on the imports and exports that wait."""
ASSEMBLY = "assemble_soon"
"""The task that works on the papers that wait."""


def call_worker(app: Flask) -> None:
    """Wake the worker for what waits, which it would find within a minute anyway."""
    queue = _open(app)
    for name in (EXCHANGE, ASSEMBLY):
        queue.task(name=name)(call_worker)()  # only noted here: the worker has its own of this name
    queue.storage.close()


def make_queue(app: Flask) -> SqliteHuey:
    """The queue with its periodic jobs.

    Every minute a sign of life, the attempts, the mails, imports, exports and papers that
    wait, and what follows from releases and re-scores; every hour the statistics; every night
    the old sessions, uploads and exports.
    """
    settings = app.extensions["settings"]
    queue = _open(app)

    def beat_every_minute() -> None:
        with app.app_context():
            beat(WORKER, now=datetime.now(UTC))
            db.session.remove()

    def sweep_every_minute() -> None:
        with app.app_context():
            done = sweep_attempts(signer=Signer.of(settings), now=datetime.now(UTC))
            if done.closed or done.graded or done.failed:
                app.logger.info(
                    "swept: %s closed, %s graded, %s failed", done.closed, done.graded, done.failed
                )
            db.session.remove()

    def mail_every_minute() -> None:
        with app.app_context():
            send_mails(post_of(settings), now=datetime.now(UTC))
            db.session.remove()

    def exchange_every_minute() -> None:
        with app.app_context():
            clock = partial(datetime.now, UTC)
            zone = ZoneInfo(settings.time_zone)
            work_on_imports(instance=settings.instance, clock=clock)
            work_on_exports(instance=settings.instance, zone=zone, clock=clock)
            db.session.remove()

    def count_every_hour() -> None:
        with app.app_context():
            papers = refresh_statistics(clock=partial(datetime.now, UTC))
            if papers:
                app.logger.info("statistics of %s papers were worked out", papers)
            db.session.remove()

    def assemble_every_minute() -> None:
        with app.app_context():
            work_on_batches(clock=partial(datetime.now, UTC))
            db.session.remove()

    def settle_every_minute() -> None:
        with app.app_context():
            signer, letterhead = Signer.of(settings), Letterhead.of(settings)
            settle(signer=signer, letterhead=letterhead, clock=partial(datetime.now, UTC))
            db.session.remove()

    def forget_every_night() -> None:
        with app.app_context():
            sessions.sweep(now=datetime.now(UTC))
            question_imports.forget(instance=settings.instance, now=datetime.now(UTC))
            question_exports.forget(instance=settings.instance, now=datetime.now(UTC))
            db.session.remove()

    queue.periodic_task(crontab(minute="*"))(beat_every_minute)
    queue.periodic_task(crontab(minute="*"))(sweep_every_minute)
    queue.periodic_task(crontab(minute="*"))(mail_every_minute)
    queue.periodic_task(crontab(minute="*"))(exchange_every_minute)
    queue.periodic_task(crontab(minute="*"))(settle_every_minute)
    queue.task(name=EXCHANGE)(exchange_every_minute)  # and as soon as there is one, see call_worker
    queue.periodic_task(crontab(minute="*"))(assemble_every_minute)
    queue.task(name=ASSEMBLY)(assemble_every_minute)
    queue.periodic_task(crontab(minute="35"))(count_every_hour)
    queue.periodic_task(crontab(minute="15", hour="19"))(forget_every_night)
    return queue


def _open(app: Flask) -> SqliteHuey:
    return SqliteHuey(filename=str(app.extensions["settings"].instance / "jobs.sqlite3"), utc=True)
