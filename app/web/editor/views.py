"""Writing a question: a new one, an edit, a copy; saving it, and what stands in the way."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.domain.problems import Problems
from app.domain.questions.autosaves import NoDraft
from app.domain.questions.kinds import Level, Pool, QuestionType
from app.domain.questions.question import Question as Content
from app.domain.text import N_
from app.queries.paging import Page
from app.queries.question_drafts import DraftView, draft_of, new_draft, own_drafts
from app.queries.questions import QuestionPage, question_page
from app.services import question_drafts
from app.services import questions as writes
from app.services.draft_rows import DraftMark
from app.web.access import actor, me, requires
from app.web.bank.rows import seen, seen_stems
from app.web.clock import now
from app.web.editor.forms import Opened, read_note, read_raw, read_seq, read_version
from app.web.editor.pages import (
    Sheet,
    after_saving,
    conflict_of,
    editor_page,
    is_told_in_json,
    opened_by,
)
from app.web.errors import STATUS, sentence

DIFFICULTY_OF_NEW = 3
_ID_OF_NEW = "XX00-00"
"""Stands for the id while a new question is checked; the service gives it its own."""


@requires(Permission.EDIT_QUESTIONS)
def new() -> ResponseReturnValue:
    """Begin a question, or go on with a draft of one; without a type, choose it."""
    args = request.args
    draft = _draft_named(args.get("draft", ""))
    if draft and draft.question_id:
        return redirect(url_for("editor.edit", question_id=draft.question_id))
    if draft and draft.raw is not None:
        opened = opened_by(draft.raw)
        if opened is not None:
            sheet = Sheet(
                opened, dict(draft.raw), draft_id=draft.id, seq=draft.seq, note=draft.note
            )
            return editor_page(sheet, draft=draft)
    opened = opened_by(args)
    if opened is None:
        return render_template(
            "editor/choose.html",
            types=list(QuestionType),
            pools=list(Pool),
            drafts=_own_drafts(args.get("page", 1, type=int)),
        )
    point = args.get("point", "")[:10]
    raw = {"points": [point] if point else [], **_DEFAULTS}
    draft_id = draft.id if draft else args.get("draft") or str(uuid.uuid4())
    return editor_page(Sheet(opened, raw, draft_id=draft_id, seq=draft.seq if draft else 0))


_DEFAULTS: dict[str, Any] = {
    "level": Level.REMEMBER.value,
    "difficulty": DIFFICULTY_OF_NEW,
}


@requires(Permission.EDIT_QUESTIONS)
def create() -> ResponseReturnValue:
    """Save a new question; what is wrong with it is told, and nothing is lost."""
    opened = opened_by(request.form)
    if opened is None:
        raise NotFound
    raw = read_raw(request.form, opened)
    sheet = Sheet(
        opened, raw, draft_id=request.form.get("draft", "")[:36], seq=read_seq(request.form)
    )
    content, problems = _read({**raw, "id": _ID_OF_NEW})
    if content is None or problems:
        return editor_page(sheet, problems=problems), 400
    try:
        question_id = writes.create_question(
            content,
            note=read_note(request.form),
            actor=actor(),
            now=now(),
            draft=DraftMark(sheet.draft_id, sheet.seq),
        )
    except DomainError as error:
        if is_told_in_json():
            raise
        return editor_page(sheet, problem=sentence(error)), STATUS[error.kind]
    flash(_("Saved as %(id)s, a draft.", id=question_id), "good")
    return after_saving(question_id, content, version=1)


@requires(Permission.EDIT_QUESTIONS)
def edit(question_id: str) -> ResponseReturnValue:
    """Edit a question, from one's own draft of it where there is one."""
    page = _page(question_id)
    opened = _opened(page)
    draft = draft_of(question_id, user_id=me().user_id)
    if draft is None or draft.raw is None:
        seq = draft.seq if draft else 0
        sheet = Sheet(opened, page.content.dump(), from_version=page.version, seq=seq)
        return editor_page(sheet, page=page)
    sheet = Sheet(
        opened,
        dict(draft.raw),
        from_version=draft.from_version,
        seq=draft.seq,
        draft_id=draft.id,
        note=draft.note,
    )
    conflict = conflict_of(sheet, page)
    if conflict and conflict.merged and request.args.get("merge"):
        sheet = replace(
            sheet, raw=conflict.merged, from_version=page.current_version, is_merged=True
        )
        return editor_page(sheet, page=page, draft=draft)
    return editor_page(sheet, page=page, draft=draft, conflict=conflict)


