"""Drafts: what editors save by themselves, so that no work is lost."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.db import db, transactional
from app.domain.questions.autosaves import NoDraft, beside, read_draft_id, storable
from app.models.questions import Question
from app.models.workshop import QuestionDraft
from app.services.draft_rows import empty_draft, put_draft
from app.services.question_rows import QuestionMissing

_LARGEST_SEQ = 2**53
"""A browser cannot count further."""


@dataclass(frozen=True, slots=True)
class Autosaved:
    """What became of an autosave. is_stored: it is the one that is kept, now or since before.

    seq: of the draft that is kept, which is a newer one where this was not stored. question_id:
    the question that it belongs to, or that the draft of a new one has become meanwhile.
    """

    is_stored: bool
    draft_id: str
    seq: int
    question_id: str | None


@transactional
def autosave(
    question_id: str,
    raw: object,
    *,
    from_version: int,
    seq: int,
    user_id: int,
    now: datetime,
    note: str = "",
) -> Autosaved:
    """Keep what somebody is writing in a question; an older one never replaces a newer one.

    seq: counts the editor's changes, going on from the draft's that it was opened with. note: for
    the history of the version that the draft will be. Raises QuestionMissing, NoDraft,
    DraftTooLarge.
    """
    content, seq = storable(beside(raw, note)), _checked(seq)
    if db.session.scalar(select(Question.id).where(Question.id == question_id)) is None:
        raise QuestionMissing
    is_stored = put_draft(
        {
            "id": str(uuid.uuid4()),
            "question_id": question_id,
            "user_id": user_id,
            "raw": content,
            "from_version": _checked(from_version),
            "seq": seq,
            "updated_at": now,
        },
        of_question=True,
    )
    row = db.session.scalars(
        select(QuestionDraft)
        .where(QuestionDraft.question_id == question_id, QuestionDraft.user_id == user_id)
        .execution_options(populate_existing=True)
    ).one()
    return _told(row, content, seq, is_stored=is_stored)


@transactional
def autosave_new(
    draft_id: str, raw: object, *, seq: int, user_id: int, now: datetime, note: str = ""
) -> Autosaved:
    """As `autosave`, for a question that does not exist yet. draft_id: a UUID of the editor's.

    Once it has become a question, it is not stored any more. Raises NoDraft, also for an id that
    is somebody else's, and DraftTooLarge.
    """
    content, seq = storable(beside(raw, note)), _checked(seq)
    draft_id = read_draft_id(draft_id)
    is_stored = put_draft(
        {
            "id": draft_id,
            "question_id": None,
            "user_id": user_id,
            "raw": content,
            "from_version": 0,
            "seq": seq,
            "updated_at": now,
        },
        of_question=False,
    )
    row = db.session.get(QuestionDraft, draft_id, populate_existing=True)
    if row is None or row.user_id != user_id:
        raise NoDraft
    return _told(row, content, seq, is_stored=is_stored)


@transactional
def discard(draft_id: str, *, seq: int, user_id: int, now: datetime) -> bool:
    """Throw one's own draft away. seq: of the last change; autosaves up to it come too late.

    Returns whether it is gone: one that was changed after that, in another window, stays; one
    that is not there is gone already. Raises NoDraft for what is no id of a draft.
    """
    row = db.session.get(QuestionDraft, read_draft_id(draft_id), with_for_update=True)
    if row is None or row.user_id != user_id:
        return True
    return empty_draft(row, seq=_checked(seq), now=now)


def _told(
    row: QuestionDraft, content: dict[str, object], seq: int, *, is_stored: bool
) -> Autosaved:
    same = row.seq == seq and row.raw == content  # sent again, because the reply was lost
    return Autosaved(is_stored or same, row.id, row.seq, row.question_id)


def _checked(number: int) -> int:
    if not 0 <= number <= _LARGEST_SEQ:
        raise NoDraft
    return number
