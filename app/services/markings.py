"""What a marker does: takes an answer, keeps a draft, marks it, hands it back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app.db import db, transactional
from app.domain.attempts import AttemptState
from app.domain.errors import DomainError, ErrorKind
from app.domain.marking.distribution import NotForYou, is_check_due, may_mark
from app.domain.marking.policy import MarkingPolicy
from app.domain.marking.roles import BY_MARKERS, MarkingAct, MarkingRole, MarkingState
from app.domain.marking.rubric import LONGEST_COMMENT, Judgement, points_of
from app.domain.text import N_
from app.models.accounts import User
from app.models.attempts import Attempt
from app.models.marking import Marking, Script
from app.models.schemes import Exam
from app.queries.marking_work import (
    barred_from,
    check_for,
    count_taken,
    next_open,
    taken_marking,
)
from app.queries.versions import question_of_version
from app.services.certificates import Signer
from app.services.remedies import checked_text
from app.services.scripts import add_marking, note
from app.services.settlements import settle
from app.services.trail import Actor


class ScriptMissing(DomainError):
    """No such script, or it is not this marker's: the answer is the same."""

    def __init__(self) -> None:
        super().__init__(
            "script-missing", N_("This answer is not on your desk."), kind=ErrorKind.MISSING
        )


class MarkStands(DomainError):
    """A mark that has settled an answer, or that others have followed on, is changed no more."""

    def __init__(self) -> None:
        super().__init__(
            "mark-stands",
            N_("This mark is done. Only the lead marker can still change what the answer gets."),
            kind=ErrorKind.CONFLICT,
        )


class CommentTooLong(DomainError):
    """More words about an answer than anybody reads."""

    def __init__(self) -> None:
        super().__init__(
            "comment-too-long",
            N_("A comment has at most %(count)s characters."),
            count=LONGEST_COMMENT,
        )


@transactional
def take_next(exam_id: int, version_id: int, *, actor: Actor, now: datetime) -> str | None:
    """Put the next answer to a question on the marker's desk; its script number, None for none.

    What is on the desk already comes first. Now and then it is a check script.
    """
    assert actor.user_id is not None
    if db.session.get(Exam, exam_id) is None:
        return None
    # One desk at a time, or two windows would get the first and the second mark of one answer.
    db.session.execute(
        select(User.id).where(User.id == actor.user_id).with_for_update(key_share=True)
    )
    number = taken_marking(exam_id, version_id, marker_id=actor.user_id)
    if number is not None:
        return number
    marking = _check_if_due(exam_id, version_id, actor.user_id, now=now)
    if marking is None:
        marking_id = next_open(exam_id, version_id, marker_id=actor.user_id)
        if marking_id is None:
            return None
        marking = db.session.get_one(Marking, marking_id)
    script = db.session.get_one(Script, marking.script_id)
    marking.marker_id, marking.state, marking.taken_at = actor.user_id, MarkingState.TAKEN, now
    note(marking, MarkingAct.TAKEN, actor=actor, now=now)
    return script.number


@transactional
def keep_draft(
    number: str, judgement: Judgement, *, seq: int, seconds: int, actor: Actor, now: datetime
) -> bool:
    """Keep what is ticked so far; whether it is kept now: an older draft than the kept one is not.

    The same draft may arrive twice, also from a page that was left before it heard the answer.
    Raises ScriptMissing, CommentTooLong.
    """
    _check_comment(judgement)
    marking = _own(number, actor)
    if marking.state == MarkingState.TAKEN and seq == marking.seq:
        return marking.judgement == judgement.dump()
    if marking.state != MarkingState.TAKEN or seq < marking.seq:
        return False
    marking.judgement, marking.seq, marking.saved_at = judgement.dump(), seq, now
    marking.spent_seconds = _spent(marking, seconds, now=now)
    return True


