"""Practice by lesson or by module: one question, then its feedback, then the next."""

from __future__ import annotations

import json
import random
import secrets
from collections.abc import Sequence

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.queries import courses, practice
from app.services import learning
from app.web.access import me, requires
from app.web.addresses import LARGEST_NUMBER
from app.web.clock import now, today
from app.web.errors import STATUS, sentence
from app.web.languages import language


@requires(Permission.STUDY)
def index() -> ResponseReturnValue:
    """Choose what to practise."""
    modules = courses.course(me().user_id, language=language())
    return render_template("practice/index.html", modules=modules)


@requires(Permission.STUDY)
def question(scope: str) -> ResponseReturnValue:
    """The next question of a lesson or a module."""
    name, lesson_ids = _scope(scope)
    seed = secrets.randbits(31)
    found = practice.next_question(
        lesson_ids,
        user_id=me().user_id,
        after=request.args.get("after"),
        draw=random.Random(seed),
    )
    if found is None:
        return render_template("practice/empty.html", name=name, scope=scope)
    return _ask(found, scope=scope, name=name, lesson_ids=lesson_ids, seed=seed)


@requires(Permission.STUDY)
def answer(scope: str) -> ResponseReturnValue:
    """Judge an answer and show what it was worth."""
    form = request.form
    question_id = form.get("question", "")
    if "\x00" in question_id:
        raise NotFound
    try:
        given = json.loads(form.get("answer", "null"))
        version, seed = int(form.get("version", "")), int(form.get("seed", ""))
        spent_ms = int(form.get("spent_ms") or 0)
        readable = 0 < version <= LARGEST_NUMBER
    except (ValueError, RecursionError):
        readable = False
    if not readable:
        return _ask_again(scope, question_id, _("Your answer could not be read. Try again."))
    try:
        practised = learning.practise(
            question_id,
            version=version,
            answer=given,
            seed=seed,
            spent_ms=spent_ms,
            user_id=me().user_id,
            now=now(),
            today=today(),
        )
    except DomainError as error:
        return _ask_again(scope, question_id, sentence(error), status=STATUS[error.kind])
    return redirect(url_for("practice.feedback", scope=scope, answer_id=practised.answer_id))


@requires(Permission.STUDY)
def feedback(scope: str, answer_id: int) -> ResponseReturnValue:
    """How an answer was judged, and why."""
    name, lesson_ids = _scope(scope)
    found = practice.feedback(answer_id, user_id=me().user_id)
    if found is None:
        raise NotFound
    return render_template(
        "practice/feedback.html",
        found=found,
        scope=scope,
        name=name,
        standing=practice.standing(lesson_ids, user_id=me().user_id),
    )


def _ask(
    found: practice.PracticeQuestion,
    *,
    scope: str,
    name: object,
    lesson_ids: Sequence[str],
    seed: int,
    problem: str | None = None,
) -> str:
    layout = learning.practice_layout(found.content, seed=seed)
    return render_template(
        "practice/question.html",
        content=found.content,
        prompt=found.content.body.prompt(layout),
        layout=layout,
        version=found.version,
        seed=seed,
        scope=scope,
        name=name,
        problem=problem,
        standing=practice.standing(lesson_ids, user_id=me().user_id),
    )


def _ask_again(
    scope: str, question_id: str, problem: str, *, status: int = 400
) -> ResponseReturnValue:
    name, lesson_ids = _scope(scope)
    found = practice.practice_question(question_id)
    if found is None:
        raise NotFound
    seed = secrets.randbits(31)
    page = _ask(found, scope=scope, name=name, lesson_ids=lesson_ids, seed=seed, problem=problem)
    return page, status


def _scope(scope: str) -> tuple[object, list[str]]:
    """Title and lesson ids of a lesson (its id) or a module (its id)."""
    title, lesson_ids = practice.scope_of(scope)
    if not lesson_ids:
        raise NotFound
    return title, lesson_ids
