"""What finding questions costs in a bank of 20,000: lists, words, exposure, similar ones.

The questions are made of clauses of the shipped ones, so that common words are common and rare
ones rare. 200 papers of 100 of them have been given 5,000 times. Each query runs in the process,
its whole page through the application without a server or a network.

    python -m benchmarks.bank [--questions 20000] [--rounds 30] [--database sqlite postgresql]
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from flask.testing import FlaskClient
from sqlalchemy import insert, select, text

from app.config import load_settings
from app.db import db, transaction
from app.domain.attempts import AttemptState
from app.domain.permissions import Role
from app.domain.questions.bank_filter import BankFilter
from app.domain.questions.bulk import BulkOrder
from app.domain.questions.choice import Single
from app.domain.questions.kinds import Level, Pool
from app.domain.questions.question import Question as Content
from app.domain.text import Text
from app.loader.questions import BankEntry
from app.loader.tree import read_tree
from app.models.accounts import User
from app.models.attempts import Attempt
from app.models.content import Point
from app.models.papers import Paper, PaperQuestion
from app.models.questions import QuestionVersion
from app.models.sittings import Registration, Sitting
from app.queries import versions
from app.queries.bank import bank, bank_ids
from app.queries.similar_questions import similar_questions
from app.services import bulk_changes
from app.services.accounts import NewAccount, create_account
from app.services.questions import load_bank
from app.services.trail import SYSTEM, Actor
from benchmarks.databases import KINDS, POSTGRESQL
from benchmarks.server import PASSWORD, Installation, installation
from benchmarks.tally import Tally, table

PAPERS, PLACES, CANDIDATES, ATTEMPTS = 200, 100, 50, 100
"""Papers with so many places each; candidates, each with attempts at so many of them."""
WARM_UP = 3
INSTRUCTOR = "instructor1"
BULK = 500

LISTS = {
    "first page": BankFilter(),
    "latest changes": BankFilter(sort="changed"),
    "module, pool, level": BankFilter(module="planning", pool="practice", level="apply"),
    "客户 (in most)": BankFilter(search="客户"),
    "客": BankFilter(search="客"),
    "魅力需求": BankFilter(search="魅力需求"),
    "“服务策划”": BankFilter(search="“服务策划”"),
    "客户 service": BankFilter(search="客户 service"),
    "SWOT分析, exam pool": BankFilter(search="SWOT分析", pool="exam"),
    "PL14-B0": BankFilter(search="PL14-B0"),
    "on no paper": BankFilter(used="no"),
    "most exposed": BankFilter(sort="exposure"),
    "客户, seen 20 times": BankFilter(search="客户", attempts_least=20),
    "changed since": BankFilter(changed_since=date(2000, 1, 1), live="yes", author=0),
}


def main() -> None:
    """Fill a bank on every database, measure, and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--questions", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--database", nargs="+", choices=KINDS, default=list(KINDS))
    given = parser.parse_args()
    for kind in given.database:
        with installation(kind, candidates=CANDIDATES) as made:
            versions.forget_all()
            with _context(made):
                took, samples = _fill(made, given.questions)
                _give_papers()
                _analyse(kind)
            print(f"\n{kind}: {given.questions:,} questions, loaded and indexed in {took:.1f} s")
            tally = _measure(made, samples, rounds=given.rounds)
            print(table(tally, tally.milliseconds))


def _fill(made: Installation, count: int) -> tuple[float, list[Content]]:
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


def _give_papers() -> None:
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


def _analyse(kind: str) -> None:
    """What PostgreSQL does by itself within a minute."""
    statement = "VACUUM ANALYZE" if kind == POSTGRESQL else "ANALYZE"
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement))


def _measure(made: Installation, samples: list[Content], *, rounds: int) -> Tally:
    tally = Tally()
    with _context(made):
        author = _instructor()
        for name, filters in LISTS.items():
            _time(tally, name, rounds, lambda f=filters: bank(f, page=1, zone=UTC))
        similar = iter(samples * rounds)
        _time(tally, "similar questions", rounds, lambda: _similar(next(similar)))
        _bulk(tally, author)
    client = made.app.test_client()
    made.app.config["WTF_CSRF_ENABLED"] = False
    login = {"username": INSTRUCTOR, "password": PASSWORD}
    assert client.post("/login", data=login).status_code == 302
    for name in ("first page", "客户 (in most)", "most exposed"):
        words = LISTS[name].dump()
        _time(tally, f"page: {name}", rounds, lambda w=words: _page(client, w))
    return tally


def _time(tally: Tally, name: str, rounds: int, act: Callable[[], object]) -> None:
    for number in range(WARM_UP + rounds):
        began = time.perf_counter()
        act()
        if number >= WARM_UP:
            tally.milliseconds[name].append(1000 * (time.perf_counter() - began))


def _similar(content: Content) -> None:
    found = similar_questions(content.stem.zh, content.body.key_text(), pool=content.pool)
    assert found[0].id == content.id


def _page(client: FlaskClient, words: dict[str, str]) -> None:
    assert client.get("/questions", query_string=words).status_code == 200


def _bulk(tally: Tally, author: int) -> None:
    """One preview and one change of many questions."""
    ids = bank_ids(BankFilter(), zone=UTC, most=BULK)
    order, actor = BulkOrder(source="004 Q1, 2026"), Actor(author)
    began = time.perf_counter()
    plan = bulk_changes.preview(ids, order, actor=actor, zone=UTC)
    tally.milliseconds[f"bulk preview of {BULK}"].append(1000 * (time.perf_counter() - began))
    began = time.perf_counter()
    bulk_changes.apply(
        ids, order, expected=len(plan.changes), actor=actor, now=datetime.now(UTC), zone=UTC
    )
    tally.milliseconds[f"bulk change of {BULK}"].append(1000 * (time.perf_counter() - began))


def _instructor() -> int:
    return create_account(
        NewAccount(
            username=INSTRUCTOR,
            name="讲师",
            roles=frozenset({Role.INSTRUCTOR}),
            password=PASSWORD,
            must_change_password=False,
        ),
        actor=SYSTEM,
        now=datetime.now(UTC),
    )


@contextmanager
def _context(made: Installation) -> Iterator[None]:
    with made.app.app_context():
        yield
        db.session.remove()


if __name__ == "__main__":
    main()
