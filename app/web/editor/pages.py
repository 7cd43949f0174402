"""What the editor's page shows around the form: drafts, conflicts, who else writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.problems import Problem, Problems
from app.domain.questions.differences import Difference, differences
from app.domain.questions.kinds import Level, Pool, QuestionType
from app.domain.questions.merging import merged
from app.domain.questions.question import Question as Content
from app.queries.neighbours import next_of_lesson
from app.queries.points import syllabus_points
from app.queries.question_drafts import DraftView, others_writing
from app.queries.questions import QuestionPage, question_page, versions
from app.web.access import me
from app.web.bank.names import place_name
from app.web.bank.rows import seen
from app.web.clock import now
from app.web.editor.forms import Opened, field_at, shown
from app.web.editor.structure import filled
from app.web.errors import sentence
from app.web.templating import local, moment

STILL_THERE = timedelta(minutes=10)
"""How long after their last change somebody counts as writing."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands in the form. copied_from: the question that a new one began as.
    is_merged: somebody else's changes were just put beside one's own. note: for the history."""

    opened: Opened
    raw: dict[str, Any]
    from_version: int = 0
    seq: int = 0
    draft_id: str = ""
    copied_from: str = ""
    is_merged: bool = False
    note: str = ""

    @property
    def is_new(self) -> bool:
        """Whether the question does not exist yet."""
        return not self.opened.id


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else saved while one wrote. theirs: what they changed; mine: one's own text
    against theirs. author: "" where a file or nobody known did it. merged: one's own text with
    their changes beside it; None where there is nothing to put together."""

    version: int
    author: str
    note: str
    theirs: tuple[Difference, ...]
    mine: tuple[Difference, ...]
    merged: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem at a field of the form."""

    field: str
    place: str
    message: str


def editor_page(
    sheet: Sheet,
    *,
    page: QuestionPage | None = None,
    draft: DraftView | None = None,
    conflict: Conflict | None = None,
    problem: str | None = None,
    problems: Sequence[Problem] = (),
) -> str | dict[str, Any]:
    """The whole page; to a script that saves, only what is wrong.

    page: the question that is written in; of one of the exam pool the look at it goes on record
    before anything of it is shown, whichever request led here.
    """
    if is_told_in_json() and request.method == "POST":
        return {
            "code": "unfinished",
            "message": problem or _("Not saved yet. Put this right first:"),
            "places": [one.field for one in _findings(problems, sheet)],
        }
    if page is not None:
        seen(page)
    return render_template(
        "editor/edit.html",
        place_name=place_name,
        sheet=sheet,
        opened=sheet.opened,
        page=page,
        values=shown(sheet.raw, sheet.opened, is_new=sheet.is_new),
        blank=sheet.opened.blank,
        draft=draft,
        conflict=conflict,
        problem=problem,
        findings=_findings(problems, sheet),
        others=presence_lines(sheet.opened.id),
        nothing=lambda example: filled(example, {}, is_new=True),
        points=_points(),
        levels=list(Level),
        pools=list(Pool),
    )


def opened_by(given: Mapping[str, Any]) -> Opened | None:
    """The type and pool of a new question; None where they name none. The pool is practice
    where nothing is said."""
    try:
        type_ = QuestionType(str(given.get("type", "")))
        return Opened(type_, Pool(str(given.get("pool") or Pool.PRACTICE.value)))
    except ValueError:
        return None


def conflict_of(sheet: Sheet, page: QuestionPage) -> Conflict | None:
    """What somebody else saved since the form was opened; None where nobody did."""
    if sheet.from_version >= page.current_version:
        return None
    newest = next(iter(versions(page.content.id)))
    before = question_page(page.content.id, version=sheet.from_version or 1)
    mine = Content.read_unfinished(sheet.raw, problems=Problems())
    return Conflict(
        version=newest.number,
        author=newest.author or "",
        note=newest.note,
        theirs=differences(before.content, page.content) if before else (),
        mine=differences(page.content, mine) if mine else (),
        merged=_merged(sheet, before, page) if before else None,
    )


def presence_lines(question_id: str) -> list[str]:
    """Who else is writing in the question, in sentences."""
    if not question_id:
        return []
    rows = others_writing(question_id, user_id=me().user_id, since=now() - STILL_THERE)
    return [
        _(
            "%(name)s is writing in this question too (last at %(time)s).",
            name=row.name,
            time=moment(row.updated_at)[-5:],
        )
        for row in rows
    ]


def after_saving(question_id: str, content: Content, *, version: int) -> ResponseReturnValue:
    """Where it goes on: to the question, or to the next one where that was asked for.

    A script in whose form more was written meanwhile is told how to go on in the same one.
    """
    target = url_for("bank.question", question_id=question_id)
    if request.form.get("then") == "next":
        target = _next(question_id, content)
    if is_told_in_json():
        return {
            "ok": True,
            "location": target,
            "question": question_id,
            "version": version,
            "edit": url_for("editor.edit", question_id=question_id),
        }
    return redirect(target)


def is_told_in_json() -> bool:
    """Whether a script asks, and not a person's browser by itself."""
    return request.accept_mimetypes.best == "application/json"


def _merged(sheet: Sheet, before: QuestionPage, page: QuestionPage) -> dict[str, Any] | None:
    """Only a question without a fault: of another one, not everything could be taken along."""
    mine = Content.read(sheet.raw, problems=Problems())
    if mine is None:
        return None
    own = mine.dump()
    together = merged(before.content.dump(), page.content.dump(), own)
    return together if together not in (own, page.content.dump()) else None


def _points() -> list[dict[str, Any]]:
    return [
        {
            "id": row.id,
            "title": local(row.title),
            "lesson_order": row.lesson_place,
            "lesson": local(row.lesson_title),
            "module": local(row.module_title),
        }
        for row in syllabus_points()
    ]


def _next(question_id: str, content: Content) -> str:
    """A new question like the one just written, or the question that follows in its lesson."""
    if request.endpoint == "editor.create":
        return url_for(
            "editor.new",
            type=content.type.value,
            pool=content.pool.value,
            point=content.points[0],
        )
    found = next_of_lesson(question_id)
    if found is None:
        return url_for("bank.question", question_id=question_id)
    return url_for("editor.edit", question_id=found)


def _findings(problems: Sequence[Problem], sheet: Sheet) -> list[Finding]:
    opened = sheet.opened
    own = opened if opened.id else Opened(opened.type, opened.pool, "XX00-00")
    return [
        Finding(
            field=field_at(problem, own, {}),
            place=problem.place.removeprefix(own.id).removeprefix(" › "),
            message=sentence(problem),
        )
        for problem in problems
    ]
