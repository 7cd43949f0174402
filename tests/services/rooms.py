"""A sitting that is running: several candidates at work, proctors, somebody else's sitting."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from app.db import db
from app.domain.permissions import Role
from app.domain.receipts import tab_token
from app.models.attempts import Attempt, AttemptEvent
from app.models.content import Module
from app.models.schemes import Exam
from app.models.sittings import SittingProctor
from app.services import attempts, saves, starting
from app.services.trail import Actor
from tests import factories
from tests.services import scenes

NOW = factories.NOW


def exam(**changes):
    """A new exam over a new bank, or the same bank for a second one."""
    if db.session.scalar(select(Module.id)) is None:
        factories.syllabus()
        factories.bank(factories.exam_pool())
    return factories.exam(**{"papers": 3, "attempts": 2, **changes})


def room(people=3, *, hours=8.0, **changes):
    """(sitting id, attempt ids) of a sitting with that many candidates at work."""
    sitting_id = factories.sitting(exam(**changes), hours=hours)
    return sitting_id, [begin(sitting_id, f"candidate{n}") for n in range(1, people + 1)]


def begin(sitting_id, username, *, name="", now=NOW):
    """A new candidate starts; returns the attempt's id."""
    user_id = factories.user(username, name=name or f"考生{username[-1]}")
    place = factories.registration(sitting_id, user_id)
    return starting.start(place, user_id=user_id, seed=1, actor=Actor(user_id), now=now)


def other_room():
    """As `room`, of the same exam and with one candidate: another proctor's."""
    row = db.session.scalar(select(Exam).limit(1))
    sitting_id = factories.sitting(row)
    return sitting_id, begin(sitting_id, "stranger9")


def proctor(username="proctor1", *roles, of=()):
    """A proctor's Actor; of: sittings that name them."""
    user_id = factories.user(username, *(roles or (Role.PROCTOR,)), name="监考员")
    for sitting_id in of:
        db.session.add(SittingProctor(sitting_id=sitting_id, user_id=user_id))
    db.session.commit()
    return Actor(user_id, "10.0.0.1", "browser")


def attempt(attempt_id):
    """The row as it is in the database now."""
    db.session.expire_all()
    return db.session.get_one(Attempt, attempt_id)


def log(attempt_id, kind=None):
    """The attempt's events, the oldest first."""
    rows = db.session.scalars(
        select(AttemptEvent).where(AttemptEvent.attempt_id == attempt_id).order_by(AttemptEvent.id)
    )
    return [row for row in rows if kind is None or row.kind == kind]


def beat(attempt_id, *, now, seen=0):
    """What an open page is answered to its heartbeat."""
    row = attempt(attempt_id)
    epoch = row.epoch or attempts.claim_tab(
        attempt_id, user_id=row.user_id, actor=Actor(row.user_id), now=now
    )
    return saves.save(
        attempt_id,
        user_id=row.user_id,
        token=tab_token(key=scenes.KEY, attempt_id=attempt_id, user_id=row.user_id, epoch=epoch),
        epoch=epoch,
        saves=[],
        events=[],
        key=scenes.KEY,
        actor=Actor(row.user_id),
        now=now,
        seen_notice=seen,
    )


def minutes(number):
    return timedelta(minutes=number)
