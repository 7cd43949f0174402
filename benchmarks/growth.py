"""What a save costs with a thousand saves in the database, and with a million.

Two installations in one process, the large one filled by SQL. Rounds on the one and on the other
take turns, so that whatever else the machine does hits both alike; each request runs through the
whole application, without a server or a network. A ratio near 1 says that the cost of a save
does not grow with what is stored.

    python -m benchmarks.growth [--saves 1000 1000000] [--rounds 20] [--database sqlite postgresql]
"""

from __future__ import annotations

import argparse
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median

from flask.testing import FlaskClient
from sqlalchemy import text

from app.db import db
from app.queries import versions
from benchmarks.databases import KINDS, POSTGRESQL
from benchmarks.server import PASSWORD, Installation, installation

SAVES_OF_AN_ATTEMPT = 100
SAVES_OF_A_ROUND = 50
WARM_UP = 5
STEPS = ("save", "claim", "exam page")

_FILL = {
    "users": """
        INSERT INTO users (id, username, name, department, password_hash, must_change_password,
                           active, language, email, created_at)
        SELECT 1000000 + n.i, 'earlier' || n.i, 'earlier' || n.i, '', '', {false}, {true}, 'zh', '',
               model.created_at
        FROM n CROSS JOIN (SELECT * FROM users WHERE username = 'bench0') AS model
    """,
    "registrations": """
        INSERT INTO registrations (id, sitting_id, user_id, admission_number, state, late_seconds,
                                   created_at)
        SELECT 1000000 + n.i, model.id, 1000000 + n.i, 'earlier' || n.i, 'ready', 0,
               model.created_at
        FROM n CROSS JOIN sittings AS model
    """,
    "attempts": """
        INSERT INTO attempts ({columns})
        SELECT {values} FROM n CROSS JOIN (SELECT * FROM attempts WHERE id = :attempt) AS model
    """,
    "saves": """
        INSERT INTO saves (attempt_id, epoch, seq, position, answer, flagged, spent_ms, state,
                           received_at, receipt)
        SELECT 1000000 + n.i, 1, m.i, 1 + m.i % 27, model.answer, {false}, 1000, 'accepted',
               model.received_at, model.receipt
        FROM n CROSS JOIN m CROSS JOIN (SELECT * FROM saves LIMIT 1) AS model
    """,
}
_NUMBERS = """
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :attempts),
                   m(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM m WHERE i < :each)
"""


@dataclass(slots=True)
class _Side:
    """One of the two databases: how many saves it holds, and what requests to it took."""

    made: Installation
    saves: int
    client: FlaskClient
    path: str = ""
    seq: int = 0
    tab: dict[str, object] = field(default_factory=dict)
    seconds: dict[str, list[float]] = field(default_factory=lambda: {step: [] for step in STEPS})


def main() -> None:
    """Measure on every database, and print the two sides and their ratio."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--saves", type=int, nargs=2, default=[1_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--database", nargs="+", choices=KINDS, default=list(KINDS))
    given = parser.parse_args()
    for kind in given.database:
        with ExitStack() as stack:
            sides = [
                _side(stack.enter_context(installation(kind, candidates=1)), kind, saves)
                for saves in given.saves
            ]
            for number in range(WARM_UP + given.rounds):
                for side in sides if number % 2 else reversed(sides):
                    _round(side, is_counted=number >= WARM_UP)
            _print(kind, sides, given.rounds)


def _side(made: Installation, kind: str, saves: int) -> _Side:
    made.app.config["WTF_CSRF_ENABLED"] = False
    side = _Side(made, saves, made.app.test_client())
    versions.forget_all()
    login = {"username": made.usernames[0], "password": PASSWORD}
    assert side.client.post("/login", data=login).status_code == 302
    rules = f"/exams/{made.sitting_id}"
    side.client.post(f"{rules}/register")
    side.path = side.client.post(f"{rules}/start", data={"agree": "yes"}).headers["Location"]
    _claim(side)
    _save(side)
    _fill(made, kind, int(side.path.rpartition("/")[2]), saves)
    return side


def _fill(made: Installation, kind: str, attempt: int, saves: int) -> None:
    """Attempts of other people, each with a hundred saves, like the one that is measured."""
    true, false = ("true", "false") if kind == POSTGRESQL else ("1", "0")
    changed = {
        "id": "1000000 + n.i",
        "registration_id": "1000000 + n.i",
        "user_id": "1000000 + n.i",
        "state": "'submitted'",
    }
    columns = [column.name for column in db.metadata.tables["attempts"].columns]
    values = ", ".join(changed.get(name, f"model.{name}") for name in columns)
    parts = {"true": true, "false": false, "columns": ", ".join(columns), "values": values}
    numbers = {"attempts": saves // SAVES_OF_AN_ATTEMPT, "each": SAVES_OF_AN_ATTEMPT}
    with made.app.app_context():
        with db.engine.begin() as connection:
            for statement in _FILL.values():
                filled = text(_NUMBERS + statement.format(**parts))
                given = {"attempt": attempt} if ":attempt)" in filled.text else {}
                connection.execute(filled, {**numbers, **given})
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
        stored = db.session.execute(text("SELECT count(*) FROM saves")).scalar_one()
        db.session.remove()
    assert stored == saves + 1, stored


def _round(side: _Side, *, is_counted: bool) -> None:
    versions.forget_all()  # the other side has papers with the same numbers
    _claim(side)
    _save(side)
    for step, act in (("claim", _claim), ("exam page", _page)):
        took = _timed(act, side)
        if is_counted:
            side.seconds[step].append(took)
    for _ in range(SAVES_OF_A_ROUND):
        took = _timed(_save, side)
        if is_counted:
            side.seconds["save"].append(took)


def _timed(act, side: _Side) -> float:
    began = time.perf_counter()
    act(side)
    return time.perf_counter() - began


def _page(side: _Side) -> None:
    assert side.client.get(side.path).status_code == 200


def _claim(side: _Side) -> None:
    side.tab = side.client.post(f"{side.path}/tab", json={}).get_json()
    side.seq = 0


def _save(side: _Side) -> None:
    side.seq += 1
    row = {"position": 1, "seq": side.seq, "answer": None, "flagged": True, "spent_ms": 5}
    body = {"token": side.tab["token"], "epoch": side.tab["epoch"], "saves": [row]}
    answer = side.client.post(f"{side.path}/saves", json=body)
    assert len(answer.get_json()["receipts"]) == 1, answer.text


def _print(kind: str, sides: list[_Side], rounds: int) -> None:
    small, large = sides
    print(f"\n{kind}: {rounds} rounds of {SAVES_OF_A_ROUND} saves on each side, medians")
    print(f"| step | at {small.saves:,} saves | at {large.saves:,} saves | ratio |")
    print("|---|---:|---:|---:|")
    for step in STEPS:
        before, after = (1000 * median(side.seconds[step]) for side in sides)
        print(f"| {step} | {before:.2f} ms | {after:.2f} ms | {after / before:.2f} |")


if __name__ == "__main__":
    main()
