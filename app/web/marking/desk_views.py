"""The marker's desk: one's work, the next answer, drafts, marks, what is handed back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.domain.errors import DomainError
from app.domain.marking.roles import MarkingState
from app.domain.marking.rubric import LONGEST_COMMENT, Judgement, points_of
from app.domain.permissions import Permission
from app.extensions import limiter
from app.queries.marking_desk import Desk, comments_for, desk
from app.queries.marking_work import SORTS, exams_with_scripts, work_of
from app.services import marking_comments
from app.services import markings as writes
from app.services.certificates import Signer
from app.web.access import actor, me, requires, settings
from app.web.addresses import LARGEST_NUMBER
from app.web.bank.rows import seen_stems
from app.web.clock import now
from app.web.errors import STATUS, sentence
from app.web.forms import typed
from app.web.marking.forms import read_judgement, read_number, read_seconds, work_filter
from app.web.marking.shown import told_evidence
from app.web.templating import moment


def _person() -> str:
    """Whose requests are counted together: an office may share one address."""
    return str(me().user_id) if current_user.is_authenticated else str(request.remote_addr)


_OFTEN = limiter.shared_limit("240/minute", scope="marking", key_func=_person)


@requires(Permission.MARK)
def index() -> ResponseReturnValue:
    """Questions with answers to mark."""
    is_lead = Permission.MANAGE_MARKING in me().permissions
    filters = work_filter(is_lead=is_lead)
    page = work_of(me().user_id, filters, page=request.args.get("page", 1, type=int))
    seen_stems([(row.question_id, row.pool) for row in page.rows], where="marking")
    return render_template(
        "marking/index.html",
        page=page,
        filters=filters,
        exams=exams_with_scripts(),
        sorts=SORTS,
    )


@requires(Permission.MARK)
def take(exam_id: int, version_id: int) -> ResponseReturnValue:
    """Put the next answer on the desk."""
    return redirect(_next(exam_id, version_id))


@requires(Permission.MARK)
def answer(script: str) -> ResponseReturnValue:
    """The answer, the key, and the form for the mark."""
    return _desk_page(_own(script))


@requires(Permission.MARK)
def finish(script: str) -> ResponseReturnValue:
    """Give the mark, and go on to the next answer."""
    judgement = read_judgement(request.form)
    shown = _own(script)
    try:
        writes.finish(
            script,
            judgement,
            seconds=read_seconds(request.form),
            signer=Signer.of(settings()),
            actor=actor(),
            now=now(),
        )
    except DomainError as error:
        if _wants_json():
            raise
        return _desk_page(shown, judgement=judgement, problem=error)
    if shown.state is MarkingState.DONE:
        flash(_("The mark is changed."), "good")
    target = (
        url_for("marking.index")
        if request.form.get("then") == "stop"
        else _next(shown.exam_id, shown.version_id)
    )
    return {"ok": True, "location": target} if _wants_json() else redirect(target)


@requires(Permission.MARK)
@_OFTEN
def draft(script: str) -> ResponseReturnValue:
    """Keep what is ticked so far; tells what it would come to."""
    judgement = read_judgement(request.form)
    shown = _own(script)
    is_stored = writes.keep_draft(
        script,
        judgement,
        seq=read_number(request.form, "seq", most=LARGEST_NUMBER),
        seconds=read_seconds(request.form),
        actor=actor(),
        now=now(),
    )
    return {
        "ok": True,
        "is_stored": is_stored,
        "saved_at": moment(now())[-5:],
        "points": _comes_to(shown, judgement),
    }


@requires(Permission.MARK)
def hand_back(script: str) -> ResponseReturnValue:
    """Give the answer back unmarked, for a reason."""
    shown = _own(script)
    try:
        writes.hand_back(script, typed("reason"), actor=actor(), now=now())
    except DomainError as error:
        return _desk_page(shown, problem=error)
    flash(_("The answer is handed back."), "good")
    return redirect(_next(shown.exam_id, shown.version_id))


@requires(Permission.MARK)
def add_comment(script: str) -> ResponseReturnValue:
    """Put a sentence into the comment bank of the question on the desk."""
    shown = _own(script)
    try:
        marking_comments.add(
            shown.exam_id, shown.version_id, typed("text"), actor=actor(), now=now()
        )
    except DomainError as error:
        return _desk_page(shown, problem=error)
    return redirect(url_for("marking.answer", script=script) + "#comments")


@requires(Permission.MARK)
def retire_comment(script: str, comment_id: int) -> ResponseReturnValue:
    """Take a sentence out of the comment bank."""
    marking_comments.retire(
        comment_id,
        is_lead=Permission.MANAGE_MARKING in me().permissions,
        actor=actor(),
        now=now(),
    )
    return redirect(url_for("marking.answer", script=script) + "#comments")


def _own(script: str) -> Desk:
    found = desk(script, marker_id=me().user_id)
    if found is None:
        raise writes.ScriptMissing
    return found


def _next(exam_id: int, version_id: int) -> str:
    """The address of the next answer to the question, or of one's work where there is none."""
    script = writes.take_next(exam_id, version_id, actor=actor(), now=now())
    if script is None:
        flash(_("There is nothing left for you to mark of this question."), "info")
        return url_for("marking.index")
    return url_for("marking.answer", script=script)


def _desk_page(
    shown: Desk, *, judgement: Judgement | None = None, problem: DomainError | None = None
) -> ResponseReturnValue:
    seen_stems([(shown.question.id, shown.question.pool.value)], where="marking desk")
    judged = judgement or shown.judgement
    return (
        render_template(
            "marking/desk.html",
            desk=shown,
            judged=judged,
            comes_to=_comes_to(shown, judged),
            evidence=told_evidence(shown.question.body, shown.answer, maximum=shown.maximum),
            comments=comments_for(shown.exam_id, shown.version_id, marker_id=me().user_id),
            may_retire_all=Permission.MANAGE_MARKING in me().permissions,
            longest=LONGEST_COMMENT,
            longest_shared=marking_comments.LONGEST,
            problem=sentence(problem) if problem else None,
        ),
        STATUS[problem.kind] if problem else 200,
    )


def _comes_to(shown: Desk, judgement: Judgement) -> str | None:
    """The points that a judgement comes to; None while something is missing."""
    try:
        points = points_of(shown.question.body, judgement, maximum=shown.maximum)
    except DomainError:
        return None
    return f"{float(points):.2f}".rstrip("0").rstrip(".")


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"
