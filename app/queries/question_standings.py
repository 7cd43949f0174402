"""Where questions stand in their life, and who had a hand in them."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select

from app.db import db
from app.domain.questions.kinds import QuestionState
from app.domain.questions.lifecycle import Standing
from app.models.questions import Question, QuestionVersion
from app.models.workshop import QuestionMove


def standings(question_ids: Collection[str]) -> dict[str, Standing]:
    """The standing of each of these questions: one statement, two with a fairness review."""
    if not question_ids:
        return {}
    rows = db.session.execute(
        select(
            Question.id,
            Question.state,
            Question.live_version,
            QuestionVersion.author_id,
        )
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .where(Question.id.in_(question_ids))
        .order_by(Question.id, QuestionVersion.number)
    ).all()
    authors: dict[str, list[int | None]] = {}
    for row in rows:
        authors.setdefault(row.id, []).append(row.author_id)
    in_fairness = {row.id for row in rows if row.state == QuestionState.FAIRNESS_REVIEW.value}
    reviewers = _content_reviewers(in_fairness)
    return {
        row.id: Standing(
            QuestionState(row.state),
            tuple(authors[row.id]),
            live_version=row.live_version,
            content_reviewer=reviewers.get(row.id),
        )
        for row in rows
    }


def _content_reviewers(question_ids: Collection[str]) -> dict[str, int | None]:
    """Who moved each of these questions into the fairness review that it is in."""
    if not question_ids:
        return {}
    last = (
        select(func.max(QuestionMove.id))
        .where(
            QuestionMove.question_id.in_(question_ids),
            QuestionMove.to_state == QuestionState.FAIRNESS_REVIEW.value,
        )
        .group_by(QuestionMove.question_id)
    )
    rows = db.session.execute(
        select(QuestionMove.question_id, QuestionMove.user_id).where(QuestionMove.id.in_(last))
    )
    return dict(rows.all())
