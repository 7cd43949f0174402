"""Settling a script, and with its last one the attempt: inside the transaction of the act."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

from sqlalchemy import select

from app.db import db
from app.domain.attempts import AttemptState
from app.domain.marking.adjudication import GivenMarks, How, Need, Settled, adjudicate
from app.domain.marking.policy import MarkingPolicy
from app.domain.marking.roles import MarkingRole, MarkingState
from app.domain.rescores import has_credit
from app.models.attempts import Attempt
from app.models.marking import Marking, Script
from app.models.results import Mark
from app.models.schemes import Exam
from app.queries.remedies import remedies_of
from app.queries.versions import paper_slots
from app.services.certificates import Signer
from app.services.grading import complete, rescore
from app.services.mark_rows import add_mark
from app.services.scripts import add_marking, mark_rule
from app.services.trail import SYSTEM, Actor

_SCORED = frozenset({AttemptState.SCORED, AttemptState.RELEASED})


def settle(script: Script, *, signer: Signer, actor: Actor, now: datetime) -> None:
    """Let the marks of a script settle it, or open the marking that it needs.

    The caller has locked the script's attempt.
    """
    assert script.attempt_id is not None
    attempt = db.session.get_one(Attempt, script.attempt_id)
    exam = db.session.get_one(Exam, script.exam_id)
    policy = MarkingPolicy.load(exam.marking)
    db.session.flush()
    marks = given_marks(script)
    decided = adjudicate(marks, allowed=policy.tolerance * script.maximum, is_double=policy.double)
    if isinstance(decided, Need):
        _open_needed(script, MarkingRole(decided.value), now=now)
        return
    script.points, script.how, script.settled_at = decided.points, decided.how.value, now
    if attempt.state == AttemptState.MARKING:
        _write(script, attempt, decided, now=now)
        complete(attempt, exam, signer=signer, now=now)
    elif AttemptState(attempt.state) in _SCORED:
        reason = f"marking {script.number}: {decided.how.value}"
        rescore(
            attempt,
            reason=reason,
            signer=signer,
            actor=actor,
            now=now,
            corrected={script.position: decided.points},
        )


def given_marks(script: Script) -> GivenMarks:
    """The points given so far, of the answer that counts."""
    rows = db.session.execute(
        select(Marking.role, Marking.points).where(
            Marking.script_id == script.id,
            Marking.round == script.round,
            Marking.state == MarkingState.DONE.value,
        )
    )
    points: dict[str, Fraction | None] = {row[0]: row[1] for row in rows}
    return GivenMarks(
        first=points.get(MarkingRole.FIRST),
        second=points.get(MarkingRole.SECOND),
        third=points.get(MarkingRole.THIRD),
        lead=points.get(MarkingRole.LEAD),
    )


def complete_if_marked(attempt: Attempt, *, signer: Signer, now: datetime) -> bool:
    """Finish an attempt in marking of which everything is settled, as a crash may have left it."""
    exam = db.session.get_one(Exam, attempt.exam_id)
    for script in db.session.scalars(select(Script).where(Script.attempt_id == attempt.id)):
        if script.points is not None and script.how is not None:
            _write(script, attempt, Settled(script.points, How(script.how)), now=now)
        else:
            settle(script, signer=signer, actor=SYSTEM, now=now)
    if attempt.state != AttemptState.MARKING:
        return True
    return complete(attempt, exam, signer=signer, now=now)


def _open_needed(script: Script, role: MarkingRole, *, now: datetime) -> None:
    known = db.session.scalar(
        select(Marking.id).where(
            Marking.script_id == script.id,
            Marking.round == script.round,
            Marking.role == role.value,
            Marking.state.not_in([MarkingState.HANDED_BACK.value, MarkingState.SUPERSEDED.value]),
        )
    )
    if known is None:
        add_marking(script, role, now=now)


def _write(script: Script, attempt: Attempt, settled: Settled, *, now: datetime) -> None:
    slot = next(s for s in paper_slots(attempt.paper_id) if s.position == script.position)
    rule = mark_rule(slot, settled.how)
    is_credited = has_credit(remedies_of(script.exam_id), slot.version_id)
    points = slot.points if is_credited else settled.points
    mark = db.session.get(Mark, (attempt.id, script.position))
    if mark is None:
        add_mark(attempt.id, slot, points, rule=rule, now=now)
    else:
        mark.points, mark.rule = points, rule
        mark.share = float(points / mark.maximum)