@transactional
def finish(
    number: str,
    judgement: Judgement,
    *,
    seconds: int,
    signer: Signer,
    actor: Actor,
    now: datetime,
) -> None:
    """Give the mark. It may settle the answer, or open the third marking or the lead's.

    The same mark sent twice is one. Another one may replace it as long as nobody has followed on
    it, with an entry in its log. Raises ScriptMissing, MarkIncomplete, PointsOutside,
    CommentTooLong, NotForYou, MarkStands.
    """
    _check_comment(judgement)
    marking = _own(number, actor)
    script = db.session.get_one(Script, marking.script_id)
    body = question_of_version(script.version_id).body
    points = points_of(body, judgement, maximum=script.maximum)
    if marking.state == MarkingState.DONE and marking.judgement == judgement.dump():
        return
    _check_may_still(marking, script)
    if not may_mark(marking.marker_id or 0, barred=barred_from([script.id])[script.id]):
        raise NotForYou
    is_change = marking.state == MarkingState.DONE
    detail = {"before": str(marking.points)} if is_change else {}
    marking.points, marking.judgement = points, judgement.dump()
    if not is_change:
        marking.state, marking.done_at = MarkingState.DONE, now
        marking.spent_seconds = _spent(marking, seconds, now=now)
    act = MarkingAct.CHANGED if is_change else MarkingAct.DONE
    note(marking, act, actor=actor, now=now, points=str(points), **detail)
    if script.attempt_id is not None:
        settle(script, signer=signer, actor=actor, now=now)


@transactional
def hand_back(number: str, reason: str, *, actor: Actor, now: datetime) -> None:
    """Give an answer back unmarked, for a reason; somebody else gets it, this marker never.

    Raises ScriptMissing, ReasonMissing, MarkStands.
    """
    reason = checked_text(reason)
    marking = _own(number, actor)
    if marking.state != MarkingState.TAKEN:
        raise MarkStands
    marking.state = MarkingState.HANDED_BACK
    note(marking, MarkingAct.HANDED_BACK, actor=actor, now=now, reason=reason)
    db.session.flush()  # the index lets a role be held once
    if marking.role != MarkingRole.CHECK:
        script = db.session.get_one(Script, marking.script_id)
        add_marking(script, MarkingRole(marking.role), now=now)


def locked_script(number: str) -> Script | None:
    """The script with this number, its attempt locked first, as everybody does."""
    script = db.session.scalar(select(Script).where(Script.number == number))
    if script is None:
        return None
    if script.attempt_id is not None:
        db.session.scalar(
            select(Attempt.id).where(Attempt.id == script.attempt_id).with_for_update()
        )
    db.session.refresh(script, with_for_update=True)
    return script


def _own(number: str, actor: Actor) -> Marking:
    script = locked_script(number)
    if script is None:
        raise ScriptMissing
    marking = db.session.scalar(
        select(Marking)
        .where(
            Marking.script_id == script.id,
            Marking.round == script.round,
            Marking.marker_id == actor.user_id,
            Marking.role.in_([role.value for role in BY_MARKERS]),
            Marking.state.in_([MarkingState.TAKEN.value, MarkingState.DONE.value]),
        )
        .with_for_update()
    )
    if marking is None:
        raise ScriptMissing
    return marking


def _check_may_still(marking: Marking, script: Script) -> None:
    """Whether a mark may be given, or changed once more."""
    if script.attempt_id is not None:
        attempt = db.session.get_one(Attempt, script.attempt_id)
        if attempt.state == AttemptState.VOIDED:
            raise ScriptMissing
    if marking.state == MarkingState.TAKEN:
        return
    followed = db.session.scalar(
        select(Marking.id).where(
            Marking.script_id == script.id,
            Marking.round == script.round,
            Marking.role.in_([MarkingRole.THIRD.value, MarkingRole.LEAD.value]),
        )
    )
    if script.points is not None or followed is not None or marking.role == MarkingRole.CHECK:
        raise MarkStands


def _check_if_due(
    exam_id: int, version_id: int, marker_id: int, *, now: datetime
) -> Marking | None:
    policy = MarkingPolicy.load(db.session.get_one(Exam, exam_id).marking)
    done = count_taken(exam_id, version_id, marker_id=marker_id)
    if not is_check_due(done, share=policy.checks, seed=f"{marker_id}:{version_id}"):
        return None
    script_id = check_for(exam_id, version_id, marker_id=marker_id)
    if script_id is None:
        return None
    return add_marking(
        db.session.get_one(Script, script_id), MarkingRole.CHECK, now=now, marker_id=marker_id
    )


def _check_comment(judgement: Judgement) -> None:
    if len(judgement.comment) > LONGEST_COMMENT or len(judgement.own) > 20:
        raise CommentTooLong


def _spent(marking: Marking, seconds: int, *, now: datetime) -> int:
    """Seconds at the desk: what the page has counted, never more than there were."""
    assert marking.taken_at is not None
    most = max(int((now - marking.taken_at).total_seconds()), 0)
    return min(seconds, most) if seconds > 0 else most
