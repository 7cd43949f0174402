"""flask setup, flask serve: from an empty folder to a running server."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import click
import flask_migrate
from flask import current_app
from flask.cli import with_appcontext
from granian import Granian
from granian.constants import Interfaces

from app.cli.demo import create_demo
from app.cli.output import plain_errors
from app.config import ROOT, Settings
from app.loader.tree import read_tree, tree_digest
from app.queries.loads import last_digest
from app.services.content import load_content, note_load
from app.services.questions import load_bank


@click.command("setup")
@click.option("--demo/--no-demo", default=False, help="Create a demonstration organisation.")
@with_appcontext
def setup(demo: bool) -> None:
    """Migrate the database and load the files. Doing it again changes nothing."""
    settings: Settings = current_app.extensions["settings"]
    now = datetime.now(UTC)
    with plain_errors():
        flask_migrate.upgrade()
        _load_files(settings, now=now)
        if demo:
            create_demo(settings, now=now)


def _load_files(settings: Settings, *, now: datetime) -> None:
    """Load what changed; files that have not changed since the last load are not read again."""
    digest = tree_digest(settings.content, settings.questions)
    if last_digest() == digest:
        return
    tree = read_tree(settings.content, settings.questions)
    load_content(tree, now=now)
    changes = load_bank(tree.bank, now=now)
    for question_id in changes.conflicts:
        click.echo(f"{question_id}: changed in the file and in the browser; the browser's stays")
    note_load(digest, now=now)


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=2, show_default=True, help="Processes.")
@click.option("--threads", default=2, show_default=True, help="Threads of each process.")
@click.option("--worker/--no-worker", default=True, help="Run the jobs beside the server.")
def serve(host: str, port: int, workers: int, threads: int, worker: bool) -> None:
    """Serve over HTTP with granian, and run the jobs beside it."""
    jobs = _start_jobs() if worker else None
    try:
        Granian(
            "wsgi:app",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=threads,
            working_dir=ROOT,
            respawn_failed_workers=True,
            log_access=False,
        ).serve()
    finally:
        if jobs is not None:
            jobs.terminate()
            jobs.wait(timeout=30)


def _start_jobs() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker", "--follow-parent"]
    return subprocess.Popen(command, cwd=ROOT)
