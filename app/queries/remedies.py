"""Re-scores that hold: what every grading of a question in an exam has to count."""

from __future__ import annotations

from sqlalchemy import select

from app.db import db
from app.domain.rescores import Remedies, Remedy, RescoreState
from app.models.questions import QuestionVersion
from app.models.rescores import QuestionRescore
from app.queries.versions import question_of


def remedies_of(exam_id: int) -> Remedies:
    """Question version → the last re-score approved for it in this exam: one statement."""
    rows = db.session.execute(
        select(
            QuestionRescore.version_id,
            QuestionRescore.act,
            QuestionRescore.key,
            QuestionVersion.content_hash,
            QuestionVersion.content,
        )
        .join(QuestionVersion, QuestionVersion.id == QuestionRescore.version_id)
        .where(
            QuestionRescore.exam_id == exam_id,
            QuestionRescore.state == RescoreState.APPROVED.value,
        )
        .order_by(QuestionRescore.decided_at, QuestionRescore.id)
    )
    return {
        row.version_id: Remedy.of(row.act, row.key, question_of(row.content_hash, row.content))
        for row in rows
    }
