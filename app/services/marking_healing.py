"""Marking that a crash cut short, or that waited before marking by people existed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app.db import db, transactional
from app.domain.attempts import AttemptState
from app.models.attempts import Attempt
from app.models.schemes import Exam
from app.queries.saves import answers_of
from app.services.certificates import Signer
from app.services.scripts import open_scripts
from app.services.settlements import complete_if_marked


@transactional
def heal(attempt_id: int, *, signer: Signer, now: datetime) -> bool:
    """Open what an attempt in marking lacks, settle what is marked, finish it where all is.

    Whether it has left marking. Doing it again changes nothing.
    """
    attempt = db.session.scalar(select(Attempt).where(Attempt.id == attempt_id).with_for_update())
    if attempt is None or attempt.state != AttemptState.MARKING:
        return False
    exam = db.session.get_one(Exam, attempt.exam_id)
    open_scripts(attempt, exam, answers_of(attempt.id), now=now)
    db.session.flush()
    return complete_if_marked(attempt, signer=signer, now=now)
