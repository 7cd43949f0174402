"""Grades closed attempts: idempotent, so that a job can do again what a crash cut short."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import select

from app.db import db, transactional
from app.domain.attempts import CLOSED_UNSCORED, AttemptState, Move
from app.domain.events import Event
from app.domain.problems import Problems
from app.domain.questions.body import Layout
from app.domain.reading import Reader
from app.domain.results import PaperMark, is_complete, outcome_of_paper
from app.domain.saves import current_answers
from app.domain.scoring.rules import ScoringRules
from app.domain.scoring.score import score
from app.loader.schemes import Release
from app.models.attempts import Attempt
from app.models.results import Mark, Result
from app.models.schemes import Exam
from app.queries.saves import saves_of
from app.queries.versions import PaperSlot, paper_slots
from app.services.certificates import Signer, issue_if_due
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
    points = _points(attempt, exam, slots)
    _write_marks(attempt, slots, points, now=now)
    if not is_complete(_paper_marks(slots, points)):
        step(attempt, Move.SEND_TO_MARKING, actor=SYSTEM, now=now)
        return True
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

    What a person marked stays. A result gets a new version, never an update (promise 4), and
    the log keeps the points before and after.
    """
    exam = db.session.get_one(Exam, attempt.exam_id)
    slots = paper_slots(attempt.paper_id)
    points = _points(attempt, exam, slots)
    marks = {
        mark.position: mark
        for mark in db.session.scalars(select(Mark).where(Mark.attempt_id == attempt.id))
    }
    changed = {}
    for position, mark in marks.items():
        earned = points[position]
        if earned is None:
            points[position] = mark.points
        elif earned != mark.points:
            changed[str(position)] = [str(mark.points), str(earned)]
            mark.points, mark.share = earned, float(earned / mark.maximum)
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
        slots,
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
    attempt: Attempt, exam: Exam, slots: tuple[PaperSlot, ...]
) -> dict[int, Fraction | None]:
    answers = current_answers(saves_of(attempt.id))
    rules = rules_of(exam)
    return {
        slot.position: score(
            slot.question.body,
            answers[slot.position].answer if slot.position in answers else None,
            layout=Layout.load(attempt.layout[str(slot.position)]),
            maximum=slot.points,
            rules=rules,
        )
        for slot in slots
    }


def _paper_marks(
    slots: tuple[PaperSlot, ...], points: dict[int, Fraction | None]
) -> list[PaperMark]:
    return [
        PaperMark(slot.module_id, points[slot.position], slot.points, slot.pilot) for slot in slots
    ]


def _write_marks(
    attempt: Attempt,
    slots: tuple[PaperSlot, ...],
    points: dict[int, Fraction | None],
    *,
    now: datetime,
) -> None:
    for slot in slots:
        earned = points[slot.position]
        if earned is not None:
            db.session.add(
                Mark(
                    attempt_id=attempt.id,
                    position=slot.position,
                    version_id=slot.version_id,
                    points=earned,
                    maximum=slot.points,
                    share=float(earned / slot.points),
                    rule=slot.question.type.value,
                    created_at=now,
                )
            )


def _write_result(
    attempt: Attempt,
    exam: Exam,
    slots: tuple[PaperSlot, ...],
    points: dict[int, Fraction | None],
    *,
    released_at: datetime | None,
    now: datetime,
    version: int = 1,
) -> None:
    pass_mark = Decimal(str(float(exam.pass_mark)))
    comes_to = outcome_of_paper(_paper_marks(slots, points), pass_mark=pass_mark)
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
