"""Makes the rows that a test needs, by the same services that the product uses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.db import db
from app.domain.permissions import Role
from app.domain.problems import Problems
from app.domain.questions.lifecycle import QuestionStep
from app.domain.questions.question import Question as Content
from app.domain.scoring.rules import ScoringRules
from app.domain.text import Text
from app.loader.questions import BankEntry
from app.models.accommodations import Accommodation
from app.models.accounts import User
from app.models.content import Lesson, Module, Point
from app.models.questions import Question
from app.models.schemes import Exam, Scheme, SchemeVersion
from app.services import accounts, registrations, sittings, starting
from app.services.question_reviews import take_step
from app.services.questions import load_bank
from app.services.trail import SYSTEM, Actor

NOW = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)
PASSWORD = "correct-horse-7"
PLAN = [
    {"module": "planning", "type": "single", "count": 2, "points": 40.0},
    {"module": "planning", "type": "true_false", "count": 1, "points": 20.0},
]
SECTIONS = [{"zh": "第一部分", "en": "Part one"}, {"zh": "第二部分", "en": "Part two"}]
IN_SECTIONS = [PLAN[0], {**PLAN[1], "section": 2}]
"""PLAN in two sections that are worked through one way: positions 1 and 2, then 3."""


def user(username: str = "trainee1", *roles: Role, name: str = "学员甲", **changes: Any) -> int:
    """An account; its password is PASSWORD. Returns its id."""
    return accounts.create_account(
        accounts.NewAccount(
            username=username,
            name=name,
            roles=frozenset(roles or {Role.TRAINEE}),
            password=PASSWORD,
            must_change_password=changes.pop("must_change_password", False),
            language=changes.pop("language", "zh"),
            **changes,
        ),
        actor=SYSTEM,
        now=NOW,
    )


def log_in(
    client: FlaskClient, username: str = "trainee1", password: str = PASSWORD
) -> FlaskClient:
    """The same client, logged in."""
    response = client.post("/login", data={"username": username, "password": password})
    assert response.status_code == 302, response.text
    return client


def syllabus() -> None:
    """One module, one lesson, one point."""
    title = {"zh": "服务策划", "en": "Service planning"}
    db.session.add(Module(id="planning", place=1, title=title, weight=100))
    db.session.flush()
    db.session.add(Lesson(id="swot", module_id="planning", place=1, title=title))
    db.session.flush()
    db.session.add(
        Point(
            id="PL14",
            lesson_id="swot",
            place=1,
            title=title,
            source="004 Q9",
            memory="",
            key=True,
            beyond=False,
        )
    )
    db.session.commit()


def content(id_: str = "PL14-01", **changes: Any) -> Content:
    """A question as an author writes it: single choice, practice pool, b is right."""
    raw: dict[str, Any] = {
        "id": id_,
        "type": "single",
        "pool": "practice",
        "points": ["PL14"],
        "level": "remember",
        "difficulty": 2,
        "stem": {"zh": f"题干 {id_}？", "en": f"Stem {id_}?"},
        "options": [
            {"zh": "甲", "en": "first"},
            {"zh": "乙", "en": "second", "right": True},
            {"zh": "丙", "en": "third"},
            {"zh": "丁", "en": "fourth"},
        ],
        "explanation": {"zh": f"解析机密 {id_}", "en": f"Secret reason {id_}"},
        "source": "004 Q9",
    }
    if changes.get("type", "single") not in ("single", "multiple"):
        raw.pop("options")
    raw.update(changes)
    problems = Problems()
    question = Content.read(raw, problems=problems)
    assert question is not None, [str(problem) for problem in problems]
    return question


def bank(questions: Sequence[Content]) -> None:
    """Load the questions into the lesson swot."""
    load_bank([BankEntry("swot", question) for question in questions], now=NOW)


def reviewers() -> tuple[int, int]:
    """Two instructors who wrote nothing; the same two whenever they are asked for."""
    known = {
        row.username: row.id
        for row in db.session.execute(select(User.username, User.id).where(User.name == "审题人"))
    }
    names = ("reviewer1", "reviewer2")
    return tuple(known.get(name) or user(name, Role.INSTRUCTOR, name="审题人") for name in names)


def put_into_use(question_id: str) -> None:
    """The newest version of a draft goes its whole way: reviewed by two people, then live."""
    first, second = reviewers()
    for step_, by in (
        (QuestionStep.SUBMIT, None),
        (QuestionStep.APPROVE, first),
        (QuestionStep.APPROVE, second),
        (QuestionStep.PROMOTE, first),
    ):
        step(question_id, step_, by)


def step(question_id: str, step_: QuestionStep, by: int | None, **changes: Any) -> str:
    """Somebody takes a step with the question as it stands now; returns its new state."""
    row = db.session.get_one(Question, question_id, populate_existing=True)
    as_it_is = {"version": row.current_version, "state": row.state, "note": "why", "now": NOW}
    return take_step(question_id, step_, actor=Actor(by), **{**as_it_is, **changes})


def exam_pool(singles: int = 8, statements: int = 4) -> list[Content]:
    """Exam-pool questions: singles (b is right) and true_false (true is right)."""
    return [
        *(content(f"PL14-{51 + n}", pool="exam") for n in range(singles)),
        *(
            content(f"PL14-{81 + n}", pool="exam", type="true_false", answer=True)
            for n in range(statements)
        ),
    ]


def exam(*, plan: list[dict[str, Any]] | None = None, **changes: Any) -> Exam:
    """An exam of 60 minutes with 100 points (pass mark 60), its scheme issuing by rule.

    A second exam of a test needs another code; it joins the scheme of the first.
    """
    version = db.session.scalar(select(SchemeVersion)) or _scheme(changes.pop("decision", "rule"))
    row = Exam(
        scheme_version_id=version.id,
        scheme_id="unit",
        code=changes.pop("code", "theory"),
        title={"zh": "理论", "en": "Theory"},
        minutes=changes.pop("minutes", 60),
        pass_mark=changes.pop("pass_mark", 60),
        total=100,
        attempts=changes.pop("attempts", 2),
        wait_hours=changes.pop("wait_hours", 24),
        papers=changes.pop("papers", 2),
        release=changes.pop("release", "immediately"),
        show_answers=False,
        scoring=changes.pop("scoring", ScoringRules().dump()),
        plan=plan or PLAN,
        sections=changes.pop("sections", []),
    )
    assert not changes, changes
    db.session.add(row)
    db.session.commit()
    return row


def _scheme(decision: str) -> SchemeVersion:
    title = {"zh": "单元证书", "en": "Unit certificate"}
    scheme_content = {
        "id": "unit",
        "version": 1,
        "title": title,
        "decision": decision,
        "number_prefix": "QJ",
        "number_level": "U1",
        "validity_months": 24,
    }
    db.session.add(
        Scheme(
            id="unit",
            current_version_id=None,
            title=title,
            summary=title,
            modules=["planning"],
            open=True,
        )
    )
    db.session.flush()
    version = SchemeVersion(
        scheme_id="unit", number=1, content=scheme_content, content_hash="0" * 64, created_at=NOW
    )
    db.session.add(version)
    db.session.flush()
    db.session.get_one(Scheme, "unit").current_version_id = version.id
    return version


def sitting(row: Exam, *, hours: float = 8, opens_at: datetime = NOW, **rules: Any) -> int:
    """A sitting that is open from now on. rules: fields of SittingRules."""
    return sittings.open_sitting(
        row.id,
        title=Text("场次", "Sitting"),
        opens_at=opens_at,
        closes_at=opens_at + timedelta(hours=hours),
        seed=7,
        actor=SYSTEM,
        now=NOW,
        rules=sittings.SittingRules(**rules),
    )


def registration(sitting_id: int, user_id: int, *, agreed: bool = True) -> int:
    """A place in the sitting for somebody who is enrolled."""
    accounts.enrol(user_id, scheme_id="unit", due_at=None, actor=SYSTEM, now=NOW)
    registration_id = registrations.register(sitting_id, user_id=user_id, now=NOW)
    if agreed:
        registrations.agree(registration_id, user_id=user_id, agreement="I agree", now=NOW)
    return registration_id


def accommodation(user_id: int, *, factor: float = 1.0, breaks: int = 0, **changes: Any) -> int:
    """An approved accommodation, valid from the day of NOW on. breaks: minutes. Returns its id."""
    row = Accommodation(
        **{
            "user_id": user_id,
            "time_factor": factor,
            "break_minutes": breaks,
            "larger_text": False,
            "separate_room": False,
            "reason": "a reason",
            "valid_from": NOW.date(),
            "valid_until": None,
            "approved_at": NOW,
            **changes,
        }
    )
    db.session.add(row)
    db.session.commit()
    return row.id


def attempt(app: Flask, user_id: int | None = None, *, now: datetime = NOW, **changes: Any) -> int:
    """A started attempt of a new exam (one per test), by a new trainee where none is given."""
    if user_id is None:
        user_id = user()
    if db.session.scalar(select(Module.id)) is None:
        syllabus()
    if db.session.scalar(select(Question.id).limit(1)) is None:
        bank(exam_pool())
    row = exam(**changes)
    place = registration(sitting(row), user_id)
    return starting.start(place, user_id=user_id, seed=1, actor=Actor(user_id), now=now)
