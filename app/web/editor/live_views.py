"""What the editor asks for while somebody writes: it always sends the whole form."""

from __future__ import annotations

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import refresh
from flask_login import current_user
from werkzeug.exceptions import BadRequest, NotFound

from app.domain.linting.writing import Unfinished, Weight, look_at
from app.domain.permissions import Permission
from app.domain.questions.autosaves import LARGEST_DRAFT, DraftTooLarge
from app.domain.questions.formulas import FormulaError
from app.domain.questions.numeric import Numeric
from app.domain.questions.samples import sample_layout
from app.domain.questions.written import ShortAnswer
from app.domain.scoring.key_points import try_out
from app.domain.text import Language
from app.extensions import limiter
from app.queries.points import sources_of_points
from app.queries.questions import question_page
from app.queries.similar_questions import similar_questions
from app.services import question_drafts
from app.web.access import me, requires
from app.web.bank.rows import seen
from app.web.clock import now
from app.web.editor.forms import Opened, field_at, read_note, read_raw, read_seq, read_version
from app.web.editor.pages import opened_by, presence_lines
from app.web.errors import sentence
from app.web.templating import moment

DRAWS = 5
"""Samples of a question with variables."""
LONGEST_TRIED = 5000
"""Characters of an answer that is tried out."""


def _person() -> str:
    """Whose requests are counted together: an office may share one address."""
    return str(me().user_id) if current_user.is_authenticated else str(request.remote_addr)


_OFTEN = limiter.shared_limit("240/minute", scope="editor", key_func=_person)
"""Somebody who types without a pause asks for some sixty drafts, checks and previews a minute."""


@requires(Permission.EDIT_QUESTIONS)
@_OFTEN
def autosave() -> ResponseReturnValue:
    """Keep a draft; tells who else writes and which version is the newest."""
    opened = _opened()
    raw, seq = read_raw(request.form, opened), read_seq(request.form)
    note = read_note(request.form)
    if opened.id:
        kept = question_drafts.autosave(
            opened.id,
            raw,
            from_version=read_version(request.form),
            seq=seq,
            user_id=me().user_id,
            now=now(),
            note=note,
        )
    else:
        kept = question_drafts.autosave_new(
            request.form.get("draft", ""),
            raw,
            seq=seq,
            user_id=me().user_id,
            now=now(),
            note=note,
        )
    return {
        "ok": True,
        "is_stored": kept.is_stored,
        "seq": kept.seq,
        "draft": kept.draft_id,
        "question": kept.question_id,
        "saved_at": moment(now())[-5:],
        **_presence(opened.id),
    }


@requires(Permission.EDIT_QUESTIONS)
@_OFTEN
def presence(question_id: str) -> ResponseReturnValue:
    """Who else is writing in the question, and its newest version."""
    if question_page(question_id) is None:
        raise NotFound
    return {"ok": True, **_presence(question_id)}


@requires(Permission.EDIT_QUESTIONS)
@_OFTEN
def preview() -> ResponseReturnValue:
    """The unsaved question as a candidate sees it, in the language that is asked for."""
    question = _looked_at().question
    if question is None:
        raise BadRequest
    _speak(request.form.get("preview_language", ""))
    seed = read_seq({"seq": request.form.get("draw", "")})
    layout = sample_layout(question.body, seed=seed)
    return render_template(
        "editor/preview.html",
        content=question,
        layout=layout,
        prompt=question.body.prompt(layout),
        draws=_draws(question.body) if isinstance(question.body, Numeric) else None,
    )


@requires(Permission.EDIT_QUESTIONS)
@_OFTEN
def check() -> ResponseReturnValue:
    """What the linter remarks on the unsaved question, each at its field."""
    opened = _opened()
    remarks = _looked_at().remarks
    return {
        "ok": True,
        "remarks": [
            {
                "field": field_at(one.problem, Opened(opened.type, opened.pool), request.form),
                "weight": one.weight.value,
                "message": sentence(one.problem),
            }
            for one in remarks
        ],
        "counts": {weight.value: sum(one.weight is weight for one in remarks) for weight in Weight},
    }


@requires(Permission.EDIT_QUESTIONS)
@_OFTEN
def try_answer() -> ResponseReturnValue:
    """Which key points of the unsaved question a typed answer would hit."""
    question = _looked_at().question
    if question is None or not isinstance(question.body, ShortAnswer):
        raise BadRequest
    answer = request.form.get("tried", "")[:LONGEST_TRIED]
    return render_template("editor/tried.html", tried=try_out(question.body, answer))


@requires(Permission.EDIT_QUESTIONS)
@_OFTEN
def similar() -> ResponseReturnValue:
    """Questions that say nearly the same. Of exam questions not even the stem is shown here."""
    question = _looked_at().question
    if question is None:
        raise BadRequest
    found = similar_questions(
        question.stem.zh, question.body.key_text(), pool=question.pool, but_not=_opened().id
    )
    return render_template("editor/similar.html", found=found)


@requires(Permission.EDIT_QUESTIONS)
@_OFTEN
def stem(question_id: str) -> ResponseReturnValue:
    """The stem of a similar question; of one of the exam pool, that is on record."""
    page = question_page(question_id)
    if page is None:
        raise NotFound
    seen(page)
    return {"ok": True, "zh": page.content.stem.zh, "en": page.content.stem.en}


def _looked_at() -> Unfinished:
    if sum(map(len, request.form.values())) > LARGEST_DRAFT:
        raise DraftTooLarge
    return look_at(read_raw(request.form, _opened()), sources=sources_of_points())


def _opened() -> Opened:
    """Which question the form is about; its type and pool are the question's own."""
    question_id = request.form.get("question", "")
    if question_id:
        page = question_page(question_id)
        if page is None:
            raise NotFound
        return Opened(page.content.type, page.content.pool, page.content.id)
    opened = opened_by(request.form)
    if opened is None:
        raise BadRequest
    return opened


def _presence(question_id: str) -> dict[str, object]:
    page = question_page(question_id) if question_id else None
    current = page.current_version if page else 0
    return {
        "others": presence_lines(question_id),
        "current_version": current,
        "newer": _("Version %(number)s was saved meanwhile.", number=current),
    }


def _draws(body: Numeric) -> list[tuple[dict[str, float], str]]:
    """Drawn values with the right result, or the reason why there is none."""
    drawn = []
    for seed in range(DRAWS if body.variables else 1):
        layout = sample_layout(body, seed=seed)
        try:
            result = f"{body.expected(layout):.{body.decimals}f}"
        except FormulaError as error:
            result = _("cannot be worked out: %(reason)s", reason=str(error))
        drawn.append((dict(layout.values), result))
    return drawn


def _speak(wanted: str) -> None:
    """Answer in another language than the reader's."""
    if wanted not in set(Language):
        return
    g.language = Language(wanted)
    g.pop("catalogue", None)
    refresh()
