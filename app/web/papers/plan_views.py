"""Exam plans: the list with the supply, the editor, versions and what they changed."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from app.db import AnyRow
from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.domain.plan_differences import plan_differences
from app.domain.plans import ExamPlan
from app.domain.problems import Problem, Problems
from app.domain.questions.kinds import Level, QuestionType
from app.queries import paper_batches
from app.queries import plans as reads
from app.queries.plans import Need
from app.queries.pool import exam_pool
from app.services.plans import LONGEST_NOTE, save_plan
from app.web.access import actor, me, requires
from app.web.clock import now
from app.web.errors import STATUS, sentence
from app.web.papers.matrix import Matrix


@requires(Permission.SEE_PLANS)
def plans() -> ResponseReturnValue:
    """Every exam with its plan in force and what the pool has for it."""
    args = request.args
    filters = reads.PlanFilter(
        search=args.get("search", "").strip()[:100],
        supply=args.get("supply", ""),
        sort=args.get("sort", "exam"),
    )
    page = reads.plan_list(filters, page=args.get("page", 1, type=int))
    return render_template("papers/plans.html", page=page, filters=filters)


@requires(Permission.SEE_PLANS)
def plan(exam_id: int) -> ResponseReturnValue:
    """The plan in force, as a form for those who may change it."""
    row = _exam(exam_id)
    found = reads.plan_in_force(row.Exam)
    return _page(row, Matrix.of_plan(found.plan), based_on=found.number)


@requires(Permission.EDIT_PLANS)
def save(exam_id: int) -> ResponseReturnValue:
    """Add up, add or take away a row or a column, or save a new version."""
    row = _exam(exam_id)
    matrix = Matrix.of_form(request.form)
    based_on = request.form.get("based_on", 0, type=int)
    wish, _dash, place = request.form.get("do", "").partition("-")
    if wish != "save":
        _arrange(matrix, wish, int(place) if place.isdecimal() else -1)
        return _page(row, matrix, based_on=based_on)
    problems = Problems()
    wanted = matrix.plan(problems)
    if problems:
        return _page(row, matrix, based_on=based_on, problems=problems, status=400)
    note = request.form.get("note", "").replace("\x00", "")
    try:
        number = save_plan(exam_id, wanted, based_on=based_on, note=note, actor=actor(), now=now())
    except DomainError as error:
        told = [sentence(error)]
        return _page(row, matrix, based_on=based_on, told=told, status=STATUS[error.kind])
    if number == based_on:
        flash(_("Nothing was changed: version %(number)s stays in force.", number=number), "info")
    else:
        flash(_("Version %(number)s is in force now.", number=number), "good")
    return redirect(url_for("papers.plan", exam_id=exam_id))


@requires(Permission.SEE_PLANS)
def version(exam_id: int, plan_number: int) -> ResponseReturnValue:
    """One version as it was saved, and what it changed."""
    number, row = plan_number, _exam(exam_id)
    found = reads.numbered_plan(row.Exam, number)
    if found is None:
        raise NotFound
    before = reads.numbered_plan(row.Exam, number - 1) if number else None
    return render_template(
        "papers/version.html",
        exam=row.Exam,
        row=row,
        number=number,
        newest=reads.plan_in_force(row.Exam).number,
        matrix=Matrix.of_plan(found.plan),
        titles=reads.module_titles(),
        changes=plan_differences(before.plan, found.plan) if before else None,
    )


def _exam(exam_id: int) -> AnyRow:
    row = reads.exam_with_scheme(exam_id)
    if row is None:
        raise NotFound
    return row


def _arrange(matrix: Matrix, wish: str, place: int) -> None:
    if wish == "add_column":
        matrix.add_column()
    elif wish == "add_row":
        matrix.add_row()
    elif wish == "drop_column":
        matrix.drop_column(place)
    elif wish == "drop_row":
        matrix.drop_row(place)


def _page(
    row: AnyRow,
    matrix: Matrix,
    *,
    based_on: int,
    problems: Problems | None = None,
    told: Sequence[str] = (),
    status: int = 200,
) -> ResponseReturnValue:
    exam = row.Exam
    needs = _needs(matrix, exam.papers)
    page = render_template(
        "papers/plan.html",
        exam=exam,
        row=row,
        matrix=matrix,
        based_on=based_on,
        needs=needs,
        problems=[*told, *_told(problems or ())],
        titles=reads.module_titles(),
        types=list(QuestionType),
        levels=list(Level),
        versions=reads.plan_versions(exam.id, page=request.args.get("page", 1, type=int)),
        batches=paper_batches.batches_of_exam(exam.id),
        may_edit=Permission.EDIT_PLANS in me().permissions,
        may_assemble=Permission.ASSEMBLE_PAPERS in me().permissions,
        least=max(exam.papers, exam.attempts),
        longest=LONGEST_NOTE,
        note=request.form.get("note", ""),
    )
    return page, status


def _told(problems: Sequence[Problem]) -> list[str]:
    """Problems with their places; the place of a cell is its number in reading order."""
    return [f"{problem.place.removeprefix('plan › ')}: {sentence(problem)}" for problem in problems]


def _needs(matrix: Matrix, papers: int) -> dict[tuple[int, int], Need]:
    """(row, column) → what the pool has for the cell, of those cells that can be read."""
    cells: ExamPlan = matrix.plan(Problems())
    pool = exam_pool(cells.modules)
    by_cell = {need.cell: need for need in reads.needs_of(cells, pool, papers=papers)}
    found = {}
    for need in by_cell.values():
        cell = need.cell
        for (r, c), _count in matrix.counts.items():
            column = matrix.columns[c]
            if (matrix.modules[r], column.type, column.level) == (
                cell.module,
                cell.type.value,
                cell.level.value if cell.level else "",
            ):
                found[r, c] = need
    return found
