"""The two kinds of database: a file, and a database of its own in a running PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg

SQLITE, POSTGRESQL = "sqlite", "postgresql"
KINDS = (SQLITE, POSTGRESQL)
SERVER = os.environ.get("QIJUE_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres")


@contextmanager
def database(kind: str) -> Iterator[str]:
    """The value of DATABASE_URL for an empty database of this kind; it is dropped at the end."""
    if kind == SQLITE:
        yield ""
        return
    name = f"qijue_bench_{os.getpid()}_{os.urandom(3).hex()}"
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield f"{SERVER.rpartition('/')[0]}/{name}"
    finally:
        with psycopg.connect(SERVER, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def backends(database_url: str) -> Sequence[int]:
    """Process ids of PostgreSQL that work for this database; () for a file."""
    if not database_url:
        return ()
    with psycopg.connect(SERVER) as connection:
        rows = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = %s",
            [database_url.rpartition("/")[2]],
        )
        return [pid for (pid,) in rows]
