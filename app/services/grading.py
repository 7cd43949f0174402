"""Grades closed attempts: idempotent, so that a job can do again what a crash cut short."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import select

from app.db import db, transactional
from app.domain.attempts import CLOSED_UNSCORED, AttemptState, Move
from app.domain.counting import comes_to
from app.domain.events import Event
from app.domain.questions.body import Answer, Layout
from app.domain.rescores import points_under
from app.domain.result_policies import load_policy
from app.domain.results import Outcome
from app.domain.scoring.rules import load_rules
from app.loader.schemes import Release
from app.models.attempts import Attempt
from app.models.results import Mark, Result
from app.models.schemes import Exam
from app.queries.remedies import remedies_of
from app.queries.saves import answers_of
from app.queries.versions import PaperSlot, paper_slots
from app.services.certificates import Signer, issue_if_due, review_if_lost
from app.services.mark_rows import add_marks, points_by_position
from app.services.scripts import open_scripts, reopen_changed
from app.services.trail import SYSTEM, Actor, log_event
from app.services.transitions import step


@transactional
def grade(attempt_id: int, *, signer: Signer, now: datetime) -> bool:
    """Grade one closed attempt; whether there was anything to do.

    Marks, result, release (where the exam releases at once) and certificate are one
    transaction: a candidate never sees one without the other.
    """
    attempt = db.session.scalar(select(Attempt).where(Attempt.id == attempt_id).with_for_update())
    if attempt is None or AttemptState(attempt.state) not in CLOSED_UNSCORED:
        return False
    exam = db.session.get_one(Exam, attempt.exam_id)
    slots = paper_slots(attempt.paper_id)
    answers = answers_of(attempt.id)
    points = _points(attempt, exam, slots, answers)
    add_marks(attempt.id, slots, points, now=now)
    open_scripts(attempt, exam, answers, now=now)
    if not complete(attempt, exam, signer=signer, now=now):
        step(attempt, Move.SEND_TO_MARKING, actor=SYSTEM, now=now)
    return True


def complete(attempt: Attempt, exam: Exam, *, signer: Signer, now: datetime) -> bool:
    """Score an attempt of which every answer has its mark, and release it where the exam says so.

    Inside the caller's transaction, which has locked the attempt. False, and nothing done, where
    a mark is missing.
    """
    db.session.flush()
    slots = paper_slots(attempt.paper_id)
    points = points_by_position(attempt.id)
    if any(slot.position not in points for slot in slots if not slot.is_pilot):
        return False
    step(attempt, Move.SCORE, actor=SYSTEM, now=now)
    released = exam.release == Release.IMMEDIATELY.value
    total = comes_to(slots, points, remedies_of(exam.id), pass_mark=exam.pass_mark)
    _write_result(attempt, exam, total, released_at=now if released else None, now=now)
    if released:
        step(attempt, Move.RELEASE, actor=SYSTEM, now=now)
        db.session.flush()
        issue_if_due(attempt.user_id, exam.scheme_version_id, signer=signer, now=now)
    return True


@dataclass(frozen=True, slots=True)
class Rescored:
    """What grading again did. before, after: the results, None where there is none yet.

    is_new: whether the result got a new version.
    """

    before: Result | None
    after: Result | None
    is_new: bool

    @property
    def tells_otherwise(self) -> bool:
        """Whether a released score or pass is another one now."""
        if not (self.before and self.after and self.before.released_at):
            return False
        told = (self.before.score, self.before.passed)
        return told != (self.after.score, self.after.passed)

    @property
    def lost(self) -> bool:
        """Whether a released pass is one no longer."""
        return bool(
            self.before
            and self.after
            and self.before.released_at
            and self.before.passed
            and not self.after.passed
        )


def rescore(
    attempt: Attempt,
    *,
    reason: str,
    signer: Signer,
    actor: Actor,
    now: datetime,
    corrected: Mapping[int, Fraction] | None = None,
    cause: str = "",
) -> Rescored:
    """Grade a graded attempt again, inside the caller's transaction, which has locked it.

    What a person marked stays, unless corrected (position → points) says otherwise, or another
    answer counts now: then it is marked anew. A result gets a new version, never an update
    (promise 4), and only where something has changed: doing it twice is doing it once. The log
    keeps the points before and after. cause: what a certificate that no longer rests on a pass
    goes under review for.
    """
    exam = db.session.get_one(Exam, attempt.exam_id)
    slots = paper_slots(attempt.paper_id)
    answers = answers_of(attempt.id)
    points = _points(attempt, exam, slots, answers)
    changed = {}
    for mark in db.session.scalars(
        select(Mark).where(Mark.attempt_id == attempt.id).order_by(Mark.position)
    ):
        earned = points[mark.position]
        if earned is None:
            earned = points[mark.position] = (corrected or {}).get(mark.position, mark.points)
        if earned != mark.points:
            changed[str(mark.position)] = [str(mark.points), str(earned)]
            mark.points, mark.share = earned, float(earned / mark.maximum)
    log_event(attempt.id, Event.RESCORED, actor=actor, now=now, reason=reason, changed=changed)
    reopen_changed(attempt, exam, answers, now=now)
    total = comes_to(slots, points, remedies_of(exam.id), pass_mark=exam.pass_mark)
    done = _replace_result(attempt, exam, total, is_changed=bool(changed), now=now)
    if done.is_new and done.before is not None and done.before.released_at:
        issue_if_due(attempt.user_id, exam.scheme_version_id, signer=signer, now=now)
    if done.lost:
        review_if_lost(attempt, cause=cause or f"attempt:{attempt.id}", now=now)
    return done


def _replace_result(
    attempt: Attempt, exam: Exam, total: Outcome, *, is_changed: bool, now: datetime
) -> Rescored:
    """A new version of the result, where there is one and it would say something else."""
    result = db.session.scalar(
        select(Result).where(Result.attempt_id == attempt.id, Result.current)
    )
    if result is None:
        return Rescored(None, None, False)
    if not is_changed and _tells(result, total):
        return Rescored(result, result, False)
    result.current = False
    newer = _write_result(
        attempt,
        exam,
        total,
        version=result.version + 1,
        released_at=now if result.released_at else None,
        now=now,
    )
    db.session.flush()
    return Rescored(result, newer, True)


def _points(
    attempt: Attempt,
    exam: Exam,
    slots: tuple[PaperSlot, ...],
    answers: Mapping[int, Answer | None],
) -> dict[int, Fraction | None]:
    """What rules and remedies give; None where a person marks."""
    rules, remedies = load_rules(exam.scoring), remedies_of(exam.id)
    return {
        slot.position: points_under(
            remedies.get(slot.version_id),
            slot.question.body,
            answers.get(slot.position),
            layout=Layout.load(attempt.layout[str(slot.position)]),
            maximum=slot.points,
            rules=rules,
        )
        for slot in slots
    }


def _write_result(
    attempt: Attempt,
    exam: Exam,
    total: Outcome,
    *,
    released_at: datetime | None,
    now: datetime,
    version: int = 1,
) -> Result:
    is_scaled = load_policy(exam.policy).scaled
    result = Result(
        attempt_id=attempt.id,
        version=version,
        current=True,
        exam_id=exam.id,
        user_id=attempt.user_id,
        score=float(total.score),
        maximum=float(total.maximum),
        pass_mark=float(total.pass_mark),
        passed=total.passed,
        scaled=float(total.scaled) if is_scaled else None,
        modules=_modules(total),
        created_at=now,
        released_at=released_at,
    )
    db.session.add(result)
    return result


def _modules(total: Outcome) -> list[dict[str, object]]:
    return [
        {
            "module": module.module,
            "points": float(module.points),
            "maximum": float(module.maximum),
        }
        for module in total.modules
    ]


def _tells(result: Result, total: Outcome) -> bool:
    """Whether the result says just this."""
    told = (result.score, result.maximum, result.passed, result.modules)
    return told == (
        float(total.score),
        float(total.maximum),
        total.passed,
        _modules(total),
    )
