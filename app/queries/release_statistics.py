"""What is looked at before results are released: scores, papers, questions, modules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from app.db import db
from app.domain.attempts import AttemptState
from app.domain.statistics.items import figures, flags
from app.domain.statistics.papers import PaperFigures, paper_figures, part_figures
from app.domain.statistics.scores import score_figures
from app.domain.statistics.tallies import ItemTally, PaperScores, item_tallies
from app.models.attempts import Attempt
from app.models.questions import QuestionVersion
from app.models.results import Result
from app.queries.statistics import marked_places, paper_scores
from app.queries.versions import PaperSlot

_GRADED = (AttemptState.SCORED.value, AttemptState.RELEASED.value)


def statistics_of(sitting_id: int) -> dict[str, Any]:
    """The figures of a sitting as plain data: two statements, and some for each paper.

    papers: alpha and SEM of each, never pooled over different papers. modules: paper → module →
    alpha, n and number of questions. questions: sorted, flagged ones first.
    """
    results = db.session.execute(
        select(Attempt.paper_id, Result.score, Result.maximum, Result.passed)
        .join(Result, Result.attempt_id == Attempt.id)
        .where(Attempt.sitting_id == sitting_id, Attempt.state.in_(_GRADED), Result.current)
    ).all()
    spread = score_figures([row.score / row.maximum if row.maximum else 0.0 for row in results])
    papers, modules, questions = [], {}, []
    for paper_id in sorted({row.paper_id for row in results}):
        scores = paper_scores(paper_id, sitting_id=sitting_id, with_options=False)
        slots = marked_places(paper_id)
        papers.append({"paper": paper_id, **_reliability(paper_figures(scores))})
        modules[str(paper_id)] = _modules(scores, slots)
        questions += _questions(item_tallies(scores), slots, paper_id)
    questions.sort(key=lambda one: (not one["flags"], one["question"], one["paper"]))
    return {
        "n": spread.n,
        "mean": round(spread.mean, 4),
        "sd": round(spread.deviation, 4),
        "passed": sum(row.passed for row in results),
        "counts": list(spread.counts),
        "papers": papers,
        "modules": modules,
        "questions": questions,
    }


def _reliability(found: PaperFigures) -> dict[str, Any]:
    return {
        "n": found.n,
        "alpha": _rounded(found.alpha if found.shows_alpha else None),
        "sem": _rounded(found.standard_error if found.shows_alpha else None),
    }


def _modules(scores: PaperScores, slots: Sequence[PaperSlot]) -> dict[str, dict[str, Any]]:
    columns: dict[str, list[int]] = defaultdict(list)
    for column, slot in enumerate(slots):
        if scores.counted[column]:
            columns[slot.module_id].append(column)
    found = {}
    for module, own in columns.items():
        part = _reliability(part_figures(scores, own))
        found[module] = {"questions": len(own), "n": part["n"], "alpha": part["alpha"]}
    return found


def _questions(
    tallies: Sequence[ItemTally], slots: Sequence[PaperSlot], paper_id: int
) -> list[dict[str, Any]]:
    names = _names([slot.version_id for slot in slots])
    found = []
    for tally, slot in zip(tallies, slots, strict=True):
        one = figures(tally, {})
        question, version = names[slot.version_id]
        found.append(
            {
                "question": question,
                "version": version,
                "paper": paper_id,
                "n": one.n,
                "p": _rounded(one.facility),
                "r": _rounded(one.correlation if one.shows_discrimination else None),
                "flags": [flag.value for flag in flags(one)],
            }
        )
    return found


def _names(version_ids: Sequence[int]) -> dict[int, tuple[str, int]]:
    """Version → (question, number)."""
    rows = db.session.execute(
        select(QuestionVersion.id, QuestionVersion.question_id, QuestionVersion.number).where(
            QuestionVersion.id.in_(version_ids)
        )
    )
    return {id_: (question, number) for id_, question, number in rows}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
