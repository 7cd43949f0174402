"""What an import of 10,000 questions costs: reading the file, planning, and the one transaction.

The questions are the shipped ones of every type with stems of their own, in one file, without
ids, written to a bank that has the shipped ones. The dry run reads, checks and plans; applying
reads and checks again, so that what is written is what the file says, and then writes.

    python -m benchmarks.imports [--questions 10000] [--format xlsx yaml] [--database sqlite]
"""

from __future__ import annotations

import argparse
import time
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import cycle, islice

from flask import Flask

from app.config import load_settings
from app.db import db
from app.domain.permissions import Role
from app.domain.questions.import_plan import plan
from app.domain.questions.import_reading import ImportOptions, prepare
from app.domain.questions.question import Question
from app.domain.text import Text
from app.loader.exchange.formats import READABLE, WRITABLE
from app.loader.tree import read_tree
from app.queries.import_runs import bank_view, import_run
from app.services import import_work, question_imports
from app.services.accounts import NewAccount, create_account
from app.services.question_imports import Upload
from app.services.trail import SYSTEM, Actor
from benchmarks.databases import KINDS
from benchmarks.server import PASSWORD, Installation, installation

FORMATS = ("xlsx", "yaml", "moodle", "gift", "qti-2.1")


def main() -> None:
    """Import on every database in every format, and print the seconds."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--questions", type=int, default=10_000)
    parser.add_argument("--format", nargs="+", choices=FORMATS, default=["xlsx"])
    parser.add_argument("--database", nargs="+", choices=KINDS, default=list(KINDS))
    given = parser.parse_args()
    for kind in given.database:
        for code in given.format:
            with installation(kind, candidates=1) as made:
                _measure(made, kind, code, given.questions)


def _measure(made: Installation, kind: str, code: str, count: int) -> None:
    data = WRITABLE[code].write(list(_questions(made, count)), {}).data  # type: ignore[misc]
    print(f"\n{kind}, {code}: {count:,} questions, {len(data) / 1024**2:.1f} MB")
    with made.app.app_context():
        user_id = _importer()
        _parts(data, code, user_id)
        _whole(made.app, data, code, user_id)
        db.session.remove()


def _parts(data: bytes, code: str, user_id: int) -> None:
    """The halves of a dry run, one by one."""
    read = READABLE["qti" if code.startswith("qti") else code].read
    assert read is not None
    began = time.perf_counter()
    reading = read(data)
    _say("reading the file", began)
    began = time.perf_counter()
    candidates = [prepare(draft, ImportOptions()) for draft in reading.drafts]
    _say("checking each question", began)
    began = time.perf_counter()
    plan(candidates, bank_view(candidates, user_id=user_id))
    _say("planning against the bank", began)
    db.session.rollback()


def _whole(app: Flask, data: bytes, code: str, user_id: int) -> None:
    """An import as the worker does it."""
    instance, now, actor = app.extensions["settings"].instance, datetime.now(UTC), Actor(user_id)
    run_id = str(uuid.uuid4())
    whole = began = time.perf_counter()
    question_imports.start(
        run_id,
        Upload(data, f"benchmark.{code}"),
        options=ImportOptions(),
        actor=actor,
        now=now,
        instance=instance,
    )
    _say("upload stored, format known", began)
    began = time.perf_counter()
    import_work.dry_run(run_id, instance=instance, now=now)
    _say("dry run", began)
    run = import_run(run_id)
    assert run is not None
    question_imports.confirm(run_id, note="", digest=run.digest, actor=actor)
    began = time.perf_counter()
    import_work.apply(run_id, instance=instance, now=now)
    _say("applying", began)
    _say("everything from the upload on", whole)
    done = import_run(run_id)
    assert done is not None
    print(f"  {done.state}: " + ", ".join(f"{n} {name}" for name, n in done.counts.items() if n))


def _questions(made: Installation, count: int) -> Iterator[Question]:
    settings = load_settings(made.environ)
    shipped = [entry.question for entry in read_tree(settings.content, settings.questions).bank]
    for number, question in enumerate(islice(cycle(shipped), count)):
        stem = Text(f"{number}：{question.stem.zh}", f"{number}: {question.stem.en}")
        yield replace(question, id=f"{question.points[0]}-N{number % 9000 + 1000}", stem=stem)


def _importer() -> int:
    return create_account(
        NewAccount(
            username="importer",
            name="importer",
            roles=frozenset({Role.INSTRUCTOR}),
            password=PASSWORD,
            must_change_password=False,
        ),
        actor=SYSTEM,
        now=datetime.now(UTC),
    )


def _say(what: str, began: float) -> None:
    print(f"  {what:<32}{time.perf_counter() - began:6.1f} s", flush=True)


if __name__ == "__main__":
    main()
