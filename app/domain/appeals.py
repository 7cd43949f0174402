"""Appeals (复核) and complaints: until when, about what, and how they end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.errors import DomainError, ErrorKind
from app.domain.text import N_

ANSWER_DAYS = 15
"""How many days the organisation gives itself for an answer."""
COMPLAINT_DAYS = 30
"""How long after the end of an exam one may complain about how it went."""
LONGEST_TEXT = 3000
LONGEST_LETTER = 5000


class AppealKind(StrEnum):
    """appeal: against a result. complaint: about how the exam went, also before the release."""

    APPEAL = "appeal"
    COMPLAINT = "complaint"


class AppealState(StrEnum):
    """Where it stands."""

    FILED = "filed"
    ASSIGNED = "assigned"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class AppealOutcome(StrEnum):
    """How it was decided."""

    UPHELD = "upheld"
    PARTLY = "partly"
    REJECTED = "rejected"


class AppealStep(StrEnum):
    """What is on record about it."""

    FILED = "filed"
    ASSIGNED = "assigned"
    GRADED_AGAIN = "graded_again"
    MARK_CORRECTED = "mark_corrected"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


OPEN = frozenset({AppealState.FILED, AppealState.ASSIGNED})


class AppealRefused(DomainError):
    """It cannot be filed, or not in this way; the sentence tells why."""


class AppealMoved(DomainError):
    """It is no longer where this act needs it to be."""

    def __init__(self) -> None:
        super().__init__(
            "appeal-moved",
            N_("This appeal is no longer in a state that allows this."),
            kind=ErrorKind.CONFLICT,
        )


@dataclass(frozen=True, slots=True)
class Window:
    """Until when each kind can be filed; None: not at all (yet)."""

    appeal_until: datetime | None
    complaint_until: datetime | None

    def until(self, kind: AppealKind) -> datetime | None:
        """The last moment for this kind."""
        return self.appeal_until if kind is AppealKind.APPEAL else self.complaint_until

    def open_kinds(self, *, now: datetime) -> tuple[AppealKind, ...]:
        """What can be filed now."""
        ends = {kind: self.until(kind) for kind in AppealKind}
        return tuple(kind for kind, end in ends.items() if end is not None and now <= end)


def window(*, closed_at: datetime | None, released_at: datetime | None, appeal_days: int) -> Window:
    """appeal_days: of the exam's policy, counted from the release of the result that holds."""
    appeal = released_at + timedelta(days=appeal_days) if released_at else None
    complaint = closed_at + timedelta(days=COMPLAINT_DAYS) if closed_at else None
    if appeal and complaint:
        complaint = max(appeal, complaint)
    return Window(appeal, complaint)


def checked_filing(
    kind: AppealKind, text: str, *, window: Window, has_open: bool, now: datetime
) -> str:
    """The text without blanks around it; raises AppealRefused (too early, late, twice, empty)."""
    until = window.until(kind)
    if until is None:
        raise AppealRefused(
            "appeal-too-early",
            N_("There is no released result yet to appeal against."),
            kind=ErrorKind.CONFLICT,
        )
    if now > until:
        raise AppealRefused(
            "appeal-too-late",
            N_("The time for this ended on %(until)s. It can no longer be filed."),
            kind=ErrorKind.CONFLICT,
            until=f"{until:%Y-%m-%d}",
        )
    if has_open:
        raise AppealRefused(
            "appeal-open",
            N_("One of this kind is open already; add nothing new before it is answered."),
            kind=ErrorKind.CONFLICT,
        )
    return checked_words(text, longest=LONGEST_TEXT)


def checked_words(text: str, *, longest: int = LONGEST_LETTER) -> str:
    """A text without blanks around it; raises AppealRefused where it is empty or too long."""
    text = text.strip().replace("\x00", "")
    if not text:
        raise AppealRefused("text-missing", N_("Write what it is about."))
    if len(text) > longest:
        raise AppealRefused(
            "text-too-long", N_("The text is too long: at most %(most)s characters."), most=longest
        )
    return text


def check_handling(state: str, *, handler: int | None, actor: int | None) -> None:
    """Only whoever took it, while it is taken; raises AppealMoved, NotHandler."""
    if state != AppealState.ASSIGNED:
        raise AppealMoved
    if handler != actor or actor is None:
        raise DomainError(
            "not-handler",
            N_("Somebody else handles this."),
            kind=ErrorKind.FORBIDDEN,
        )
