"""What a marking is for, where it stands, and what may happen to it."""

from __future__ import annotations

from enum import StrEnum


class MarkingRole(StrEnum):
    """Whose marking it is.

    check: of a seeded check script. back_read: the lead has read it again and agrees.
    """

    FIRST = "first"
    SECOND = "second"
    THIRD = "third"
    LEAD = "lead"
    CHECK = "check"
    BACK_READ = "back_read"


class MarkingState(StrEnum):
    """Where a marking stands. superseded: another answer counts, and marking began anew."""

    OPEN = "open"
    TAKEN = "taken"
    DONE = "done"
    HANDED_BACK = "handed_back"
    SUPERSEDED = "superseded"


class MarkingAct(StrEnum):
    """What the log of a marking tells; kept for ever."""

    OPENED = "opened"
    ASSIGNED = "assigned"
    TAKEN = "taken"
    DONE = "done"
    CHANGED = "changed"
    HANDED_BACK = "handed_back"
    SUPERSEDED = "superseded"


BY_MARKERS = frozenset(
    {MarkingRole.FIRST, MarkingRole.SECOND, MarkingRole.THIRD, MarkingRole.CHECK}
)
"""Markings that a marker gets at the desk, none told from another."""

UNFINISHED = frozenset({MarkingState.OPEN, MarkingState.TAKEN})
"""Markings that somebody still has to do."""

CORRECTABLE = frozenset({MarkingRole.FIRST, MarkingRole.SECOND, MarkingRole.THIRD})
"""Markings whose points settle an answer, the lead's aside."""
