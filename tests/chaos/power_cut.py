"""A power cut for SQLite: what had not been synchronised is gone from the file."""

from __future__ import annotations

import struct

HEADER, FRAME_HEADER = 32, 24
"""Bytes of the write-ahead log before its first frame, and before the page of each."""


def lose_the_tail(database, *, frames):
    """Cut the last frames off the write-ahead log of a database that nobody has open."""
    log = database.with_name(f"{database.name}-wal")
    content = log.read_bytes()
    page_size = struct.unpack(">I", content[8:12])[0]
    salt, size = content[16:24], FRAME_HEADER + page_size
    end = HEADER
    # Frames of an earlier round of the log have another salt: they are no part of it.
    while content[end + 8 : end + 16] == salt:
        end += size
    assert end >= HEADER + frames * size, "the log is shorter than what is to be lost"
    log.write_bytes(content[: end - frames * size])
