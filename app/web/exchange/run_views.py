"""One import: its progress, its dry run, its confirmation, and what it made."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.domain.questions.import_plan import Outcome
from app.domain.questions.import_runs import CANCELLABLE, WORKING, ImportState, ReportLine
from app.domain.questions.kinds import Pool
from app.queries.import_runs import RunView, import_run, progress_of, report_lines
from app.queries.paging import Page, page_of
from app.services import import_work, question_imports
from app.web.access import actor, me, requires, settings
from app.web.bank.rows import seen_stems
from app.web.clock import now, zone
from app.web.errors import STATUS, sentence
from app.web.exchange.wording import stage_name
from app.web.exchange.worker import has_worker, wake_worker

_SIZE = 50
_NOTED = "noted"


@requires(Permission.EDIT_QUESTIONS)
def run(run_id: UUID) -> ResponseReturnValue:
    """Where the import stands: how far it is, or what will be or was made of each element."""
    return _page(_own(run_id))


@requires(Permission.EDIT_QUESTIONS)
def progress(run_id: UUID) -> ResponseReturnValue:
    """How far it is, for the bar."""
    view = _own(run_id)
    told = progress_of(settings().instance, view.id)
    return {
        "working": view.state in WORKING,
        "stage": stage_name(told.stage),
        "done": told.done,
        "total": told.total,
    }


@requires(Permission.EDIT_QUESTIONS)
def confirm(run_id: UUID) -> ResponseReturnValue:
    """Write what the dry run says; sent twice, it is written once."""
    view = _own(run_id)
    try:
        question_imports.confirm(
            view.id,
            note=_("Imported from %(file)s", file=view.file_name),
            digest=request.form.get("digest", ""),
            actor=actor(),
        )
        _write(view)
    except DomainError as error:
        return _page(_own(run_id), problem=sentence(error), status=STATUS[error.kind])
    return redirect(url_for("exchange.run", run_id=run_id))


@requires(Permission.EDIT_QUESTIONS)
def cancel(run_id: UUID) -> ResponseReturnValue:
    """Give it up; nothing of it is written."""
    view = _own(run_id)
    try:
        question_imports.cancel(view.id, actor=actor(), now=now(), instance=settings().instance)
    except DomainError as error:
        return _page(_own(run_id), problem=sentence(error), status=STATUS[error.kind])
    return redirect(url_for("exchange.run", run_id=run_id))


def _write(view: RunView) -> None:
    """Few questions are written at once, many by the worker."""
    if sum(view.counts.get(outcome, 0) for outcome in Outcome) <= import_work.FEW:
        import_work.apply(view.id, instance=settings().instance, now=now())
    else:
        wake_worker()


def _own(run_id: UUID) -> RunView:
    view = import_run(str(run_id))
    if view is None or view.user_id != me().user_id:
        raise NotFound
    return view


def _page(view: RunView, *, problem: str | None = None, status: int = 200) -> ResponseReturnValue:
    chosen = request.args.get("outcome", "")
    page = _lines(view, chosen)
    seen_stems(
        [(line.question_id, line.pool) for line in page.rows if line.question_id], where="import"
    )
    html = render_template(
        "exchange/run.html",
        run=view,
        problem=problem,
        page=page,
        chosen=chosen,
        outcomes=[outcome for outcome in Outcome if view.counts.get(outcome.value)],
        told=progress_of(settings().instance, view.id),
        working=view.state in WORKING,
        cancellable=view.state in CANCELLABLE,
        writes=sum(view.counts.get(name, 0) for name in ("new", "version", "unfinished")),
        has_worker=has_worker(),
        made=_made(view),
        draft_link=_draft_link,
        exam=Pool.EXAM.value,
    )
    return html, status


def _lines(view: RunView, chosen: str) -> Page[ReportLine]:
    """One page of the report: of one outcome, of what was not understood, or of everything."""
    if view.state in WORKING:  # it may hold the database's one writer, who notes what is shown
        return Page([], 1, 0, _SIZE)
    lines = [line for line in report_lines(view.id) if _is_chosen(line, chosen)]
    return page_of(lines, number=request.args.get("page", 1, type=int), size=_SIZE)


def _is_chosen(line: ReportLine, chosen: str) -> bool:
    if chosen == _NOTED:
        return bool(line.notes)
    return not chosen or line.outcome.value == chosen


def _draft_link(line: ReportLine) -> str:
    """Where an unfinished question is finished."""
    if line.draft_id:
        return url_for("editor.new", draft=line.draft_id)
    return url_for("editor.edit", question_id=line.question_id)


def _made(view: RunView) -> str | None:
    """The list of the bank with what was made."""
    if view.state is not ImportState.DONE or view.finished_at is None:
        return None
    return url_for(
        "bank.index",
        state="draft",
        sort="changed",
        author=view.user_id if not view.counts.get("version") else None,
        changed_since=view.finished_at.astimezone(zone()).date().isoformat(),
    )
