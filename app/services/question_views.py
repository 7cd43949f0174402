"""What staff saw of the exam pool without opening a question: lists, previews, queues."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.db import transactional
from app.services.trail import Actor, record


@transactional
def note_seen(question_ids: Sequence[str], *, where: str, actor: Actor, now: datetime) -> None:
    """Log that a page showed the stems of these exam-pool questions: one entry for all of them.

    where: the page, such as "list". Nothing is written where there is none.
    """
    if question_ids:
        record("questions.listed", where, actor=actor, now=now, questions=list(question_ids))
