"""What finding questions costs in a bank of 20,000: lists, words, exposure, similar ones.

The questions are made of clauses of the shipped ones, so that common words are common and rare
ones rare. 200 papers of 100 of them have been given 5,000 times. Each query runs in the process,
its whole page through the application without a server or a network.

    python -m benchmarks.bank [--questions 20000] [--rounds 30] [--database sqlite postgresql]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

from flask.testing import FlaskClient
from sqlalchemy import text

from app.db import db
from app.domain.permissions import Role
from app.domain.questions.bank_filter import BankFilter
from app.domain.questions.bulk import BulkOrder
from app.domain.questions.question import Question as Content
from app.queries import versions
from app.queries.bank import bank, bank_ids
from app.queries.similar_questions import similar_questions
from app.services import bulk_changes
from app.services.accounts import NewAccount, create_account
from app.services.trail import SYSTEM, Actor
from benchmarks.bank_filling import CANDIDATES, fill, give_figures, give_papers
from benchmarks.databases import KINDS, POSTGRESQL
from benchmarks.server import PASSWORD, Installation, installation
from benchmarks.tally import Tally, table

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
    "negative correlation": BankFilter(flag="negative_r"),
    "nothing to look at": BankFilter(flag="none"),
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
                took, samples = fill(made, given.questions)
                give_papers()
                give_figures()
                _analyse(kind)
            print(f"\n{kind}: {given.questions:,} questions, loaded and indexed in {took:.1f} s")
            tally = _measure(made, samples, rounds=given.rounds)
            print(table(tally, tally.milliseconds))


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
