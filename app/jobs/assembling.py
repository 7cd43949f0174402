"""Works on the batches of papers that wait."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from app.domain.errors import DomainError
from app.queries.paper_batches import waiting_batches
from app.services.assembling import work_on

log = logging.getLogger(__name__)


def work_on_batches(*, clock: Callable[[], datetime]) -> int:
    """Assemble what was asked for; returns how many batches waited.

    Healing too: what a crash broke off waits still, and is begun again, a few times at most.
    """
    waiting = waiting_batches()
    for batch_id in waiting:
        try:
            work_on(batch_id, now=clock())
        except (SQLAlchemyError, DomainError, ValueError, LookupError):
            log.exception("batch %s of papers broke off", batch_id)
    return len(waiting)
