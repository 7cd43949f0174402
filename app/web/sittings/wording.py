"""The words for states of sittings, places and tickets, and for accommodations."""

from __future__ import annotations

from flask_babel import gettext as _

from app.domain.accommodations import Provision
from app.domain.sittings import SittingState, Standing, TicketState


def known() -> dict[str, object]:
    """What the templates of this area may use."""
    return {
        "state_name": state_name,
        "standing_name": standing_name,
        "ticket_name": ticket_name,
        "provision_words": provision_words,
    }


def state_name(value: str) -> str:
    """The name of a sitting's state."""
    names: dict[str, str] = {
        SittingState.PLANNED: _("Planned"),
        SittingState.OPEN: _("Open now"),
        SittingState.CLOSED: _("Closed"),
        SittingState.CANCELLED: _("Cancelled"),
    }
    return names[SittingState(value)]


def standing_name(value: str) -> str:
    """How far somebody is, in words."""
    names: dict[str, str] = {
        Standing.REGISTERED: _("Registered"),
        Standing.WAITING: _("Waiting for admission"),
        Standing.READY: _("Ready"),
        Standing.WORKING: _("Working"),
        Standing.FINISHED: _("Finished"),
        Standing.OFF: _("Off the roster"),
    }
    return names[Standing(value)]


def ticket_name(value: str) -> str:
    """The name of a ticket's state."""
    names: dict[str, str] = {
        TicketState.NONE: _("No ticket"),
        TicketState.ISSUED: _("Issued"),
        TicketState.USED: _("Used"),
    }
    return names[TicketState(value)]


def provision_words(given: Provision) -> list[str]:
    """What accommodations give somebody, one short phrase each; nothing for none."""
    words = []
    if given.time_factor > 1:
        words.append(_("Time × %(factor)s", factor=f"{given.time_factor:g}"))
    if given.breaks:
        minutes = int(given.breaks.total_seconds()) // 60
        words.append(_("Breaks: %(minutes)s minutes", minutes=minutes))
    if given.larger_text:
        words.append(_("Larger text"))
    if given.separate_room:
        words.append(_("Separate room"))
    return words
