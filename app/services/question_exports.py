"""Exports of questions: on record before they exist, and marked where they have exam questions.

An export lies in a folder of its own: `export.json` says what was ordered and what became of it,
`file` is what is downloaded. Both are removed after a day.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

from app.db import transactional
from app.domain.errors import DomainError, ErrorKind
from app.domain.media import media_names
from app.domain.questions.autosaves import storable_text
from app.domain.questions.bank_filter import BankFilter
from app.domain.questions.import_runs import dump_problem
from app.domain.text import N_
from app.loader.exchange.formats import WRITABLE
from app.loader.exchange.watermarks import marked
from app.queries.accounts import account
from app.queries.export_questions import (
    ExportView,
    all_exports,
    export_folder,
    newest,
    read_export,
    selection,
)
from app.queries.media import read_pictures
from app.services.trail import Actor, record

KEPT = timedelta(days=1)
"""How long the file of an export is kept."""
FEW = 500
"""Questions that are written while somebody waits for the page."""
LONGEST_REASON = 500
_MOST_TRIES = 3
WAITING, DONE, FAILED = "waiting", "done", "failed"


class ExportMissing(DomainError):
    """There is no such export any more, or it is somebody else's."""

    def __init__(self) -> None:
        super().__init__(
            "export-missing",
            N_("There is no such export, or it is older than a day. Export again."),
            kind=ErrorKind.MISSING,
        )


class ReasonMissing(DomainError):
    """Exam questions leave the bank for a reason."""

    def __init__(self) -> None:
        super().__init__("reason-missing", N_("Say why exam questions are taken out of the bank."))


class FormatUnknown(DomainError):
    """There is no such format to write."""

    def __init__(self) -> None:
        super().__init__("format-unknown", N_("Choose a format."))


@dataclass(frozen=True, slots=True)
class Order:
    """What shall be exported. with_exam: questions of the exam pool too."""

    filter: BankFilter
    format: str
    with_exam: bool = False
    reason: str = ""


def start(export_id: str, order: Order, *, actor: Actor, now: datetime, instance: Path) -> None:
    """Take an order in. export_id: a UUID; the same one sent twice is one export.

    Raises FormatUnknown, ReasonMissing, ExportMissing for an id that is no UUID or taken.
    """
    if order.format not in WRITABLE:
        raise FormatUnknown
    reason = storable_text(order.reason).strip()[:LONGEST_REASON]
    if order.with_exam and not reason:
        raise ReasonMissing
    if actor.user_id is None:
        raise ValueError("questions are exported by a person")
    try:
        folder = export_folder(instance, export_id)
    except ValueError:
        raise ExportMissing from None
    before = read_export(instance, export_id)
    if before is not None:
        if before.user_id != actor.user_id:
            raise ExportMissing
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _note(
        instance,
        ExportView(
            id=folder.name,
            user_id=actor.user_id,
            state=WAITING,
            format=order.format,
            filter=order.filter,
            with_exam=order.with_exam,
            reason=reason,
            created_at=now,
        ),
    )


def begin(export_id: str, *, instance: Path) -> bool:
    """Whether the work on an order may begin: one that broke off again and again is given up."""
    tries = export_folder(instance, export_id) / "tries"
    count = int(tries.read_text()) + 1 if tries.is_file() else 1
    _put(tries, str(count).encode())
    if count <= _MOST_TRIES:
        return True
    give_up(export_id, instance=instance)
    return False


def make(export_id: str, *, instance: Path, now: datetime, zone: tzinfo) -> None:
    """Write the file of an order; what is written already stays.

    It goes on record first: a file that nobody knows of never exists.
    """
    view = read_export(instance, export_id)
    if view is None or view.state != WAITING:
        return
    found = selection(view.filter, zone=zone)
    taken = found.taken(with_exam=view.with_exam)
    questions = newest(taken)
    names = {name for question in questions for name in media_names(str(question.dump()))}
    write = WRITABLE[view.format].write
    assert write is not None  # of a format that is offered for writing
    written = write(questions, read_pictures(sorted(names), instance=instance))
    data, exam = written.data, len(found.exam.intersection(taken))
    if exam:
        data = marked(data, view.format, _mark(view, now=now))
    done = replace(
        view,
        state=DONE,
        count=len(taken),
        exam=exam,
        left_out=len(found.ids) - len(taken),
        size=len(data),
        losses=written.losses,
    )
    _record(done, actor=Actor(view.user_id), now=now)
    _put(export_folder(instance, export_id) / "file", data)
    _note(instance, done)


def give_up(export_id: str, *, instance: Path) -> None:
    """Note that the file of an order could not be written."""
    view = read_export(instance, export_id)
    if view is not None and view.state == WAITING:
        _note(instance, replace(view, state=FAILED))


def fetch(export_id: str, *, actor: Actor, now: datetime, instance: Path) -> bytes:
    """The file, for whoever ordered it; of exam questions each time goes on record.

    Raises ExportMissing.
    """
    view = read_export(instance, export_id)
    if view is None or view.user_id != actor.user_id or view.state != DONE:
        raise ExportMissing
    try:
        data = (export_folder(instance, export_id) / "file").read_bytes()
    except FileNotFoundError:
        raise ExportMissing from None
    if view.exam:
        _record_fetched(view, actor=actor, now=now)
    return data


def forget(*, instance: Path, now: datetime) -> int:
    """Remove exports that are older than a day; returns how many."""
    old = [view for view in all_exports(instance) if view.created_at < now - KEPT]
    for view in old:
        shutil.rmtree(export_folder(instance, view.id), ignore_errors=True)
    return len(old)


@transactional
def note_bank_written(*, count: int, exam: int, folder: str, now: datetime) -> None:
    """Put on record that the whole bank was written into a folder of the server."""
    record(
        "questions.exported",
        "bank",
        actor=Actor(),
        now=now,
        count=count,
        exam=exam,
        format="yaml",
        folder=folder,
    )


@transactional
def _record(view: ExportView, *, actor: Actor, now: datetime) -> None:
    record(
        "questions.exported",
        view.id,
        actor=actor,
        now=now,
        count=view.count,
        exam=view.exam,
        format=view.format,
        filter=view.filter.dump(),
        reason=view.reason,
    )


@transactional
def _record_fetched(view: ExportView, *, actor: Actor, now: datetime) -> None:
    record("questions.export_fetched", view.id, actor=actor, now=now, exam=view.exam)


def _mark(view: ExportView, *, now: datetime) -> str:
    person = account(view.user_id)
    by = f"{person.name} ({person.username})" if person else str(view.user_id)
    return (
        f"机密：考试题。导出人 {by}，时间 {now:%Y-%m-%d %H:%M} UTC，导出编号 {view.id}。"
        f" Confidential exam questions, taken out by {by}, export {view.id}."
    )


def _note(instance: Path, view: ExportView) -> None:
    raw: dict[str, Any] = {
        "id": view.id,
        "user_id": view.user_id,
        "state": view.state,
        "format": view.format,
        "filter": view.filter.dump(),
        "with_exam": view.with_exam,
        "reason": view.reason,
        "created_at": view.created_at.isoformat(),
        "count": view.count,
        "exam": view.exam,
        "left_out": view.left_out,
        "size": view.size,
        "losses": [dump_problem(problem) for problem in view.losses],
    }
    text = json.dumps(raw, ensure_ascii=False)
    _put(export_folder(instance, view.id) / "export.json", text.encode())


def _put(path: Path, data: bytes) -> None:
    """Whole or not at all, and for the server alone."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, suffix=".draft")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
