"""The rows of imports: read, or locked for a step of theirs.

As the trail, called inside the transaction of the act; nothing is committed here.
"""

from __future__ import annotations

import uuid

from sqlalchemy import select

from app.db import db
from app.domain.errors import DomainError, ErrorKind
from app.domain.text import N_
from app.models.workshop import ImportRun
from app.services.trail import Actor


class RunMissing(DomainError):
    """There is no such import, or it is somebody else's."""

    def __init__(self) -> None:
        super().__init__("import-missing", N_("There is no such import."), kind=ErrorKind.MISSING)


def checked_id(run_id: str) -> str:
    """The id of an import, a UUID; raises RunMissing."""
    try:
        return str(uuid.UUID(run_id))
    except ValueError:
        raise RunMissing from None


def read_run(run_id: str) -> ImportRun:
    """The row as it is now; raises RunMissing."""
    row = found_run(checked_id(run_id))
    if row is None:
        raise RunMissing
    return row


def found_run(run_id: str) -> ImportRun | None:
    """The row as it is now, where there is one."""
    return db.session.scalar(
        select(ImportRun).where(ImportRun.id == run_id).execution_options(populate_existing=True)
    )


def locked_run(run_id: str) -> ImportRun:
    """The row, locked until the end; raises RunMissing."""
    row = db.session.get(
        ImportRun, checked_id(run_id), with_for_update=True, populate_existing=True
    )
    if row is None:
        raise RunMissing
    return row


def own_run(run_id: str, actor: Actor) -> ImportRun:
    """The row, locked; raises RunMissing, also for somebody else's."""
    row = locked_run(run_id)
    if row.user_id != actor.user_id:
        raise RunMissing
    return row
