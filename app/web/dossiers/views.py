"""The list of attempts, and the export of one's dossier: on record, with a reason."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from app.domain.attempts import OPEN_STATES
from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.queries import dossiers
from app.services import dossiers as writes
from app.services.certificates import Signer
from app.web.access import actor, requires, settings
from app.web.clock import now
from app.web.dossiers.document import dossier_pdf
from app.web.dossiers.forms import ExportForm
from app.web.dossiers.names import ATTEMPT_STATES, STATE_MARKS, state_name
from app.web.errors import STATUS, sentence

_TYPES = {"json": "application/json", "pdf": "application/pdf"}


@requires(Permission.EXPORT_DOSSIERS)
def index() -> ResponseReturnValue:
    """Attempts, filtered, sorted and paged."""
    args = request.args
    problem = None
    days: dict[str, date | None] = {}
    for name in ("since", "until"):
        try:
            days[name] = date.fromisoformat(args[name]) if args.get(name) else None
        except ValueError:
            days[name] = None
            problem = _("A day must look like 2026-11-02.")
    filters = dossiers.AttemptFilter(
        search=args.get("search", "").strip()[:100],
        exam=args.get("exam", ""),
        sitting=args.get("sitting", ""),
        state=args.get("state", ""),
        since=_midnight(days["since"]),
        until=_midnight(days["until"], days_later=1),
        sort=args.get("sort", "newest"),
    )
    page = render_template(
        "dossiers/index.html",
        page=dossiers.attempts(filters, page=args.get("page", 1, type=int)),
        filters=filters,
        days=days,
        problem=problem,
        exams=dossiers.exam_choices(),
        sittings=dossiers.sitting_choices(),
        states=ATTEMPT_STATES,
        state_name=state_name,
        state_marks=STATE_MARKS,
    )
    return page, 400 if problem else 200


@requires(Permission.EXPORT_DOSSIERS)
def attempt(attempt_id: int) -> ResponseReturnValue:
    """One attempt, and the form that hands out its dossier."""
    row = dossiers.attempt_line(attempt_id)
    if row is None:
        raise NotFound
    form = ExportForm()
    problem, status = None, 200
    if form.validate_on_submit():
        kind = "pdf" if request.form.get("kind") == "pdf" else "json"
        try:
            return _export(attempt_id, reason=form.reason.data or "", kind=kind)
        except DomainError as error:
            problem, status = sentence(error), STATUS[error.kind]
    elif form.errors:
        status = 400
    page = render_template(
        "dossiers/attempt.html",
        row=row,
        form=form,
        problem=problem,
        is_open=row.state in OPEN_STATES,
        state_name=state_name,
        state_marks=STATE_MARKS,
    )
    return page, status


def _export(attempt_id: int, *, reason: str, kind: str) -> ResponseReturnValue:
    export = writes.export(
        attempt_id,
        reason=reason,
        kind=kind,
        signer=Signer.of(settings()),
        actor=actor(),
        now=now(),
    )
    content = dossier_pdf(export) if kind == "pdf" else export.content
    response = make_response(content)
    response.headers["Content-Type"] = _TYPES[kind]
    response.headers["Content-Disposition"] = f'attachment; filename="{export.name}.{kind}"'
    return response


def _midnight(day: date | None, *, days_later: int = 0) -> datetime | None:
    """When a day begins in the organisation's time zone."""
    if day is None or day == date.max:
        return None
    return datetime.combine(
        day + timedelta(days=days_later), time.min, ZoneInfo(settings().time_zone)
    )
