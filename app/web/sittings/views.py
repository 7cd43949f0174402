"""The staff's list of sittings, and one of them."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.domain.permissions import Permission
from app.domain.sittings import SittingState
from app.queries import rosters
from app.queries import sitting_lists as lists
from app.queries import sittings as reads
from app.queries.papers import papers_of_sitting
from app.queries.sitting_lists import SittingFilter
from app.web.access import me, requires
from app.web.clock import now
from app.web.sittings.rows import manages, sitting_of_mine


@requires(Permission.SEE_SITTINGS)
def index() -> ResponseReturnValue:
    """The list, filtered, sorted and paged."""
    args = request.args
    filters = SittingFilter(
        state=args.get("state", ""),
        exam=args.get("exam", "")[:100],
        search=args.get("search", "").strip()[:100],
        sort=args.get("sort", "latest"),
    )
    page = lists.sittings(
        filters,
        user_id=me().user_id,
        manages=manages(),
        now=now(),
        page=args.get("page", 1, type=int),
    )
    return render_template(
        "sittings/index.html",
        page=page,
        filters=filters,
        states=list(SittingState),
        exams=lists.exams_with_sittings(),
        manages=manages(),
    )


@requires(Permission.SEE_SITTINGS)
def sitting(sitting_id: int) -> ResponseReturnValue:
    """One sitting: its rules, and who is where in it."""
    view = sitting_of_mine(sitting_id)
    state = view.state(now())
    is_cancelled = state is SittingState.CANCELLED
    return render_template(
        "sittings/sitting.html",
        view=view,
        state=state,
        counts=rosters.standing_counts(sitting_id),
        papers=papers_of_sitting(sitting_id),
        reason=reads.cancel_reason(sitting_id) if is_cancelled else "",
        manages=manages(),
        may_cancel=state in (SittingState.PLANNED, SittingState.OPEN)
        and manages()
        and not reads.has_started(sitting_id),
    )
