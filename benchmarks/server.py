"""An installation of its own for a benchmark: database, content, candidates, server process."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import insert

from app import create_app
from app.config import load_settings
from app.db import db, transaction
from app.domain.permissions import Role
from app.domain.text import Text
from app.models.accounts import Enrolment, User, UserRole
from app.queries.exams import current_exam_id
from app.services.passwords import hash_password
from app.services.sittings import open_sitting
from app.services.trail import SYSTEM

ROOT = Path(__file__).resolve().parent.parent
SCHEME = "service-planning"


@dataclass(frozen=True, slots=True)
class Installation:
    """A running server with candidates who all have the same password."""

    app: Flask
    port: int
    usernames: tuple[str, ...]
    password: str
    sitting_id: int


@contextmanager
def installation(folder: Path, *, database_url: str, candidates: int) -> Iterator[Installation]:
    """Set one up below `folder`, serve it, and stop it at the end."""
    environment = {
        **os.environ,
        "QIJUE_INSTANCE": str(folder),
        "DATABASE_URL": database_url,
        "FLASK_APP": "wsgi",
    }
    flask = [sys.executable, "-m", "flask"]
    subprocess.run([*flask, "setup", "--no-demo"], cwd=ROOT, env=environment, check=True)
    application = create_app(load_settings(environment))
    with application.app_context():
        # One more than the load uses, for the pass that counts statements.
        sitting_id, usernames = _fill(candidates + 1)
        db.session.remove()
    port = _free_port()
    server = subprocess.Popen(
        [*flask, "serve", "--port", str(port), "--no-worker"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait(port)
        yield Installation(application, port, usernames, "bench-mark-7", sitting_id)
    finally:
        server.terminate()
        server.wait(timeout=30)
        with application.app_context():
            db.engine.dispose()


def _fill(candidates: int) -> tuple[int, tuple[str, ...]]:
    now = datetime.now(UTC)
    usernames = tuple(f"bench{number}" for number in range(candidates))
    password_hash = hash_password("bench-mark-7")
    with transaction():
        for username in usernames:
            user = User(
                username=username,
                name=username,
                password_hash=password_hash,
                must_change_password=False,
                created_at=now,
                roles=[UserRole(role=Role.TRAINEE.value)],
            )
            db.session.add(user)
            db.session.flush()
            db.session.execute(
                insert(Enrolment).values(user_id=user.id, scheme_id=SCHEME, created_at=now)
            )
    exam_id = current_exam_id(SCHEME, "theory")
    assert exam_id is not None
    sitting_id = open_sitting(
        exam_id,
        title=Text("压测", "Benchmark"),
        opens_at=now - timedelta(minutes=1),
        closes_at=now + timedelta(days=1),
        seed=1,
        actor=SYSTEM,
        now=now,
    )
    return sitting_id, usernames


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait(port: int) -> None:
    for _ in range(150):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2)
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the server did not start")
