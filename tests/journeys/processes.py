"""Which processes still live, from /proc: a killed one is gone a moment later, not at once."""

from __future__ import annotations

import time
from pathlib import Path


def group(number):
    """Ids of the living processes of a process group."""
    return [pid for pid, fields in _living() if int(fields[2]) == number]


def children(parent):
    """Ids of the living processes that `parent` has started."""
    return [pid for pid, fields in _living() if int(fields[1]) == parent]


def living(pids):
    """Those of these processes that live."""
    return [pid for pid, _ in _living() if pid in pids]


def wait_until_gone(find):
    """Wait until `find` finds no process any more."""
    until = time.monotonic() + 30
    while found := find():
        assert time.monotonic() < until, found
        time.sleep(0.01)


def _living():
    """(id, fields of /proc/<id>/stat from the state on) of every process that has not ended."""
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal():
            continue
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        # The first thread of a killed process ends before the others let go of its files.
        if fields[0] not in "ZX" or int(fields[17]) > 1:
            yield int(folder.name), fields
