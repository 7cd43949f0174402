"""What is looked at before results are released: scores, papers, questions, modules."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
from sqlalchemy import select

from app.db import AnyRow, db
from app.domain.attempts import AttemptState
from app.domain.score_statistics import (
    Points,
    QuestionFigures,
    alpha,
    question_figures,
    score_figures,
    sem,
)
from app.models.attempts import Attempt
from app.models.papers import PaperQuestion
from app.models.questions import QuestionVersion
from app.models.results import Mark, Result

_GRADED = (AttemptState.SCORED.value, AttemptState.RELEASED.value)


def statistics_of(sitting_id: int) -> dict[str, Any]:
    """The figures of a sitting as plain data: three statements, and one for each paper.

    papers: alpha and SEM of each, never pooled over different papers. modules: paper → module →
    alpha, n and number of questions. questions: sorted, flagged ones first.
    """
    results = db.session.execute(
        select(Attempt.id, Attempt.paper_id, Result.score, Result.maximum, Result.passed)
        .join(Result, Result.attempt_id == Attempt.id)
        .where(Attempt.sitting_id == sitting_id, Attempt.state.in_(_GRADED), Result.current)
        .order_by(Attempt.id)
    ).all()
    shares = [row.score / row.maximum if row.maximum else 0.0 for row in results]
    figures = score_figures(shares)
    by_paper: dict[int, list[int]] = defaultdict(list)
    for row in results:
        by_paper[row.paper_id].append(row.id)
    papers, modules, questions = [], {}, []
    for paper_id, attempt_ids in sorted(by_paper.items()):
        slots = _slots(paper_id)
        points = _points(paper_id, sitting_id, attempt_ids, slots)
        papers.append({"paper": paper_id, "n": len(attempt_ids), **_reliability(points)})
        modules[str(paper_id)] = _modules(points, slots)
        ids = [slot.version_id for slot in slots]
        maxima = [float(slot.points) for slot in slots]
        names = {slot.version_id: (slot.question_id, slot.number) for slot in slots}
        questions += [_dump(one, paper_id, names) for one in question_figures(points, maxima, ids)]
    questions.sort(key=lambda one: (not one["flags"], one["question"], one["paper"]))
    return {
        "n": figures.n,
        "mean": round(figures.mean, 4),
        "sd": round(figures.sd, 4),
        "passed": sum(row.passed for row in results),
        "counts": list(figures.counts),
        "papers": papers,
        "modules": modules,
        "questions": questions,
    }


def _slots(paper_id: int) -> list[AnyRow]:
    return list(
        db.session.execute(
            select(
                PaperQuestion.position,
                PaperQuestion.version_id,
                PaperQuestion.module_id,
                PaperQuestion.points,
                QuestionVersion.question_id,
                QuestionVersion.number,
            )
            .join(QuestionVersion, QuestionVersion.id == PaperQuestion.version_id)
            .where(PaperQuestion.paper_id == paper_id)
            .order_by(PaperQuestion.position)
        )
    )


def _points(paper_id: int, sitting_id: int, attempt_ids: list[int], slots: list[AnyRow]) -> Points:
    """People × questions, in points; a question without a mark counts 0."""
    row_of = {attempt_id: row for row, attempt_id in enumerate(attempt_ids)}
    column_of = {slot.position: column for column, slot in enumerate(slots)}
    points = np.zeros((len(attempt_ids), len(slots)), dtype=np.float64)
    marks = db.session.execute(
        select(Mark.attempt_id, Mark.position, Mark.share)
        .join(Attempt, Attempt.id == Mark.attempt_id)
        .where(Attempt.sitting_id == sitting_id, Attempt.paper_id == paper_id)
    )
    for attempt_id, position, share in marks:
        if attempt_id in row_of and position in column_of:
            column = column_of[position]
            points[row_of[attempt_id], column] = share * float(slots[column].points)
    return points


def _reliability(points: Points) -> dict[str, float | None]:
    known, error = alpha(points), sem(points)
    return {
        "alpha": None if known is None else round(known, 4),
        "sem": None if error is None else round(error, 4),
    }


def _modules(points: Points, slots: list[AnyRow]) -> dict[str, dict[str, Any]]:
    columns: dict[str, list[int]] = defaultdict(list)
    for column, slot in enumerate(slots):
        columns[slot.module_id].append(column)
    found = {}
    for module, own in columns.items():
        known = alpha(points[:, own])
        found[module] = {
            "questions": len(own),
            "n": points.shape[0],
            "alpha": None if known is None else round(known, 4),
        }
    return found


def _dump(one: QuestionFigures, paper_id: int, names: dict[int, tuple[str, int]]) -> dict[str, Any]:
    question, version = names[one.version_id]
    return {
        "question": question,
        "version": version,
        "paper": paper_id,
        "n": one.n,
        "p": round(one.p, 4),
        "r": None if one.r is None else round(one.r, 4),
        "flags": [flag.value for flag in one.flags],
    }
