"""How often questions have been shown in exams."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select

from app.db import AnySelect, db
from app.models.attempts import Attempt
from app.models.papers import Paper, PaperQuestion
from app.models.questions import QuestionVersion


@dataclass(frozen=True, slots=True)
class Exposure:
    """On how many papers a question is, and in how many attempts at these it was given."""

    papers: int
    attempts: int


NO_EXPOSURE = Exposure(0, 0)


def exposure_of_all(*, last_papers: int | None = None) -> AnySelect:
    """(question_id, papers, attempts) of every question that is on a paper.

    last_papers: look at the newest papers alone; None: at all. A paper has no question twice.
    """
    given = (
        select(Attempt.paper_id, func.count().label("attempts"))
        .group_by(Attempt.paper_id)
        .subquery()
    )
    return (
        _places(last_papers)
        .with_only_columns(
            QuestionVersion.question_id,
            func.count().label("papers"),
            func.sum(func.coalesce(given.c.attempts, 0)).label("attempts"),
        )
        .join(QuestionVersion, QuestionVersion.id == PaperQuestion.version_id)
        .outerjoin(given, given.c.paper_id == PaperQuestion.paper_id)
        .group_by(QuestionVersion.question_id)
    )


def exposures(
    question_ids: Collection[str], *, last_papers: int | None = None
) -> dict[str, Exposure]:
    """Question id → exposure, of those that are on a paper at all: one statement."""
    if not question_ids:
        return {}
    attempts = (
        select(func.count()).where(Attempt.paper_id == PaperQuestion.paper_id).scalar_subquery()
    )
    rows = db.session.execute(
        _places(last_papers)
        .with_only_columns(QuestionVersion.question_id, func.count(), func.sum(attempts))
        .join(QuestionVersion, QuestionVersion.id == PaperQuestion.version_id)
        .where(QuestionVersion.question_id.in_(question_ids))
        .group_by(QuestionVersion.question_id)
    )
    return {id_: Exposure(papers, int(seen)) for id_, papers, seen in rows}


def _places(last_papers: int | None) -> AnySelect:
    """The places of all papers, or of the newest ones."""
    places: AnySelect = select(PaperQuestion.version_id).select_from(PaperQuestion)
    if last_papers is None:
        return places
    newest = select(Paper.id).order_by(Paper.frozen_at.desc(), Paper.id.desc()).limit(last_papers)
    return places.where(PaperQuestion.paper_id.in_(newest))
