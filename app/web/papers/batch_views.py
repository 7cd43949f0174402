"""Batches of papers: asking for one, the list, the comparison, the decision."""

from __future__ import annotations

import secrets

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from app.domain.assembly.batches import LONGEST_REASON, WORKING, BatchState, load_collision
from app.domain.assembly.collisions import Collision
from app.domain.assembly.figures import SetFigures
from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.domain.plans import ExamPlan
from app.queries import paper_batches as reads
from app.queries.paper_batches import BatchView
from app.queries.papers import papers_of_batch
from app.queries.plans import exam_with_scheme, module_titles, numbered_plan
from app.services import paper_batches as writes
from app.web.access import actor, me, requires
from app.web.clock import now
from app.web.errors import STATUS, sentence
from app.web.exchange.worker import has_worker, wake_worker
from app.web.languages import translated as _

_LARGEST_SEED = 2**31 - 1


@requires(Permission.ASSEMBLE_PAPERS)
def ask(exam_id: int) -> ResponseReturnValue:
    """Queue an assembly by the plan in force."""
    seed = request.form.get("seed", "").strip()
    try:
        batch_id = writes.ask_for_papers(
            exam_id,
            count=request.form.get("count", 0, type=int),
            seed=_seed(seed),
            actor=actor(),
            now=now(),
        )
    except DomainError as error:
        flash(sentence(error), "bad")
        return redirect(url_for("papers.plan", exam_id=exam_id))
    wake_worker()
    return redirect(url_for("papers.batch", batch_id=batch_id))


@requires(Permission.SEE_PLANS)
def batches() -> ResponseReturnValue:
    """The list, filtered, sorted and paged."""
    args = request.args
    filters = reads.BatchFilter(
        search=args.get("search", "").strip()[:100],
        exam=args.get("exam", ""),
        state=args.get("state", ""),
        sort=args.get("sort", "newest"),
    )
    return render_template(
        "papers/batches.html",
        page=reads.batches(filters, page=args.get("page", 1, type=int)),
        filters=filters,
        exams=reads.batch_exams(),
        states=list(BatchState),
    )


@requires(Permission.SEE_PLANS)
def batch(batch_id: int) -> ResponseReturnValue:
    """Where the batch stands: the work on it, what collides, or its papers side by side."""
    return _page(_batch(batch_id))


@requires(Permission.SEE_PLANS)
def progress(batch_id: int) -> ResponseReturnValue:
    """Whether the work is still going on, for the bar."""
    view = _batch(batch_id)
    return {"working": view.state in WORKING, "stage": stage_words(view), "done": 0, "total": 0}


@requires(Permission.APPROVE_PAPERS)
def approve(batch_id: int) -> ResponseReturnValue:
    """Freeze the papers for sittings."""
    try:
        writes.approve(batch_id, reason=_reason(), actor=actor(), now=now())
    except DomainError as error:
        return _page(_batch(batch_id), error=error)
    flash(_("The papers are approved. Sittings of this exam hand them out from now on."), "good")
    return redirect(url_for("papers.batch", batch_id=batch_id))


@requires(Permission.APPROVE_PAPERS)
def reject(batch_id: int) -> ResponseReturnValue:
    """Say no, and why."""
    try:
        writes.reject(batch_id, reason=_reason(), actor=actor(), now=now())
    except DomainError as error:
        return _page(_batch(batch_id), error=error)
    flash(_("The papers are rejected."), "good")
    return redirect(url_for("papers.batch", batch_id=batch_id))


def stage_words(view: BatchView) -> str:
    """What the worker is doing."""
    if view.state is BatchState.QUEUED:
        return _("Waiting for the worker")
    return _("Looking for papers that are as equal as can be")


def _batch(batch_id: int) -> BatchView:
    view = reads.batch(batch_id)
    if view is None:
        raise NotFound
    return view


def _page(view: BatchView, *, error: DomainError | None = None) -> ResponseReturnValue:
    row = exam_with_scheme(view.exam_id)
    if row is None:
        raise NotFound
    exam = row.Exam
    numbered = numbered_plan(exam, view.plan_number)
    plan = numbered.plan if numbered else ExamPlan(())
    is_mine = view.maker_id == me().user_id
    page = render_template(
        "papers/batch.html",
        batch=view,
        exam=exam,
        plan=plan,
        working=view.state in WORKING,
        stage=stage_words(view),
        has_worker=has_worker(),
        figures=SetFigures.load(view.figures) if view.figures else None,
        collisions=_collisions(view, plan),
        titles=module_titles(),
        papers=papers_of_batch(view.id),
        may_decide=Permission.APPROVE_PAPERS in me().permissions
        and view.state is BatchState.PROPOSED,
        is_mine=is_mine,
        longest=LONGEST_REASON,
        reason=request.form.get("reason", ""),
        problem=sentence(error) if error else None,
        may_assemble=Permission.ASSEMBLE_PAPERS in me().permissions,
    )
    return page, STATUS[error.kind] if error else 200


def _collisions(view: BatchView, plan: ExamPlan) -> list[Collision]:
    return [load_collision(raw, plan) for raw in view.collisions]


def _reason() -> str:
    return request.form.get("reason", "").replace("\x00", "").strip()


def _seed(text: str) -> int:
    if text.isascii() and text.isdecimal():
        return min(int(text[:12]), _LARGEST_SEED)
    return secrets.randbits(31)
