"""The application with a fault: SQLite does not wait for the disk, so a power cut loses saves."""

from __future__ import annotations

from sqlalchemy import Engine, event

from app import create_app


@event.listens_for(Engine, "connect")
def _do_not_wait(connection, record):
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous = OFF")
    # Everything stays in the write-ahead log, so that its tail is what was written last.
    cursor.execute("PRAGMA wal_autocheckpoint = 0")
    cursor.close()


app = create_app()
