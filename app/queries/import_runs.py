"""Imports: their rows, their reports, how far they are, and what a plan has to know."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.db import AnyRow, db
from app.domain.media import media_names
from app.domain.problems import Problem
from app.domain.questions.autosaves import without_note
from app.domain.questions.import_plan import BankView, Existing
from app.domain.questions.import_reading import Candidate, fingerprint
from app.domain.questions.import_runs import WORKING, ImportState, ReportLine, load_problem
from app.domain.questions.kinds import Pool, QuestionState
from app.models.accounts import User
from app.models.content import Point
from app.models.questions import Question, QuestionVersion
from app.models.workshop import ImportRun, Medium, QuestionDraft
from app.queries.paging import Page, paged

CHUNK = 500
"""Values of one statement."""


@dataclass(frozen=True, slots=True)
class RunView:
    """An import without its lines. counts: by outcome, see `counts_of`; {} before its dry run.

    notes: what concerns the file as a whole. problem: why it is unreadable or failed.
    """

    id: str
    user_id: int
    user: str
    format: str
    file_name: str
    state: ImportState
    options: Mapping[str, Any]
    counts: Mapping[str, int]
    digest: str
    notes: tuple[Problem, ...]
    problem: Problem | None
    is_outdated: bool
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the worker is. stage "": it has not begun."""

    stage: str = ""
    done: int = 0
    total: int = 0


_RUN = (
    ImportRun.id,
    ImportRun.user_id,
    User.name,
    ImportRun.format,
    ImportRun.file_name,
    ImportRun.state,
    ImportRun.options,
    ImportRun.report["counts"].label("counts"),
    ImportRun.report["digest"].label("digest"),
    ImportRun.report["notes"].label("notes"),
    ImportRun.report["problem"].label("problem"),
    ImportRun.report["outdated"].label("outdated"),
    ImportRun.created_at,
    ImportRun.finished_at,
)


def import_folder(instance: Path, run_id: str) -> Path:
    """Where the upload of an import lies; raises ValueError for what is no id."""
    return instance / "imports" / str(UUID(run_id))


def import_run(run_id: str) -> RunView | None:
    """One import."""
    row = db.session.execute(
        select(*_RUN).join(User, User.id == ImportRun.user_id).where(ImportRun.id == run_id)
    ).one_or_none()
    return _view(row) if row else None


def import_runs(user_id: int, *, page: int = 1) -> Page[RunView]:
    """Somebody's imports, the latest first: two statements."""
    found = paged(
        select(*_RUN)
        .join(User, User.id == ImportRun.user_id)
        .where(ImportRun.user_id == user_id)
        .order_by(ImportRun.created_at.desc(), ImportRun.id),
        number=page,
        size=10,
    )
    return Page([_view(row) for row in found.rows], found.number, found.total, found.size)


def report_lines(run_id: str) -> list[ReportLine]:
    """What becomes of each element of the file; [] before the dry run."""
    lines = db.session.scalar(select(ImportRun.report["lines"]).where(ImportRun.id == run_id))
    return [ReportLine.load(raw) for raw in lines or ()]


def working_runs() -> Sequence[str]:
    """Ids of imports that wait for the worker, the oldest first."""
    return db.session.scalars(
        select(ImportRun.id)
        .where(ImportRun.state.in_([state.value for state in WORKING]))
        .order_by(ImportRun.created_at)
    ).all()


def begun_at(run_ids: Sequence[str]) -> dict[str, datetime]:
    """When each of these imports was begun, of those that there are."""
    rows = _chunked(
        run_ids,
        lambda some: select(ImportRun.id, ImportRun.created_at).where(ImportRun.id.in_(some)),
    )
    return {row.id: row.created_at for row in rows}


def progress_of(instance: Path, run_id: str) -> Progress:
    """How far it is, as the worker wrote it down beside the upload."""
    try:
        raw = json.loads((import_folder(instance, run_id) / "progress.json").read_text())
        return Progress(str(raw["stage"]), int(raw["done"]), int(raw["total"]))
    except (OSError, ValueError, KeyError):  # not begun, or its folder is just being removed
        return Progress()


