"""flask setup, flask serve: from an empty folder to a running server."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

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
from app.services.question_index import reindex
from app.services.questions import load_bank

if sys.platform != "win32":
    import resource

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


CONNECTIONS = 10_000
"""Open connections of one process. Every candidate's browser keeps one all through an exam;
beyond this number a new one is not answered until another closes."""
BACKLOG = 4096
"""Connections that the system holds until a process takes them: everybody comes at nine."""


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
        reindex(missing_only=True)
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
@click.option("--certificate", type=FILE, help="Serve over HTTPS with this certificate (PEM) …")
@click.option("--key", type=FILE, help="… and this private key (PEM).")
def serve(
    host: str,
    port: int,
    workers: int,
    threads: int,
    worker: bool,
    certificate: Path | None,
    key: Path | None,
) -> None:
    """Serve with granian, and run the jobs beside it.

    Over plain HTTP browsers keep the offline copy of an exam and the encrypted answer file to
    localhost: an exam room wants HTTPS, here or at a proxy in front.
    """
    if (certificate is None) != (key is None):
        raise click.UsageError("--certificate and --key go together")
    jobs = _start_jobs() if worker else None
    _allow_open_files(CONNECTIONS + 100)
    try:
        Granian(
            "wsgi:app",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=threads,
            backlog=BACKLOG,
            backpressure=CONNECTIONS,
            working_dir=ROOT,
            respawn_failed_workers=True,
            log_access=False,
            ssl_cert=certificate,
            ssl_key=key,
        ).serve()
    finally:
        if jobs is not None:
            jobs.terminate()
            jobs.wait(timeout=30)


def _allow_open_files(count: int) -> None:
    """Raise the limit of open files, which is 1,024 on many systems, as far as it may be."""
    if sys.platform == "win32":
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = count if hard == resource.RLIM_INFINITY else min(count, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _start_jobs() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker", "--follow-parent"]
    return subprocess.Popen(command, cwd=ROOT)
