"""Incidents of a sitting: the list, proposing a remedy, deciding on it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest, NotFound

from app.domain.errors import DomainError
from app.domain.incidents import IncidentState, Outcome, Remedy
from app.domain.permissions import Permission
from app.domain.text import N_
from app.queries import incidents
from app.queries.incidents import IncidentFilter
from app.queries.sittings import SittingView
from app.services import incidents as writes
from app.web.access import actor, me, requires, settings
from app.web.clock import now
from app.web.errors import STATUS, sentence
from app.web.forms import typed
from app.web.proctoring.rows import ids, may_run, sitting_to_run, sitting_to_see

LOOK_BACK = timedelta(minutes=30)
"""How far back the form looks before somebody says when it was."""


class TimeUnreadable(DomainError):
    """The interval is not one."""

    def __init__(self) -> None:
        super().__init__(
            "interval-unreadable",
            N_("Enter from when until when it happened; the end comes after the beginning."),
        )


@dataclass(frozen=True, slots=True)
class ProposalForm:
    """A proposal as it was filled in. since, until: local times as the fields have them.

    attempt_ids: who is ticked; None before anybody has been, when the likely ones are.
    """

    since: str
    until: str
    description: str = ""
    remedy: str = Remedy.MINUTES.value
    minutes: str = "10"
    attempt_ids: frozenset[int] | None = None


@requires(Permission.SEE_SITTINGS)
def index(sitting_id: int) -> ResponseReturnValue:
    """Incidents of the sitting, filtered and paged."""
    sitting = sitting_to_see(sitting_id)
    filters = IncidentFilter(
        state=request.args.get("state", ""), sort=request.args.get("sort", "newest")
    )
    return render_template(
        "proctoring/incidents.html",
        sitting=sitting,
        filters=filters,
        states=list(IncidentState),
        page=incidents.incidents(sitting_id, filters, page=request.args.get("page", 1, type=int)),
        runs=may_run(sitting),
    )


@requires(Permission.RUN_SITTINGS)
def new(sitting_id: int) -> ResponseReturnValue:
    """Who was in the exam between two times, with tick boxes, and the proposal."""
    sitting = sitting_to_run(sitting_id)
    args = request.args
    form = ProposalForm(
        since=args.get("since", "") or _local(now() - LOOK_BACK),
        until=args.get("until", "") or _local(now() + timedelta(minutes=1)),
    )
    return _form_page(sitting, form)


@requires(Permission.RUN_SITTINGS)
def propose(sitting_id: int) -> ResponseReturnValue:
    """Put the proposal on record; a refused one comes back as it was filled in."""
    sitting = sitting_to_run(sitting_id)
    form = ProposalForm(
        since=typed("since")[:20],
        until=typed("until")[:20],
        description=typed("description"),
        remedy=typed("remedy")[:20],
        minutes=typed("minutes").strip()[:10],
        attempt_ids=frozenset(ids(request.form.getlist("attempt"))),
    )
    try:
        incident_id = writes.propose(
            sitting_id,
            sorted(form.attempt_ids or ()),
            description=form.description,
            remedy=_remedy(form),
            minutes=_minutes(form),
            actor=actor(),
            now=now(),
        )
    except DomainError as error:
        return _form_page(sitting, form, problem=error)
    flash(_("The incident is on record. Somebody else decides on the remedy."), "good")
    return redirect(url_for("proctoring.incident", sitting_id=sitting_id, incident_id=incident_id))


@requires(Permission.SEE_SITTINGS)
def incident(sitting_id: int, incident_id: int) -> ResponseReturnValue:
    """One incident: what happened, to whom, what was decided."""
    return _incident_page(sitting_to_see(sitting_id), incident_id)


@requires(Permission.DECIDE_INCIDENTS)
def decide(sitting_id: int, incident_id: int) -> ResponseReturnValue:
    """Approve and carry out, or reject; the reason is kept."""
    sitting = sitting_to_see(sitting_id)
    decision = request.form.get("decision")
    if decision not in ("approve", "reject"):
        raise BadRequest
    try:
        counts = writes.decide(
            incident_id,
            sitting_id=sitting_id,
            approve=decision == "approve",
            reason=typed("reason"),
            actor=actor(),
            now=now(),
            include_passed=request.form.get("include_passed") == "yes",
        )
    except DomainError as error:
        return _incident_page(sitting, incident_id, problem=error)
    if decision == "reject":
        flash(_("The remedy is rejected; nothing has changed for anybody."), "good")
    else:
        flash(_said(counts), "good")
    return redirect(url_for("proctoring.incident", sitting_id=sitting_id, incident_id=incident_id))


def _said(counts: Mapping[Outcome, int]) -> str:
    said: str = _(
        "The remedy is approved and carried out. Minutes: %(granted)s. Void: %(voided)s."
        " Over already: %(closed)s. Kept: %(kept)s.",
        granted=counts.get(Outcome.GRANTED, 0),
        voided=counts.get(Outcome.VOIDED, 0),
        closed=counts.get(Outcome.CLOSED, 0),
        kept=counts.get(Outcome.KEPT, 0),
    )
    return said


def _form_page(
    sitting: SittingView, form: ProposalForm, *, problem: DomainError | None = None
) -> ResponseReturnValue:
    people: list[incidents.PossiblyAffected] = []
    try:
        since, until = _moment(form.since), _moment(form.until)
        if until < since:
            raise TimeUnreadable
        people = list(incidents.possibly_affected(sitting.id, since=since, until=until))
    except TimeUnreadable as error:
        problem = problem or error
    ticked = form.attempt_ids
    if ticked is None:
        ticked = frozenset(person.attempt_id for person in people if person.is_likely)
    page = render_template(
        "proctoring/incident_new.html",
        sitting=sitting,
        form=form,
        people=people,
        ticked=ticked,
        problem=sentence(problem) if problem else None,
    )
    return page, STATUS[problem.kind] if problem else 200


def _incident_page(
    sitting: SittingView, incident_id: int, *, problem: DomainError | None = None
) -> ResponseReturnValue:
    found = incidents.incident(sitting.id, incident_id)
    if found is None:
        raise NotFound
    outcome = request.args.get("outcome", "")
    may_decide = Permission.DECIDE_INCIDENTS in me().permissions
    page = render_template(
        "proctoring/incident.html",
        sitting=sitting,
        incident=found,
        people=incidents.affected(
            incident_id, outcome=outcome, page=request.args.get("page", 1, type=int)
        ),
        outcome=outcome,
        counts=incidents.outcome_counts(incident_id),
        may_decide=may_decide and found.state is IncidentState.PROPOSED,
        is_own=found.proposed_by == me().user_id,
        typed_reason=typed("reason"),
        include_passed=request.form.get("include_passed") == "yes",
        problem=sentence(problem) if problem else None,
    )
    return page, STATUS[problem.kind] if problem else 200


def _remedy(form: ProposalForm) -> Remedy:
    if form.remedy not in set(Remedy):
        raise DomainError("remedy-unknown", N_("Choose what is given to those affected."))
    return Remedy(form.remedy)


def _minutes(form: ProposalForm) -> int:
    """Whole minutes; 0 for a resit, which has none."""
    if form.remedy != Remedy.MINUTES:
        return 0
    if not re.fullmatch(r"[0-9]{1,4}", form.minutes):
        raise DomainError("minutes-unreadable", N_("Enter the minutes as a whole number."))
    return int(form.minutes)


def _zone() -> ZoneInfo:
    return ZoneInfo(settings().time_zone)


def _local(moment: datetime) -> str:
    """A moment as a datetime-local field has it, of the organisation's zone."""
    return moment.astimezone(_zone()).strftime("%Y-%m-%dT%H:%M")


def _moment(text: str) -> datetime:
    """Back from the field; raises TimeUnreadable."""
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        raise TimeUnreadable from None
    if local.tzinfo is not None or not 2000 <= local.year <= 2200:
        raise TimeUnreadable
    return local.replace(tzinfo=_zone()).astimezone(UTC)
