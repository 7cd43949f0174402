"""What follows from approved releases and re-scores, batch by batch; doing it again is harmless."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy.exc import SQLAlchemyError

from app.domain.errors import DomainError
from app.queries.releases import unfinished
from app.queries.rescores import unapplied
from app.services import releases, rescores
from app.services.certificates import Signer
from app.services.mails import Letterhead

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]


def settle(*, signer: Signer, letterhead: Letterhead, clock: Clock) -> int:
    """Everything that waits; how many could not be finished, which are tried again next time."""
    failed = 0
    for what, waiting, work in (
        ("re-score", unapplied(), rescores.apply),
        ("release", unfinished(), releases.follow_up),
    ):
        batch = partial(work, signer=signer, letterhead=letterhead)
        failed += _finish(what, waiting, batch, clock)
    return failed


def _finish(what: str, waiting: Sequence[int], batch: Callable[..., int], clock: Clock) -> int:
    failed = 0
    for id_ in waiting:
        try:
            while batch(id_, now=clock()):
                pass
        except (SQLAlchemyError, DomainError, ValueError, LookupError):
            failed += 1
            log.exception("%s %s could not be finished", what, id_)
    return failed
