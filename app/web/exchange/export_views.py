"""Exporting questions: choosing a format, what it cannot carry, and the file."""

from __future__ import annotations

import uuid
from uuid import UUID

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.domain.questions.bank_filter import BankFilter
from app.loader.exchange.formats import WRITABLE
from app.queries.export_questions import ExportView, read_export, selection
from app.services import question_exports
from app.services.question_exports import DONE, FEW, Order
from app.web.access import Forbidden, actor, me, requires, settings
from app.web.clock import now, zone
from app.web.errors import STATUS, sentence
from app.web.exchange.worker import has_worker, wake_worker

_SHOWN_LOSSES = 500


@requires(Permission.EXPORT_QUESTIONS)
def export_questions() -> ResponseReturnValue:
    """What the filter finds, in which format, and with exam questions for whom that is allowed."""
    filters = BankFilter.read(request.args)
    if request.method == "GET":
        return _form(filters)
    with_exam = bool(request.form.get("with_exam"))
    if with_exam and not _may_take_exam():
        raise Forbidden
    order = Order(
        filters,
        request.form.get("format", ""),
        with_exam=with_exam,
        reason=request.form.get("reason", ""),
    )
    export_id, instance = _export_id(order), settings().instance
    try:
        question_exports.start(export_id, order, actor=actor(), now=now(), instance=instance)
    except DomainError as error:
        return _form(filters, problem=sentence(error), status=STATUS[error.kind])
    if has_worker() and len(selection(filters, zone=zone()).ids) > FEW:
        wake_worker()
    else:
        question_exports.make(export_id, instance=instance, now=now(), zone=zone())
    return redirect(url_for("exchange.export", export_id=export_id))


@requires(Permission.EXPORT_QUESTIONS)
def export(export_id: UUID) -> ResponseReturnValue:
    """What became of the export: what the format cannot carry, then the file."""
    view = _own(export_id)
    return render_template(
        "exchange/exported.html",
        view=view,
        losses=view.losses[:_SHOWN_LOSSES],
        lossy=len({problem.place for problem in view.losses}),
    )


@requires(Permission.EXPORT_QUESTIONS)
def download(export_id: UUID) -> ResponseReturnValue:
    """The file."""
    view = _own(export_id)
    if view.state != DONE:
        raise NotFound
    if view.exam and not _may_take_exam():
        raise Forbidden
    data = question_exports.fetch(view.id, actor=actor(), now=now(), instance=settings().instance)
    written = WRITABLE[view.format]
    response = make_response(data)
    response.headers["Content-Type"] = written.mime
    name = f"questions-{view.created_at.astimezone(zone()):%Y%m%d-%H%M}.{written.ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _export_id(order: Order) -> str:
    """The same for the same form with the same choices, so that sending it twice does it once."""
    try:
        key = uuid.UUID(request.form.get("key", ""))
    except ValueError:
        return str(uuid.uuid4())
    return str(uuid.uuid5(key, repr(order)))


def _form(
    filters: BankFilter, *, problem: str | None = None, status: int = 200
) -> ResponseReturnValue:
    found = selection(filters, zone=zone())
    page = render_template(
        "exchange/export.html",
        filters=filters,
        kept=filters.dump(),
        exam=len(found.exam),
        practice=len(found.ids) - len(found.exam),
        may_take_exam=_may_take_exam(),
        formats=list(WRITABLE.values()),
        chosen=request.form.get("format", "xlsx"),
        with_exam=bool(request.form.get("with_exam")),
        reason=request.form.get("reason", ""),
        key=request.form.get("key") or str(uuid.uuid4()),
        problem=problem,
    )
    return page, status


def _may_take_exam() -> bool:
    return Permission.EXPORT_EXAM_QUESTIONS in me().permissions


def _own(export_id: UUID) -> ExportView:
    view = read_export(settings().instance, str(export_id))
    if view is None or view.user_id != me().user_id:
        raise NotFound
    return view
