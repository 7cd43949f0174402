"""What things are called on the pages about held answers and signals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _

from app.domain.attempts import AttemptState, Move
from app.domain.events import Event, ReviewDecision
from app.domain.held_saves import Content, Held, Standing
from app.domain.signals import is_short, seconds_away
from app.web.proctoring.wording import irregularity_name, time_of_day


def duration(value: timedelta | float) -> str:
    """A length of time (seconds where it is a number) in its two largest units."""
    seconds = round(value.total_seconds() if isinstance(value, timedelta) else value)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return str(_("%(days)s d %(hours)s h", days=days, hours=hours))
    if hours:
        return str(_("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes))
    if minutes:
        return str(_("%(minutes)s min %(seconds)s s", minutes=minutes, seconds=seconds))
    return str(_("%(seconds)s s", seconds=seconds))


def held_reason(value: str) -> str:
    """Why a save was held."""
    names: dict[str, str] = {
        Held.FILE: _("From an answer file"),
        Held.SUBMITTED: _("After handing in"),
        Held.DEADLINE: _("After the end of the time"),
        Held.SECTION: _("For a part that was left"),
        Held.PAUSE: _("During a pause"),
    }
    return names[Held(value)]


def content_name(value: str) -> str:
    """What a held save holds, beside what counts."""
    names: dict[str, str] = {
        Content.BLANK: _("Answer removed"),
        Content.ANSWERED: _("Answered, blank so far"),
        Content.CHANGED: _("Another answer than counts now"),
        Content.SAME: _("Same answer as counts now"),
    }
    return names[Content(value)]


def standing_name(value: str) -> str:
    """What accepting a held save would do."""
    names: dict[str, str] = {
        Standing.NEWEST: _("Newer than what counts now"),
        Standing.FOLLOWED: _("A later held answer follows"),
        Standing.OLDER: _("Older than what counts now"),
    }
    return names[Standing(value)]


def event_name(value: str) -> str:
    """What an event of an attempt's log is called."""
    names: dict[str, str] = {
        Event.WINDOW_LEFT: _("Window left"),
        Event.PASTE: _("Text pasted"),
        Event.FULLSCREEN_LEFT: _("Full screen left"),
        Event.SECOND_DEVICE: _("Second device"),
        Event.ADDRESS_CHANGED: _("Network address changed"),
        Event.IRREGULARITY: _("Irregularity reported"),
        Event.STATEMENT: _("Statement of the candidate"),
        Event.SIGNALS_REVIEWED: _("Reviewed"),
        Move.START: _("Exam started"),
        Move.PAUSE: _("Clock stopped"),
        Move.RESUME: _("Clock runs again"),
        Move.SUBMIT: _("Handed in"),
        Move.EXPIRE: _("Time ran out"),
        Move.VOID: _("Declared void"),
    }
    return names.get(value, value)


def decision_name(value: str) -> str:
    """What a reviewer has decided."""
    names: dict[str, str] = {
        ReviewDecision.NO_CONCERN: _("No concern"),
        ReviewDecision.NOTED: _("Noted"),
        ReviewDecision.REFERRED: _("Referred"),
    }
    return names.get(value, value)


def progress_name(value: str) -> str:
    """Where an attempt stands, without a word about its result."""
    if value in (AttemptState.IN_PROGRESS, AttemptState.PAUSED):
        return str(_("In progress"))
    return str(_("Void") if value == AttemptState.VOIDED else _("The exam is over"))


NAMES: dict[str, Callable[[Any], object]] = {
    "duration": duration,
    "held_reason": held_reason,
    "content_name": content_name,
    "standing_name": standing_name,
    "event_name": event_name,
    "irregularity_name": irregularity_name,
    "decision_name": decision_name,
    "progress_name": progress_name,
    "time_of_day": time_of_day,
    "seconds_away": seconds_away,
    "is_short": is_short,
}
"""What the templates of this area call things, and how they tell a brief loss."""
