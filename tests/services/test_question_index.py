"""The full-text index follows every version, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import delete, func, select, text

from app.db import db
from app.domain.questions.search_words import Word, query_tokens, tokens
from app.domain.text import Text
from app.models.question_search import all_of, any_of, question_search
from app.models.questions import Question
from app.services import questions
from app.services.question_index import reindex
from app.services.trail import Actor
from tests import factories

FIRST = factories.content(
    "PL14-01",
    stem={"zh": "客户满意度用CRM系统怎样测量？", "en": "How is satisfaction measured?"},
    explanation={"zh": "看𬭎䶮的图。", "en": "See the naïve chart, 3.5 of 5."},
)
SECOND = factories.content("PL14-02", stem={"zh": "服务策划分几步？", "en": "How many steps?"})


@pytest.fixture
def two(app):
    factories.syllabus()
    factories.bank([FIRST, SECOND])


def found(typed, how=all_of):
    dialect = db.session.get_bind().dialect.name
    words = query_tokens(typed).words
    return sorted(db.session.scalars(how(words, dialect=dialect)))


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("客户", ["PL14-01"]),
        ("意度", ["PL14-01"]),
        ("度", ["PL14-01"]),
        ("服务策划", ["PL14-02"]),
        ("题", []),
        ("CRM", ["PL14-01"]),
        ("crm系统", ["PL14-01"]),
        ("ＣＲＭ", ["PL14-01"]),
        ("naïv", ["PL14-01"]),
        ("naive", []),
        ("satis measured", ["PL14-01"]),
        ("“measured satisfaction”", []),
        ("“satisfaction measured”", ["PL14-01"]),
        ("𬭎䶮", ["PL14-01"]),
        ("䶮", ["PL14-01"]),
        ("3.5", ["PL14-01"]),
        ("“5 3”", []),
        ("客户 策划", []),
        ("机密", ["PL14-02"]),
        ("“系统怎样测量”", ["PL14-01"]),
        ("“系统测量”", []),
        ("how", ["PL14-01", "PL14-02"]),
        ("004 Q9", ["PL14-01", "PL14-02"]),
    ],
)
def test_words_in_both_languages_are_found(two, typed, ids):
    assert found(typed) == ids


def test_any_of_several_words_finds_what_has_one(two):
    assert found("客户 策划 未见", any_of) == ["PL14-01", "PL14-02"]


def test_every_token_of_a_question_stays_one_token(two, session):
    said = "Ａ１b é 𬭎䶮 㐀㐁 服务、CRM2.0"
    questions.edit_question(
        replace(FIRST, explanation=Text(said, "x")),
        from_version=1,
        note="",
        actor=Actor(),
        now=factories.NOW,
    )

    for token in tokens(said):
        words = (Word((token,)),)
        dialect = session.get_bind().dialect.name
        assert "PL14-01" in session.scalars(all_of(words, dialect=dialect)).all(), token


def test_an_edit_takes_the_old_words_out(two):
    changed = replace(FIRST, stem=Text("改成别的问法？", "Asked otherwise?"))

    questions.edit_question(changed, from_version=1, note="", actor=Actor(), now=factories.NOW)

    assert found("满意度") == []
    assert found("别的问法") == ["PL14-01"]


def test_a_changed_file_changes_the_words(two):
    factories.bank([replace(SECOND, stem=Text("换了题面？", "Another one?"))])

    assert found("服务策划") == []
    assert found("题面") == ["PL14-02"]


def test_an_edit_that_is_rolled_back_leaves_the_index_as_it_was(two, monkeypatch):
    def fail(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr(questions, "record", fail)
    with pytest.raises(RuntimeError):
        questions.edit_question(
            replace(FIRST, stem=Text("写了一半？", "Half written?")),
            from_version=1,
            note="",
            actor=Actor(),
            now=factories.NOW,
        )

    assert found("一半") == []
    assert found("满意度") == ["PL14-01"]


def test_reindexing_writes_what_is_missing_or_everything(two, session):
    session.execute(delete(question_search).where(question_search.c.question_id == "PL14-01"))
    session.commit()
    assert found("客户") == []

    assert reindex(missing_only=True) == 1
    assert found("客户") == ["PL14-01"]
    assert reindex(missing_only=True) == 0

    assert reindex() == 2
    assert session.scalar(select(func.count()).select_from(question_search)) == 2
    assert found("客户") == ["PL14-01"]


def test_a_load_writes_the_index_in_few_statements(app, statements):
    factories.syllabus()
    statements.clear()

    factories.bank([factories.content(f"PL14-{100 + n}") for n in range(20)])

    assert sum("question_search" in statement for statement in statements) <= 2


@pytest.mark.parametrize("db_kind", ["sqlite"])
def test_sqlite_asks_the_full_text_once_whatever_else_is_asked(two, session):
    """Once a question, as a join may do it, takes seconds in a large bank."""
    words = all_of(query_tokens("SWOT分析").words, dialect="sqlite").subquery()
    statement = (
        select(Question.id)
        .join(words, words.c.question_id == Question.id)
        .where(Question.pool == "exam")
    )
    compiled = statement.compile(session.get_bind(), compile_kwargs={"literal_binds": True})

    plan = [row[3] for row in session.execute(text(f"EXPLAIN QUERY PLAN {compiled}"))]

    inside = next(n for n, line in enumerate(plan) if line.startswith("LIST SUBQUERY"))
    assert "VIRTUAL TABLE" in plan[inside + 1]
    assert sum("VIRTUAL TABLE" in line for line in plan) == 1
    assert not any("rowid=?" in line for line in plan), "the list is walked through"
