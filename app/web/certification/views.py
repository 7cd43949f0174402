"""Certificates that a person decides on: who is due, deciding, certificates under review."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from app.domain.certification import CertificateVerdict, ReviewOutcome
from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.queries import certification
from app.queries.results import result_schemes
from app.queries.standings import standing_of
from app.services import certification as writes
from app.services.certificates import Signer
from app.services.mails import Letterhead
from app.web.access import actor, requires, settings
from app.web.clock import now
from app.web.errors import STATUS, sentence
from app.web.results import names
from app.web.results.forms import chosen, page_number, typed

_DECIDED = tuple(outcome.value for outcome in ReviewOutcome if outcome is not ReviewOutcome.OPEN)


@requires(Permission.DECIDE_CERTIFICATES)
def index() -> ResponseReturnValue:
    """Everybody who has passed every paper of a scheme on whose certificate a person decides."""
    args = request.args
    filters = certification.DueFilter(
        search=args.get("search", "").strip()[:100],
        scheme=args.get("scheme", ""),
        state=args.get("state", "waiting"),
        sort=args.get("sort", "oldest"),
    )
    return render_template(
        "certification/index.html",
        names=names,
        filters=filters,
        schemes=result_schemes(),
        open_reviews=certification.open_reviews(),
        page=certification.due(filters, page=page_number()),
    )


@requires(Permission.DECIDE_CERTIFICATES)
def person(user_id: int, scheme_version_id: int) -> ResponseReturnValue:
    """One of them: both papers, earlier decisions, the form."""
    return _person_page(user_id, scheme_version_id)


@requires(Permission.DECIDE_CERTIFICATES)
def decide(user_id: int, scheme_version_id: int) -> ResponseReturnValue:
    """Issue the certificate, or do not."""
    verdict = CertificateVerdict(chosen("verdict", tuple(v.value for v in CertificateVerdict)))
    try:
        writes.decide(
            user_id,
            scheme_version_id,
            verdict=verdict,
            reason=typed("reason"),
            signer=Signer.of(settings()),
            letterhead=Letterhead.of(settings()),
            actor=actor(),
            now=now(),
        )
    except DomainError as error:
        return _person_page(user_id, scheme_version_id, problem=error)
    said = _("The certificate is issued.")
    if verdict is CertificateVerdict.REFUSE:
        said = _("The decision is on record; no certificate was issued.")
    flash(said, "good")
    return redirect(url_for("certification.index"))


@requires(Permission.DECIDE_CERTIFICATES)
def reviews() -> ResponseReturnValue:
    """Certificates whose result fell below the pass mark."""
    state = request.args.get("state", ReviewOutcome.OPEN.value)
    return render_template(
        "certification/reviews.html",
        names=names,
        state=state,
        states=list(ReviewOutcome),
        page=certification.reviews(state=state, page=page_number()),
    )


@requires(Permission.DECIDE_CERTIFICATES)
def review(review_id: int) -> ResponseReturnValue:
    """One of them."""
    return _review_page(review_id)


@requires(Permission.DECIDE_CERTIFICATES)
def decide_review(review_id: int) -> ResponseReturnValue:
    """Keep, suspend or revoke."""
    outcome = ReviewOutcome(chosen("outcome", _DECIDED))
    try:
        writes.decide_review(
            review_id, outcome=outcome, reason=typed("reason"), actor=actor(), now=now()
        )
    except DomainError as error:
        return _review_page(review_id, problem=error)
    flash(_("The decision is on record."), "good")
    return redirect(url_for("certification.reviews"))


def _person_page(
    user_id: int, scheme_version_id: int, *, problem: DomainError | None = None
) -> ResponseReturnValue:
    found = certification.due_person(user_id, scheme_version_id)
    if found is None:
        raise NotFound
    page = render_template(
        "certification/person.html",
        names=names,
        person=found,
        standing=standing_of(user_id, scheme_version_id),
        decisions=certification.decisions(user_id, scheme_version_id),
        verdicts=list(CertificateVerdict),
        verdict=request.form.get("verdict", ""),
        reason=typed("reason"),
        problem=sentence(problem) if problem else None,
    )
    return page, STATUS[problem.kind] if problem else 200


def _review_page(review_id: int, *, problem: DomainError | None = None) -> ResponseReturnValue:
    found = certification.review(review_id)
    if found is None:
        raise NotFound
    page = render_template(
        "certification/review.html",
        names=names,
        review=found,
        outcomes=_DECIDED,
        reason=typed("reason"),
        problem=sentence(problem) if problem else None,
    )
    return page, STATUS[problem.kind] if problem else 200
