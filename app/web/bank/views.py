"""The editor: a whole question in one form."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.domain.problems import Problems
from app.domain.questions.kinds import Level, Pool
from app.domain.questions.question import Question as Content
from app.domain.questions.types import BODIES
from app.domain.text import N_
from app.queries import questions
from app.services import questions as writes
from app.web.access import actor, requires
from app.web.bank.rows import page_or_404
from app.web.bank.structure import filled, read_fields
from app.web.clock import now
from app.web.errors import STATUS, sentence


@requires(Permission.EDIT_QUESTIONS)
def edit(question_id: str) -> ResponseReturnValue:
    """Edit a question; saving makes a new version."""
    page = page_or_404(question_id)
    form = FlaskForm()
    if request.method == "GET":
        if page.content.pool is Pool.EXAM:
            writes.note_viewed(question_id, actor=actor(), now=now())
        return _editor(page, page.content.dump(), from_version=page.version)
    raw = _posted(page.content)
    from_version = request.form.get("from_version", 0, type=int)
    if not form.validate():
        return _editor(page, raw, from_version=from_version, problem=_("Send the form again.")), 400
    problems = Problems()
    content = Content.read(raw, problems=problems)
    note = request.form.get("note", "").strip()[:500]
    if "\x00" in note:
        problems.add("note", N_("contains a NUL character"))
    if content is None or problems:
        return _editor(page, raw, from_version=from_version, problems=problems), 400
    try:
        version = writes.edit_question(
            content,
            from_version=from_version,
            note=note,
            actor=actor(),
            now=now(),
        )
    except DomainError as error:
        shown = _editor(page, raw, from_version=from_version, problem=sentence(error))
        return shown, STATUS[error.kind]
    flash(
        _("Nothing was changed.")
        if version == from_version
        else _("Saved as version %(number)s.", number=version),
        "good",
    )
    return redirect(url_for("bank.question", question_id=question_id))


def _editor(
    page: questions.QuestionPage,
    raw: dict[str, object],
    *,
    from_version: int,
    problem: str | None = None,
    problems: Problems | None = None,
) -> str:
    body = BODIES[page.content.type]
    return render_template(
        "bank/edit.html",
        page=page,
        raw=raw,
        blank=body.BLANK,
        fields=filled(body.BLANK, raw),
        from_version=from_version,
        levels=list(Level),
        problem=problem,
        problems=problems or [],
        form=FlaskForm(),
    )


def _posted(content: Content) -> dict[str, object]:
    """What the form says, in the form of a file: id, type and pool are never changed here."""
    form = request.form
    difficulty = form.get("difficulty", "")
    return {
        "id": content.id,
        "type": content.type.value,
        "pool": content.pool.value,
        "points": list(content.points),
        "level": form.get("level", ""),
        "difficulty": int(difficulty) if difficulty.isdecimal() else difficulty,
        "stem": {"zh": form.get("stem.zh", ""), "en": form.get("stem.en", "")},
        **read_fields(BODIES[content.type].BLANK, form, prefix="body"),
        "explanation": {"zh": form.get("explanation.zh", ""), "en": form.get("explanation.en", "")},
        "source": form.get("source", ""),
    }
