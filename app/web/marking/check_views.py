"""Check scripts: the list, writing one, putting it into use and out of it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.queries.check_scripts import CheckFilter, check_scripts, marked_question
from app.queries.marking_scripts import marked_script
from app.queries.marking_work import exams_with_scripts
from app.services import check_scripts as writes
from app.web.access import actor, me, requires
from app.web.addresses import LARGEST_NUMBER
from app.web.bank.rows import seen_stems
from app.web.clock import now
from app.web.errors import STATUS, sentence
from app.web.forms import typed
from app.web.marking.forms import chosen_exam, read_number

_PART = "part."


@requires(Permission.MANAGE_MARKING)
def checks() -> ResponseReturnValue:
    """The list of check scripts."""
    args = request.args
    filters = CheckFilter(
        exam=chosen_exam(),
        state=args.get("state", "")[:10],
        sort=args.get("sort", "newest")[:10],
    )
    return render_template(
        "marking/checks.html",
        page=check_scripts(filters, page=args.get("page", 1, type=int)),
        filters=filters,
        exams=exams_with_scripts(),
        me=me().user_id,
    )


@requires(Permission.MANAGE_MARKING)
def new_check() -> ResponseReturnValue:
    """Write a check script, from nothing or from an answer that was marked."""
    return _form_page(_prefilled())


@requires(Permission.MANAGE_MARKING)
def make_check() -> ResponseReturnValue:
    """Keep it; another lead approves it."""
    answer = _typed_answer()
    try:
        writes.make(
            *_question_of(request.form.get("script", "")),
            answer,
            points=typed("points"),
            reason=typed("reason"),
            actor=actor(),
            now=now(),
        )
    except DomainError as error:
        return _form_page(answer, problem=error)
    flash(_("The check script is kept. It is used once another lead marker approves it."), "good")
    return redirect(url_for("marking.checks"))


@requires(Permission.MANAGE_MARKING)
def approve(script: str) -> ResponseReturnValue:
    """Put a check script of another lead into use."""
    writes.approve(script, actor=actor(), now=now())
    flash(_("The check script is in use."), "good")
    return redirect(url_for("marking.checks"))


@requires(Permission.MANAGE_MARKING)
def retire(script: str) -> ResponseReturnValue:
    """Take it out of use."""
    writes.retire(script, actor=actor(), now=now())
    flash(_("The check script is out of use."), "good")
    return redirect(url_for("marking.checks"))


def _question_of(number: str) -> tuple[int, int]:
    """(exam, version) of the form, or of the answer that it begins with."""
    if number:
        script = marked_script(number)
        if script is None:
            raise NotFound
        return script.exam_id, script.version_id
    exam = read_number(request.values, "exam", most=LARGEST_NUMBER)
    return exam, read_number(request.values, "version", most=LARGEST_NUMBER)


def _prefilled() -> object:
    number = request.args.get("script", "")
    script = marked_script(number) if number else None
    return script.answer if script else None


def _typed_answer() -> object:
    """The answer of the form: a text, or the texts of the parts."""
    parts = {
        name.removeprefix(_PART): value.replace("\x00", "")
        for name, value in request.form.items()
        if name.startswith(_PART) and value.strip()
    }
    return parts or typed("answer")


def _form_page(answer: object, *, problem: DomainError | None = None) -> ResponseReturnValue:
    number = request.values.get("script", "")
    question = marked_question(*_question_of(number))
    if question is None:
        raise NotFound
    content = question.question
    seen_stems([(content.id, content.pool.value)], where="check script")
    return (
        render_template(
            "marking/check_new.html",
            marked=question,
            answer=answer,
            script=number,
            points=typed("points"),
            reason=typed("reason"),
            problem=sentence(problem) if problem else None,
        ),
        STATUS[problem.kind] if problem else 200,
    )
