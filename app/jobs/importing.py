"""Works on the imports that wait, and removes uploads that are too old."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from app.db import db
from app.queries.import_runs import working_runs
from app.services import import_work

log = logging.getLogger(__name__)


def work_on_imports(*, instance: Path, clock: Callable[[], datetime]) -> int:
    """Read what was uploaded and write what was confirmed; returns how many.

    Healing too: what a crash broke off waits still, and is begun again.
    """
    waiting = working_runs()
    for run_id in waiting:
        work_on_import(run_id, instance=instance, now=clock())
    return len(waiting)


def work_on_import(run_id: str, *, instance: Path, now: datetime) -> None:
    """Do what the import waits for; nothing where it waits for nothing.

    One that fails, of whatever, is logged and stays, and the others go on; after some tries it
    is given up.
    """
    try:
        if import_work.begin(run_id, instance=instance, now=now):
            import_work.dry_run(run_id, instance=instance, now=now)
            import_work.apply(run_id, instance=instance, now=now)
    except Exception:  # files of strangers: nothing that one of them raises may stop the others
        log.exception("import %s broke off", run_id)
        db.session.rollback()
