"""Choosing an exam, reading its rules, agreeing and starting."""

from __future__ import annotations

import secrets

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from app.domain.attempts import AttemptState
from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.domain.scoring.rules import MatchingRule, MultipleRule, OrderingRule
from app.domain.timing import is_over
from app.queries import exams
from app.services import attempts, grading, sittings
from app.services.certificates import Signer
from app.web.access import actor, me, requires, settings
from app.web.clock import now
from app.web.errors import STATUS, sentence


@requires(Permission.SIT_EXAMS)
def index() -> ResponseReturnValue:
    """Every sitting that is open to this person, and what became of earlier ones."""
    _close_overdue()
    found = exams.sittings_of(me().user_id)
    return render_template("exams/index.html", sittings=found, now=now())


@requires(Permission.SIT_EXAMS)
def sitting(sitting_id: int) -> ResponseReturnValue:
    """The rules of one exam, and the agreement."""
    return _rules(sitting_id)


@requires(Permission.SIT_EXAMS)
def register(sitting_id: int) -> ResponseReturnValue:
    """Take a place in a sitting."""
    sittings.register(sitting_id, user_id=me().user_id, now=now())
    return redirect(url_for("exams.sitting", sitting_id=sitting_id))


@requires(Permission.SIT_EXAMS)
def start(sitting_id: int) -> ResponseReturnValue:
    """Agree to the rules and start, or go on with the attempt that is open."""
    card = _card(sitting_id)
    if card.registration_id is None:
        raise NotFound
    _close_overdue()
    if card.state == AttemptState.REGISTERED:
        if request.form.get("agree") != "yes":
            return _rules(sitting_id, problem=_("Tick the box to agree before you start."))
        sittings.agree(
            card.registration_id, user_id=me().user_id, agreement=agreement_text(), now=now()
        )
    try:
        attempt_id = attempts.start(
            card.registration_id,
            user_id=me().user_id,
            seed=secrets.randbits(62),
            actor=actor(),
            now=now(),
        )
    except DomainError as error:
        return _rules(sitting_id, problem=sentence(error), status=STATUS[error.kind])
    return redirect(url_for("exams.page", attempt_id=attempt_id))


@requires(Permission.SEE_SITTINGS)
def staff_sittings() -> ResponseReturnValue:
    """Sittings with how many are registered, working and finished."""
    return render_template("exams/staff_sittings.html", sittings=exams.staff_sittings(), now=now())


def agreement() -> list[str]:
    """What a candidate agrees to, sentence by sentence, as shown."""
    return [
        _("I take this exam myself, without help from other people, notes or devices."),
        _("I do not copy, photograph or pass on any question."),
        _(
            "I know that my answers, times and signals such as leaving the window are recorded,"
            " and that a person looks at them before any conclusion is drawn."
        ),
        _("I know how answers are scored, and that I can ask for a review of my result."),
    ]


def agreement_text() -> str:
    """The agreement as one text, of which a hash is kept."""
    return "\n".join(agreement())


def scoring_sentences(scoring: dict[str, object]) -> list[str]:
    """How this exam is scored, in sentences for the candidate."""
    multiple = {
        MultipleRule.ALL_OR_NOTHING: _(
            "Multiple choice: full points for exactly the right options, otherwise none."
        ),
        MultipleRule.HALF_POINT_EACH: _(
            "Multiple choice: none with a wrong option, half a point per right option, full"
            " points for all of them."
        ),
        MultipleRule.FIXED_FRACTION: _(
            "Multiple choice: full points for all right options, %(share)s %% of them where some"
            " are missing, none with a wrong option."
        )
        % {"share": round(float(str(scoring.get("fraction", 0.5))) * 100)},
        MultipleRule.NET_HITS: _(
            "Multiple choice: right options count for you, wrong ones against you, never below 0."
        ),
    }[MultipleRule(str(scoring["multiple"]))]
    matching = {
        MatchingRule.PER_PAIR: _("Matching: every right pair counts."),
        MatchingRule.ALL_OR_NOTHING: _("Matching: all pairs must be right."),
    }[MatchingRule(str(scoring["matching"]))]
    ordering = {
        OrderingRule.EXACT: _("Ordering: the whole order must be right."),
        OrderingRule.ADJACENT_PAIRS: _("Ordering: every right pair of neighbours counts."),
        OrderingRule.KENDALL: _(
            "Ordering: the more pairs stand in the right order, the more points."
        ),
    }[OrderingRule(str(scoring["ordering"]))]
    penalty = (
        _("A wrong single-choice or true/false answer costs points; the total never falls below 0.")
        if scoring.get("penalty")
        else _("Wrong answers cost nothing: never leave a question blank.")
    )
    return [multiple, matching, ordering, penalty]


def _rules(
    sitting_id: int, *, problem: str | None = None, status: int = 200
) -> ResponseReturnValue:
    card = _card(sitting_id)
    if problem and status == 200:
        status = 400
    page = render_template(
        "exams/sitting.html",
        card=card,
        now=now(),
        agreement=agreement(),
        scoring=scoring_sentences(card.scoring),
        problem=problem,
    )
    return page, status


def _card(sitting_id: int) -> exams.SittingCard:
    found = exams.sittings_of(me().user_id, sitting_id=sitting_id)
    if not found:
        raise NotFound
    return found[0]


def _close_overdue() -> None:
    """Close one's attempt that is over: a worker that did not run never lengthens an exam."""
    found = exams.open_attempt(me().user_id)
    if found is not None and is_over(found.deadline_at, now=now()):
        attempts.expire(found.id, now=now())
        grading.grade(found.id, signer=Signer.of(settings()), now=now())
