"""The list that a pre-flight comes to: one check per line, each go, warning or no-go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.text import N_


class Verdict(StrEnum):
    """What a check says about holding the exam."""

    GO = "go"
    WARN = "warn"
    NO_GO = "no_go"


class Subject(StrEnum):
    """What a check looks at, in the order of the list."""

    WINDOW = "window"
    CLOCK = "clock"
    WORKER = "worker"
    DATABASE = "database"
    DISK = "disk"
    PAPERS = "papers"
    ROSTER = "roster"
    DOOR = "door"
    PROCTORS = "proctors"
    MAIL = "mail"
    CANDIDATE = "candidate"


NAMES: dict[Subject, str] = {
    Subject.WINDOW: N_("Window"),
    Subject.CLOCK: N_("Clock"),
    Subject.WORKER: N_("Worker"),
    Subject.DATABASE: N_("Database"),
    Subject.DISK: N_("Free disk"),
    Subject.PAPERS: N_("Papers"),
    Subject.ROSTER: N_("Roster"),
    Subject.DOOR: N_("Entrance checks"),
    Subject.PROCTORS: N_("Proctors"),
    Subject.MAIL: N_("Mail"),
    Subject.CANDIDATE: N_("Synthetic candidate"),
}

VERDICTS: dict[Verdict, str] = {
    Verdict.GO: N_("Go"),
    Verdict.WARN: N_("Warning"),
    Verdict.NO_GO: N_("No-go"),
}

OVERALL: dict[Verdict, str] = {
    Verdict.GO: N_("Go: the exam can be held."),
    Verdict.WARN: N_("Go, with warnings: read them and decide."),
    Verdict.NO_GO: N_("No-go: put this right before the exam."),
}


@dataclass(frozen=True, slots=True)
class Check:
    """One line. sentence: English, with %(name)s places; parameters may be sentences again."""

    subject: Subject
    verdict: Verdict
    sentence: str
    parameters: Mapping[str, object] = field(default_factory=dict)


def go(subject: Subject, sentence: str, **parameters: object) -> Check:
    """A check that found everything right, or has something to tell."""
    return Check(subject, Verdict.GO, sentence, parameters)


def warn(subject: Subject, sentence: str, **parameters: object) -> Check:
    """A check that somebody should read."""
    return Check(subject, Verdict.WARN, sentence, parameters)


def no_go(subject: Subject, sentence: str, **parameters: object) -> Check:
    """A check that speaks against holding the exam."""
    return Check(subject, Verdict.NO_GO, sentence, parameters)


def overall(checks: Iterable[Check]) -> Verdict:
    """The worst of all; a list without a check proves nothing and is a no-go."""
    found = {check.verdict for check in checks}
    for verdict in (Verdict.NO_GO, Verdict.WARN, Verdict.GO):
        if verdict in found:
            return verdict
    return Verdict.NO_GO
