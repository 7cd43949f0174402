"""Releases: what waits, proposing one with its checks and figures, deciding on one."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.domain.releases import Check, ReleaseState
from app.queries import releases
from app.queries.release_statistics import statistics_of
from app.queries.sitting_lists import sitting_titles
from app.services import releases as writes
from app.services.certificates import Signer
from app.services.mails import Letterhead
from app.web.access import actor, me, requires, settings
from app.web.clock import now
from app.web.errors import STATUS, sentence
from app.web.results import names
from app.web.results.forms import approves, page_number, typed


@requires(Permission.SEE_RELEASES)
def index() -> ResponseReturnValue:
    """Sittings whose results wait, and every release, filtered and paged."""
    filters = releases.ReleaseFilter(
        state=request.args.get("state", ""),
        sitting=request.args.get("sitting", ""),
        sort=request.args.get("sort", "newest"),
    )
    return render_template(
        "releases/index.html",
        names=names,
        filters=filters,
        states=list(ReleaseState),
        sittings=sitting_titles(),
        waiting=releases.waiting_sittings(),
        page=releases.releases(filters, page=page_number()),
        may_propose=Permission.PROPOSE_RELEASES in me().permissions,
    )


@requires(Permission.PROPOSE_RELEASES)
def new(sitting_id: int) -> ResponseReturnValue:
    """Checks and figures of a sitting, and the proposal."""
    return _form_page(sitting_id)


@requires(Permission.PROPOSE_RELEASES)
def propose(sitting_id: int) -> ResponseReturnValue:
    """Put the proposal on record; a refused one comes back as it was filled in."""
    try:
        release_id = writes.propose(
            sitting_id,
            note=typed("note"),
            statistics_seen=request.form.get("seen") == "yes",
            actor=actor(),
            now=now(),
        )
    except DomainError as error:
        return _form_page(sitting_id, problem=error)
    flash(_("The release is proposed. Somebody else decides on it."), "good")
    return redirect(url_for("releases.release", release_id=release_id))


@requires(Permission.SEE_RELEASES)
def release(release_id: int) -> ResponseReturnValue:
    """One release: its checks and figures as they stood, and the decision."""
    return _release_page(release_id)


@requires(Permission.DECIDE_RELEASES)
def decide(release_id: int) -> ResponseReturnValue:
    """Approve and show the results, or reject; certificates and mails follow."""
    approve = approves()
    try:
        count = writes.decide(
            release_id, approve=approve, reason=typed("reason"), actor=actor(), now=now()
        )
    except DomainError as error:
        return _release_page(release_id, problem=error)
    if not approve:
        flash(_("The release is rejected; nobody sees a result."), "good")
        return redirect(url_for("releases.release", release_id=release_id))
    writes.follow_up(
        release_id,
        signer=Signer.of(settings()),
        letterhead=Letterhead.of(settings()),
        now=now(),
    )
    flash(_("Released: %(count)s results can be seen from now on.", count=count), "good")
    return redirect(url_for("releases.release", release_id=release_id))


def _form_page(sitting_id: int, *, problem: DomainError | None = None) -> ResponseReturnValue:
    sitting = releases.sitting_to_release(sitting_id)
    if sitting is None:
        raise NotFound
    standing = releases.checklist(sitting_id, exam_id=sitting.exam_id)
    page = render_template(
        "releases/new.html",
        names=names,
        sitting=sitting,
        checks=[(check, standing.open.get(check, 0)) for check in Check],
        waiting=len(releases.waiting_attempts(sitting_id)),
        open_release=releases.open_release(sitting_id),
        statistics=statistics_of(sitting_id),
        note=typed("note"),
        seen=request.form.get("seen") == "yes",
        problem=sentence(problem) if problem else None,
    )
    return page, STATUS[problem.kind] if problem else 200


def _release_page(release_id: int, *, problem: DomainError | None = None) -> ResponseReturnValue:
    found = releases.release(release_id)
    if found is None:
        raise NotFound
    page = render_template(
        "releases/release.html",
        names=names,
        release=found,
        sitting=found.sitting,
        checks=[(check, found.checks.get(check.value, 0)) for check in Check],
        statistics=found.statistics,
        may_decide=found.state is ReleaseState.PROPOSED
        and Permission.DECIDE_RELEASES in me().permissions,
        is_own=found.proposed_by == me().user_id,
        reason=typed("reason"),
        problem=sentence(problem) if problem else None,
    )
    return page, STATUS[problem.kind] if problem else 200
