"""The event log in words: one sentence for every kind, and what somebody wrote to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext

from app.domain.attempts import Move
from app.domain.events import Event, ReviewDecision
from app.domain.incidents import IncidentState, Outcome
from app.domain.pauses import PauseKind
from app.web.proctoring.wording import (
    irregularity_name,
    outcome_name,
    remedy_name,
    span,
    time_of_day,
)

_: Callable[..., str] = gettext
Detail = Mapping[str, Any]


def event_sentence(kind: str, detail: Detail) -> str:
    """What happened, in one sentence; never a score, a question or an answer."""
    if kind in SENTENCES:
        return SENTENCES[kind](detail)
    return _("Something was recorded: %(kind)s.", kind=kind)


def event_words(kind: str, detail: Detail) -> str:
    """What a person wrote to it: a reason, a message, a note; "" where nobody did."""
    name = WORDS.get(kind, "reason")
    words = detail.get(name)
    return words if isinstance(words, str) else ""


WORDS: Mapping[str, str] = {
    Event.ADMITTED: "note",
    Event.MESSAGE: "text",
    Event.IRREGULARITY: "text",
    Event.STATEMENT: "text",
    Event.SIGNALS_REVIEWED: "note",
}
"""Kind → where its words are; all others have a reason, or none."""


def _started(detail: Detail) -> str:
    factor = detail.get("time_factor", 1.0)
    if factor and factor != 1.0:
        return _("The exam was started, with %(factor)s times the time.", factor=f"{factor:g}")
    return _("The exam was started.")


def _paused(detail: Detail) -> str:
    if detail.get("pause") == PauseKind.BREAK:
        return _("The candidate began a break; the clock stands still.")
    return _("The proctor paused the exam; the clock stands still.")


def _tab(detail: Detail) -> str:
    if detail.get("epoch", 1) == 1:
        return _("The exam page was opened.")
    return _("The exam page was opened again, window number %(number)s.", number=detail["epoch"])


def _time_added(detail: Detail) -> str:
    minutes = detail.get("minutes", 0)
    if detail.get("beyond_window", True):
        return _("%(minutes)s more minutes were given.", minutes=minutes)
    return _("%(minutes)s more minutes were given, within the sitting's window.", minutes=minutes)


def _entry_refused(detail: Detail) -> str:
    sentences = {
        "wrong-access-code": _("The door stayed shut: wrong access code."),
        "address-refused": _("The door stayed shut: not in the exam room's network."),
        "browser-refused": _("The door stayed shut: not in Safe Exam Browser."),
        "ticket-needed": _("The door stayed shut: no exam ticket."),
        "entry-locked": _("The door stayed shut: too many tries."),
    }
    return sentences.get(str(detail.get("code")), _("The door stayed shut."))


def _irregularity(detail: Detail) -> str:
    kind = irregularity_name(str(detail.get("irregularity", "")))
    return _("An irregularity was reported: %(kind)s.", kind=kind)


def _window_left(detail: Detail) -> str:
    seconds = detail.get("seconds")
    if not isinstance(seconds, int | float):
        return _("The exam window was left.")
    away = span(timedelta(seconds=seconds)) if seconds >= 120 else None
    if away:
        return _("The exam window was left for %(span)s.", span=away)
    return _("The exam window was left for %(seconds)s seconds.", seconds=f"{seconds:g}")


def _incident(detail: Detail) -> str:
    if detail.get("decision") == IncidentState.REJECTED:
        return _("Incident %(id)s: the remedy was rejected.", id=detail.get("incident"))
    remedy = remedy_name(str(detail.get("remedy", "")), int(detail.get("minutes") or 0))
    outcome = str(detail.get("outcome", ""))
    return _(
        "Incident %(id)s was approved: %(remedy)s. For this exam: %(outcome)s.",
        id=detail.get("incident"),
        remedy=remedy,
        outcome=outcome_name(outcome) if outcome in set(Outcome) else "–",
    )


def _held_decided(detail: Detail) -> str:
    if detail.get("accepted") is True:
        return _("Answers that came late were accepted.")
    if detail.get("accepted") is False:
        return _("Answers that came late were not accepted.")
    return _("It was decided about answers that came late.")


def _reviewed(detail: Detail) -> str:
    sentences = {
        ReviewDecision.NO_CONCERN.value: _("The signals were reviewed: no concern."),
        ReviewDecision.NOTED.value: _("The signals were reviewed and noted."),
        ReviewDecision.REFERRED.value: _("The signals were reviewed and referred."),
    }
    return sentences.get(str(detail.get("decision")), _("The signals were reviewed."))


def _expired(detail: Detail) -> str:
    closed_at = detail.get("closed_at")
    if not isinstance(closed_at, str):
        return _("The time was up and the exam was closed.")
    return _(
        "The time was up and the exam was closed as of %(time)s.",
        time=time_of_day(datetime.fromisoformat(closed_at)),
    )


SENTENCES: Mapping[str, Callable[[Detail], str]] = {
    Move.MAKE_READY: lambda _detail: _("The candidate is ready to start."),
    Move.MAKE_UNREADY: lambda _detail: _("The candidate is not ready any more."),
    Move.REINSTATE: lambda _detail: _("The candidate was put back on the roster."),
    Move.START: _started,
    Move.PAUSE: _paused,
    Move.RESUME: lambda _detail: _("The exam went on."),
    Move.SUBMIT: lambda _detail: _("The exam was handed in."),
    Move.EXPIRE: _expired,
    Move.SEND_TO_MARKING: lambda _detail: _("The answers went to the markers."),
    Move.SCORE: lambda _detail: _("The answers were scored."),
    Move.RELEASE: lambda _detail: _("The result was released."),
    Move.VOID: lambda _detail: _("It was declared void."),
    Event.REGISTERED: lambda _detail: _("The candidate took a place in this sitting."),
    Event.AGREED: lambda _detail: _("The candidate agreed to the rules."),
    Event.ADMITTED: lambda _detail: _("The candidate was admitted."),
    Event.ADMISSION_WITHDRAWN: lambda _detail: _("The admission was withdrawn."),
    Event.DOOR_UNLOCKED: lambda _detail: _("The candidate may try to enter again."),
    Event.TICKET_ISSUED: lambda _detail: _("An exam ticket was issued."),
    Event.TICKET_USED: lambda _detail: _("The exam ticket was used."),
    Event.ENTRY_REFUSED: _entry_refused,
    Event.TAB_CLAIMED: _tab,
    Event.SECTION_CLOSED: lambda detail: _(
        "Section %(number)s was finished.", number=detail.get("section")
    ),
    Event.MESSAGE: lambda _detail: _("A message was sent to the candidate."),
    Event.TIME_ADDED: _time_added,
    Event.FORCE_SUBMIT: lambda _detail: _("The proctor handed in for the candidate."),
    Event.IRREGULARITY: _irregularity,
    Event.HELD_SAVES_DECIDED: _held_decided,
    Event.ANSWER_FILE: lambda _detail: _("An answer file was taken in."),
    Event.RESCORED: lambda _detail: _("The answers were scored again."),
    Event.MARK_CORRECTED: lambda detail: _(
        "The mark of question %(position)s was corrected on appeal.",
        position=detail.get("position"),
    ),
    Event.APPEAL_FILED: lambda detail: _(
        "An appeal or complaint was filed: number %(id)s.", id=detail.get("appeal")
    ),
    Event.APPEAL_ASSIGNED: lambda detail: _(
        "Somebody independent took on number %(id)s.", id=detail.get("appeal")
    ),
    Event.APPEAL_ANSWERED: lambda detail: _(
        "Number %(id)s was answered by a letter.", id=detail.get("appeal")
    ),
    Event.APPEAL_WITHDRAWN: lambda detail: _(
        "The candidate withdrew number %(id)s.", id=detail.get("appeal")
    ),
    Event.STATEMENT: lambda _detail: _("The candidate made a statement."),
    Event.SIGNALS_REVIEWED: _reviewed,
    Event.INCIDENT: _incident,
    Event.WINDOW_LEFT: _window_left,
    Event.PASTE: lambda _detail: _("Something was pasted into an answer."),
    Event.FULLSCREEN_LEFT: lambda _detail: _("Full screen was left."),
    Event.SECOND_DEVICE: lambda _detail: _("The exam was opened on another device or browser."),
    Event.ADDRESS_CHANGED: lambda detail: _(
        "The network address changed; before it was %(before)s.", before=detail.get("before", "–")
    ),
}
"""Kind of event → its sentence."""
