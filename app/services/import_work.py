"""The work on imports: the dry run, and one transaction that writes all of it or nothing.

What was not finished waits still, so a crash loses nothing, and beginning again does no harm.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from app.db import transactional
from app.domain.errors import DomainError
from app.domain.media import Medium, media_names
from app.domain.problems import Problem
from app.domain.questions.import_plan import WRITTEN, Line, digest, plan
from app.domain.questions.import_reading import Candidate, ImportOptions, prepare
from app.domain.questions.import_runs import (
    CANCELLABLE,
    WORKING,
    ImportState,
    ReportLine,
    dump_problem,
    report_of,
)
from app.domain.text import N_
from app.loader.exchange.contract import Reading, Unreadable
from app.loader.exchange.formats import READABLE
from app.models.workshop import ImportRun
from app.queries.import_runs import bank_view
from app.services.import_files import ImportFolder, ImportStopped, UploadGone
from app.services.import_rows import lock_known, write_lines
from app.services.import_run_rows import locked_run, read_run
from app.services.media import know_pictures, put_pictures
from app.services.trail import Actor, record

FEW = 200
"""Questions that are imported while somebody waits for the page."""
SMALL = 300 * 1024
"""Bytes of a file that may have few questions."""

_MOST_TRIES = 3
_STEP = 250


def dry_run(run_id: str, *, instance: Path, now: datetime, most: int | None = None) -> bool:
    """Read the file and report what would be made of it; changes nothing else.

    most: with more questions than that nothing is done; returns whether it was.
    """
    run = read_run(run_id)
    if run.state != ImportState.WAITING.value:
        return True
    folder = ImportFolder.of(instance, run_id)
    try:
        reading = _read(run, folder)
        if most is not None and len(reading.drafts) > most:
            return False
        candidates = _prepared(run, reading, folder)
        bank = bank_view(candidates, user_id=run.user_id, media=reading.media)
        report = _report(plan(candidates, bank), reading)
    except Unreadable as error:
        _unreadable(run_id, error.problem, now=now)
    except ImportStopped:
        _stopped(run_id, now=now)
    except UploadGone as error:
        _fail(run_id, Problem("", "", error.sentence), now=now)
    else:
        _plan(run_id, report, count=len(candidates))
    folder.end()
    return True


def apply(run_id: str, *, instance: Path, now: datetime) -> None:
    """Write a confirmed import: everything in one transaction, or nothing.

    Where the bank has changed so that something else would be made than the dry run said,
    nothing is written, and the new report waits to be looked at. What is not confirmed, or
    written already, stays as it is.
    """
    run = read_run(run_id)
    if run.state != ImportState.CONFIRMED.value:
        return
    folder = ImportFolder.of(instance, run_id)
    try:
        reading = _read(run, folder)
        candidates = _prepared(run, reading, folder)
        put_pictures(_pictures(candidates, reading), instance=instance)
        _write(run_id, candidates, reading, folder=folder, now=now)
    except ImportStopped:
        _stopped(run_id, now=now)
    except Unreadable as error:
        _unreadable(run_id, error.problem, now=now)
    except DomainError as error:
        _fail(run_id, Problem("", "", error.sentence, error.parameters), now=now)
    folder.end()


def begin(run_id: str, *, instance: Path, now: datetime) -> bool:
    """Whether the work on an import may begin: one that broke off again and again is given up."""
    if ImportFolder.of(instance, run_id).begin() <= _MOST_TRIES:
        return True
    _fail(
        run_id,
        Problem("", "", N_("The import broke off several times and was given up.")),
        now=now,
    )
    return False


def _read(run: ImportRun, folder: ImportFolder) -> Reading:
    read = READABLE[run.format].read
    if read is None:
        raise Unreadable(N_("Questions cannot be read from this format."))
    folder.tell("reading", 0, 0)
    return read(folder.upload())


def _prepared(run: ImportRun, reading: Reading, folder: ImportFolder) -> list[Candidate]:
    options, total = ImportOptions.read(run.options), len(reading.drafts)
    candidates = []
    for count, draft in enumerate(reading.drafts):
        if count % _STEP == 0:
            folder.tell("checking", count, total)
        candidates.append(prepare(draft, options))
    return candidates


def _report(lines: Iterable[Line], reading: Reading) -> dict[str, Any]:
    every = list(lines)
    return report_of(
        [*map(ReportLine.of, every), *map(ReportLine.refused, reading.refused)],
        reading.notes,
        digest=digest(every),
    )


@transactional
def _plan(run_id: str, report: dict[str, Any], *, count: int) -> None:
    row = locked_run(run_id)
    if row.state == ImportState.WAITING.value:
        row.state, row.report, row.total = ImportState.PLANNED.value, report, count


@transactional
def _unreadable(run_id: str, problem: Problem, *, now: datetime) -> None:
    row = locked_run(run_id)
    if row.state not in WORKING:
        return
    row.state, row.finished_at = ImportState.UNREADABLE.value, now
    row.report = {"problem": dump_problem(problem)}


@transactional
def _fail(run_id: str, problem: Problem, *, now: datetime) -> None:
    row = locked_run(run_id)
    if row.state not in WORKING:
        return
    row.state, row.finished_at = ImportState.FAILED.value, now
    row.report = {**row.report, "problem": dump_problem(problem)}


@transactional
def _stopped(run_id: str, *, now: datetime) -> None:
    row = locked_run(run_id)
    if row.state in CANCELLABLE:
        row.state, row.finished_at = ImportState.CANCELLED.value, now


@transactional
def _write(
    run_id: str,
    candidates: Sequence[Candidate],
    reading: Reading,
    *,
    folder: ImportFolder,
    now: datetime,
) -> None:
    row = locked_run(run_id)
    if row.state != ImportState.CONFIRMED.value:
        return
    actor = Actor(row.user_id)
    lock_known(candidates)  # from here on nobody saves over what is compared now
    lines = plan(candidates, bank_view(candidates, user_id=row.user_id, media=reading.media))
    if digest(lines) != row.report["digest"]:
        row.state = ImportState.PLANNED.value
        row.report = {**_report(lines, reading), "outdated": True}
        return
    shown = [line.candidate for line in lines if line.outcome in WRITTEN]
    know_pictures(_pictures(shown, reading), actor=actor, now=now)
    written = write_lines(
        lines,
        run_id=run_id,
        note=row.options["note"],
        actor=actor,
        now=now,
        tell=lambda done, total: folder.tell("writing", done, total),
    )
    report = report_of(
        [*written, *map(ReportLine.refused, reading.refused)],
        reading.notes,
        digest=digest(lines),
    )
    record(
        "questions.imported",
        run_id,
        actor=actor,
        now=now,
        file=row.file_name,
        format=row.format,
        counts=report["counts"],
    )
    row.state, row.report, row.progress = ImportState.DONE.value, report, len(lines)
    row.finished_at = now


def _pictures(candidates: Iterable[Candidate], reading: Reading) -> Iterator[Medium]:
    """The pictures of the file that these questions show."""
    names = {name for candidate in candidates for name in media_names(str(candidate.raw))}
    return (medium for name, medium in reading.media.items() if name in names)
