"""The review: what waits for whom, the steps of a question's life, and what is said about it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.domain.questions.bank_filter import BankFilter
from app.domain.questions.kinds import Pool
from app.domain.questions.lifecycle import LONGEST_NOTE, REVIEWED, QuestionStep
from app.queries.bank import bank_authors, bank_lessons
from app.queries.paging import Page
from app.queries.question_history import comments
from app.queries.question_standings import standings
from app.queries.question_uses import uses
from app.queries.review_queue import Waiting, own_work, queue_counts, review_queue
from app.services import question_reviews as writes
from app.web.access import actor, me, requires
from app.web.bank.names import step_done
from app.web.bank.origin import Origin, queue_filter
from app.web.bank.question_views import question_page
from app.web.bank.rows import page_or_404, seen, seen_stems
from app.web.clock import now
from app.web.errors import STATUS, sentence
from app.web.forms import typed

_DECISIONS = {
    step.value: step
    for step in (QuestionStep.APPROVE, QuestionStep.SEND_BACK, QuestionStep.PROMOTE)
}


@requires(Permission.REVIEW_QUESTIONS)
def review() -> ResponseReturnValue:
    """What waits for this reviewer, the longest waiting first."""
    filters = BankFilter.read(request.args)
    wanted = queue_filter(filters)
    page = review_queue(me().user_id, wanted, page=request.args.get("page", 1, type=int))
    _note(page, "review queue")
    return render_template(
        "bank/review.html",
        page=page,
        filters=wanted,
        kept=filters.dump(),
        first=(page.number - 1) * page.size,
        counts=queue_counts(me().user_id),
        states=REVIEWED,
        pools=list(Pool),
        lessons=bank_lessons(),
        authors=bank_authors(),
        at=now(),
    )


@requires(Permission.EDIT_QUESTIONS)
def own() -> ResponseReturnValue:
    """One's own drafts and questions under review: what was sent back is on top."""
    page = own_work(me().user_id, page=request.args.get("page", 1, type=int))
    _note(page, "own work")
    return render_template("bank/own.html", page=page, at=now())


@requires(Permission.EDIT_QUESTIONS)
def submit(question_id: str) -> ResponseReturnValue:
    """Submit a draft for review."""
    return _take(question_id, QuestionStep.SUBMIT)


@requires(Permission.REVIEW_QUESTIONS)
def decide(question_id: str) -> ResponseReturnValue:
    """Approve, send back or put into use; from the queue it leads on to the next one."""
    step = _DECISIONS.get(request.form.get("decision", ""))
    if step is None:
        raise BadRequest
    return _take(question_id, step)


@requires(Permission.RETIRE_QUESTIONS)
def retire(question_id: str) -> ResponseReturnValue:
    """What uses the question, before it is retired with a reason."""
    if request.method == "GET":
        return _retire_page(question_id)
    try:
        return _taken(question_id, QuestionStep.RETIRE)
    except DomainError as error:
        return _retire_page(question_id, problem=error)


@requires(Permission.RETIRE_QUESTIONS)
def revive(question_id: str) -> ResponseReturnValue:
    """Bring a retired question back as a draft."""
    return _take(question_id, QuestionStep.REVIVE)


@requires(Permission.SEE_QUESTIONS)
def comment(question_id: str) -> ResponseReturnValue:
    """Say something about a version."""
    version = _version()
    try:
        writes.comment(
            question_id,
            typed("comment"),
            version=version,
            place=typed("place"),
            actor=actor(),
            now=now(),
        )
    except DomainError as error:
        return question_page(question_id, version=version or None, problem=error)
    return redirect(_back(question_id) + "#comments")


@requires(Permission.EDIT_QUESTIONS)
def resolve(question_id: str, comment_id: int) -> ResponseReturnValue:
    """Tick a comment off, or open it again."""
    writes.resolve_comment(
        comment_id,
        question_id=question_id,
        is_resolved=request.form.get("resolved") == "yes",
        actor=actor(),
        now=now(),
    )
    return redirect(_back(question_id) + "#comments")


def _take(question_id: str, step: QuestionStep) -> ResponseReturnValue:
    try:
        return _taken(question_id, step)
    except DomainError as error:
        return question_page(question_id, problem=error)


def _taken(question_id: str, step: QuestionStep) -> ResponseReturnValue:
    writes.take_step(
        question_id,
        step,
        version=_version(),
        state=request.form.get("state", ""),
        note=typed("note"),
        actor=actor(),
        now=now(),
    )
    flash(f"{question_id}: {step_done(step)}", "good")
    return redirect(_next(question_id) if step.value in _DECISIONS else _back(question_id))


def _next(question_id: str) -> str:
    """The question that now stands where this one stood in the queue."""
    origin = Origin.read(request.args)
    if not origin.is_queue or origin.at is None:
        return _back(question_id)
    following = origin.neighbours(question_id).next
    if following is not None and following[0] != question_id:
        return origin.address(*following)
    return url_for("bank.review", **origin.filters.dump())


def _back(question_id: str) -> str:
    origin = Origin.read(request.args)
    return url_for("bank.question", question_id=question_id, **origin.arguments())


def _retire_page(question_id: str, *, problem: DomainError | None = None) -> ResponseReturnValue:
    page = seen(page_or_404(question_id))
    return (
        render_template(
            "bank/retire.html",
            page=page,
            content=page.content,
            uses=uses(question_id),
            standing=standings([question_id])[question_id],
            open_comments=sum(one.resolver is None for one in comments(question_id)),
            here=Origin.read(request.args).arguments(),
            longest=LONGEST_NOTE,
            note=typed("note"),
            problem=sentence(problem) if problem else None,
        ),
        STATUS[problem.kind] if problem else 200,
    )


def _version() -> int:
    value = request.form.get("version", "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else 0


def _note(page: Page[Waiting], where: str) -> None:
    seen_stems([(row.id, row.pool) for row in page.rows], where=where)
