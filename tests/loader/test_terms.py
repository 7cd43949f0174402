"""The same Chinese term has the same English: the syllabus's own, in lessons and in questions."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.text import Language
from app.loader.tree import read_tree

ROOT = Path(__file__).resolve().parents[2]

TERMS = {
    "标杆管理": ["benchmark"],
    "管理幅度": ["span of control", "span"],
    "杠杆效应": ["leverage"],
    "抑制性": ["inhibition"],
    "脆弱性": ["vulnerability"],
    "服务利润链": ["service profit chain"],
    "顾客资产": ["customer equity", "customer-equity"],
    "价值资产": ["value equity", "value-equity", "value and brand equity", "value, brand"],
    "品牌资产": ["brand equity", "brand-equity", "brand and "],
    "维系资产": ["retention equity", "retention-equity", "retention"],
    "终生价值": ["lifetime value"],
    "服务圈": ["circle"],
    "关键时刻": ["moment of truth", "moments of truth", "moment-of-truth", "moments"],
    "首问制": ["first-asked", "first asked"],
    "客户服务成本": ["service cost", "cost of customer service", "cost of service"],
    "客户细分": ["segment"],
    "呼叫中心": ["call centre", "call-centre"],
    "核心竞争力": ["core competence"],
    "宏观环境": ["macro"],
    "微观环境": ["micro"],
    "企业文化": ["culture"],
}
"""Chinese term → what its English must contain (any of them), in small letters."""


@pytest.fixture(scope="module")
def pairs():
    """(place, Chinese, English) of every lesson and of every question's stem and explanation."""
    tree = read_tree(ROOT / "content", ROOT / "questions")
    english = {t.lesson_id: t.markdown for t in tree.texts if t.language is Language.EN}
    lessons = [
        (t.lesson_id, t.markdown, english[t.lesson_id])
        for t in tree.texts
        if t.language is Language.ZH
    ]
    questions = [
        (
            f"{q.id}",
            q.stem.zh + q.explanation.zh,
            q.stem.en + " " + q.explanation.en,
        )
        for q in (entry.question for entry in tree.bank)
    ]
    return [*lessons, *questions]


@pytest.mark.parametrize("term", TERMS)
def test_a_term_keeps_its_english(pairs, term):
    differing = [
        place
        for place, chinese, english in pairs
        if term in chinese and not any(word in english.lower() for word in TERMS[term])
    ]

    assert differing == []
