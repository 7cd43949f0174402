"""Similar questions, as they are shown to somebody who writes one."""

from __future__ import annotations

import pytest

from app.domain.questions.kinds import Pool
from app.queries import similar_questions as queries
from app.queries.similar_questions import similar_questions
from tests import factories

STEM = "按照卡诺模型，下列哪一项属于客户的魅力需求？"
OPTIONS = [
    {"zh": "甲", "en": "first"},
    {"zh": "酒店送的生日小蛋糕", "en": "a cake", "right": True},
    {"zh": "丙", "en": "third"},
]


@pytest.fixture
def bank(app):
    factories.syllabus()
    factories.bank(
        [
            factories.content("PL14-01", stem={"zh": STEM, "en": "x"}, options=OPTIONS),
            factories.content(
                "PL14-02",
                stem={"zh": "按照卡诺模型，下列哪一项属于顾客的魅力需求？", "en": "x"},
                options=OPTIONS,
                pool="exam",
            ),
            factories.content("PL14-03", stem={"zh": "卡诺模型由谁提出？", "en": "x"}),
            *(factories.content(f"PL14-{20 + n}") for n in range(10)),
        ]
    )


KEY = "酒店送的生日小蛋糕"


def test_the_most_alike_come_first_across_pools(bank):
    found = similar_questions(STEM, KEY, pool=Pool.PRACTICE)

    assert [(one.id, one.in_other_pool) for one in found] == [("PL14-01", False), ("PL14-02", True)]
    assert found[0].share == 1.0
    assert 0.5 <= found[1].share < 1


def test_the_question_itself_is_not_similar(bank):
    found = similar_questions(STEM, KEY, pool=Pool.EXAM, but_not="PL14-02")

    assert [(one.id, one.in_other_pool) for one in found] == [("PL14-01", True)]


def test_blanks_width_and_signs_do_not_matter(bank):
    written = STEM.replace("，", " ， ").replace("？", "?")

    assert similar_questions(written, KEY, pool=Pool.PRACTICE)[0].share == 1.0


@pytest.mark.parametrize("stem", ["", "？！", "a", "全然没有一个字相同", "卡诺"])
def test_little_or_other_text_finds_nothing(bank, stem):
    assert similar_questions(stem, "", pool=Pool.PRACTICE) == []


def test_no_more_than_five_are_shown(bank):
    found = similar_questions("题干 PL14-20？", "乙", pool=Pool.PRACTICE, least=0.1)

    assert len(found) == queries.MOST_SHOWN
    assert found[0].id == "PL14-20"


def test_common_words_alone_are_looked_for_too(bank, monkeypatch):
    monkeypatch.setattr(queries, "MOST_READ", 0)

    assert similar_questions(STEM, KEY, pool=Pool.PRACTICE)[0].id == "PL14-01"


def test_it_takes_two_statements(bank, statements):
    similar_questions(STEM, KEY, pool=Pool.PRACTICE)

    assert len(statements) == 2
