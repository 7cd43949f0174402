"""The desk: everybody of a sitting while it runs, and one candidate in detail."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from app.domain.permissions import Permission
from app.domain.presence import Presence
from app.queries import candidates, desk, incidents
from app.queries.candidates import Candidate, TimelineFilter
from app.queries.desk import DeskFilter
from app.queries.sittings import SittingView
from app.web.access import requires
from app.web.clock import now, today
from app.web.proctoring.rows import may_run, sitting_to_see


@requires(Permission.SEE_SITTINGS)
def index(sitting_id: int) -> ResponseReturnValue:
    """The live list; `?fragment=rows` is what the open page asks for every few seconds."""
    sitting = sitting_to_see(sitting_id)
    args = request.args
    filters = DeskFilter(
        presence=args.get("presence", ""),
        marks=args.get("marks", ""),
        search=args.get("search", "").strip()[:100],
        sort=args.get("sort", "name"),
    )
    is_fragment = args.get("fragment") == "rows"
    page = desk.desk(
        sitting_id,
        filters,
        page=args.get("page", 1, type=int),
        now=now(),
        today=today(),
    )
    return render_template(
        "proctoring/rows.html" if is_fragment else "proctoring/desk.html",
        sitting=sitting,
        filters=filters,
        page=page,
        totals=desk.totals(sitting_id, now=now()),
        presences=list(Presence),
        sorts=desk.SORTS,
        runs=may_run(sitting),
        now=now(),
        waiting=0 if is_fragment else incidents.waiting(sitting_id),
    )


@requires(Permission.SEE_SITTINGS)
def candidate(sitting_id: int, attempt_id: int) -> ResponseReturnValue:
    """Everything about one attempt but its questions, answers and scores."""
    sitting = sitting_to_see(sitting_id)
    found = candidates.candidate_of_attempt(sitting_id, attempt_id, now=now())
    return _candidate_page(sitting, found)


@requires(Permission.SEE_SITTINGS)
def place(sitting_id: int, registration_id: int) -> ResponseReturnValue:
    """The same by place in the sitting: the latest attempt, or nobody has started yet."""
    sitting = sitting_to_see(sitting_id)
    return _candidate_page(sitting, candidates.candidate(sitting_id, registration_id, now=now()))


def _candidate_page(sitting: SittingView, found: Candidate | None) -> ResponseReturnValue:
    if found is None:
        raise NotFound
    args = request.args
    filters = TimelineFilter(about=args.get("about", ""), sort=args.get("sort", "newest"))
    return render_template(
        "proctoring/candidate.html",
        sitting=sitting,
        person=found,
        attempt=found.attempt,
        filters=filters,
        timeline=candidates.timeline(
            found.registration_id,
            found.attempt.id if found.attempt else None,
            filters,
            page=args.get("page", 1, type=int),
        ),
        runs=may_run(sitting),
        now=now(),
    )
