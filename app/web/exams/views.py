"""Choosing an exam, reading its rules, agreeing, waiting and starting."""

from __future__ import annotations

import secrets
from dataclasses import replace

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from app.domain.attempts import AttemptState
from app.domain.entrance import AddressRefused, EntryRefused, check_address
from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.domain.scoring.rules import MatchingRule, MultipleRule, OrderingRule
from app.domain.timing import is_over
from app.queries import exams
from app.queries.accommodations import provision_of
from app.queries.own_sittings import (
    OwnFilter,
    SittingCard,
    own_sitting,
    own_sittings,
    place_mark,
)
from app.queries.papers import has_pilots
from app.services import attempts, grading, registrations, starting
from app.services.certificates import Signer
from app.web.access import actor, me, requires, settings
from app.web.clock import exam_day, now, today
from app.web.errors import STATUS, sentence
from app.web.exams.entrance import entry
from app.web.exams.given import given_words, time_words
from app.web.exams.stages import WAITING, Stage, stage_of, starts_at_once


@requires(Permission.SIT_EXAMS)
def index() -> ResponseReturnValue:
    """Sittings that are open to this person, or what became of earlier ones."""
    _close_overdue()
    args = request.args
    filters = OwnFilter(
        when=args.get("when", "upcoming"),
        search=args.get("search", "").strip()[:100],
        sort=args.get("sort", ""),
    )
    found = own_sittings(me().user_id, filters, now=now(), page=args.get("page", 1, type=int))
    return render_template(
        "exams/index.html",
        page=found,
        stages={card.id: stage_of(card, now=now()) for card in found.rows},
        filters=filters,
        now=now(),
    )


@requires(Permission.SIT_EXAMS)
def sitting(sitting_id: int) -> ResponseReturnValue:
    """The rules of one exam, and the next step on the way into it."""
    return _rules(_card(sitting_id))


@requires(Permission.SIT_EXAMS)
def place(sitting_id: int) -> ResponseReturnValue:
    """Where one's place stands, in one word: what a page that waits asks for."""
    mark = place_mark(me().user_id, sitting_id, now=now())
    if mark is None:
        raise NotFound
    return {"mark": mark}


@requires(Permission.SIT_EXAMS)
def register(sitting_id: int) -> ResponseReturnValue:
    """Take a place in a sitting."""
    try:
        registrations.register(sitting_id, user_id=me().user_id, actor=actor(), now=now())
    except (registrations.SittingFull, registrations.PlaceWithdrawn) as error:
        return _rules(_card(sitting_id), problem=sentence(error), status=STATUS[error.kind])
    return redirect(url_for("exams.sitting", sitting_id=sitting_id))


@requires(Permission.SIT_EXAMS)
def agree(sitting_id: int) -> ResponseReturnValue:
    """Agree to the rules; what else the door asks for comes after it."""
    card = _card(sitting_id)
    if card.place is None:
        raise NotFound
    if not card.place.agreed and _agreed(card) is None:
        return _rules(card, problem=_("Tick the box to agree."))
    return redirect(url_for("exams.sitting", sitting_id=sitting_id))


@requires(Permission.SIT_EXAMS)
def start(sitting_id: int) -> ResponseReturnValue:
    """Agree to the rules and start, or go on with the attempt that is open."""
    card = _card(sitting_id)
    if card.place is None:
        raise NotFound
    _close_overdue()
    if not card.place.agreed:
        state = _agreed(card)
        if state is None:
            return _rules(card, problem=_("Tick the box to agree before you start."))
        card = replace(card, place=replace(card.place, agreed=True, state=state))
    if stage_of(card, now=now()) in (Stage.ADMISSION, Stage.TICKET):
        return redirect(url_for("exams.sitting", sitting_id=sitting_id))
    return _start(card)


def agreement_text() -> str:
    """The agreement as one text, of which a hash is kept."""
    return "\n".join(agreement())


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


def _start(card: SittingCard) -> ResponseReturnValue:
    assert card.place is not None
    try:
        attempt_id = starting.start(
            card.place.registration_id,
            user_id=me().user_id,
            seed=secrets.randbits(62),
            actor=actor(),
            now=now(),
            entry=entry(),
            today=today(),
        )
    except DomainError as error:
        if isinstance(error, EntryRefused):
            registrations.note_refused_entry(
                card.place.registration_id, code=error.code, actor=actor(), now=now()
            )
        return _rules(_card(card.id), problem=sentence(error), status=STATUS[error.kind])
    return redirect(url_for("exams.page", attempt_id=attempt_id))


def _agreed(card: SittingCard) -> AttemptState | None:
    """Record the agreement where the box is ticked; the place's state then, None without it."""
    if card.place is None or request.form.get("agree") != "yes":
        return None
    return registrations.agree(
        card.place.registration_id,
        user_id=me().user_id,
        agreement=agreement_text(),
        actor=actor(),
        now=now(),
    )


def _rules(
    card: SittingCard, *, problem: str | None = None, status: int = 200
) -> ResponseReturnValue:
    """The page. What was typed stays in it when something is refused."""
    stage = stage_of(card, now=now())
    given = provision_of(me().user_id, on=exam_day(card.opens_at))
    page = render_template(
        "exams/sitting.html",
        card=card,
        now=now(),
        stage=stage,
        at_once=starts_at_once(card, now=now()),
        mark=place_mark(me().user_id, card.id, now=now()) if stage in WAITING else None,
        time=time_words(card.minutes, given),
        given=given_words(given),
        is_in_network=_is_in_network(card),
        agreement=agreement(),
        scoring=scoring_sentences(card.scoring),
        has_pilots=has_pilots(card.id),
        typed_code=request.form.get("access_code", "")[:40],
        by_ticket=me().registration_id is not None,
        problem=problem,
    )
    return page, 400 if problem and status == 200 else status


def _is_in_network(card: SittingCard) -> bool:
    try:
        check_address(card.networks, request.remote_addr or "")
    except AddressRefused:
        return False
    return True


def _card(sitting_id: int) -> SittingCard:
    found = own_sitting(me().user_id, sitting_id)
    if found is None:
        raise NotFound
    return found


def _close_overdue() -> None:
    """Close one's attempt that is over: a worker that did not run never lengthens an exam."""
    found = exams.open_attempt(me().user_id)
    if found is not None and is_over(found.deadline_at, now=now()):
        attempts.expire(found.id, now=now())
        grading.grade(found.id, signer=Signer.of(settings()), now=now())
