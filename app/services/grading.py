"""Grades closed attempts: idempotent, so that a job can do again what a crash cut short."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import insert, select

from app.db import db, transactional
from app.domain.attempts import CLOSED_UNSCORED, AttemptState, Move
from app.domain.counting import comes_to
from app.domain.events import Event
from app.domain.questions.body import Layout
from app.domain.rescores import Remedies, points_under
from app.domain.result_policies import load_policy
from app.domain.results import Outcome
from app.domain.saves import current_answers
from app.domain.scoring.rules import load_rules
from app.loader.schemes import Release
from app.models.attempts import Attempt
from app.models.results import Mark, Result
from app.models.schemes import Exam
from app.queries.remedies import remedies_of
from app.queries.saves import saves_of
from app.queries.versions import PaperSlot, paper_slots
from app.services.certificates import Signer, issue_if_due, review_if_lost
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
    remedies = remedies_of(exam.id)
    points = _points(attempt, exam, slots, remedies)
    _write_marks(attempt, slots, points, now=now)
    if any(earned is None for earned in points.values()):
        step(attempt, Move.SEND_TO_MARKING, actor=SYSTEM, now=now)
        return True
    step(attempt, Move.SCORE, actor=SYSTEM, now=now)
    released = exam.release == Release.IMMEDIATELY.value
    total = comes_to(slots, points, remedies, pass_mark=exam.pass_mark)
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

    What a person marked stays, unless corrected (position → points) says otherwise. A result
    gets a new version, never an update (promise 4), and only where something has changed: doing
    it twice is doing it once. The log keeps the points before and after. cause: what a
    certificate that no longer rests on a pass goes under review for.
    """
    exam = db.session.get_one(Exam, attempt.exam_id)
    slots = paper_slots(attempt.paper_id)
    remedies = remedies_of(exam.id)
    points = _points(attempt, exam, slots, remedies)
    marks = {
        mark.position: mark
        for mark in db.session.scalars(select(Mark).where(Mark.attempt_id == attempt.id))
    }
    changed = {}
    for position, mark in marks.items():
        earned = points[position]
        if earned is None:
            earned = points[position] = (corrected or {}).get(position, mark.points)
        if earned != mark.points:
            changed[str(position)] = [str(mark.points), str(earned)]
            mark.points, mark.share = earned, float(earned / mark.maximum)
    log_event(attempt.id, Event.RESCORED, actor=actor, now=now, reason=reason, changed=changed)
    result = db.session.scalar(
        select(Result).where(Result.attempt_id == attempt.id, Result.current)
    )
    if result is None:
        return Rescored(None, None, False)
    total = comes_to(slots, points, remedies, pass_mark=exam.pass_mark)
    if not changed and _tells(result, total):
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
    done = Rescored(result, newer, True)
    if result.released_at:
        issue_if_due(attempt.user_id, exam.scheme_version_id, signer=signer, now=now)
    if done.lost:
        review_if_lost(attempt, cause=cause or f"attempt:{attempt.id}", now=now)
    return done


def _points(
    attempt: Attempt, exam: Exam, slots: tuple[PaperSlot, ...], remedies: Remedies
) -> dict[int, Fraction | None]:
    answers = current_answers(saves_of(attempt.id))
    rules = load_rules(exam.scoring)
    return {
        slot.position: points_under(
            remedies.get(slot.version_id),
            slot.question.body,
            answers[slot.position].answer if slot.position in answers else None,
            layout=Layout.load(attempt.layout[str(slot.position)]),
            maximum=slot.points,
            rules=rules,
        )
        for slot in slots
    }


def _write_marks(
    attempt: Attempt,
    slots: tuple[PaperSlot, ...],
    points: dict[int, Fraction | None],
    *,
    now: datetime,
) -> None:
    rows = [
        {
            "attempt_id": attempt.id,
            "position": slot.position,
            "version_id": slot.version_id,
            "points": earned,
            "maximum": slot.points,
            "share": float(earned / slot.points),
            "rule": slot.question.type.value,
            "created_at": now,
        }
        for slot in slots
        if (earned := points[slot.position]) is not None
    ]
    if rows:
        db.session.execute(insert(Mark), rows)


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
