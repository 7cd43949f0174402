"""CPU seconds of other processes, from /proc."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_of_session(leader: int) -> float:
    """User and system seconds of every process of a session, ended children included."""
    return sum(_seconds(fields) for fields in _processes() if int(fields[3]) == leader)


def cpu_of(pids: Iterable[int]) -> float:
    """User and system seconds of these processes, as far as they still live."""
    wanted = set(pids)
    return sum(_seconds(fields) for fields in _processes(wanted))


def _seconds(fields: list[str]) -> float:
    return sum(map(int, fields[11:15])) / _TICKS


def _processes(wanted: set[int] | None = None) -> Iterable[list[str]]:
    """The fields of /proc/<pid>/stat from the state (the third) on."""
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal() or (wanted is not None and int(folder.name) not in wanted):
            continue
        try:
            text = (folder / "stat").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
        yield text.rpartition(")")[2].split()
