"""A real server process on its own instance folder, as a user would start it."""

from __future__ import annotations

import json
import os
import signal
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

from sqlalchemy import select

from app import create_app
from app.config import load_settings
from app.db import db, transaction
from app.models.attempts import Attempt
from app.models.questions import QuestionVersion
from app.queries import versions
from app.queries.saves import saves_of
from tests.journeys import processes

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Person:
    """Somebody who can log in. first: whether the password must be changed at the log-in."""

    username: str
    password: str
    name: str = ""
    first: bool = False


class House:
    """One installation: folder, database, server process; and a view into its database."""

    def __init__(self, folder, database_url=""):
        self.folder = folder
        self.environ = {
            **{key: value for key, value in os.environ.items() if not key.startswith("QIJUE_")},
            "QIJUE_INSTANCE": str(folder),
            "QIJUE_ADDRESS_FAILURES": "1000",
            "DATABASE_URL": database_url,
        }
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process = None
        self._people = 0

    def set_up(self):
        """Two commands, as in the README: an empty folder becomes a demonstration."""
        subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", "setup", "--demo"],
            cwd=ROOT,
            env=self.environ,
            check=True,
        )
        self.app = create_app(load_settings(self.environ))

    def start(self, *options):
        """`flask serve` with these options."""
        self._serve("flask", "--app", "wsgi", "serve", *options)

    def start_application(self, module):
        """Another WSGI application in the place of ours, served in the same way."""
        workers = ("--workers", "2", "--blocking-threads", "2")
        self._serve("granian", "--interface", "wsgi", *workers, f"{module}:app")

    def _serve(self, *words):
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *words, "--port", str(self.port)],
                cwd=ROOT,
                env=self.environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait_until_ready()

    def kill(self):
        """No warning, no clean end, for the server, its workers and its jobs alike."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        processes.wait_until_gone(lambda: processes.group(self._process.pid))

    def stop(self):
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.kill()

    def tear_down(self):
        self.stop()
        if hasattr(self, "app"):
            with self.app.app_context():
                db.session.remove()
                db.engine.dispose()

    def command(self, *words):
        """The output of `flask …` on this installation."""
        result = self.app.test_cli_runner().invoke(args=words)
        assert result.exit_code == 0, result.output
        return result.output.strip()

    def demo(self, username):
        logins = json.loads((self.folder / "demo-logins.json").read_text(encoding="utf-8"))
        return next(
            Person(login["username"], login["password"])
            for login in logins
            if login["username"] == username
        )

    def trainee(self, name="学员丙"):
        """A new account that may sit the exam; its password is still the first one."""
        self._people += 1
        username = f"candidate{self._people}"
        password = self.command("accounts", "create", username, name, "--role", "trainee")
        self.command("accounts", "enrol", username, "service-planning")
        return Person(username, password.splitlines()[-1], name, first=True)

    @contextmanager
    def database(self) -> Iterator:
        """A session that sees what the server has committed."""
        versions.forget_all()
        with self.app.app_context():
            try:
                yield db.session
            finally:
                db.session.remove()
                # A connection that stays open would keep alive what a killed server has left.
                db.engine.dispose()
                versions.forget_all()

    def attempt(self, attempt_id):
        with self.database() as session:
            return session.get_one(Attempt, attempt_id)

    def paper(self, attempt_id):
        """Position → question, key included, of somebody's paper."""
        with self.database() as session:
            paper_id = session.get_one(Attempt, attempt_id).paper_id
            return {slot.position: slot.question for slot in versions.paper_slots(paper_id)}

    def question(self, question_id, number):
        with self.database() as session:
            content = session.scalar(
                select(QuestionVersion.content).where(
                    QuestionVersion.question_id == question_id, QuestionVersion.number == number
                )
            )
            return versions.load_question(dict(content))

    def saves(self, attempt_id):
        with self.database():
            return saves_of(attempt_id)

    def end_in(self, attempt_id, seconds):
        """Move a whole attempt back in time, so that its deadline is `seconds` from now."""
        with self.database() as session, transaction():  # the server writes as well
            attempt = session.get_one(Attempt, attempt_id)
            shift = datetime.now(UTC) + timedelta(seconds=seconds) - attempt.deadline_at
            attempt.started_at += shift
            attempt.deadline_at += shift
            return attempt.deadline_at

    def _wait_until_ready(self):
        until = time.monotonic() + 90
        while time.monotonic() < until:
            assert self._process.poll() is None, (self.folder / "server.log").read_text()
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        raise AssertionError((self.folder / "server.log").read_text())


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
