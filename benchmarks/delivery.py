"""What an exam costs: log-in, lesson page, start, save, submit, on SQLite and PostgreSQL.

A real server is started on an empty database; candidates on threads talk to it over HTTP, the
client's own work included in the times. Database round trips are counted in one more pass
inside the process. Loopback only; it stops by itself.

    python -m benchmarks.delivery [--candidates 60] [--threads 6] [--saves 20]
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from benchmarks.client import Candidate, Times, run_candidates
from benchmarks.roundtrips import Counts, count_statements
from benchmarks.server import Installation, installation

POSTGRESQL = os.environ.get(
    "QIJUE_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres"
)
STEPS = ("log-in", "lesson page", "start", "save", "submit")


def main() -> None:
    """Run on every database there is, and print one table each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--candidates", type=int, default=60)
    parser.add_argument("--threads", type=int, default=6)
    parser.add_argument("--saves", type=int, default=20, help="saves of each candidate")
    arguments = parser.parse_args()
    for name, url in (("SQLite", ""), ("PostgreSQL", POSTGRESQL)):
        with (
            tempfile.TemporaryDirectory() as folder,
            _database(url) as database_url,
            installation(
                Path(folder), database_url=database_url, candidates=arguments.candidates
            ) as made,
        ):
            times, seconds = _load(made, arguments)
            counts = count_statements(made)
        print_table(name, arguments, times, seconds, counts)


def print_table(
    name: str, arguments: argparse.Namespace, times: Times, seconds: float, counts: Counts
) -> None:
    """One row a step: requests, rate, percentiles in milliseconds, round trips."""
    print(
        f"\n{name}: {arguments.candidates} candidates on {arguments.threads} threads,"
        f" {arguments.saves} saves each, {seconds:.1f} s, {times.errors} errors"
    )
    print("| step | requests | requests/s | p50 ms | p95 ms | p99 ms | statements | commits |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for step in STEPS:
        found = sorted(times.milliseconds[step])
        rate = 1000 * arguments.threads * len(found) / sum(found)
        cells = [f"{_percentile(found, p):.1f}" for p in (50, 95, 99)]
        statements, commits = counts[step]
        print(
            f"| {step} | {len(found)} | {rate:.0f} | {' | '.join(cells)}"
            f" | {statements} | {commits} |"
        )


def _load(made: Installation, arguments: argparse.Namespace) -> tuple[Times, float]:
    candidates = [
        Candidate(made.port, username, made.password, made.sitting_id, saves=arguments.saves)
        for username in made.usernames
    ]
    return run_candidates(candidates, threads=arguments.threads)


def _percentile(found: list[float], share: int) -> float:
    return found[min(len(found) - 1, round(share / 100 * (len(found) - 1)))]


@contextmanager
def _database(url: str) -> Iterator[str]:
    if not url:
        yield ""
        return
    name = f"qijue_bench_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield f"{url.rpartition('/')[0]}/{name}"
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


if __name__ == "__main__":
    main()
