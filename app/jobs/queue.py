"""The queue (huey on SQLite, beside the data) and what the one scheduler runs when."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask
from huey import SqliteHuey, crontab

from app.db import db
from app.domain.preflight.machine import WORKER
from app.jobs.mailing import send_mails
from app.jobs.sweeping import sweep_attempts
from app.services import sessions
from app.services.beats import beat
from app.services.certificates import Signer
from app.services.post import post_of


def make_queue(app: Flask) -> SqliteHuey:
    """The queue with its periodic jobs.

    Every minute a sign of life, the attempts, the mails; every night the old sessions.
    """
    settings = app.extensions["settings"]
    queue = SqliteHuey(filename=str(settings.instance / "jobs.sqlite3"), utc=True)

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

    def forget_every_night() -> None:
        with app.app_context():
            sessions.sweep(now=datetime.now(UTC))
            db.session.remove()

    queue.periodic_task(crontab(minute="*"))(beat_every_minute)
    queue.periodic_task(crontab(minute="*"))(sweep_every_minute)
    queue.periodic_task(crontab(minute="*"))(mail_every_minute)
    queue.periodic_task(crontab(minute="15", hour="19"))(forget_every_night)
    return queue
