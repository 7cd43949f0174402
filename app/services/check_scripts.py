"""Check scripts: answers with agreed points, handed out among the others to see how one marks."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

from sqlalchemy import select

from app.db import db, transactional
from app.domain.errors import DomainError, ErrorKind
from app.domain.marking.rubric import read_points
from app.domain.questions.body import Answer
from app.domain.text import N_
from app.models.marking import Script
from app.queries.versions import question_of_version
from app.services.markings import ScriptMissing
from app.services.remedies import checked_text
from app.services.scripts import new_number, new_shuffle
from app.services.trail import Actor, record


class AnswerMissing(DomainError):
    """A check script without an answer."""

    def __init__(self) -> None:
        super().__init__("answer-missing", N_("Write the answer that is to be marked."))


class QuestionNotMarked(DomainError):
    """No answer to the question is marked by people in this exam."""

    def __init__(self) -> None:
        super().__init__(
            "question-not-marked",
            N_("Nobody marks this question in this exam."),
            kind=ErrorKind.MISSING,
        )


class OwnCheckScript(DomainError):
    """Whoever made a check script would approve it."""

    def __init__(self) -> None:
        super().__init__(
            "own-check-script",
            N_("Another lead marker approves it: nobody approves a check script of their own."),
            kind=ErrorKind.FORBIDDEN,
        )


@transactional
def make(
    exam_id: int,
    version_id: int,
    raw_answer: object,
    *,
    points: str,
    reason: str,
    actor: Actor,
    now: datetime,
) -> str:
    """Write a check script; its number. It is used once another lead has approved it.

    Raises QuestionNotMarked, AnswerMissing, InvalidAnswer, PointsOutside, ReasonMissing.
    """
    reason = checked_text(reason)
    model = db.session.scalar(
        select(Script)
        .where(
            Script.exam_id == exam_id,
            Script.version_id == version_id,
            Script.attempt_id.is_not(None),
        )
        .limit(1)
    )
    if model is None:
        raise QuestionNotMarked
    answer: Answer | None = question_of_version(version_id).body.read_answer(raw_answer)
    if answer is None:
        raise AnswerMissing
    agreed: Fraction = read_points(points, maximum=model.maximum)
    script = Script(
        number=new_number(),
        attempt_id=None,
        position=model.position,
        version_id=version_id,
        exam_id=exam_id,
        maximum=model.maximum,
        answer=answer,
        round=1,
        shuffle=new_shuffle(),
        agreed=agreed,
        reason=reason,
        made_by=actor.user_id,
        created_at=now,
    )
    db.session.add(script)
    db.session.flush()
    record(
        "check_script.made",
        f"script:{script.number}",
        actor=actor,
        now=now,
        points=str(agreed),
        reason=reason,
    )
    return script.number


@transactional
def approve(number: str, *, actor: Actor, now: datetime) -> None:
    """Put a check script into use. Raises ScriptMissing, OwnCheckScript."""
    script = _check(number)
    if script.made_by == actor.user_id:
        raise OwnCheckScript
    if script.approved_by is not None:
        return
    script.approved_by = actor.user_id
    record("check_script.approved", f"script:{number}", actor=actor, now=now)


@transactional
def retire(number: str, *, actor: Actor, now: datetime) -> None:
    """Take a check script out of use; what was marked of it stays. Raises ScriptMissing."""
    script = _check(number)
    if script.retired_at is None:
        script.retired_at = now
        record("check_script.retired", f"script:{number}", actor=actor, now=now)


def _check(number: str) -> Script:
    script = db.session.scalar(
        select(Script).where(Script.number == number, Script.attempt_id.is_(None)).with_for_update()
    )
    if script is None:
        raise ScriptMissing
    return script
