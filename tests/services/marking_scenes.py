"""Scenes about marking by people: an exam with a short answer and a case, and those who mark it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from sqlalchemy import select

from app.db import db
from app.domain.marking.rubric import Judgement
from app.domain.permissions import Role
from app.models.attempts import Attempt
from app.models.content import Module
from app.models.marking import Marking, Script
from app.models.results import Result
from app.services import attempts, grading, markings, starting
from app.services.trail import Actor
from tests import factories
from tests.factories import NOW
from tests.services import scenes

PLAN = [
    {"module": "planning", "type": "short_answer", "count": 1, "points": 40.0},
    {"module": "planning", "type": "case", "count": 1, "points": 60.0},
]
"""The short answer stands at position 1, the case at 2."""
SHORT, CASE = 1, 2
ANSWERS = {SHORT: "先加强沟通，不需要培训。", CASE: {"1": "建立模型", "2": "建立系统"}}
_NAMES = itertools.count(1)


@dataclass(frozen=True)
class ExamRow:
    """The exam; unlike its row it stays what it is when a request has ended."""

    id: int


def short_answer(id_="PL14-51", **changes):
    """Three key points of weight 1, 2 and 1, all of which full marks take."""
    points = [
        {"zh": "沟通", "en": "communication", "weight": 1},
        {"zh": "培训", "en": "training", "weight": 2, "synonyms": {"zh": ["学习"], "en": []}},
        {"zh": "考核", "en": "appraisal", "weight": 1},
    ]
    return factories.content(
        id_,
        **{
            "pool": "exam",
            "type": "short_answer",
            "key_points": points,
            "model_answer": {"zh": "范文机密", "en": "model secret"},
            **changes,
        },
    )


def case(id_="PL14-81", **changes):
    """Two parts with one criterion each, of weight 3 and 3; levels 1, .5 and 0."""
    levels = [
        {"share": share, "zh": f"水平{share}", "en": f"level {share}"} for share in (1, 0.5, 0)
    ]
    parts = [
        {
            "stem": {"zh": f"任务{name}", "en": f"task {name}"},
            "model_answer": {"zh": f"参考{name}", "en": f"anchor {name}"},
            "criteria": [
                {"name": {"zh": f"要求{name}", "en": f"row {name}"}, "weight": 3, "levels": levels}
            ],
        }
        for name in "一二"
    ]
    return factories.content(id_, **{"pool": "exam", "type": "case", "parts": parts, **changes})


def exam(**changes):
    """The exam, with its questions and a sitting; released by a person where nothing is said."""
    if db.session.scalar(select(Module.id)) is None:
        factories.syllabus()
        factories.bank([short_answer(), case()])
    marking = changes.pop("marking", {"checks": 0})
    row = factories.exam(
        **{"plan": PLAN, "papers": 1, "attempts": 1, "release": "by_person", **changes}
    )
    row.marking = marking
    db.session.commit()
    sitting_id = factories.sitting(row)
    return ExamRow(row.id), sitting_id


def handed_in(app, sitting_id, *, answers=ANSWERS, name=None, now=NOW):
    """Somebody new answers and hands in; the attempt's id."""
    user_id = factories.user(name or f"candidate{next(_NAMES)}", name="考生机密")
    place = factories.registration(sitting_id, user_id)
    attempt_id = starting.start(place, user_id=user_id, seed=1, actor=Actor(user_id), now=now)
    scenes.answer(attempt_id, user_id, answers, now=now)
    attempts.submit(attempt_id, user_id=user_id, actor=Actor(user_id), now=now)
    grading.grade(attempt_id, signer=scenes.signer(app), now=now)
    return attempt_id


def in_marking(app, *, count=1, answers=ANSWERS, **changes):
    """(exam, attempt ids) of an exam whose answers wait for markers."""
    row, sitting_id = exam(**changes)
    return row, [handed_in(app, sitting_id, answers=answers) for _ in range(count)]


def marker(name=None, role=Role.MARKER):
    """Somebody who marks."""
    name = name or f"marker{next(_NAMES)}"
    return factories.user(name, role, name=f"阅卷员{name}")


def version_of(row, position):
    """The question version that stands at a position of the exam's only paper."""
    return db.session.scalar(
        select(Script.version_id).where(Script.exam_id == row.id, Script.position == position)
    )


def take(row, position, by, *, now=NOW):
    """The next answer to the question on somebody's desk; its number."""
    return markings.take_next(row.id, version_of(row, position), actor=Actor(by), now=now)


def ticked(*points, **changes):
    """A judgement of the short answer: 10 points per weight."""
    return Judgement(**{"levels": {}, "ticked": frozenset(points), "has_decided": True, **changes})


def own(points, **changes):
    """A judgement of the short answer with points typed."""
    return Judgement(**{"levels": {}, "own": str(points), **changes})


def levels(first, second):
    """A judgement of the case: level 0 gives 30 points, 1 gives 15, 2 nothing."""
    return Judgement(levels={"1.1": first, "2.1": second})


def give(app, number, judgement, by, *, now=NOW, seconds=30):
    """Mark it."""
    markings.finish(
        number,
        judgement,
        seconds=seconds,
        signer=scenes.signer(app),
        actor=Actor(by),
        now=now,
    )
    return number


def mark(app, row, position, judgement, by, *, now=NOW):
    """Take the next answer to the question and mark it; its number."""
    return give(app, take(row, position, by, now=now), judgement, by, now=now)


def script(number):
    return db.session.scalar(
        select(Script).where(Script.number == number).execution_options(populate_existing=True)
    )


def roles(number):
    """(role, state, points) of the markings of a script's answer that counts."""
    rows = db.session.execute(
        select(Marking.role, Marking.state, Marking.points)
        .join(Script, Script.id == Marking.script_id)
        .where(Script.number == number, Marking.round == Script.round)
        .order_by(Marking.id)
    )
    return [tuple(row) for row in rows]


def state(attempt_id):
    db.session.expire_all()
    return db.session.get_one(Attempt, attempt_id).state


def results(attempt_id):
    """(version, current, score) of every result."""
    rows = db.session.execute(
        select(Result.version, Result.current, Result.score)
        .where(Result.attempt_id == attempt_id)
        .order_by(Result.version)
    )
    return [tuple(row) for row in rows]


def exam_of(attempt_id):
    return ExamRow(db.session.get_one(Attempt, attempt_id).exam_id)


def script_of(attempt_id, position):
    """The number of the script of an answer."""
    return db.session.scalar(
        select(Script.number).where(Script.attempt_id == attempt_id, Script.position == position)
    )
