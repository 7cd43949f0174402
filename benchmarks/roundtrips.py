"""Counts SQL statements and commits of one request of each step, inside the process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias

from flask.testing import FlaskClient
from sqlalchemy import event

from app.db import db
from benchmarks.server import PASSWORD, Installation

Counts: TypeAlias = dict[str, tuple[int, int]]
"""Step → (statements, commits)."""


@dataclass(slots=True)
class _Tally:
    statements: int = 0
    commits: int = 0


def count_statements(made: Installation) -> Counts:
    """One candidate's way, counted; the second save, so that memory is warm as in an exam."""
    application = made.app
    application.config["WTF_CSRF_ENABLED"] = False
    client = application.test_client()
    counts: Counts = {}
    login = {"username": made.usernames[-1], "password": PASSWORD}
    counts["log-in"] = _count(client, "/login", data=login)
    counts["lesson page"] = _count(client, "/lessons/service-environment")
    rules = f"/exams/{made.sitting_id}"
    counts["rules"] = _count(client, rules)
    counts["register"] = _count(client, f"{rules}/register", data={})
    with _listening(client) as tally:
        page = client.post(f"{rules}/start", data={"agree": "yes"}).headers["Location"]
    counts["start"] = (tally.statements, tally.commits)
    counts["exam page"] = _count(client, page)
    with _listening(client) as tally:
        claim = client.post(f"{page}/tab", json={}).get_json()
    counts["claim"] = (tally.statements, tally.commits)
    body = {"token": claim["token"], "epoch": claim["epoch"]}
    for seq in (1, 2):
        save = {"position": 1, "seq": seq, "answer": None, "flagged": True, "spent_ms": 5}
        counts["save"] = _count(client, f"{page}/saves", json={**body, "saves": [save]})
    counts["heartbeat"] = _count(client, f"{page}/saves", json={**body, "saves": []})
    counts["submit"] = _count(client, f"{page}/submit", data={})
    counts["result"] = _count(client, f"{page}/done")
    return counts


def _count(client: FlaskClient, path: str, **content: object) -> tuple[int, int]:
    with _listening(client) as tally:
        response = client.open(path, method="POST" if content else "GET", **content)
    assert response.status_code < 400, (path, response.status_code, response.text)
    return tally.statements, tally.commits


@contextmanager
def _listening(client: FlaskClient) -> Iterator[_Tally]:
    tally = _Tally()

    def statement(connection: object, cursor: object, text: str, *rest: object) -> None:
        tally.statements += not text.startswith("BEGIN")

    def commit(connection: object) -> None:
        tally.commits += 1

    with client.application.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", statement)
    event.listen(engine, "commit", commit)
    try:
        yield tally
    finally:
        event.remove(engine, "before_cursor_execute", statement)
        event.remove(engine, "commit", commit)
