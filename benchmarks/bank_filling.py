"""A large bank to find questions in: questions of clauses, papers, attempts, figures."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, select

from app.config import load_settings
from app.db import db, transaction
from app.domain.attempts import AttemptState
from app.domain.questions.choice import Single
from app.domain.questions.kinds import Level, Pool
from app.domain.questions.question import Question as Content
from app.domain.statistics.items import Flag
from app.domain.text import Text
from app.loader.questions import BankEntry
from app.loader.tree import read_tree
from app.models.accounts import User
from app.models.attempts import Attempt
from app.models.content import Point
from app.models.papers import Paper, PaperQuestion
from app.models.questions import QuestionVersion
from app.models.sittings import Registration, Sitting
from app.models.statistics import VersionFlag, VersionStatistics
from app.services.questions import load_bank
from benchmarks.server import Installation

PAPERS, PLACES, CANDIDATES, ATTEMPTS = 200, 100, 50, 100
"""Papers with so many places each; candidates, each with attempts at so many of them."""


def fill(made: Installation, count: int) -> tuple[float, list[Content]]:
    """Load so many questions, half of them exam questions; (seconds, some of them)."""
    settings = load_settings(made.environ)
    shipped = [entry.question for entry in read_tree(settings.content, settings.questions).bank]
    draw = random.Random(1)
    lessons = dict(db.session.execute(select(Point.id, Point.lesson_id)).all())
    points = sorted({question.points[0] for question in shipped})
    clauses = _Clauses(shipped)
    entries = [
        BankEntry(lessons[point], clauses.question(f"{point}-B{number:04d}", point, draw))
        for number, point in ((n // len(points), points[n % len(points)]) for n in range(count))
    ]
    began = time.perf_counter()
    load_bank(entries, now=datetime.now(UTC))
    took = time.perf_counter() - began
    return took, [entry.question for entry in draw.sample(entries, 50)]


class _Clauses:
    """What the shipped questions are made of."""

    def __init__(self, shipped: list[Content]) -> None:
        self._models = [question for question in shipped if isinstance(question.body, Single)]
        self._zh = _parts(r"[，。；：？]", (text.zh for text in _texts(shipped)))
        self._en = _parts(r"[,.;:?] ?", (text.en for text in _texts(shipped)))

    def question(self, id_: str, point: str, draw: random.Random) -> Content:
        """A single-choice question of clauses drawn from all of them."""
        model = draw.choice(self._models)
        assert isinstance(model.body, Single)
        texts = zip(
            draw.sample(self._zh, len(model.body.options)),
            draw.sample(self._en, len(model.body.options)),
            strict=True,
        )
        options = tuple(
            replace(option, text=Text(*text_))
            for option, text_ in zip(model.body.options, texts, strict=True)
        )
        return replace(
            model,
            id=id_,
            points=(point,),
            pool=draw.choice(list(Pool)),
            level=draw.choice(list(Level)),
            difficulty=draw.randint(1, 5),
            stem=self._text(draw, 3),
            body=replace(model.body, options=options),
            explanation=self._text(draw, 4),
        )

    def _text(self, draw: random.Random, clauses: int) -> Text:
        zh, en = draw.choices(self._zh, k=clauses), draw.choices(self._en, k=clauses)
        return Text("，".join(zh) + "。", ", ".join(en) + ".")


def _texts(shipped: list[Content]) -> Iterator[Text]:
    for question in shipped:
        yield question.stem
        yield question.explanation


def _parts(separator: str, texts: Iterator[str]) -> list[str]:
    """The clauses, each once."""
    parts = (part.strip() for text_ in texts for part in re.split(separator, text_))
    return list({part.casefold(): part for part in parts if len(part) > 3}.values())


def give_papers() -> None:
    """Papers of drawn questions, and attempts at them."""
    draw = random.Random(2)
    now = datetime.now(UTC)
    with transaction():
        sitting = db.session.scalars(select(Sitting)).one()
        ids = db.session.scalars(
            select(QuestionVersion.id).where(QuestionVersion.question_id.like("%-B%"))
        ).all()
        papers = [
            {"exam_id": sitting.exam_id, "seed": n, "frozen_at": now - timedelta(days=PAPERS - n)}
            for n in range(PAPERS)
        ]
        made = db.session.scalars(insert(Paper).returning(Paper.id), papers).all()
        place = {"module_id": "planning", "points": 1, "section": 1}
        db.session.execute(
            insert(PaperQuestion),
            [
                {"paper_id": paper, "position": position, "version_id": version, **place}
                for paper in made
                for position, version in enumerate(draw.sample(list(ids), PLACES), start=1)
            ],
        )
        for user_id in db.session.scalars(select(User.id).where(User.username.like("bench%"))):
            _attempts(user_id, sitting, draw.sample(list(made), ATTEMPTS), now)


def give_figures() -> None:
    """Figures of the versions on papers, a third of them with something to look at."""
    now = datetime.now(UTC)
    versions = db.session.scalars(select(PaperQuestion.version_id).distinct()).all()
    figures = {"people": 100, "facility": 0.6, "discrimination": 0.4, "correlation": 0.3}
    with transaction():
        db.session.execute(
            insert(VersionStatistics),
            [{"version_id": id_, "computed_at": now, **figures} for id_ in versions],
        )
        flags = (Flag.LOW_D, Flag.TOO_EASY, Flag.NEGATIVE_R)
        db.session.execute(
            insert(VersionFlag),
            [
                {"version_id": id_, "flag": flags[n // 3 % 3].value}
                for n, id_ in enumerate(versions)
                if n % 3 == 0
            ],
        )


def _attempts(user_id: int, sitting: Sitting, papers: list[int], now: datetime) -> None:
    registration = Registration(
        sitting_id=sitting.id,
        user_id=user_id,
        admission_number=f"B{user_id}",
        state="ready",
        created_at=now,
    )
    db.session.add(registration)
    db.session.flush()
    common = {
        "registration_id": registration.id,
        "sitting_id": sitting.id,
        "exam_id": sitting.exam_id,
        "user_id": user_id,
        "state": AttemptState.SUBMITTED.value,
        "seed": 1,
        "layout": {},
        "started_at": now,
        "limit_seconds": 3600,
        "deadline_at": now,
        "seen_at": now,
    }
    db.session.execute(
        insert(Attempt),
        [{**common, "paper_id": paper, "number": n} for n, paper in enumerate(papers, start=1)],
    )
