"""The comment bank: sentences that markers of one question share."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, select

from app.db import db, transactional
from app.domain.errors import DomainError, ErrorKind
from app.domain.text import N_
from app.models.marking import MarkingComment, Script
from app.services.remedies import checked_text
from app.services.trail import Actor

LONGEST = 300
"""Characters of a sentence in the bank."""


class CommentMissing(DomainError):
    """There is no such sentence in the bank, or it is somebody else's."""

    def __init__(self) -> None:
        super().__init__(
            "comment-missing",
            N_("There is no such comment, or somebody else has written it."),
            kind=ErrorKind.MISSING,
        )


@transactional
def add(exam_id: int, version_id: int, text: str, *, actor: Actor, now: datetime) -> None:
    """Put a sentence into the bank; one that is there already is not put there twice.

    Raises ReasonMissing for an empty one, CommentMissing where nobody marks the question.
    """
    text = " ".join(checked_text(text).split())[:LONGEST]
    is_marked = db.session.scalar(
        select(exists().where(Script.exam_id == exam_id, Script.version_id == version_id))
    )
    if not is_marked:
        raise CommentMissing
    known = db.session.scalar(
        select(MarkingComment.id).where(
            MarkingComment.exam_id == exam_id,
            MarkingComment.version_id == version_id,
            MarkingComment.text == text,
            MarkingComment.retired_at.is_(None),
        )
    )
    if known is None:
        db.session.add(
            MarkingComment(
                exam_id=exam_id,
                version_id=version_id,
                text=text,
                made_by=actor.user_id,
                made_at=now,
            )
        )


@transactional
def retire(comment_id: int, *, is_lead: bool, actor: Actor, now: datetime) -> tuple[int, int]:
    """Take a sentence out of the bank: one's own, or as a lead any; (exam, version) of it.

    Raises CommentMissing.
    """
    row = db.session.get(MarkingComment, comment_id)
    if row is None or (row.made_by != actor.user_id and not is_lead):
        raise CommentMissing
    row.retired_at = row.retired_at or now
    return row.exam_id, row.version_id
