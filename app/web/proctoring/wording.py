"""What the desk calls presences, acts, irregularities and remedies, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from flask_babel import format_datetime, gettext

from app.domain.events import Irregularity
from app.domain.incidents import IncidentState, Outcome, Remedy
from app.domain.presence import Presence
from app.web.clock import now

_: Callable[..., str] = gettext


def presence_name(value: str) -> str:
    """The name of a presence."""
    names: Mapping[str, str] = {
        Presence.REGISTERED: _("Registered"),
        Presence.READY: _("Ready"),
        Presence.WORKING: _("Working"),
        Presence.IDLE: _("Idle"),
        Presence.OFFLINE: _("Offline"),
        Presence.PAUSED: _("Paused"),
        Presence.FINISHED: _("Finished"),
        Presence.VOIDED: _("Void"),
    }
    return names[Presence(value)]


PRESENCE_MARKS: Mapping[str, tuple[str, str]] = {
    Presence.REGISTERED: ("quiet", "person"),
    Presence.READY: ("info", "person-check"),
    Presence.WORKING: ("good", "pencil"),
    Presence.IDLE: ("warn", "hourglass-split"),
    Presence.OFFLINE: ("bad", "wifi-off"),
    Presence.PAUSED: ("info", "pause-circle"),
    Presence.FINISHED: ("quiet", "check2-circle"),
    Presence.VOIDED: ("quiet", "slash-circle"),
}
"""Presence → kind of state and icon."""


def irregularity_name(value: str) -> str:
    """The name of a kind of irregularity; another text stands for itself."""
    names: Mapping[str, str] = {
        Irregularity.IDENTITY: _("Doubt about the identity"),
        Irregularity.AID: _("Aid that is not allowed"),
        Irregularity.COMMUNICATION: _("Talking or passing something on"),
        Irregularity.DISTURBANCE: _("Disturbance in the room"),
        Irregularity.TECHNICAL: _("Technical trouble"),
        Irregularity.OTHER: _("Something else"),
    }
    return names.get(value, value)


def remedy_name(value: str, minutes: int = 0) -> str:
    """A remedy in a few words."""
    if value == Remedy.MINUTES:
        return _("%(minutes)s more minutes", minutes=minutes)
    return _("Another attempt")


def incident_state_name(value: str) -> str:
    """Where an incident stands."""
    names: Mapping[str, str] = {
        IncidentState.PROPOSED: _("Waits for a decision"),
        IncidentState.APPROVED: _("Approved"),
        IncidentState.REJECTED: _("Rejected"),
    }
    return names[IncidentState(value)]


def outcome_name(value: str) -> str:
    """What an incident's decision did to an attempt; "" before it, or where it was rejected."""
    names: Mapping[str, str] = {
        Outcome.GRANTED: _("Got the minutes"),
        Outcome.CLOSED: _("Was over already"),
        Outcome.VOIDED: _("Void, may take the exam again"),
        Outcome.KEPT: _("Kept: has passed"),
    }
    return names.get(value, "")


def span(value: timedelta) -> str:
    """A length of time in minutes, rounded up; in hours and minutes from two hours on."""
    minutes = -(-int(value.total_seconds()) // 60)
    if minutes < 1:
        return _("less than a minute")
    if minutes < 120:
        return _("%(minutes)s min", minutes=minutes)
    return _("%(hours)s h %(minutes)s min", hours=minutes // 60, minutes=minutes % 60)


def time_of_day(value: datetime) -> str:
    """A time with its seconds; with its day where that is not today's."""
    same_day = format_datetime(value, "yyyyMMdd") == format_datetime(now(), "yyyyMMdd")
    return str(format_datetime(value, "HH:mm:ss" if same_day else "MM-dd HH:mm:ss"))
