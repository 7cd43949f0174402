"""Finding questions: words, filters, orders, exposure; each list in few statements."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, timedelta, timezone

import pytest
from sqlalchemy import update

from app.domain.permissions import Role
from app.domain.questions.bank_filter import BankFilter
from app.models.attempts import Attempt
from app.models.content import Lesson, Module
from app.models.questions import Question
from app.queries.bank import bank, bank_authors, bank_ids, bank_total
from app.queries.exposure import Exposure, exposures
from app.queries.versions import paper_slots
from app.services import questions
from app.services.trail import Actor
from tests import factories

STEMS = {
    "PL14-01": ("客户满意度怎样测量？", "How is satisfaction measured?"),
    "PL14-02": ("哪一步属于服务策划？", "Which step is planning?"),
    "PL14-03": ("CRM系统记录什么？", "What does a CRM keep?"),
    "PL14-04": ("顾客说“不”时怎么办？", "What if a customer says no?"),
}


@pytest.fixture
def four(app):
    factories.syllabus()
    factories.bank(
        [
            factories.content(id_, stem={"zh": zh, "en": en}, difficulty=number)
            for number, (id_, (zh, en)) in enumerate(STEMS.items(), start=1)
        ]
    )


def found(**wanted):
    filters = BankFilter(**wanted)
    page = bank(filters, page=1, zone=UTC)
    ids = [row.id for row in page.rows]
    assert page.total == len(ids) == bank_total(filters, zone=UTC)
    assert ids == list(bank_ids(filters, zone=UTC))
    return [int(id_[-2:]) for id_ in ids]


@pytest.mark.parametrize(
    ("search", "numbers"),
    [
        ("客户", [1]),
        ("客", [1, 4]),
        ("crm", [3]),
        ("CRM系统", [3]),
        ("策划 planning", [2]),
        ("“属于服务”", [2]),
        ("measur", [1]),
        ("PL14-03", [3]),
        ("pl14-0", [1, 2, 3, 4]),
        ("PL14-01 策划", []),
        ("PL14", [1, 2, 3, 4]),
        ("解析机密", [1, 2, 3, 4]),
        ("？", []),
        ("100%", []),
    ],
)
def test_what_is_typed_is_found(four, search, numbers):
    assert found(search=search) == numbers


def test_a_stem_that_says_it_comes_before_an_explanation(four, session):
    content = factories.content("PL14-01", explanation={"zh": "CRM系统见第三题", "en": "x"})
    factories.bank([content])

    assert found(search="CRM") == [3, 1]
    assert found(search="CRM", papers_most=0) == [3, 1]
    assert found(search="crm系统", sort="id") == [1, 3]


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        ({"module": "planning"}, [1, 2, 3, 4]),
        ({"module": "other"}, []),
        ({"lesson": "swot"}, [1, 2, 3, 4]),
        ({"point": "pl14"}, [1, 2, 3, 4]),
        ({"point": "PL15"}, []),
        ({"type": "multiple"}, []),
        ({"level": "remember"}, [1, 2, 3, 4]),
        ({"difficulty": 2}, [2]),
        ({"pool": "exam"}, []),
        ({"state": "live"}, [1, 2, 3, 4]),
        ({"state": "retired"}, []),
        ({"author": 0}, [1, 2, 3, 4]),
        ({"author": 99}, []),
        ({"used": "no"}, [1, 2, 3, 4]),
        ({"used": "yes"}, []),
        ({"papers_most": 0}, [1, 2, 3, 4]),
        ({"attempts_least": 1}, []),
        ({"sort": "difficulty"}, [4, 3, 2, 1]),
        ({"sort": "exposure"}, [1, 2, 3, 4]),
        ({"sort": "nonsense"}, [1, 2, 3, 4]),
        ({"difficulty": 3, "search": "系统"}, [3]),
    ],
)
def test_filters_and_orders(four, wanted, numbers):
    assert found(**wanted) == numbers


def test_a_live_question_being_changed_is_live_and_a_draft(four, session):
    session.execute(
        update(Question).where(Question.id == "PL14-02").values(state="draft", live_version=1)
    )
    session.execute(
        update(Question).where(Question.id == "PL14-03").values(state="draft", live_version=None)
    )
    session.commit()

    assert found(state="draft") == [2, 3]
    assert found(live="yes") == [1, 2, 4]
    assert found(live="no") == [3]


def test_a_day_begins_in_the_zone_of_the_organisation(four, session):
    at = factories.NOW.replace(hour=18)  # 02:00 of the next day in Shanghai
    session.execute(update(Question).where(Question.id == "PL14-02").values(updated_at=at))
    session.commit()
    filters = BankFilter(changed_since=date(2026, 11, 3))

    assert bank_ids(filters, zone=UTC) == []
    assert bank_ids(filters, zone=timezone(timedelta(hours=8))) == ["PL14-02"]
    assert found(sort="changed") == [2, 1, 3, 4]


def test_an_author_is_listed_and_found(four, session):
    me = factories.user("author", Role.INSTRUCTOR, name="讲师甲")
    session.execute(update(Question).where(Question.id == "PL14-04").values(author_id=me))
    session.commit()

    assert found(author=me) == [4]
    assert found(author=0) == [1, 2, 3]
    assert [tuple(row) for row in bank_authors()] == [(me, "讲师甲")]
    assert bank(BankFilter(author=me), page=1, zone=UTC).rows[0].author == "讲师甲"


def test_a_module_finds_the_questions_of_its_lessons(four, session):
    title = {"zh": "x", "en": "x"}
    session.add(Module(id="other", place=2, title=title, weight=0))
    session.flush()
    session.add(Lesson(id="kano", module_id="other", place=2, title=title))
    session.flush()
    session.execute(update(Question).where(Question.id == "PL14-01").values(lesson_id="kano"))
    session.commit()

    assert found(module="other") == [1]
    assert found(module="planning") == [2, 3, 4]


def test_exposure_counts_papers_and_attempts(app, session):
    attempt_id = factories.attempt(app)
    paper_id = session.get_one(Attempt, attempt_id).paper_id
    given = {slot.question.id for slot in paper_slots(paper_id)}
    least = BankFilter(attempts_least=1)

    assert set(bank_ids(least, zone=UTC)) == given
    for row in bank(least, page=1, zone=UTC).rows:
        assert row.attempts == 1
        assert row.papers >= 1
        assert exposures([row.id]) == {row.id: Exposure(row.papers, 1)}
    used = set(bank_ids(BankFilter(used="yes"), zone=UTC))
    assert given <= used
    assert used == set(bank_ids(BankFilter(papers_least=1), zone=UTC))
    assert used.isdisjoint(bank_ids(BankFilter(used="no"), zone=UTC))
    assert set(bank_ids(BankFilter(sort="exposure"), zone=UTC)[: len(given)]) == given


def test_exposure_of_the_last_papers_alone(app, session):
    factories.attempt(app)
    newest = set(bank_ids(BankFilter(papers_least=1, last_papers=1), zone=UTC))

    assert len(newest) == 3
    assert newest < set(bank_ids(BankFilter(papers_least=1), zone=UTC))
    assert all(
        row.papers == 1
        for row in bank(BankFilter(papers_least=1, last_papers=1), page=1, zone=UTC).rows
    )


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_pages_by_relevance_hold_every_question_once(app, size):
    """First the stems that say it, then the explanations: the pages go on where one ended."""
    factories.syllabus()
    stems = {n: "客户怎么说？" if n % 3 == 0 else "别的？" for n in range(7)}
    factories.bank(
        [
            factories.content(
                f"PL14-{10 + n}",
                stem={"zh": stem, "en": "x"},
                explanation={"zh": "见客户一章", "en": "x"},
            )
            for n, stem in stems.items()
        ]
    )
    filters = BankFilter(search="客户")

    pages = [bank(filters, page=number, zone=UTC, size=size) for number in range(1, 9)]

    seen = [row.id for page in pages[: pages[0].pages] for row in page.rows]
    said, unsaid = [0, 3, 6], [1, 2, 4, 5]
    assert seen == [f"PL14-{10 + n}" for n in [*said, *unsaid]] == list(bank_ids(filters, zone=UTC))
    assert bank_ids(filters, zone=UTC, most=4) == seen[:4]
    assert {page.total for page in pages} == {7}


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"search": "题干 stem", "module": "planning", "pool": "practice", "used": "no"},
        {"search": "题干", "attempts_most": 5},
        {"search": "题干", "attempts_most": 5, "sort": "exposure"},
    ],
)
def test_a_list_takes_few_statements_however_long_it_is(app, statements, wanted):
    factories.syllabus()
    factories.bank([factories.content(f"PL14-{100 + n}") for n in range(30)])
    statements.clear()

    page = bank(BankFilter(**wanted), page=2, zone=UTC)

    assert (page.total, len(page.rows)) == (30, 5)
    assert len(statements) <= 6


def test_the_words_of_an_edit_are_found_at_once(four):
    content = factories.content("PL14-02", stem={"zh": "新的问法？", "en": "A new one?"})
    questions.edit_question(
        replace(content, difficulty=2),
        from_version=1,
        note="",
        actor=Actor(),
        now=factories.NOW,
    )

    assert found(search="新的问法") == [2]
    assert found(search="服务策划") == []


def test_what_is_typed_is_no_pattern(four):
    assert found(point="PL1_") == []
    assert found(search="PL1%-0") == []
    assert found(search="客_") == [1, 4]
