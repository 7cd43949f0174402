"""What can be read about this machine: not rows, but facts all the same."""

from __future__ import annotations

import ctypes
import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, text

from app.db import db

UNSYNCHRONISED = 16_000_000
"""Microseconds of possible error at which the kernel counts a clock as not synchronised."""

_LOCAL = ("127.0.0.1", "::1")


class _Timex(ctypes.Structure):
    """The beginning of the kernel's struct timex; `rest` is longer than what follows."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("rest", ctypes.c_byte * 512),
    )


def clock_is_synchronised() -> bool | None:
    """Whether a time server keeps this clock right; None where the system does not tell.

    Asks the kernel what timedatectl asks it.
    """
    if not sys.platform.startswith("linux"):
        return None
    timex = _Timex()
    try:
        answer = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.byref(timex))
    except (OSError, AttributeError):
        return None
    return None if answer < 0 else timex.maxerror < UNSYNCHRONISED


def clock_offset() -> timedelta | None:
    """The database's clock minus this server's; None where the database has none of its own.

    Two clocks are compared here, so both are read; everywhere else the time is an argument.
    """
    if _kind() != "postgresql":
        return None
    before = datetime.now(UTC)
    theirs = db.session.scalars(select(func.clock_timestamp())).one()
    after = datetime.now(UTC)
    moment: datetime = theirs
    return moment.astimezone(UTC) - (before + (after - before) / 2)


def free_bytes(folder: Path | None) -> int | None:
    """Bytes that are free where the folder lies; None where that cannot be told."""
    if folder is None:
        return None
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


def database_folder() -> Path | None:
    """Where the database keeps its files; None where it does so on another machine."""
    if _kind() == "sqlite":
        return Path(db.engine.url.database or ".").resolve().parent
    row = db.session.execute(
        text(
            "SELECT (SELECT setting FROM pg_settings WHERE name = 'data_directory') AS folder,"
            " host(inet_server_addr()) AS server, host(inet_client_addr()) AS client"
        )
    ).one()
    is_here = row.server is None or row.server in _LOCAL or row.server == row.client
    return Path(row.folder) if row.folder and is_here else None


def database_settings() -> tuple[str, dict[str, str]]:
    """Kind of database, and of its settings those that decide what a commit is worth."""
    kind = _kind()
    connection = db.session.connection()
    if kind == "sqlite":
        names = ("journal_mode", "synchronous")
        found = {name: str(connection.exec_driver_sql(f"PRAGMA {name}").scalar()) for name in names}
        return kind, found
    row = connection.execute(
        text(
            "SELECT current_setting('fsync') AS fsync,"
            " current_setting('synchronous_commit') AS synchronous_commit,"
            " current_setting('full_page_writes') AS full_page_writes"
        )
    ).one()
    return kind, dict(row._mapping)


def _kind() -> str:
    return str(db.session.get_bind().dialect.name)
