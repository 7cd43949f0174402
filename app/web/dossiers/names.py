"""What dossiers call states, steps, parts and findings, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext

from app.domain.attempts import AttemptState
from app.domain.dossiers.findings import Finding, Level, Subject, Verdict
from app.domain.dossiers.timeline import Step
from app.domain.saves import SaveState

_: Callable[..., str] = gettext

ATTEMPT_STATES = (
    AttemptState.IN_PROGRESS,
    AttemptState.PAUSED,
    AttemptState.SUBMITTED,
    AttemptState.EXPIRED,
    AttemptState.MARKING,
    AttemptState.SCORED,
    AttemptState.RELEASED,
    AttemptState.VOIDED,
)
"""States that an attempt can be in, in the order of its life."""

STATE_MARKS: Mapping[str, tuple[str, str]] = {
    AttemptState.IN_PROGRESS: ("info", "pencil"),
    AttemptState.PAUSED: ("info", "pause-circle"),
    AttemptState.SUBMITTED: ("quiet", "check2"),
    AttemptState.EXPIRED: ("quiet", "alarm"),
    AttemptState.MARKING: ("quiet", "hourglass-split"),
    AttemptState.SCORED: ("quiet", "clipboard-check"),
    AttemptState.RELEASED: ("good", "check-circle"),
    AttemptState.VOIDED: ("bad", "slash-circle"),
}
"""State of an attempt → kind of mark and icon."""

LEVEL_MARKS: Mapping[Level, str] = {
    Level.GOOD: "check-circle",
    Level.MOVED: "arrow-left-right",
    Level.BROKEN: "x-octagon",
}
"""Level of a finding → icon."""


def state_name(value: str) -> str:
    """Where an attempt stands."""
    names: Mapping[str, str] = {
        AttemptState.IN_PROGRESS: _("In progress"),
        AttemptState.PAUSED: _("Paused"),
        AttemptState.SUBMITTED: _("Handed in"),
        AttemptState.EXPIRED: _("Time ran out"),
        AttemptState.MARKING: _("Being marked"),
        AttemptState.SCORED: _("Scored, not released"),
        AttemptState.RELEASED: _("Result released"),
        AttemptState.VOIDED: _("Void"),
    }
    return names.get(value, value)


def save_state_name(value: str) -> str:
    """How an answer was stored."""
    names: Mapping[str, str] = {
        SaveState.ACCEPTED: _("In time"),
        SaveState.SUPERSEDED: _("From a window taken over"),
        SaveState.HELD: _("Held for a decision"),
    }
    return names[SaveState(value)]


def save_name(state: str, decided: bool | None = None) -> str:
    """How an answer was stored, and what was decided about a held one."""
    if state == SaveState.HELD and decided is not None:
        return _("Held, then accepted") if decided else _("Held, then refused")
    return save_state_name(state)


def step_name(value: str) -> str:
    """What touched the clock."""
    names: Mapping[str, str] = {
        Step.START: _("Start with the time of the exam"),
        Step.ACCOMMODATION: _("Accommodation"),
        Step.TIME_ADDED: _("Time added"),
        Step.PAUSE: _("Clock stopped"),
        Step.RESUME: _("Clock runs again"),
        Step.WINDOW_MOVED: _("End of the sitting moved"),
        Step.CLOSE: _("Closed"),
    }
    return names[Step(value)]


def verdict_name(verdict: Verdict) -> str:
    """What a dossier is, as a heading."""
    names: Mapping[Verdict, str] = {
        Verdict.GENUINE: _("The dossier is genuine"),
        Verdict.MOVED_ON: _("The dossier is genuine, but the database has moved on"),
        Verdict.BROKEN: _("The dossier is broken"),
    }
    return names[verdict]


def verdict_lead(verdict: Verdict) -> str:
    """What follows from it."""
    leads: Mapping[Verdict, str] = {
        Verdict.GENUINE: _("Signature, receipts, answers, times and marks fit each other."),
        Verdict.MOVED_ON: _(
            "Everything in it fits. Since it was made, the database has changed; see below what."
        ),
        Verdict.BROKEN: _("At least one thing in it cannot be right. Do not rely on this file."),
    }
    return leads[verdict]


def subject_name(subject: Subject) -> str:
    """What a finding is about."""
    names: Mapping[Subject, str] = {
        Subject.SIGNATURE: _("Signature"),
        Subject.FORM: _("Form of the file"),
        Subject.PAPER: _("Paper"),
        Subject.RECEIPTS: _("Receipts"),
        Subject.ANSWERS: _("Answers"),
        Subject.MOVES: _("Course of events"),
        Subject.TIMES: _("Times"),
        Subject.MARKS: _("Points"),
        Subject.RESULTS: _("Result"),
        Subject.AUDIT: _("Audit log"),
        Subject.DATABASE: _("Database"),
    }
    return names[subject]


def part_name(path: str) -> str:
    """What a part of the file is called."""
    names: Mapping[str, str] = {
        "attempt": _("Attempt"),
        "person": _("Candidate"),
        "registration": _("Registration"),
        "registration.events": _("Event log of the registration"),
        "sitting": _("Sitting"),
        "exam": _("Exam rules"),
        "accommodations": _("Accommodations"),
        "accommodations.approvals": _("Accommodations"),
        "paper": _("Paper"),
        "paper.places": _("Paper"),
        "layout": _("Order of options"),
        "saves": _("Stored answers"),
        "events": _("Event log"),
        "marks": _("Points"),
        "markings": _("Marking"),
        "results": _("Results"),
        "certificates": _("Certificates"),
        "incidents": _("Incidents"),
        "audit": _("Audit log"),
    }
    return names.get(path, path)


def told(finding: Finding) -> str:
    """The finding's sentence."""
    values = dict(finding.parameters)
    if "part" in values:
        values["part"] = part_name(str(values["part"]))
    sentence = _(finding.sentence)
    return sentence % values if values else sentence
