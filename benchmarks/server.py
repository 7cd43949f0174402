"""An installation of its own for a benchmark: database, content, candidates, server process."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import insert, select, update

from app import create_app
from app.config import load_settings
from app.db import db, transaction
from app.domain.permissions import Role
from app.domain.text import Text
from app.models.accounts import Enrolment, User, UserRole
from app.models.sittings import Sitting
from app.queries.exams import current_exam_id
from app.services.passwords import hash_password
from app.services.sittings import open_sitting
from app.services.trail import SYSTEM
from benchmarks.cpu import cpu_of, cpu_of_session
from benchmarks.databases import backends, database

ROOT = Path(__file__).resolve().parent.parent
SCHEME = "service-planning"
PASSWORD = "bench-mark-7"


@dataclass(frozen=True, slots=True)
class Installation:
    """A database with candidates who all have the same password, and a sitting for them."""

    app: Flask
    database_url: str
    environ: dict[str, str]
    usernames: tuple[str, ...]
    sitting_id: int


@dataclass(frozen=True, slots=True)
class Server:
    """A running server. leader: its process, which leads a session of its own."""

    port: int
    leader: int
    database_url: str

    def cpu_seconds(self) -> tuple[float, float]:
        """CPU seconds so far of the server's processes, and of PostgreSQL's for its database."""
        return cpu_of_session(self.leader), cpu_of(backends(self.database_url))


@contextmanager
def installation(kind: str, *, candidates: int) -> Iterator[Installation]:
    """An empty folder and database, migrated, loaded and filled; both are removed at the end."""
    with tempfile.TemporaryDirectory() as folder, database(kind) as database_url:
        environ = {
            **os.environ,
            "QIJUE_INSTANCE": folder,
            "DATABASE_URL": database_url,
            "FLASK_APP": "wsgi",
        }
        command = [sys.executable, "-m", "flask", "setup", "--no-demo"]
        subprocess.run(command, cwd=ROOT, env=environ, check=True)
        application = create_app(load_settings(environ))
        with _context(application):
            usernames = _add_candidates(candidates)
            sitting_id = _open_sitting()
        try:
            yield Installation(application, database_url, environ, usernames, sitting_id)
        finally:
            with _context(application):
                db.engine.dispose()


@contextmanager
def serving(made: Installation, *, options: Sequence[str] = ()) -> Iterator[Server]:
    """Serve it, and stop at the end. options: of `flask serve`, beside the port."""
    port = _free_port()
    command = [sys.executable, "-m", "flask", "serve", "--port", str(port), "--no-worker"]
    process = subprocess.Popen(
        [*command, *options],
        cwd=ROOT,
        env=made.environ,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait(process, port)
        yield Server(port, process.pid, made.database_url)
    finally:
        process.terminate()
        process.wait(timeout=30)


def move_opening(made: Installation, opens_at: datetime) -> None:
    """Let the sitting open at this moment."""
    with _context(made.app), transaction():
        db.session.execute(
            update(Sitting).where(Sitting.id == made.sitting_id).values(opens_at=opens_at)
        )


@contextmanager
def _context(application: Flask) -> Iterator[None]:
    with application.app_context():
        yield
        db.session.remove()


def _add_candidates(count: int) -> tuple[str, ...]:
    """Accounts with one password hash at the real cost: made once, checked at every log-in."""
    now = datetime.now(UTC)
    usernames = tuple(f"bench{number}" for number in range(count))
    account = {
        "password_hash": hash_password(PASSWORD),
        "must_change_password": False,
        "created_at": now,
    }
    people = [{"username": name, "name": name, **account} for name in usernames]
    with transaction():
        db.session.execute(insert(User), people)
        ids = db.session.scalars(select(User.id).where(User.username.in_(usernames))).all()
        roles = [{"user_id": id_, "role": Role.TRAINEE.value} for id_ in ids]
        db.session.execute(insert(UserRole), roles)
        enrolment = {"scheme_id": SCHEME, "created_at": now}
        db.session.execute(insert(Enrolment), [{"user_id": id_, **enrolment} for id_ in ids])
    return usernames


def _open_sitting() -> int:
    now = datetime.now(UTC)
    exam_id = current_exam_id(SCHEME, "theory")
    assert exam_id is not None
    return open_sitting(
        exam_id,
        title=Text("压测", "Benchmark"),
        opens_at=now - timedelta(minutes=1),
        closes_at=now + timedelta(days=1),
        seed=1,
        actor=SYSTEM,
        now=now,
    )


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2)
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the server did not start")
