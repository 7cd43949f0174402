"""Closes attempts that are past their deadline and grades what is closed."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from app.domain.attempts import CLOSED_UNSCORED, OPEN_STATES
from app.domain.errors import DomainError
from app.domain.timing import SWEEP_DELAY, is_sweepable
from app.queries.exams import closed_attempts, due_attempts
from app.queries.marking_progress import stuck_attempts
from app.services.attempts import expire
from app.services.certificates import Signer
from app.services.grading import grade
from app.services.marking_healing import heal

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Swept:
    """What a sweep did. failed: attempts that raised; they are tried again the next time."""

    closed: int = 0
    graded: int = 0
    failed: int = 0


def sweep_attempts(*, signer: Signer, now: datetime) -> Swept:
    """One sweep. An attempt that fails is logged and does not stop the rest.

    It also heals: an attempt that was closed but not graded, because the server died in
    between, is graded here; so is one in marking whose answers nobody was given, or all have
    their marks.
    """
    swept = Swept()
    open_states = [state.value for state in OPEN_STATES]
    for attempt_id in due_attempts(before=now - SWEEP_DELAY, states=open_states):
        try:
            swept.closed += expire(attempt_id, now=now, is_due=is_sweepable)
        except (SQLAlchemyError, DomainError):
            swept.failed += 1
            log.exception("attempt %s could not be closed", attempt_id)
    for attempt_id in closed_attempts([state.value for state in CLOSED_UNSCORED]):
        try:
            swept.graded += grade(attempt_id, signer=signer, now=now)
        except (SQLAlchemyError, DomainError, ValueError, LookupError):
            swept.failed += 1
            log.exception("attempt %s could not be graded", attempt_id)
    for attempt_id in stuck_attempts():
        try:
            swept.graded += heal(attempt_id, signer=signer, now=now)
        except (SQLAlchemyError, DomainError, ValueError, LookupError):
            swept.failed += 1
            log.exception("attempt %s could not be put to the markers", attempt_id)
    return swept
