"""Writes the exports that wait, and removes those that are too old."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, tzinfo
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from app.domain.errors import DomainError
from app.queries.export_questions import all_exports
from app.services import question_exports

log = logging.getLogger(__name__)


def work_on_exports(*, instance: Path, zone: tzinfo, clock: Callable[[], datetime]) -> int:
    """Write the file of each order; returns how many. One that fails is logged and given up."""
    waiting = [v for v in all_exports(instance) if v.state == question_exports.WAITING]
    for view in waiting:
        try:
            question_exports.make(view.id, instance=instance, now=clock(), zone=zone)
        except (SQLAlchemyError, DomainError, OSError, ValueError, LookupError):
            log.exception("export %s broke off", view.id)
            question_exports.give_up(view.id, instance=instance)
    return len(waiting)
