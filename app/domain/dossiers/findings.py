"""What a check of a dossier finds, and what it all comes to."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from enum import StrEnum

_NAMED = 10
"""How many numbers a sentence names."""


class Level(StrEnum):
    """good: as it must be. moved: the file is right, the database says something else by now."""

    GOOD = "good"
    MOVED = "moved"
    BROKEN = "broken"


class Verdict(StrEnum):
    """What a dossier is."""

    GENUINE = "genuine"
    MOVED_ON = "moved_on"
    BROKEN = "broken"


class Subject(StrEnum):
    """What a finding is about."""

    SIGNATURE = "signature"
    FORM = "form"
    PAPER = "paper"
    RECEIPTS = "receipts"
    ANSWERS = "answers"
    MOVES = "moves"
    TIMES = "times"
    MARKS = "marks"
    RESULTS = "results"
    AUDIT = "audit"
    DATABASE = "database"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. sentence and parameters as in `DomainError`."""

    subject: Subject
    level: Level
    sentence: str
    parameters: dict[str, object] = field(default_factory=dict)


def good(subject: Subject, sentence: str, **parameters: object) -> Finding:
    """A finding that all is as it must be."""
    return Finding(subject, Level.GOOD, sentence, parameters)


def broken(subject: Subject, sentence: str, **parameters: object) -> Finding:
    """A finding that something cannot be."""
    return Finding(subject, Level.BROKEN, sentence, parameters)


def moved(sentence: str, **parameters: object) -> Finding:
    """A finding that the database says something else than the dossier."""
    return Finding(Subject.DATABASE, Level.MOVED, sentence, parameters)


def verdict(findings: Iterable[Finding]) -> Verdict:
    """The worst of the findings decides."""
    levels = {finding.level for finding in findings}
    if Level.BROKEN in levels:
        return Verdict.BROKEN
    return Verdict.MOVED_ON if Level.MOVED in levels else Verdict.GENUINE


def named(numbers: Collection[int]) -> str:
    """Numbers of questions or entries for a sentence: each once, in order, the first few."""
    distinct = sorted(set(numbers))
    more = "…" if len(distinct) > _NAMED else ""
    return ", ".join(map(str, distinct[:_NAMED])) + more
