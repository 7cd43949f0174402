"""Many results on one paper, written directly: a hundred exams by hand would take a minute."""

from __future__ import annotations

from fractions import Fraction

from app.db import db
from app.models.accounts import User
from app.models.attempts import Attempt, Save
from app.models.results import Mark, Result
from app.models.sittings import Registration
from app.queries.versions import paper_slots
from tests.factories import NOW


def sat(like: Attempt, rows: list[list[tuple[float, object]]], *, at=NOW) -> list[int]:
    """One attempt with a result per row, on the paper of `like`. rows: (share, answer) per place.

    Returns the attempts' ids.
    """
    slots = paper_slots(like.paper_id)
    made = []
    for number, row in enumerate(rows):
        name = f"sat-{like.paper_id}-{number}"
        person = User(username=name, name=name, password_hash="!", created_at=at, roles=[])
        db.session.add(person)
        db.session.flush()
        place = Registration(
            sitting_id=like.sitting_id,
            user_id=person.id,
            admission_number=name,
            state="ready",
            created_at=at,
        )
        db.session.add(place)
        db.session.flush()
        attempt = Attempt(
            registration_id=place.id,
            sitting_id=like.sitting_id,
            exam_id=like.exam_id,
            user_id=person.id,
            paper_id=like.paper_id,
            number=1,
            state="released",
            seed=1,
            layout={},
            started_at=at,
            limit_seconds=60,
            deadline_at=at,
            seen_at=at,
            closed_at=at,
        )
        db.session.add(attempt)
        db.session.flush()
        for slot, (share, answer) in zip(slots, row, strict=True):
            points = Fraction(share).limit_denominator(100) * slot.points
            db.session.add(
                Mark(
                    attempt_id=attempt.id,
                    position=slot.position,
                    version_id=slot.version_id,
                    points=points,
                    maximum=slot.points,
                    share=share,
                    rule=slot.question.type.value,
                    created_at=at,
                )
            )
            db.session.add(
                Save(
                    attempt_id=attempt.id,
                    epoch=1,
                    seq=slot.position,
                    position=slot.position,
                    answer=answer,
                    flagged=False,
                    spent_ms=1000,
                    state="accepted",
                    received_at=at,
                    receipt="0" * 64,
                )
            )
        db.session.add(
            Result(
                attempt_id=attempt.id,
                version=1,
                current=True,
                exam_id=like.exam_id,
                user_id=person.id,
                score=0,
                maximum=100,
                pass_mark=60,
                passed=False,
                modules=[],
                created_at=at,
                released_at=at,
            )
        )
        made.append(attempt.id)
    db.session.commit()
    return made


def _key_of(slot):
    return next(option.id for option in slot.question.body.options if option.right)


def _wrong_of(slot):
    return [option.id for option in slot.question.body.options if not option.right]


def classes(like, people):
    """The first question is answered right by the weaker half alone; everything else fits."""
    first, second, third = paper_slots(like.paper_id)
    strong = [(0, _wrong_of(first)[0]), (1, _key_of(second)), (1, third.question.body.right)]
    weak = [(1, _key_of(first)), (0, _wrong_of(second)[0]), (0, not third.question.body.right)]
    return [strong if n % 2 else weak for n in range(people)]
