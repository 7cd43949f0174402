"""Writes the exports that wait, and removes those that are too old."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, tzinfo
from pathlib import Path

from app.db import db
from app.queries.export_questions import all_exports
from app.services import question_exports

log = logging.getLogger(__name__)


def work_on_exports(*, instance: Path, zone: tzinfo, clock: Callable[[], datetime]) -> int:
    """Write the file of each order; returns how many.

    One that fails, of whatever, is logged and given up, and the others go on; so is one that
    took the whole worker with it again and again.
    """
    waiting = [v for v in all_exports(instance) if v.state == question_exports.WAITING]
    for view in waiting:
        try:
            if question_exports.begin(view.id, instance=instance):
                question_exports.make(view.id, instance=instance, now=clock(), zone=zone)
        except Exception:  # the edge of the worker: whatever one raises, the others go on
            log.exception("export %s broke off", view.id)
            db.session.rollback()
            question_exports.give_up(view.id, instance=instance)
    return len(waiting)
