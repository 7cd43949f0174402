"""Many questions are changed at once: what, a preview, the change, its undo, the history."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.domain.questions.bulk import BULK_STEPS, BulkOrder
from app.domain.questions.kinds import Level, Pool
from app.domain.questions.lifecycle import STEP_PERMISSIONS, QuestionStep
from app.domain.text import N_
from app.queries.bank import bank_total
from app.queries.bulk_changes import MadeChange, bulk_changes
from app.queries.bulk_plans import BulkPlan, PlannedChange, Refusal
from app.queries.paging import page_of
from app.services import bulk_changes as writes
from app.services import bulk_undo
from app.services.bulk_changes import LONGEST_NOTE, MOST_QUESTIONS, PreviewOutdated
from app.web.access import actor, me, requires
from app.web.bank.orders import Chosen, order_arguments, read_order
from app.web.bank.rows import check_may, seen_stems
from app.web.clock import now, zone
from app.web.errors import STATUS, sentence
from app.web.forms import typed

MOST_CHANGES = 50
"""Changes of the history."""


class NothingChosen(DomainError):
    """A change of no question."""

    def __init__(self) -> None:
        super().__init__("nothing-chosen", N_("Tick the questions to change first."))


class NoteTooLong(DomainError):
    """A note that would not fit."""

    def __init__(self) -> None:
        super().__init__(
            "text-too-long",
            N_("The text is too long: at most %(most)s characters."),
            most=LONGEST_NOTE,
        )


@requires(Permission.EDIT_QUESTIONS)
def bulk() -> ResponseReturnValue:
    """What is to become of the chosen questions."""
    chosen = Chosen.read(request.args)
    return _form(chosen, read_order(request.args), NothingChosen() if chosen.is_empty else None)


@requires(Permission.EDIT_QUESTIONS)
def bulk_preview() -> ResponseReturnValue:
    """What would be changed, what is refused and why; writes nothing."""
    chosen, order = Chosen.read(request.args), read_order(request.args)
    _check_step(order)
    try:
        plan = _plan(chosen, order)
    except DomainError as error:
        return _form(chosen, order, error)
    return _preview(chosen, order, plan)


@requires(Permission.EDIT_QUESTIONS)
def do_bulk() -> ResponseReturnValue:
    """Do what the preview showed. The same form sent twice does it once."""
    chosen, order = Chosen.read(request.form), read_order(request.form)
    expected, before = request.form.get("expected", ""), _number("before")
    _check_step(order)
    if chosen.ids is None:  # a form names what its preview showed
        raise BadRequest
    try:
        done = writes.apply(
            chosen.ids, order, expected=expected, actor=actor(), now=now(), zone=zone()
        )
        change_id = done.change_id
    except PreviewOutdated as error:
        change_id = _done_already(order, before)
        if change_id is None:
            return _preview(chosen, order, _plan(chosen, order), problem=error)
    except DomainError as error:
        return _form(chosen, order, error)
    kept = chosen.filters.dump()
    return redirect(url_for("bank.index", **kept, changed=change_id))


@requires(Permission.EDIT_QUESTIONS)
def changes() -> ResponseReturnValue:
    """One's own changes of many questions, the newest first."""
    return _history()


@requires(Permission.EDIT_QUESTIONS)
def undo_change(change_id: int) -> ResponseReturnValue:
    """Take a change back, once."""
    try:
        undone = bulk_undo.undo(change_id, note=typed("note"), actor=actor(), now=now())
    except DomainError as error:
        return _history(problem=error, of=change_id)
    flash(_("Questions that are as they were: %(count)s.", count=len(undone.restored)), "good")
    if undone.refused:
        flash(
            _(
                "Somebody has changed these since, so they stay: %(ids)s.",
                ids=", ".join(undone.refused[:20]) + (" …" if len(undone.refused) > 20 else ""),
            ),
            "warn",
        )
    return redirect(url_for("bank.changes"))


def _form(chosen: Chosen, order: BulkOrder, problem: DomainError | None) -> ResponseReturnValue:
    count = bank_total(chosen.filters, zone=zone()) if chosen.ids is None else len(chosen.ids)
    return (
        render_template(
            "bank/bulk.html",
            chosen=chosen,
            count=count,
            too_many=count > MOST_QUESTIONS,
            most=MOST_QUESTIONS,
            longest=LONGEST_NOTE,
            order=order,
            levels=list(Level),
            pools=list(Pool),
            steps=[step for step in BULK_STEPS if STEP_PERMISSIONS[step] in me().permissions],
            problem=sentence(problem) if problem else None,
        ),
        STATUS[problem.kind] if problem else 200,
    )


def _plan(chosen: Chosen, order: BulkOrder) -> BulkPlan:
    if chosen.is_empty:
        raise NothingChosen
    if len(order.note) > LONGEST_NOTE:
        raise NoteTooLong
    return writes.preview(chosen.selection(), order, actor=actor(), zone=zone())


def _preview(
    chosen: Chosen, order: BulkOrder, plan: BulkPlan, *, problem: DomainError | None = None
) -> ResponseReturnValue:
    shows_refused = request.values.get("show") == "refused" or not plan.changes
    number = request.values.get("page", 1, type=int)
    rows: Sequence[PlannedChange | Refusal] = plan.refused if shows_refused else plan.changes
    page = page_of(rows, number=number)
    seen_stems([(row.id, row.pool) for row in page.rows], where="bulk preview")
    made = bulk_changes(user_id=me().user_id, most=1)
    shown = {**chosen.arguments(), **order_arguments(order)}
    return (
        render_template(
            "bank/bulk_preview.html",
            chosen=chosen,
            order=order,
            order_fields=order_arguments(order),
            shown=shown,
            plan=plan,
            page=page,
            shows_refused=shows_refused,
            ids=_all_ids(plan),
            before=made[0].id if made else 0,
            sentence=sentence,
            problem=sentence(problem) if problem else None,
        ),
        STATUS[problem.kind] if problem else 200,
    )


def _all_ids(plan: BulkPlan) -> list[str]:
    return [
        *(row.id for row in plan.changes),
        *(row.id for row in plan.refused),
        *plan.unchanged,
    ]


def _done_already(order: BulkOrder, before: int) -> int | None:
    """The change that the first sending of the form made, if that is what happened."""
    made = bulk_changes(user_id=me().user_id, most=1)
    is_it = made and made[0].id > before and made[0].order == order
    return made[0].id if is_it else None


def _history(*, problem: DomainError | None = None, of: int | None = None) -> ResponseReturnValue:
    made: list[MadeChange] = bulk_changes(user_id=me().user_id, most=MOST_CHANGES)
    return (
        render_template(
            "bank/changes.html",
            changes=made,
            most=MOST_CHANGES,
            problem=sentence(problem) if problem else None,
            of=of,
            typed_note=typed("note"),
        ),
        STATUS[problem.kind] if problem else 200,
    )


def _check_step(order: BulkOrder) -> None:
    check_may(STEP_PERMISSIONS[order.step or QuestionStep.WRITE])


def _number(name: str) -> int:
    value = request.form.get(name, "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else 0
