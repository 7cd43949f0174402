"""What the pages about results call checks, states, acts and outcomes, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext

from app.domain.appeals import AppealKind, AppealOutcome, AppealState, AppealStep
from app.domain.certification import CertificateVerdict, ReviewOutcome
from app.domain.releases import Check
from app.domain.rescores import Act
from app.domain.result_policies import Part
from app.domain.score_checks import Look
from app.web.bank import names as bank_names

_: Callable[..., str] = gettext


def check_name(value: str) -> str:
    """What a check before a release counts."""
    names: Mapping[str, str] = {
        Check.IN_PROGRESS: _("Exams still in progress"),
        Check.UNMARKED: _("Exams not completely marked, disputes included"),
        Check.HELD_SAVES: _("Exams with late answers nobody has decided on"),
        Check.INCIDENTS: _("Incidents that wait for a decision"),
        Check.SIGNALS: _("Exams with signals nobody has reviewed"),
        Check.RESCORES: _("Re-scores that are open or not applied everywhere"),
    }
    return names[Check(value)]


def decision_state(value: str) -> str:
    """Where a release or a re-score stands."""
    names: Mapping[str, str] = {
        "proposed": _("Awaits approval"),
        "approved": _("Approved"),
        "rejected": _("Rejected"),
    }
    return names[value]


DECISION_MARKS: Mapping[str, tuple[str, str]] = {
    "proposed": ("warn", "hourglass-split"),
    "approved": ("good", "check-circle"),
    "rejected": ("quiet", "x-circle"),
}
"""State → kind of state and icon."""


def act_title(value: str) -> str:
    """What a re-score does."""
    names: Mapping[str, str] = {
        Act.REKEY: _("Another answer is right"),
        Act.CREDIT_ALL: _("Full points for everybody"),
        Act.DROP: _("The question does not count"),
    }
    return names[Act(value)]


def change_name(value: str) -> str:
    """What a re-score would do to one result."""
    return {
        "lost": _("No longer passes"),
        "gained": _("Passes now"),
        "changed": _("Another score"),
        "same": _("Same score"),
    }[value]


flag_name = bank_names.flag_name

CHANGE_MARKS: Mapping[str, tuple[str, str]] = {
    "lost": ("bad", "arrow-down-circle"),
    "gained": ("good", "arrow-up-circle"),
    "changed": ("info", "arrow-left-right"),
    "same": ("quiet", "dash-circle"),
}
"""Change → kind of state and icon."""


def appeal_kind(value: str) -> str:
    """An appeal, or a complaint."""
    names: Mapping[str, str] = {
        AppealKind.APPEAL: _("Appeal"),
        AppealKind.COMPLAINT: _("Complaint"),
    }
    return names[AppealKind(value)]


def appeal_state(value: str) -> str:
    """Where an appeal stands."""
    names: Mapping[str, str] = {
        AppealState.FILED: _("Filed"),
        AppealState.ASSIGNED: _("Being checked"),
        AppealState.ANSWERED: _("Answered"),
        AppealState.WITHDRAWN: _("Withdrawn"),
    }
    return names[AppealState(value)]


APPEAL_MARKS: Mapping[str, tuple[str, str]] = {
    AppealState.FILED: ("warn", "inbox"),
    AppealState.ASSIGNED: ("info", "search"),
    AppealState.ANSWERED: ("good", "envelope-check"),
    AppealState.WITHDRAWN: ("quiet", "x-circle"),
}
"""State → kind of state and icon."""


def appeal_outcome(value: str) -> str:
    """How an appeal ended; "" before."""
    names: Mapping[str, str] = {
        AppealOutcome.UPHELD: _("Upheld"),
        AppealOutcome.PARTLY: _("Partly upheld"),
        AppealOutcome.REJECTED: _("Not upheld"),
    }
    return names[AppealOutcome(value)] if value else ""


def appeal_step(value: str) -> str:
    """What was done about an appeal."""
    names: Mapping[str, str] = {
        AppealStep.FILED: _("Filed"),
        AppealStep.ASSIGNED: _("Taken on"),
        AppealStep.GRADED_AGAIN: _("Graded again"),
        AppealStep.MARK_CORRECTED: _("Mark corrected"),
        AppealStep.ANSWERED: _("Answered"),
        AppealStep.WITHDRAWN: _("Withdrawn"),
    }
    return names[AppealStep(value)]


def look_name(value: str) -> str:
    """What a 复核 checks."""
    names: Mapping[str, str] = {
        Look.MISSED_PARTS: _("Missed parts"),
        Look.SUMS: _("Sums"),
        Look.ENTRIES: _("Entries"),
    }
    return names[Look(value)]


def verdict_name(value: str) -> str:
    """What was decided about a certificate."""
    names: Mapping[str, str] = {
        CertificateVerdict.ISSUE: _("Issue the certificate"),
        CertificateVerdict.REFUSE: _("Do not issue it"),
    }
    return names[CertificateVerdict(value)]


def review_name(value: str) -> str:
    """What becomes of a certificate under review."""
    names: Mapping[str, str] = {
        ReviewOutcome.OPEN: _("Under review"),
        ReviewOutcome.KEPT: _("Stays valid"),
        ReviewOutcome.SUSPENDED: _("Suspended"),
        ReviewOutcome.REVOKED: _("Revoked"),
    }
    return names[ReviewOutcome(value)]


def part_name(value: str) -> str:
    """What candidates may see of a result."""
    names: Mapping[str, str] = {
        Part.SCORE: _("the score"),
        Part.PROFILE: _("the module profile, where it is reliable"),
        Part.OWN_ANSWERS: _("one’s own answers"),
        Part.RIGHT_ANSWERS: _("the right answers"),
        Part.EXPLANATIONS: _("the explanations"),
    }
    return names[Part(value)]


def profile_withheld() -> str:
    """Why there is no module profile."""
    return _(
        "Points by module are not shown: they are told only where at least 100 people had the same"
        " paper and the module’s reliability (alpha) is .70 or more. Otherwise they say more about"
        " chance than about you."
    )