@requires(Permission.EDIT_QUESTIONS)
def save(question_id: str) -> ResponseReturnValue:
    """Save an edit as a new version; somebody else's is never overwritten unseen."""
    page = _page(question_id)
    opened, form = _opened(page), request.form
    raw = read_raw(form, opened)
    compared = read_version(form, "compared")
    sheet = Sheet(
        opened,
        raw,
        from_version=max(read_version(form), compared),
        seq=read_seq(form),
    )
    content, problems = _read(raw)
    if content is None or problems:
        conflict = conflict_of(sheet, page)
        return editor_page(sheet, page=page, problems=problems, conflict=conflict), 400
    try:
        version = writes.edit_question(
            content,
            from_version=sheet.from_version,
            note=read_note(request.form),
            actor=actor(),
            now=now(),
            draft_seq=sheet.seq,
        )
    except DomainError as error:
        if is_told_in_json():
            raise
        shown = editor_page(
            sheet, page=page, problem=sentence(error), conflict=conflict_of(sheet, page)
        )
        return shown, STATUS[error.kind]
    flash(
        _("Nothing was changed.")
        if version == sheet.from_version
        else _("Saved as version %(number)s.", number=version),
        "good",
    )
    return after_saving(question_id, content, version=version)


@requires(Permission.EDIT_QUESTIONS)
def duplicate(question_id: str) -> ResponseReturnValue:
    """Begin a new question as a copy of this one."""
    page = seen(_page(question_id))
    raw = page.content.dump()
    raw.pop("id")
    opened = Opened(page.content.type, page.content.pool)
    return editor_page(Sheet(opened, raw, draft_id=str(uuid.uuid4()), copied_from=page.content.id))


@requires(Permission.EDIT_QUESTIONS)
def discard() -> ResponseReturnValue:
    """Throw one's own draft away."""
    draft_id = request.form.get("draft", "")
    draft = new_draft(draft_id, user_id=me().user_id) if draft_id else None
    seq = read_seq(request.form)
    if question_drafts.discard(draft_id, seq=seq, user_id=me().user_id, now=now()):
        flash(_("The draft was thrown away."), "good")
    else:
        flash(_("You have written more in another window, so that draft stays."), "warn")
    if draft is not None and draft.question_id:
        return redirect(url_for("editor.edit", question_id=draft.question_id))
    return redirect(url_for("editor.new"))


def _read(raw: dict[str, Any]) -> tuple[Content | None, Problems]:
    problems = Problems()
    content = Content.read(raw, problems=problems)
    note = request.form.get("note", "")
    if "\x00" in note:
        problems.add("note", N_("contains a NUL character"))
    return content, problems


def _own_drafts(number: int) -> Page[DraftView]:
    """What was begun and not saved; stems of exam questions are put on record."""
    drafts = own_drafts(me().user_id, page=number)
    shown = [(row.question_id, row.pool) for row in drafts.rows if row.question_id]
    seen_stems(shown, where="own drafts")
    return drafts


def _draft_named(draft_id: str) -> DraftView | None:
    if not draft_id:
        return None
    try:
        uuid.UUID(draft_id)
    except ValueError:
        raise NoDraft from None
    return new_draft(draft_id, user_id=me().user_id)


def _opened(page: QuestionPage) -> Opened:
    return Opened(page.content.type, page.content.pool, page.content.id)


def _page(question_id: str) -> QuestionPage:
    found = question_page(question_id)
    if found is None:
        raise NotFound
    return found
