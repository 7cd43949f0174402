"""The acts of the desk: what each one is called, asks for, does and says when it is done."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from flask import request
from flask_babel import gettext as _

from app.domain.errors import DomainError
from app.domain.events import Irregularity
from app.domain.presence import IN_THE_EXAM, Presence
from app.domain.text import N_
from app.services import admissions, grading, proctoring
from app.services.certificates import Signer
from app.web.access import actor, settings
from app.web.clock import now
from app.web.forms import typed
from app.web.proctoring.rows import ids

GRADED_AT_ONCE = 100
"""Attempts that are graded in the request that hands them in; the worker takes the rest."""


class Act(StrEnum):
    """What a proctor does to one candidate, to several, or to everybody in the exam."""

    ADMIT = "admit"
    WITHDRAW = "withdraw"
    UNLOCK = "unlock"
    MESSAGE = "message"
    MINUTES = "minutes"
    PAUSE = "pause"
    RESUME = "resume"
    SUBMIT = "submit"
    IRREGULARITY = "irregularity"
    VOID = "void"


TO_EVERYBODY = frozenset(
    {Act.MESSAGE, Act.MINUTES, Act.PAUSE, Act.RESUME, Act.SUBMIT, Act.IRREGULARITY}
)
"""Acts that can be done to everybody in the exam; who is admitted or voided is chosen."""


ABOUT_PLACES = frozenset({Act.ADMIT, Act.WITHDRAW, Act.UNLOCK})
"""Acts about a place in the sitting, before there is an attempt."""


@dataclass(frozen=True, slots=True)
class ActForm:
    """A form as it was filled in. text: reason, message, note or description, as the act asks.

    attempt_ids, registration_ids: whom it is for, unless everybody. key: of this form, so that
    sending it twice does the act once.
    """

    act: Act
    everybody: bool
    attempt_ids: tuple[int, ...]
    registration_ids: tuple[int, ...]
    text: str = ""
    minutes: str = "5"
    beyond_window: bool = True
    kind: str = ""
    key: str = ""

    @property
    def targets(self) -> list[int] | None:
        """Attempts as the services take them: None for everybody."""
        return None if self.everybody else list(self.attempt_ids)


def sent_form(act: Act) -> ActForm:
    """The form as it was sent."""
    form = request.form
    return ActForm(
        act=act,
        everybody=form.get("scope") == "all" and act in TO_EVERYBODY,
        attempt_ids=tuple(ids(form.getlist("attempt"))),
        registration_ids=tuple(ids(form.getlist("registration"))),
        text=typed("text"),
        minutes=typed("minutes").strip()[:10],
        beyond_window=form.get("beyond_window") == "yes",
        kind=typed("kind")[:20],
        key=key if re.fullmatch(r"[\w-]{8,40}", key := form.get("key", "")) else "",
    )


def new_key() -> str:
    """A key for a form that is shown for the first time."""
    return secrets.token_urlsafe(12)


def do(sitting_id: int, form: ActForm) -> int:
    """Do the act; returns to how many. Raises what the services raise."""
    return _DO[form.act](sitting_id, form)


def done_sentence(form: ActForm, count: int) -> str:
    """What was done, to how many, and that some were left out."""
    sentences = {
        Act.ADMIT: _("Admitted. Candidates: %(count)s.", count=count),
        Act.WITHDRAW: _("The admission is withdrawn. Candidates: %(count)s.", count=count),
        Act.UNLOCK: _("They can try to enter again. Candidates: %(count)s.", count=count),
        Act.MESSAGE: _("The message is sent. Candidates: %(count)s.", count=count),
        Act.MINUTES: _(
            "%(minutes)s more minutes are given. Candidates: %(count)s.",
            minutes=form.minutes,
            count=count,
        ),
        Act.PAUSE: _("The exam is paused. Candidates: %(count)s.", count=count),
        Act.RESUME: _("The exam goes on. Candidates: %(count)s.", count=count),
        Act.SUBMIT: _("Handed in. Candidates: %(count)s.", count=count),
        Act.IRREGULARITY: _("The irregularity is on record. Candidates: %(count)s.", count=count),
        Act.VOID: _("Declared void. Exams: %(count)s.", count=count),
    }
    said: str = sentences[form.act]
    chosen = len(form.attempt_ids) + len(form.registration_ids)
    if not form.everybody and count < chosen:
        left_out = _(
            "Left out, because it did not apply to them any more: %(count)s.",
            count=chosen - count,
        )
        return f"{said} {left_out}"
    return said


def act_name(value: str) -> str:
    """What an act is called on its button."""
    names: Mapping[str, str] = {
        Act.ADMIT: _("Admit"),
        Act.WITHDRAW: _("Withdraw the admission"),
        Act.UNLOCK: _("Let them try to enter again"),
        Act.MESSAGE: _("Send a message"),
        Act.MINUTES: _("Add minutes"),
        Act.PAUSE: _("Pause"),
        Act.RESUME: _("Go on after a pause"),
        Act.SUBMIT: _("Hand in for them"),
        Act.IRREGULARITY: _("Report an irregularity"),
        Act.VOID: _("Declare void"),
    }
    return names[Act(value)]


ACT_ICONS: Mapping[str, str] = {
    Act.ADMIT: "person-check",
    Act.WITHDRAW: "person-dash",
    Act.UNLOCK: "unlock",
    Act.MESSAGE: "chat-left-text",
    Act.MINUTES: "clock-history",
    Act.PAUSE: "pause-circle",
    Act.RESUME: "play-circle",
    Act.SUBMIT: "box-arrow-in-right",
    Act.IRREGULARITY: "flag",
    Act.VOID: "slash-circle",
}


def acts_for(presence: Presence, *, is_admitted: bool, has_attempt: bool) -> list[Act]:
    """What can be done to somebody who stands like this."""
    if presence in IN_THE_EXAM:
        clock = Act.RESUME if presence is Presence.PAUSED else Act.PAUSE
        return [Act.MESSAGE, Act.MINUTES, clock, Act.SUBMIT, Act.IRREGULARITY, Act.VOID]
    if not has_attempt:
        return [Act.WITHDRAW if is_admitted else Act.ADMIT, Act.UNLOCK, Act.IRREGULARITY]
    if presence is Presence.VOIDED:
        return [Act.IRREGULARITY]
    return [Act.IRREGULARITY, Act.VOID]


def _minutes(form: ActForm) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", form.minutes):
        raise DomainError("minutes-unreadable", N_("Enter the minutes as a whole number."))
    return int(form.minutes)


def _kind(form: ActForm) -> Irregularity:
    if form.kind not in set(Irregularity):
        raise DomainError("irregularity-unknown", N_("Choose what kind of irregularity it was."))
    return Irregularity(form.kind)


def _admit(sitting_id: int, form: ActForm) -> int:
    return admissions.admit(
        sitting_id, form.registration_ids, note=form.text, actor=actor(), now=now()
    )


def _withdraw(sitting_id: int, form: ActForm) -> int:
    return admissions.withdraw_admission(
        sitting_id, form.registration_ids, reason=form.text, actor=actor(), now=now()
    )


def _unlock(sitting_id: int, form: ActForm) -> int:
    return admissions.unlock_door(
        sitting_id, form.registration_ids, reason=form.text, actor=actor(), now=now()
    )


def _message(sitting_id: int, form: ActForm) -> int:
    return proctoring.message(
        sitting_id, form.targets, text=form.text, actor=actor(), now=now(), key=form.key
    )


def _add_minutes(sitting_id: int, form: ActForm) -> int:
    return proctoring.add_minutes(
        sitting_id,
        form.targets,
        minutes=_minutes(form),
        reason=form.text,
        actor=actor(),
        now=now(),
        beyond_window=form.beyond_window,
        key=form.key,
    )


def _pause(sitting_id: int, form: ActForm) -> int:
    return proctoring.pause(
        sitting_id, form.targets, reason=form.text, actor=actor(), now=now(), key=form.key
    )


def _resume(sitting_id: int, form: ActForm) -> int:
    return proctoring.resume(
        sitting_id, form.targets, reason=form.text, actor=actor(), now=now(), key=form.key
    )


def _submit(sitting_id: int, form: ActForm) -> int:
    """Close all of them, then grade: the worker grades what a crash or a crowd leaves over."""
    closed = proctoring.force_submit(
        sitting_id, form.targets, reason=form.text, actor=actor(), now=now(), key=form.key
    )
    for attempt_id in closed[:GRADED_AT_ONCE]:
        grading.grade(attempt_id, signer=Signer.of(settings()), now=now())
    return len(closed)


def _report(sitting_id: int, form: ActForm) -> int:
    return proctoring.report_irregularity(
        sitting_id,
        form.targets,
        kind=_kind(form),
        text=form.text,
        actor=actor(),
        now=now(),
        registration_ids=form.registration_ids,
        key=form.key,
    )


def _void(sitting_id: int, form: ActForm) -> int:
    return proctoring.void(
        sitting_id,
        form.attempt_ids,
        reason=form.text,
        actor=actor(),
        now=now(),
        key=form.key,
    )


_DO: Mapping[Act, Callable[[int, ActForm], int]] = {
    Act.ADMIT: _admit,
    Act.WITHDRAW: _withdraw,
    Act.UNLOCK: _unlock,
    Act.MESSAGE: _message,
    Act.MINUTES: _add_minutes,
    Act.PAUSE: _pause,
    Act.RESUME: _resume,
    Act.SUBMIT: _submit,
    Act.IRREGULARITY: _report,
    Act.VOID: _void,
}
