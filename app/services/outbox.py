"""Sends what is in the outbox. Nobody's transaction is open while the network is spoken to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from sqlalchemy import update

from app.db import AnyRow, db, transactional
from app.models.system import Mail
from app.queries.mails import due_mails
from app.services.post import Box, MailRefused, Parcel, Post, PostClosed

LONGEST_ROUND = 30.0
"""Seconds: the worker closes attempts as well, and must come back to that."""


@dataclass(slots=True)
class Sent:
    """What one round did. problem: why nothing (more) could be sent, "" where all went well."""

    sent: int = 0
    failed: int = 0
    problem: str = ""


def send_due(post: Post, *, now: datetime) -> Sent:
    """Send what is due; one mail that fails does not stop the rest.

    A mail may go out twice where the program dies between sending and noting it, with the same
    Message-ID; it is never noted as sent without having been. Where the server cannot be
    reached at all, no mail's tries are used up beyond the one that was under way.
    """
    done = Sent()
    due = due_mails(now=now)
    db.session.rollback()  # ends what the reading began
    if not due:
        return done
    ends_at = monotonic() + LONGEST_ROUND
    try:
        with post.open() as box:
            for row in due:
                if monotonic() > ends_at:
                    break
                _send(row, box, done, now=now)
    except PostClosed as closed:
        done.problem = str(closed)
        _note_closed([row.id for row in due], problem=done.problem)
    return done


def _send(row: AnyRow, box: Box, done: Sent, *, now: datetime) -> None:
    if not _claim(row.id, tries=row.tries):
        return
    try:
        box.deliver(Parcel(row.id, row.address, row.subject, row.body, row.created_at))
    except MailRefused as refused:
        _note_refused(row.id, problem=str(refused))
        done.failed += 1
    else:
        _note_sent(row.id, now=now)
        done.sent += 1


@transactional
def _claim(mail_id: int, *, tries: int) -> bool:
    """Count the try before it is made: whoever else sends at the same time leaves it alone."""
    claimed = db.session.execute(
        update(Mail)
        .where(Mail.id == mail_id, Mail.tries == tries, Mail.sent_at.is_(None))
        .values(tries=tries + 1)
        .returning(Mail.id)
    ).all()
    return bool(claimed)


@transactional
def _note_sent(mail_id: int, *, now: datetime) -> None:
    db.session.execute(update(Mail).where(Mail.id == mail_id).values(sent_at=now, problem=""))


@transactional
def _note_refused(mail_id: int, *, problem: str) -> None:
    db.session.execute(update(Mail).where(Mail.id == mail_id).values(problem=problem))


@transactional
def _note_closed(mail_ids: list[int], *, problem: str) -> None:
    db.session.execute(
        update(Mail).where(Mail.id.in_(mail_ids), Mail.sent_at.is_(None)).values(problem=problem)
    )
