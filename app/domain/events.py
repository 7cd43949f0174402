"""What an attempt's event log records beside its moves: notices, signals, acts and reviews."""

from __future__ import annotations

from enum import StrEnum

from app.domain.attempts import Move


class Event(StrEnum):
    """A fact in the log that is no move between states."""

    # of a registration
    REGISTERED = "registered"
    AGREED = "agreed"
    ADMITTED = "admitted"
    ADMISSION_WITHDRAWN = "admission_withdrawn"
    TICKET_ISSUED = "ticket_issued"
    TICKET_USED = "ticket_used"
    ENTRY_REFUSED = "entry_refused"
    DOOR_UNLOCKED = "door_unlocked"
    # of an attempt
    TAB_CLAIMED = "tab_claimed"
    SECTION_CLOSED = "section_closed"
    MESSAGE = "message"
    TIME_ADDED = "time_added"
    FORCE_SUBMIT = "force_submit"
    IRREGULARITY = "irregularity"
    HELD_SAVES_DECIDED = "held_saves_decided"
    ANSWER_FILE = "answer_file"
    RESCORED = "rescored"
    MARK_CORRECTED = "mark_corrected"
    APPEAL_FILED = "appeal_filed"
    APPEAL_ASSIGNED = "appeal_assigned"
    APPEAL_ANSWERED = "appeal_answered"
    APPEAL_WITHDRAWN = "appeal_withdrawn"
    STATEMENT = "statement"
    SIGNALS_REVIEWED = "signals_reviewed"
    INCIDENT = "incident"
    # signals
    WINDOW_LEFT = "window_left"
    PASTE = "paste"
    FULLSCREEN_LEFT = "fullscreen_left"
    SECOND_DEVICE = "second_device"
    ADDRESS_CHANGED = "address_changed"


PAGE_SIGNALS = frozenset({Event.WINDOW_LEFT, Event.PASTE, Event.FULLSCREEN_LEFT})
"""What an exam page may report about itself."""

SIGNALS = PAGE_SIGNALS | {Event.SECOND_DEVICE, Event.ADDRESS_CHANGED}
"""Integrity signals. They are kept for a reviewer and change no score (promise 11)."""

NOTICES: frozenset[str] = frozenset(
    {Event.MESSAGE, Event.TIME_ADDED, Move.PAUSE.value, Move.RESUME.value}
)
"""What an open exam page tells the candidate as soon as it hears of it."""


APPEAL_EVENTS = frozenset(
    {
        Event.MARK_CORRECTED,
        Event.APPEAL_FILED,
        Event.APPEAL_ASSIGNED,
        Event.APPEAL_ANSWERED,
        Event.APPEAL_WITHDRAWN,
    }
)
"""What an appeal leaves in the log: handling one is no part in the exam."""


class ReviewDecision(StrEnum):
    """What a reviewer makes of an attempt's signals; none of them touches a score."""

    NO_CONCERN = "no_concern"
    NOTED = "noted"
    REFERRED = "referred"


class Irregularity(StrEnum):
    """What a proctor may report about a candidate or the room."""

    IDENTITY = "identity"
    AID = "aid"
    COMMUNICATION = "communication"
    DISTURBANCE = "disturbance"
    TECHNICAL = "technical"
    OTHER = "other"
