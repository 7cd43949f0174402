"""The roster of a sitting: the list, its Excel file, putting people on it, taking them off."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.domain.sittings import SittingState, Standing, TicketState
from app.queries import rosters
from app.queries.rosters import RosterFilter, RosterRow
from app.queries.sitting_lists import head_counts
from app.queries.sittings import SittingView
from app.services import roster as writes
from app.services.mails import Letterhead
from app.web.access import actor, requires, settings
from app.web.clock import exam_day, now
from app.web.errors import STATUS, sentence
from app.web.sittings.choosing import Choice, Preview, chosen_ids, preview_of, read_choice
from app.web.sittings.rows import manages, sitting_of_mine
from app.web.sittings.workbook import roster_workbook


@requires(Permission.SEE_SITTINGS)
def roster(sitting_id: int) -> ResponseReturnValue:
    """The list, filtered, sorted and paged."""
    view = sitting_of_mine(sitting_id)
    filters = _filters()
    page = rosters.roster(
        sitting_id,
        filters,
        on=exam_day(view.opens_at),
        page=request.args.get("page", 1, type=int),
    )
    return render_template(
        "sittings/roster.html",
        view=view,
        state=view.state(now()),
        page=page,
        filters=filters,
        standings=list(Standing),
        tickets=list(TicketState),
        counts=rosters.standing_counts(sitting_id),
        manages=manages(),
        is_open=_is_open(view),
    )


@requires(Permission.SEE_SITTINGS)
def excel(sitting_id: int) -> ResponseReturnValue:
    """The filtered list as an Excel file; the export is on record."""
    view = sitting_of_mine(sitting_id)
    rows = rosters.whole_roster(sitting_id, _filters(), on=exam_day(view.opens_at))
    content = roster_workbook(view, rows)
    writes.note_export(sitting_id, rows=len(rows), actor=actor(), now=now())
    response = make_response(content)
    response.headers["Content-Type"] = (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    name = f"roster-{sitting_id}-{now():%Y%m%d-%H%M}.xlsx"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@requires(Permission.MANAGE_SITTINGS)
def add(sitting_id: int) -> ResponseReturnValue:
    """Choose people, look at who they are, then put them on the roster in one act."""
    view = sitting_of_mine(sitting_id)
    if request.method == "GET":
        return _choosing(view, Choice())
    if request.form.get("step") == "confirm":
        return _add(view)
    choice = read_choice(request.form)
    try:
        preview = preview_of(view, choice)
    except DomainError as error:
        return _choosing(view, choice, error=error)
    return _choosing(view, choice, preview=preview)


@requires(Permission.SEE_SITTINGS)
def place(sitting_id: int, registration_id: int) -> ResponseReturnValue:
    """One person's place: where they are, their ticket, and taking them off."""
    view = sitting_of_mine(sitting_id)
    return _place(view, _row(view, registration_id))


@requires(Permission.MANAGE_SITTINGS)
def take_off(sitting_id: int, registration_id: int) -> ResponseReturnValue:
    """Take somebody off the roster who has not started, with a reason."""
    view = sitting_of_mine(sitting_id)
    row = _row(view, registration_id)
    try:
        writes.take_off(
            registration_id,
            sitting_id=sitting_id,
            reason=request.form.get("reason", ""),
            actor=actor(),
            now=now(),
            letterhead=Letterhead.of(settings()),
        )
    except DomainError as error:
        return _place(view, row, error=error)
    flash(_("%(name)s is off the roster.", name=row.name), "good")
    return redirect(url_for("sittings.roster", sitting_id=sitting_id))


def _add(view: SittingView) -> ResponseReturnValue:
    user_ids = chosen_ids(request.form)
    try:
        count = writes.add_people(
            view.id,
            user_ids,
            actor=actor(),
            now=now(),
            letterhead=Letterhead.of(settings()),
        )
    except DomainError as error:
        return _choosing(view, read_choice(request.form), error=error)
    flash(_("New on the roster: %(count)s.", count=count), "good")
    return redirect(url_for("sittings.roster", sitting_id=view.id))


def _choosing(
    view: SittingView,
    choice: Choice,
    *,
    preview: Preview | None = None,
    error: DomainError | None = None,
) -> ResponseReturnValue:
    registered, _working, _finished = head_counts(view.id)
    page = render_template(
        "sittings/add.html",
        view=view,
        choice=choice,
        preview=preview,
        departments=rosters.departments_of(view.scheme_id),
        registered=registered,
        is_open=_is_open(view),
        problem=sentence(error) if error else None,
    )
    return page, STATUS[error.kind] if error else 200


def _place(
    view: SittingView, row: RosterRow, *, error: DomainError | None = None
) -> ResponseReturnValue:
    page = render_template(
        "sittings/place.html",
        view=view,
        row=row,
        manages=manages(),
        is_open=_is_open(view),
        may_take_off=manages()
        and row.standing in (Standing.REGISTERED, Standing.WAITING, Standing.READY),
        problem=sentence(error) if error else None,
        reason=request.form.get("reason", ""),
    )
    return page, STATUS[error.kind] if error else 200


def _row(view: SittingView, registration_id: int) -> RosterRow:
    row = rosters.place_of(view.id, registration_id, on=exam_day(view.opens_at))
    if row is None:
        raise NotFound
    return row


def _is_open(view: SittingView) -> bool:
    """Whether the roster may still grow, and tickets be handed out."""
    return view.state(now()) in (SittingState.PLANNED, SittingState.OPEN)


def _filters() -> RosterFilter:
    args = request.args
    return RosterFilter(
        search=args.get("search", "").strip()[:100],
        standing=args.get("standing", ""),
        ticket=args.get("ticket", ""),
        given=args.get("given", ""),
        sort=args.get("sort", "name"),
    )