def bank_view(
    candidates: Sequence[Candidate], *, user_id: int, media: Iterable[str] = ()
) -> BankView:
    """What the bank has of these questions and around them. media: pictures of the file."""
    ids = db.session.scalars(select(Question.id)).all()
    own = sorted({candidate.own_id for candidate in candidates}.intersection(ids))
    return BankView(
        points=frozenset(db.session.scalars(select(Point.id))),
        questions=_existing(own, user_id),
        alike=_alike(candidates),
        highest=_highest(ids),
        media=frozenset(media) | _stored(candidates),
        drafts=_drafts(user_id) if any(c.is_unfinished for c in candidates) else frozenset(),
    )


def _drafts(user_id: int) -> frozenset[str]:
    raws = db.session.scalars(
        select(QuestionDraft.raw).where(
            QuestionDraft.user_id == user_id,
            QuestionDraft.question_id.is_(None),
            QuestionDraft.raw.is_not(None),
        )
    )
    return frozenset(fingerprint(without_note(raw)[0]) for raw in raws)


def _existing(own: Sequence[str], user_id: int) -> dict[str, Existing]:
    is_kept = QuestionVersion.number.in_([Question.current_version, Question.live_version])
    rows = _chunked(
        own,
        lambda some: (
            select(
                Question.id,
                Question.pool,
                Question.state,
                Question.current_version,
                QuestionVersion.content_hash,
            )
            .join(QuestionVersion, QuestionVersion.question_id == Question.id)
            .where(Question.id.in_(some), is_kept)
        ),
    )
    is_open = {
        row.question_id
        for row in _chunked(
            own,
            lambda some: select(QuestionDraft.question_id).where(
                QuestionDraft.question_id.in_(some),
                QuestionDraft.user_id == user_id,
                QuestionDraft.raw.is_not(None),
            ),
        )
    }
    found: dict[str, Existing] = {}
    for row in rows:
        before = found.get(row.id)
        found[row.id] = Existing(
            Pool(row.pool),
            QuestionState(row.state),
            row.current_version,
            frozenset({row.content_hash}) | (before.hashes if before else frozenset()),
            row.id in is_open,
        )
    return found


def _alike(candidates: Sequence[Candidate]) -> dict[str, dict[Pool, str]]:
    """Questions of the bank that say the same: looked for among those with the same stem."""
    stems = {c.content.stem.zh for c in candidates if c.content is not None}
    wanted = {c.fingerprint for c in candidates if c.fingerprint}
    same_stem = [
        row.id
        for row in db.session.execute(select(Question.id, Question.stem_zh))
        if row.stem_zh in stems
    ]
    rows = _chunked(
        same_stem,
        lambda some: (
            select(Question.id, Question.pool, QuestionVersion.content)
            .join(
                QuestionVersion,
                (QuestionVersion.question_id == Question.id)
                & (QuestionVersion.number == Question.current_version),
            )
            .where(Question.id.in_(some))
            .order_by(Question.id)
        ),
    )
    found: dict[str, dict[Pool, str]] = {}
    for row in rows:
        key = fingerprint(row.content)
        if key in wanted:
            found.setdefault(key, {}).setdefault(Pool(row.pool), row.id)
    return found


def _highest(ids: Iterable[str]) -> dict[str, int]:
    highest: dict[str, int] = {}
    for id_ in ids:
        point, _, rest = id_.rpartition("-")
        number = re.fullmatch(r"[A-Z]?(\d+)", rest)
        if number:
            highest[point] = max(highest.get(point, 0), int(number[1]))
    return highest


def _stored(candidates: Sequence[Candidate]) -> frozenset[str]:
    """Of the pictures that the questions show, those that the bank has."""
    names = {name for candidate in candidates for name in media_names(str(candidate.raw))}
    rows = _chunked(sorted(names), lambda some: select(Medium.name).where(Medium.name.in_(some)))
    return frozenset(row.name for row in rows)


def _chunked(values: Sequence[str], statement: Callable[[Sequence[str]], Any]) -> Iterator[AnyRow]:
    for start in range(0, len(values), CHUNK):
        yield from db.session.execute(statement(values[start : start + CHUNK]))


def _view(row: AnyRow) -> RunView:
    return RunView(
        row.id,
        row.user_id,
        row.name,
        row.format,
        row.file_name,
        ImportState(row.state),
        row.options,
        row.counts or {},
        row.digest or "",
        tuple(map(load_problem, row.notes or ())),
        load_problem(row.problem) if row.problem else None,
        bool(row.outdated),
        row.created_at,
        row.finished_at,
    )
