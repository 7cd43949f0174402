"""Scripts: the answers that people mark, opened when an attempt is graded.

As the trail, called inside the transaction of the act; they commit nothing themselves.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction

from sqlalchemy import delete, select

from app.db import db
from app.domain.attempts import AttemptState
from app.domain.marking.adjudication import How
from app.domain.marking.policy import MarkingPolicy
from app.domain.marking.roles import MarkingAct, MarkingRole, MarkingState
from app.domain.questions.body import Answer
from app.models.attempts import Attempt
from app.models.marking import Marking, MarkingEvent, Script
from app.models.results import Mark
from app.models.schemes import Exam
from app.queries.versions import PaperSlot, paper_slots
from app.services.mark_rows import add_mark, points_by_position
from app.services.trail import SYSTEM, Actor

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""What script numbers are made of: nothing that is taken for something else."""


def open_scripts(
    attempt: Attempt, exam: Exam, answers: Mapping[int, Answer | None], *, now: datetime
) -> None:
    """Open what people have to mark of an attempt; what is open already stays as it is.

    A blank earns nothing and needs nobody: it has its mark at once. Nobody is asked to mark what
    everybody is credited for, and no pilot, which counts in no result.
    """
    known = set(db.session.scalars(select(Script.position).where(Script.attempt_id == attempt.id)))
    known.update(points_by_position(attempt.id))
    for slot in paper_slots(attempt.paper_id):
        if slot.question.body.SCORED_BY_RULE or slot.is_pilot or slot.position in known:
            continue
        script = _new(attempt, slot, answers.get(slot.position), now=now)
        if script.answer is None:
            _settle_blank(script, slot, now=now)
            continue
        _open_markings(script, exam, now=now)


def reopen_changed(
    attempt: Attempt, exam: Exam, answers: Mapping[int, Answer | None], *, now: datetime
) -> None:
    """Begin marking anew where another answer counts than the one that was opened.

    What was marked of the earlier answer is kept and counts no more. Where the attempt has a
    result already, its mark stands until the new one is settled.
    """
    slots = {slot.position: slot for slot in paper_slots(attempt.paper_id)}
    for script in db.session.scalars(select(Script).where(Script.attempt_id == attempt.id)):
        answer = answers.get(script.position)
        if answer == script.answer:
            continue
        for marking in db.session.scalars(
            select(Marking).where(Marking.script_id == script.id, Marking.round == script.round)
        ):
            if marking.state != MarkingState.HANDED_BACK:
                marking.state = MarkingState.SUPERSEDED.value
                note(marking, MarkingAct.SUPERSEDED, actor=SYSTEM, now=now)
        script.round += 1
        script.answer = answer
        script.points = script.how = script.settled_at = None
        if attempt.state == AttemptState.MARKING:
            db.session.execute(
                delete(Mark).where(Mark.attempt_id == attempt.id, Mark.position == script.position)
            )
        if answer is None:
            _settle_blank(script, slots[script.position], now=now)
        else:
            _open_markings(script, exam, now=now)


def add_marking(
    script: Script, role: MarkingRole, *, now: datetime, marker_id: int | None = None
) -> Marking:
    """Open one more marking of the script; with its row in the database."""
    marking = Marking(
        script_id=script.id,
        exam_id=script.exam_id,
        version_id=script.version_id,
        round=script.round,
        role=role.value,
        state=MarkingState.OPEN.value,
        marker_id=marker_id,
        judgement={},
        created_at=now,
    )
    db.session.add(marking)
    db.session.flush()
    return marking


def new_number() -> str:
    """A script's number: random, so that nothing about the candidate can be told from it."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def new_shuffle() -> int:
    """A place in the order in which scripts are handed out."""
    return secrets.randbits(31)


def note(
    marking: Marking, act: MarkingAct, *, actor: Actor, now: datetime, **detail: object
) -> None:
    """Append one entry to a marking's log."""
    db.session.add(
        MarkingEvent(
            marking_id=marking.id,
            kind=act.value,
            actor_id=actor.user_id,
            at=now,
            detail=detail,
        )
    )


def mark_rule(slot: PaperSlot, how: How) -> str:
    """What a mark says about where its points come from: the type, and what settled it."""
    return f"{slot.question.type.value}:{how.value}"


def _new(attempt: Attempt, slot: PaperSlot, answer: Answer | None, *, now: datetime) -> Script:
    script = Script(
        number=new_number(),
        attempt_id=attempt.id,
        position=slot.position,
        version_id=slot.version_id,
        exam_id=attempt.exam_id,
        maximum=slot.points,
        answer=answer,
        round=1,
        shuffle=new_shuffle(),
        created_at=now,
    )
    db.session.add(script)
    db.session.flush()
    return script


def _open_markings(script: Script, exam: Exam, *, now: datetime) -> None:
    add_marking(script, MarkingRole.FIRST, now=now)
    if MarkingPolicy.load(exam.marking).double:
        add_marking(script, MarkingRole.SECOND, now=now)


def _settle_blank(script: Script, slot: PaperSlot, *, now: datetime) -> None:
    script.points, script.how, script.settled_at = Fraction(0), How.BLANK.value, now
    assert script.attempt_id is not None
    if db.session.get(Mark, (script.attempt_id, script.position)) is None:
        rule = mark_rule(slot, How.BLANK)
        add_mark(script.attempt_id, slot, script.points, rule=rule, now=now)
