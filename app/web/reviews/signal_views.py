"""Signals of a sitting: the list, one attempt's timeline, and the reviewer's decision."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import DomainError
from app.domain.events import Event, ReviewDecision
from app.domain.permissions import Permission
from app.domain.signals import LONGEST_NOTE, SHORT_LOSS
from app.queries import signals as reads
from app.queries.signals import TO_REVIEW, SignalFilter
from app.services import signals as writes
from app.web.access import actor, me, requires
from app.web.clock import now
from app.web.errors import STATUS, sentence
from app.web.forms import typed
from app.web.proctoring.rows import may_run, sitting_to_see
from app.web.reviews.rows import head_or_404


@requires(Permission.REVIEW_SIGNALS)
def signals(sitting_id: int) -> ResponseReturnValue:
    """Attempts with something to review, filtered, sorted and paged."""
    sitting = sitting_to_see(sitting_id)
    args = request.args
    filters = SignalFilter(
        search=args.get("search", "").strip()[:100],
        kind=args.get("kind", ""),
        least=args.get("least", "").strip(),
        reviewed=args.get("reviewed", ""),
        short=args.get("short", ""),
        sort=args.get("sort", "seconds"),
    )
    return render_template(
        "reviews/signals.html",
        sitting=sitting,
        may_run=may_run(sitting),
        filters=filters,
        page=reads.signal_attempts(sitting.id, filters, page=args.get("page", 1, type=int)),
        kinds=sorted(TO_REVIEW),
        short_loss=SHORT_LOSS,
    )


@requires(Permission.REVIEW_SIGNALS)
def signals_of(sitting_id: int, attempt_id: int) -> ResponseReturnValue:
    """The timeline of one attempt, with what its candidate and its reviewers say."""
    return _attempt_page(sitting_id, attempt_id)


@requires(Permission.REVIEW_SIGNALS)
def review(sitting_id: int, attempt_id: int) -> ResponseReturnValue:
    """Put a decision on record. It changes no score."""
    sitting_to_see(sitting_id)
    try:
        decision = ReviewDecision(request.form.get("decision", ""))
    except ValueError:
        return _attempt_page(sitting_id, attempt_id, problem=_("Choose a conclusion."), status=400)
    try:
        writes.review(
            sitting_id,
            attempt_id,
            decision=decision,
            note=typed("note"),
            seen=request.form.get("seen", 0, type=int),
            actor=actor(),
            now=now(),
        )
    except DomainError as error:
        return _attempt_page(
            sitting_id, attempt_id, problem=sentence(error), status=STATUS[error.kind]
        )
    flash(_("The conclusion is on record. No score has changed."), "good")
    return redirect(url_for("reviews.signals_of", sitting_id=sitting_id, attempt_id=attempt_id))


def _attempt_page(
    sitting_id: int, attempt_id: int, *, problem: str | None = None, status: int = 200
) -> ResponseReturnValue:
    sitting, head = sitting_to_see(sitting_id), head_or_404(sitting_id, attempt_id)
    words = reads.events_of(head.id, {Event.STATEMENT, Event.SIGNALS_REVIEWED})
    return (
        render_template(
            "reviews/signals_of.html",
            sitting=sitting,
            may_run=may_run(sitting),
            head=head,
            page=reads.timeline(head.id, page=request.args.get("page", 1, type=int)),
            sums=reads.signal_sums(sitting.id, head.id),
            statements=[entry for entry in words if entry.kind == Event.STATEMENT],
            reviews=[entry for entry in words if entry.kind == Event.SIGNALS_REVIEWED],
            decisions=list(ReviewDecision),
            is_own=head.user_id == me().user_id,
            problem=problem,
            chosen=request.form.get("decision", ""),
            note=typed("note"),
            longest_note=LONGEST_NOTE,
            short_loss=SHORT_LOSS,
            signal_kinds=TO_REVIEW,
        ),
        status,
    )
