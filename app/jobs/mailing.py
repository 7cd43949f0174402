"""Sends the mails that are due, every minute."""

from __future__ import annotations

import logging
from datetime import datetime

from app.services.outbox import Sent, send_due
from app.services.post import Post

log = logging.getLogger(__name__)


def send_mails(post: Post, *, now: datetime) -> Sent:
    """One round. What failed stays in the outbox and is tried again; see `domain/mails`."""
    done = send_due(post, now=now)
    if done.sent:
        log.info("%s mails sent", done.sent)
    if done.failed:
        log.warning("%s mails were refused and will be tried again", done.failed)
    if done.problem:
        log.warning("mails cannot be sent now: %s", done.problem)
    return done
