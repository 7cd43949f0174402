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
from app.loader.tree import read_tree
from app.services.content import load_content
from app.services.questions import load_bank


@click.command("setup")
@click.option("--demo/--no-demo", default=False, help="Create a demonstration organisation.")
@with_appcontext
def setup(demo: bool) -> None:
    """Migrate the database and load the files. Doing it again changes nothing."""
    settings: Settings = current_app.extensions["settings"]
    with plain_errors():
        tree = read_tree(settings.content, settings.questions)
        flask_migrate.upgrade()
        now = datetime.now(UTC)
        load_content(tree, now=now)
        load_bank(tree.bank, now=now)
        if demo:
            create_demo(settings, now=now)


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
