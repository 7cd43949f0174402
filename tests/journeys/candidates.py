"""Candidates who are in an exam when the story begins: seated by the services, not by clicking."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from app.db import transaction
from app.domain.permissions import Role
from app.domain.questions.kinds import QuestionType
from app.domain.saves import current_answers
from app.domain.text import Text
from app.models.attempts import Attempt, AttemptEvent
from app.models.schemes import Exam, SchemeVersion
from app.models.sittings import Sitting
from app.services import accounts, proctoring, registrations, sittings, starting
from app.services.trail import SYSTEM, Actor
from tests.journeys.pages import PASSWORD
from tests.journeys.servers import Person

SCHEME = "service-planning"
EVERY_TYPE = [
    {"module": "service-cost", "type": kind.value, "count": 1, "points": 12.0 if last else 11.0}
    for kind in QuestionType
    for last in [kind is list(QuestionType)[-1]]
]
"""Nine questions, one of each type, at positions 1 to 9 in the order of QuestionType."""

IN_PARTS = [
    {"module": "planning", "type": "single", "count": 2, "points": 20.0, "section": 1},
    {"module": "planning", "type": "fill_in", "count": 1, "points": 20.0, "section": 2},
    {"module": "planning", "type": "ordering", "count": 1, "points": 40.0, "section": 2},
]
PARTS = [{"zh": "基础知识", "en": "Basics"}, {"zh": "应用", "en": "Use"}]


@dataclass(frozen=True)
class Seat:
    """Somebody in a running exam."""

    person: Person
    user_id: int
    sitting_id: int
    attempt_id: int

    @property
    def url(self):
        return f"/attempts/{self.attempt_id}"


def version_of_its_own(session, model_id):
    """A copy of a scheme's version for a story's exam; returns its id.

    An exam more in the real version, and nobody who passes the real exam has passed them all.
    """
    model = session.get_one(SchemeVersion, model_id)
    copy = SchemeVersion(
        scheme_id=model.scheme_id,
        number=session.scalar(select(func.max(SchemeVersion.number))) + 1,
        content=model.content,
        content_hash=uuid.uuid4().hex,
        created_at=model.created_at,
    )
    session.add(copy)
    session.flush()
    return copy.id


def offer(house, plan=EVERY_TYPE, **changes):
    """A sitting that is open now, of a new exam with this plan; returns its id."""
    now = datetime.now(UTC)
    with house.database() as session:
        model = session.scalars(
            select(Exam).where(Exam.scheme_id == SCHEME).order_by(Exam.id)
        ).first()
        exam = Exam(
            **{
                "scheme_version_id": version_of_its_own(session, model.scheme_version_id),
                "scheme_id": SCHEME,
                "code": uuid.uuid4().hex[:8],
                "title": {"zh": "试考", "en": "Trial"},
                "minutes": 60,
                "pass_mark": 60,
                "total": 100,
                "attempts": 2,
                "wait_hours": 0,
                "papers": 1,
                "release": "by_person",
                "show_answers": False,
                "scoring": model.scoring,
                "plan": plan,
                "sections": [],
                **changes,
            }
        )
        session.add(exam)
        session.commit()
        return sittings.open_sitting(
            exam.id,
            title=Text("试考场次", "Trial sitting"),
            opens_at=now - timedelta(minutes=1),
            closes_at=now + timedelta(days=1),
            seed=1,
            actor=SYSTEM,
            now=now,
            # Other stories of the same house choose the first sitting on their list.
            rules=sittings.SittingRules(open_to_enrolled=False),
        )


def seat(house, sitting_id, **changes):
    """A new person who has just started; changes go to the attempt's row."""
    now = datetime.now(UTC)
    person = Person(f"c{uuid.uuid4().hex[:10]}", PASSWORD, "考生甲")
    with house.database() as session:
        user_id = accounts.create_account(
            accounts.NewAccount(
                username=person.username,
                name=person.name,
                roles=frozenset({Role.TRAINEE}),
                password=PASSWORD,
                must_change_password=False,
                language="zh",
            ),
            actor=SYSTEM,
            now=now,
        )
        accounts.enrol(user_id, scheme_id=SCHEME, due_at=None, actor=SYSTEM, now=now)
        with transaction():
            sitting = session.get_one(Sitting, sitting_id)
            place = registrations.take_place(sitting, user_id, actor=SYSTEM, now=now)
        registrations.agree(place, user_id=user_id, agreement="agreed", now=now)
        attempt_id = starting.start(place, user_id=user_id, seed=1, actor=Actor(user_id), now=now)
        attempt = session.get_one(Attempt, attempt_id)
        for name, value in changes.items():
            setattr(attempt, name, value)
        session.commit()
    return Seat(person, user_id, sitting_id, attempt_id)


# ── what the proctor does meanwhile ───────────────────────────────────────────


def act(house, act_, seated, **words):
    """One act of the proctor's desk on one attempt."""
    with house.database():
        act_(seated.sitting_id, [seated.attempt_id], actor=SYSTEM, now=datetime.now(UTC), **words)


def add_minutes(house, seated, minutes):
    act(house, proctoring.add_minutes, seated, minutes=minutes, reason="停电")


def message(house, seated, text):
    act(house, proctoring.message, seated, text=text)


def pause(house, seated):
    act(house, proctoring.pause, seated, reason="设备检查")


def resume(house, seated):
    act(house, proctoring.resume, seated, reason="检查完毕")


def force_submit(house, seated):
    act(house, proctoring.force_submit, seated, reason="离场")


# ── what the database has ─────────────────────────────────────────────────────


def stored(house, seated):
    """Position → the answer that counts, as the widgets have it."""
    return {
        position: str(save.answer).lower() if isinstance(save.answer, bool) else save.answer
        for position, save in current_answers(house.saves(seated.attempt_id)).items()
    }


def events(house, seated, kind):
    """The details of the events of one kind."""
    with house.database() as session:
        return session.scalars(
            select(AttemptEvent.detail)
            .where(AttemptEvent.attempt_id == seated.attempt_id, AttemptEvent.kind == kind)
            .order_by(AttemptEvent.id)
        ).all()
