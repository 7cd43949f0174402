"""Held saves of a sitting: the list, one attempt's, the decision, and answer files."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from app.domain.answer_files import LARGEST_FILE, AnswerFileBroken
from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.domain.problems import Problem
from app.queries import held_saves
from app.queries.held_saves import HeldFilter
from app.services import answer_files
from app.services import held_saves as writes
from app.services.answer_files import FileKeys
from app.services.certificates import Signer
from app.web.access import actor, requires, settings
from app.web.clock import now
from app.web.errors import STATUS, sentence
from app.web.forms import typed
from app.web.proctoring.rows import may_run, sitting_to_run, sitting_to_see
from app.web.reviews.rows import head_or_404

MOST_PROBLEMS = 50
"""Rows of a file whose problems are listed; the rest is counted."""
_LARGEST_ID = 2**62


@requires(Permission.SEE_SITTINGS)
def held(sitting_id: int) -> ResponseReturnValue:
    """Attempts with held saves, filtered, sorted and paged."""
    sitting = sitting_to_see(sitting_id)
    args = request.args
    filters = HeldFilter(
        search=args.get("search", "").strip()[:100],
        state=args.get("state", "undecided"),
        sort=args.get("sort", "latest"),
    )
    return render_template(
        "reviews/held.html",
        sitting=sitting,
        may_run=may_run(sitting),
        filters=filters,
        page=held_saves.held_attempts(sitting.id, filters, page=args.get("page", 1, type=int)),
    )


@requires(Permission.SEE_SITTINGS)
def held_attempt(sitting_id: int, attempt_id: int) -> ResponseReturnValue:
    """The held saves of one attempt."""
    return _attempt_page(sitting_id, attempt_id)


@requires(Permission.RUN_SITTINGS)
def decide(sitting_id: int, attempt_id: int) -> ResponseReturnValue:
    """Accept or refuse; what is graded already is graded again in the same transaction."""
    sitting_to_run(sitting_id)
    decision = request.form.get("decision")
    if decision not in ("accept", "refuse"):
        raise BadRequest
    is_accepted = decision == "accept"
    try:
        count = writes.decide(
            sitting_id,
            attempt_id,
            save_ids=_chosen(attempt_id),
            accepted=is_accepted,
            reason=typed("reason"),
            signer=Signer.of(settings()),
            actor=actor(),
            now=now(),
        )
    except DomainError as error:
        return _attempt_page(sitting_id, attempt_id, problem=error)
    told = (
        _("Answers accepted: %(count)s.", count=count)
        if is_accepted
        else _("Answers refused: %(count)s.", count=count)
    )
    flash(told, "good")
    return redirect(url_for("reviews.held_attempt", sitting_id=sitting_id, attempt_id=attempt_id))


@requires(Permission.RUN_SITTINGS)
def answer_file(sitting_id: int) -> ResponseReturnValue:
    """Take in an answer file; what it says is held, and what became of it is shown."""
    sitting = sitting_to_run(sitting_id)
    if request.method == "GET":
        return render_template("reviews/answer_file.html", sitting=sitting, may_run=True)
    file = request.files.get("file")
    if file is None or not file.filename:
        return _file_refused(sitting_id, _("Choose a file."), 400)
    try:
        report = answer_files.upload(
            sitting.id,
            file.read(LARGEST_FILE + 1),
            keys=FileKeys(settings().answer_file_key, bytes.fromhex(settings().receipt_key)),
            actor=actor(),
            now=now(),
        )
    except AnswerFileBroken as error:
        return _file_refused(sitting_id, sentence(error), 400, error.problems)
    except DomainError as error:
        return _file_refused(sitting_id, sentence(error), STATUS[error.kind])
    return render_template(
        "reviews/answer_file_report.html",
        sitting=sitting,
        may_run=may_run(sitting),
        report=report,
        head=head_or_404(sitting.id, report.attempt_id),
        most=MOST_PROBLEMS,
    )


def _attempt_page(
    sitting_id: int, attempt_id: int, *, problem: DomainError | None = None
) -> ResponseReturnValue:
    sitting, head = sitting_to_see(sitting_id), head_or_404(sitting_id, attempt_id)
    return (
        render_template(
            "reviews/held_attempt.html",
            sitting=sitting,
            may_run=may_run(sitting),
            head=head,
            held=held_saves.held_lines(head, page=request.args.get("page", 1, type=int)),
            problem=sentence(problem) if problem else None,
            reason=typed("reason"),
            scope=request.form.get("scope", ""),
            chosen=set(request.form.getlist("save", type=int)),
        ),
        STATUS[problem.kind] if problem else 200,
    )


def _chosen(attempt_id: int) -> set[int]:
    """The ticked saves, or all that the page has shown as undecided."""
    if request.form.get("scope") == "all":
        up_to = request.form.get("up_to", 0, type=int)
        return set(held_saves.undecided_saves(attempt_id, up_to=min(up_to, _LARGEST_ID)))
    return set(request.form.getlist("save", type=int))


def _file_refused(
    sitting_id: int, problem: str, status: int, problems: tuple[Problem, ...] = ()
) -> ResponseReturnValue:
    return (
        render_template(
            "reviews/answer_file.html",
            sitting=sitting_to_run(sitting_id),
            may_run=True,
            problem=problem,
            problems=problems[:MOST_PROBLEMS],
        ),
        status,
    )
