"""What pages of marking call things."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.domain.marking.adjudication import How
from app.domain.marking.evidence import Found
from app.domain.marking.roles import MarkingAct, MarkingRole, MarkingState
from app.web.languages import translated as _

STATE_MARKS: Mapping[str, tuple[str, str]] = {
    MarkingState.OPEN: ("quiet", "circle"),
    MarkingState.TAKEN: ("info", "pencil"),
    MarkingState.DONE: ("good", "check-circle"),
    MarkingState.HANDED_BACK: ("warn", "arrow-return-left"),
    MarkingState.SUPERSEDED: ("quiet", "slash-circle"),
}
FOUND_MARKS: Mapping[str, str] = {
    Found.EXACT: "check2",
    Found.ALIKE: "question-lg",
    Found.NEGATED: "slash-lg",
}


def role_label(value: str) -> str:
    """Whose marking it is."""
    names: dict[str, str] = {
        MarkingRole.FIRST: _("First mark"),
        MarkingRole.SECOND: _("Second mark"),
        MarkingRole.THIRD: _("Third mark"),
        MarkingRole.LEAD: _("Lead's decision"),
        MarkingRole.CHECK: _("Check script"),
        MarkingRole.BACK_READ: _("Read again"),
    }
    return names[MarkingRole(value)]


def state_label(value: str) -> str:
    """Where a marking stands."""
    names: dict[str, str] = {
        MarkingState.OPEN: _("To do"),
        MarkingState.TAKEN: _("On the desk"),
        MarkingState.DONE: _("Mark given"),
        MarkingState.HANDED_BACK: _("Handed back"),
        MarkingState.SUPERSEDED: _("No longer counts"),
    }
    return names[MarkingState(value)]


def how_label(value: str) -> str:
    """What settled an answer."""
    names: dict[str, str] = {
        How.BLANK: _("Nothing was answered"),
        How.SINGLE: _("One mark"),
        How.MEAN: _("Mean of two marks"),
        How.PAIR: _("Mean of the third mark and the one near it"),
        How.CLOSER: _("Mean of the third mark and the closer one"),
        How.BETWEEN: _("Third mark, right between the two"),
        How.LEAD: _("Decided by the lead marker"),
    }
    return names[How(value)]


def act_label(value: str) -> str:
    """What happened to a marking."""
    names: dict[str, str] = {
        MarkingAct.OPENED: _("Opened"),
        MarkingAct.ASSIGNED: _("Handed to somebody else"),
        MarkingAct.TAKEN: _("Taken to the desk"),
        MarkingAct.DONE: _("Mark given"),
        MarkingAct.CHANGED: _("Mark changed"),
        MarkingAct.HANDED_BACK: _("Handed back"),
        MarkingAct.SUPERSEDED: _("No longer counts"),
    }
    return names[MarkingAct(value)]


def found_label(value: str) -> str:
    """How a key point was found in an answer."""
    names: dict[str, str] = {
        Found.EXACT: _("found"),
        Found.ALIKE: _("perhaps in other words"),
        Found.NEGATED: _("negated"),
    }
    return names[Found(value)]


def check_state_label(value: str) -> str:
    """Where a check script stands."""
    names = {
        "waiting": _("Waits for another lead"),
        "in_use": _("In use"),
        "retired": _("Out of use"),
    }
    return names[value]


NAMES: dict[str, Callable[..., Any] | Mapping[str, Any]] = {
    "role_label": role_label,
    "state_label": state_label,
    "how_label": how_label,
    "act_label": act_label,
    "found_label": found_label,
    "check_state_label": check_state_label,
    "state_marks": STATE_MARKS,
    "found_marks": FOUND_MARKS,
}
