"""Imports of questions: what a person does with one, from its upload to its confirmation.

The row of an import is the queue: `import_work` takes what waits. Doing any of these again does
no harm.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import update

from app.db import db, transactional
from app.domain.errors import DomainError, ErrorKind
from app.domain.questions.autosaves import storable_text
from app.domain.questions.import_reading import ImportOptions
from app.domain.questions.import_runs import CANCELLABLE, ImportState
from app.domain.text import N_
from app.loader.exchange.contract import Unreadable, refuse_large
from app.loader.exchange.formats import READABLE, detect
from app.models.workshop import ImportRun
from app.queries.import_runs import begun_at
from app.services.import_files import ImportFolder
from app.services.import_rows import LONGEST_NOTE
from app.services.import_run_rows import RunMissing, checked_id, found_run, own_run, read_run
from app.services.question_rows import checked_note
from app.services.trail import Actor

KEPT = timedelta(days=14)
"""How long an upload is kept."""
_GIVEN_UP = (ImportState.CANCELLED.value, ImportState.FAILED.value)


class RunMoved(DomainError):
    """The import is not in a state that allows this."""

    def __init__(self) -> None:
        super().__init__(
            "import-moved",
            N_("The import has moved on meanwhile: look where it stands now."),
            kind=ErrorKind.CONFLICT,
        )


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody wants to import. format "": whichever its content says."""

    data: bytes
    name: str
    format: str = ""


def start(
    run_id: str,
    upload: Upload,
    *,
    options: ImportOptions,
    actor: Actor,
    now: datetime,
    instance: Path,
) -> str:
    """Take a file in, to be read; returns the import's id.

    run_id: a UUID; the same one sent twice is one import, unless the first was given up and
    nothing of it written: then it is another one, with an id of its own. Raises Unreadable where
    it is empty, too large or of no known format, RunMissing for an id that is no UUID or
    somebody else's.
    """
    run_id = checked_id(run_id)
    refuse_large(upload.data)
    code = upload.format or detect(upload.data).code
    if code not in READABLE:
        raise Unreadable(N_("Questions cannot be read from this format."))
    run_id, is_known = _free_id(run_id, actor)
    if is_known:
        return run_id
    # The file first: the worker never meets a row without it. Without a row it is soon forgotten.
    ImportFolder.of(instance, run_id).keep(upload.data)
    _put_run(run_id, code, upload.name, options=options, actor=actor, now=now)
    return run_id


@transactional
def confirm(run_id: str, *, note: str, digest: str, actor: Actor) -> None:
    """Say that what the dry run reported shall be written; twice is once.

    note: of the versions that are made. digest: of the report that was looked at. Raises
    RunMissing, RunMoved.
    """
    row = own_run(run_id, actor)
    if row.state in (ImportState.CONFIRMED.value, ImportState.DONE.value):
        return
    if row.state != ImportState.PLANNED.value or row.report["digest"] != digest:
        raise RunMoved
    row.options = {**row.options, "note": checked_note(note, most=LONGEST_NOTE)}
    row.state = ImportState.CONFIRMED.value


def cancel(run_id: str, *, actor: Actor, now: datetime, instance: Path) -> None:
    """Give an import up before it is written; one that is being written stops.

    Raises RunMissing, and RunMoved where it was too late.
    """
    run = read_run(run_id)
    if run.user_id != actor.user_id:
        raise RunMissing
    if run.state in CANCELLABLE:
        ImportFolder.of(instance, run_id).stop()
    _cancel(run_id, actor=actor, now=now)
    ImportFolder.of(instance, run_id).remove()


def forget(*, instance: Path, now: datetime) -> int:
    """Remove uploads that are too old, and cancel what nobody confirmed.

    Returns how many uploads were removed; those that no import knows go too.
    """
    before = now - KEPT
    _cancel_old(before=before, now=now)
    folders = ImportFolder.all(instance)
    begun = begun_at([folder.path.name for folder in folders])
    old = [f for f in folders if begun.get(f.path.name, f.written_at()) < before]
    for folder in old:
        folder.remove()
    return len(old)


def _free_id(run_id: str, actor: Actor) -> tuple[str, bool]:
    """An id whose import is not over, and whether there is one. Raises RunMissing."""
    while (run := found_run(run_id)) is not None:
        if run.user_id != actor.user_id:
            raise RunMissing
        if run.state not in _GIVEN_UP:
            return run_id, True
        run_id = str(uuid.uuid5(uuid.UUID(run_id), "again"))
    return run_id, False


@transactional
def _put_run(
    run_id: str, code: str, name: str, *, options: ImportOptions, actor: Actor, now: datetime
) -> None:
    if actor.user_id is None:
        raise ValueError("questions are imported by a person")
    row = db.session.get(ImportRun, run_id)
    if row is not None:
        if row.user_id != actor.user_id:
            raise RunMissing
        return
    db.session.add(
        ImportRun(
            id=run_id,
            user_id=actor.user_id,
            format=code,
            file_name=storable_text(name).strip()[:200],
            state=ImportState.WAITING.value,
            options=options.dump(),
            report={},
            created_at=now,
        )
    )


@transactional
def _cancel(run_id: str, *, actor: Actor, now: datetime) -> None:
    row = own_run(run_id, actor)
    if row.state == ImportState.CANCELLED.value:
        return
    if row.state not in CANCELLABLE:
        raise RunMoved
    row.state, row.finished_at = ImportState.CANCELLED.value, now


@transactional
def _cancel_old(*, before: datetime, now: datetime) -> None:
    db.session.execute(
        update(ImportRun)
        .where(
            ImportRun.created_at < before,
            ImportRun.state.in_([state.value for state in CANCELLABLE]),
        )
        .values(state=ImportState.CANCELLED.value, finished_at=now)
    )
