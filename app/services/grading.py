"""Grades closed attempts: idempotent, so that a job can do again what a crash cut short."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import select

from app.db import db, transactional
from app.domain.attempts import CLOSED_UNSCORED, AttemptState, Move
from app.domain.events import Event
from app.domain.problems import Problems
from app.domain.questions.body import Answer, Layout
from app.domain.reading import Reader
from app.domain.results import Outcome, outcome
from app.domain.scoring.rules import ScoringRules
from app.domain.scoring.score import score
from app.loader.schemes import Release
from app.models.attempts import Attempt
from app.models.results import Mark, Result
from app.models.schemes import Exam
from app.queries.saves import answers_of
from app.queries.versions import PaperSlot, paper_slots
from app.services.certificates import Signer, issue_if_due
from app.services.mark_rows import add_mark, points_by_position
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
    for slot in slots:
        earned = points[slot.position]
        if earned is not None:
            add_mark(attempt.id, slot, earned, rule=slot.question.type.value, now=now)
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
    if any(slot.position not in points for slot in slots if not slot.pilot):
        return False
    step(attempt, Move.SCORE, actor=SYSTEM, now=now)
    released = exam.release == Release.IMMEDIATELY.value
    _write_result(attempt, exam, slots, points, released_at=now if released else None, now=now)
    if released:
        step(attempt, Move.RELEASE, actor=SYSTEM, now=now)
        db.session.flush()
        issue_if_due(attempt.user_id, exam.scheme_version_id, signer=signer, now=now)
    return True


def rescore(attempt: Attempt, *, reason: str, signer: Signer, actor: Actor, now: datetime) -> None:
    """Grade a graded attempt again, inside the caller's transaction, which has locked it.

    What a person marked stays, unless another answer counts now: then it is marked anew. A result
    gets a new version, never an update (promise 4), and the log keeps the points before and
    after.
    """
    exam = db.session.get_one(Exam, attempt.exam_id)
    answers = answers_of(attempt.id)
    points = _points(attempt, exam, paper_slots(attempt.paper_id), answers)
    earned = {position: given for position, given in points.items() if given is not None}
    replace_marks(attempt, earned, reason=reason, signer=signer, actor=actor, now=now)
    reopen_changed(attempt, exam, answers, now=now)


def replace_marks(
    attempt: Attempt,
    earned: Mapping[int, Fraction],
    *,
    reason: str,
    signer: Signer,
    actor: Actor,
    now: datetime,
) -> None:
    """Put other points in the place of marks; a result that there is gets a new version."""
    exam = db.session.get_one(Exam, attempt.exam_id)
    points: dict[int, Fraction] = {}
    changed = {}
    for mark in db.session.scalars(
        select(Mark).where(Mark.attempt_id == attempt.id).order_by(Mark.position)
    ):
        points[mark.position] = earned.get(mark.position, mark.points)
        if points[mark.position] != mark.points:
            changed[str(mark.position)] = [str(mark.points), str(points[mark.position])]
            mark.points = points[mark.position]
            mark.share = float(mark.points / mark.maximum)
    log_event(attempt.id, Event.RESCORED, actor=actor, now=now, reason=reason, changed=changed)
    result = db.session.scalar(
        select(Result).where(Result.attempt_id == attempt.id, Result.current)
    )
    if not changed or result is None:
        return
    result.current = False
    _write_result(
        attempt,
        exam,
        paper_slots(attempt.paper_id),
        points,
        version=result.version + 1,
        released_at=now if result.released_at else None,
        now=now,
    )
    if result.released_at:
        db.session.flush()
        issue_if_due(attempt.user_id, exam.scheme_version_id, signer=signer, now=now)


def rules_of(exam: Exam) -> ScoringRules:
    """The exam's scoring rules; they were checked before they were stored."""
    problems = Problems()
    rules = ScoringRules.read(Reader(exam.scoring, place="scoring", problems=problems))
    if problems:
        raise ValueError("; ".join(map(str, problems)))
    return rules


def _points(
    attempt: Attempt,
    exam: Exam,
    slots: tuple[PaperSlot, ...],
    answers: Mapping[int, Answer | None],
) -> dict[int, Fraction | None]:
    rules = rules_of(exam)
    return {
        slot.position: score(
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
    slots: tuple[PaperSlot, ...],
    points: Mapping[int, Fraction],
    *,
    released_at: datetime | None,
    now: datetime,
    version: int = 1,
) -> None:
    marks = [
        (slot.module_id, points[slot.position], slot.points) for slot in slots if not slot.pilot
    ]
    comes_to: Outcome = outcome(marks, pass_mark=Decimal(str(float(exam.pass_mark))))
    db.session.add(
        Result(
            attempt_id=attempt.id,
            version=version,
            current=True,
            exam_id=exam.id,
            user_id=attempt.user_id,
            score=float(comes_to.score),
            maximum=float(comes_to.maximum),
            pass_mark=float(comes_to.pass_mark),
            passed=comes_to.passed,
            modules=[
                {
                    "module": module.module,
                    "points": float(module.points),
                    "maximum": float(module.maximum),
                }
                for module in comes_to.modules
            ],
            created_at=now,
            released_at=released_at,
        )
    )
