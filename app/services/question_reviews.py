"""Steps in a question's life, and what reviewers say about a version."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app.db import db, transactional
from app.domain.errors import DomainError, ErrorKind
from app.domain.questions.autosaves import storable_text
from app.domain.questions.kinds import QuestionState
from app.domain.questions.lifecycle import QuestionStep
from app.domain.text import N_
from app.models.questions import Question
from app.models.workshop import QuestionComment
from app.services.question_rows import QuestionMissing, checked_note, lock_question, step
from app.services.trail import Actor, record

_ACTS = {
    QuestionStep.SUBMIT: "question.submitted",
    QuestionStep.APPROVE: "question.approved",
    QuestionStep.SEND_BACK: "question.sent_back",
    QuestionStep.PROMOTE: "question.promoted",
    QuestionStep.RETIRE: "question.retired",
    QuestionStep.REVIVE: "question.revived",
}
"""Step → what the audit log calls it. Writing is `services/questions`."""

_LONGEST_PLACE = 80


_NEWER = N_("Somebody has saved a newer version of this question. Look at that one first.")
_MOVED = N_("This question has moved on since you opened the page. Look at where it stands now.")


class ChangedMeanwhile(DomainError):
    """The question has a newer version than was looked at, or stands elsewhere in its life."""

    def __init__(self, sentence: str = _NEWER) -> None:
        super().__init__("changed-meanwhile", sentence, kind=ErrorKind.CONFLICT)


class CommentEmpty(DomainError):
    """A comment without a word."""

    def __init__(self) -> None:
        super().__init__("comment-empty", N_("Write something."))


class CommentMissing(DomainError):
    """There is no such comment on this question."""

    def __init__(self) -> None:
        super().__init__("comment-missing", N_("There is no such comment."), kind=ErrorKind.MISSING)


@transactional
def take_step(
    question_id: str,
    step_: QuestionStep,
    *,
    version: int,
    state: str,
    actor: Actor,
    now: datetime,
    note: str = "",
) -> QuestionState:
    """Submit, approve, send back, promote, retire or revive a question; returns its new state.

    version: the one that was looked at, which must be the newest. state: where the question
    stood then; an approval of its content never counts as that of its fairness. Raises
    QuestionMissing, ChangedMeanwhile, StepRefused, OwnQuestion, SameReviewer, NoteMissing.
    """
    act = _ACTS[step_]
    row = lock_question(question_id)
    if row.current_version != version:
        raise ChangedMeanwhile
    if row.state != state:
        raise ChangedMeanwhile(_MOVED)
    reached = step(row, step_, actor=actor, now=now, note=note)
    record(
        act,
        row.id,
        actor=actor,
        now=now,
        version=version,
        pool=row.pool,
        state=reached.value,
        note=checked_note(note),
    )
    return reached


@transactional
def comment(
    question_id: str, text: str, *, version: int, actor: Actor, now: datetime, place: str = ""
) -> int:
    """Say something about a version; returns the comment's id.

    place: the field, such as "options 2", or "" for the whole. Raises QuestionMissing,
    CommentEmpty.
    """
    if actor.user_id is None:
        raise ValueError("a comment is made by a person")
    text = checked_note(text)
    if not text:
        raise CommentEmpty
    newest = db.session.scalar(select(Question.current_version).where(Question.id == question_id))
    if newest is None or not 1 <= version <= newest:
        raise QuestionMissing
    made = QuestionComment(
        question_id=question_id,
        version=version,
        user_id=actor.user_id,
        place=storable_text(place).strip()[:_LONGEST_PLACE],
        text=text,
        at=now,
    )
    db.session.add(made)
    db.session.flush()
    return made.id


@transactional
def resolve_comment(
    comment_id: int, *, question_id: str, actor: Actor, now: datetime, is_resolved: bool = True
) -> None:
    """Tick a comment off, or open it again; who did it first stays. Raises CommentMissing."""
    found = db.session.scalar(
        select(QuestionComment)
        .where(QuestionComment.id == comment_id, QuestionComment.question_id == question_id)
        .with_for_update()
    )
    if found is None:
        raise CommentMissing
    if is_resolved == (found.resolved_at is not None):
        return
    found.resolved_at = now if is_resolved else None
    found.resolved_by = actor.user_id if is_resolved else None
