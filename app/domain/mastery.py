"""When somebody has mastered a knowledge point.

At least 80 % (key points 90 %) over at least 5 answers on at least 2 days.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

LEAST_ANSWERS = 5
LEAST_DAYS = 2
SHARE = 0.8
KEY_SHARE = 0.9


class Mastery(StrEnum):
    """How far somebody is with a point."""

    NEW = "new"
    LEARNING = "learning"
    NEARLY = "nearly"
    MASTERED = "mastered"


@dataclass(frozen=True, slots=True)
class PointRecord:
    """Practice on one point. share: mean score over maximum, 0..1. days: distinct days."""

    answers: int
    share: float
    days: int


def mastery(record: PointRecord, *, key: bool) -> Mastery:
    """Where the record stands. nearly: good enough, but too few answers or days."""
    if record.answers == 0:
        return Mastery.NEW
    if record.share < (KEY_SHARE if key else SHARE):
        return Mastery.LEARNING
    if record.answers < LEAST_ANSWERS or record.days < LEAST_DAYS:
        return Mastery.NEARLY
    return Mastery.MASTERED
