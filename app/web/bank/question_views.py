"""One question: as candidates see it, its key, its state and what happens next, its history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from app.domain.errors import DomainError
from app.domain.linting.writing import hints
from app.domain.permissions import Permission
from app.domain.problems import Problem
from app.domain.questions.differences import Difference
from app.domain.questions.kinds import QuestionState
from app.domain.questions.lifecycle import (
    LONGEST_NOTE,
    REVIEWED,
    STEPS,
    QuestionStep,
    Standing,
    allowed_steps,
    check_step,
)
from app.domain.questions.question import Question
from app.domain.statistics.items import GRAVE_FLAGS
from app.queries import questions
from app.queries.points import sources_of_points
from app.queries.question_history import MoveView, changes_between, comments, moves
from app.queries.question_standings import standings
from app.queries.question_uses import uses
from app.queries.questions import QuestionPage
from app.queries.statistics import version_figures
from app.web.access import me, requires
from app.web.addresses import LARGEST_NUMBER
from app.web.bank.origin import Origin
from app.web.bank.rows import page_or_404, seen
from app.web.bank.shown import in_both_languages
from app.web.errors import STATUS, sentence
from app.web.forms import typed

_DECISIONS = (QuestionStep.APPROVE, QuestionStep.PROMOTE)


@requires(Permission.SEE_QUESTIONS)
def question(question_id: str) -> ResponseReturnValue:
    """One version of a question, with everything that is known about it."""
    return question_page(question_id, version=request.args.get("version", type=int))


def question_page(
    question_id: str, *, version: int | None = None, problem: DomainError | None = None
) -> ResponseReturnValue:
    """The page. problem: why what was just sent was not done; what was typed stands there."""
    page = seen(page_or_404(question_id, version))
    standing = standings([question_id])[question_id]
    is_newest = page.version == page.current_version
    steps = allowed_steps(standing, by=me().user_id, permissions=me().permissions)
    may_edit = Permission.EDIT_QUESTIONS in me().permissions
    may_write = is_newest and QuestionStep.WRITE in steps
    origin = Origin.read(request.args)
    history = moves(question_id)
    return (
        render_template(
            "bank/question.html",
            page=page,
            content=page.content,
            shown=in_both_languages(page.content),
            states=list(QuestionState),
            steps=[step for step in steps if step is not QuestionStep.WRITE] if is_newest else [],
            obstacle=_obstacle(standing, steps),
            edit=url_for("editor.edit", question_id=question_id) if may_write else None,
            duplicate=url_for("editor.duplicate", question_id=question_id) if may_edit else None,
            moves=history,
            sent_back=_sent_back(page, history),
            versions=questions.versions(question_id),
            comments=comments(question_id),
            places=list(_places(page.content.dump())),
            differences=_since_live(page),
            remarks=_remarks(page.content),
            uses=uses(question_id),
            statistics=version_figures(question_id, version=page.version),
            grave=GRAVE_FLAGS,
            origin=origin,
            here=origin.arguments(),
            neighbours=origin.neighbours(question_id),
            may_resolve=may_edit,
            longest=LONGEST_NOTE,
            typed=typed,
            problem=sentence(problem) if problem else None,
        ),
        STATUS[problem.kind] if problem else 200,
    )


@requires(Permission.SEE_QUESTIONS)
def differences(question_id: str) -> ResponseReturnValue:
    """What is different between any two versions."""
    page = page_or_404(question_id)
    newest = page.current_version
    old = request.args.get("old", max(1, newest - 1), type=int)
    new = request.args.get("new", newest, type=int)
    if not (0 < old <= LARGEST_NUMBER and 0 < new <= LARGEST_NUMBER):
        raise NotFound
    found = changes_between(question_id, old=old, new=new)
    if found is None:
        raise NotFound
    seen(page)
    origin = Origin.read(request.args)
    return render_template(
        "bank/differences.html",
        page=page,
        old=old,
        new=new,
        differences=found,
        versions=questions.versions(question_id),
        here=origin.arguments(),
    )


def _obstacle(standing: Standing, steps: tuple[QuestionStep, ...]) -> str | None:
    """Why somebody who reviews may not decide about this one."""
    if Permission.REVIEW_QUESTIONS not in me().permissions or standing.state not in REVIEWED:
        return None
    wanted = next(step for step in _DECISIONS if (standing.state, step) in STEPS)
    if wanted in steps:
        return None
    try:
        check_step(standing, wanted, by=me().user_id)
    except DomainError as error:
        return sentence(error)
    return None


def _sent_back(page: QuestionPage, history: Sequence[MoveView]) -> MoveView | None:
    """The step that sent the newest version back, while nobody has answered it."""
    if page.state != QuestionState.DRAFT.value or page.version != page.current_version:
        return None
    is_unanswered = bool(history) and history[0].step is QuestionStep.SEND_BACK
    return history[0] if is_unanswered else None


def _since_live(page: QuestionPage) -> tuple[Difference, ...] | None:
    """What the newest version changes of the one in use; None where there is nothing to compare."""
    if page.live_version is None or page.version != page.current_version:
        return None
    if page.live_version == page.version:
        return None
    return changes_between(page.content.id, old=page.live_version, new=page.version)


def _remarks(content: Question) -> list[tuple[str, Problem]]:
    """What the linter would have somebody look at: (place inside the question, remark)."""
    start = f"{content.id} › "
    return [
        (problem.place.removeprefix(start).removeprefix(content.id), problem)
        for problem in hints(content, sources=sources_of_points())
    ]


def _places(raw: Mapping[str, object]) -> Iterator[str]:
    """The parts of a question that a comment can be about."""
    for key, value in raw.items():
        if key in ("id", "type", "pool") or isinstance(value, bool):
            continue
        if isinstance(value, list) and value and not isinstance(value[0], str):
            yield from (f"{key} {number}" for number in range(1, len(value) + 1))
        else:
            yield key
