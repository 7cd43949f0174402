"""The line in which SQLite's writers wait, each until the one before it has committed.

SQLite has one writer at a time, and whoever finds the lock taken sleeps a while and looks again:
up to a tenth of a second, in no order. When everybody hands in at once, some would wait for
seconds while the database stands idle between two looks. A lock on a file beside the database
wakes the next one at once; the system frees it when a process dies. PostgreSQL needs none of it.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from sqlalchemy import Engine

if sys.platform != "win32":
    import fcntl


class WriteLine:
    """One line, for the threads of this process and for other processes. path: of its file."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._of_threads = threading.Lock()
        self._file = -1
        self._owner = 0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn; it ends with the block."""
        with self._of_threads:
            self._lock()
            try:
                yield
            finally:
                self._unlock()

    def _lock(self) -> None:
        if sys.platform == "win32":  # SQLite's own waiting has to do
            return
        if self._owner != os.getpid():  # a file that a fork inherited is its parent's lock
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self._owner = os.getpid()
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def _unlock(self) -> None:
        if sys.platform != "win32":
            fcntl.flock(self._file, fcntl.LOCK_UN)


@contextmanager
def turn_to_write(engine: Engine) -> Iterator[None]:
    """One's turn on this database; PostgreSQL and databases in memory have no line."""
    database = engine.url.database
    if engine.dialect.name != "sqlite" or not database or database == ":memory:":
        yield
        return
    with _line(database).turn():
        yield


@lru_cache(maxsize=64)
def _line(database: str) -> WriteLine:
    return WriteLine(f"{database}-line")
