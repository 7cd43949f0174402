"""Options that say numbers: which of them overlap."""

from __future__ import annotations

import math

import pytest

from app.domain.linting.quantities import Quantity, overlapping, quantity
from app.domain.questions.choice import Option
from app.domain.text import Text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("20", Quantity(20, 20)),
        ("约 1,500 元", Quantity(1500, 1500, "元")),
        ("10–20分钟", Quantity(10, 20, "分钟")),
        ("10%~20%", Quantity(10, 20, "%")),
        ("１０至２０天", Quantity(10, 20, "天")),
        ("介于3和5之间", None),
        ("between 10 and 20 minutes", Quantity(10, 20, "minutes")),
        ("30分钟以上", Quantity(30, math.inf, "分钟")),
        ("超过30分钟", Quantity(30, math.inf, "分钟", open_least=True)),
        ("less than 5 days", Quantity(-math.inf, 5, "days", open_most=True)),
        ("不超过5天", Quantity(-math.inf, 5, "天")),
        ("服务策划的三项内容", None),
        ("", None),
        ("2026年第3季度", None),
    ],
)
def test_a_text_that_is_a_number_or_a_range_is_read(text, found):
    assert quantity(text) == found


@pytest.mark.parametrize(
    ("texts", "pairs"),
    [
        (["10–20分钟", "20–30分钟", "40分钟"], [("a", "b")]),
        (["10–19分钟", "20–30分钟"], []),
        (["10–20分钟", "20–30天"], []),
        (["少于10天", "10–20天", "超过20天"], []),
        (["10天以下", "10天", "超过10天"], [("a", "b")]),
        (["80%", "60%以上"], [("a", "b")]),
        (["甲", "乙"], []),
    ],
)
def test_options_overlap_where_one_number_fits_both(texts, pairs):
    options = [Option("abcd"[n], Text(text, text), right=n == 0) for n, text in enumerate(texts)]

    found = overlapping(options, "zh")

    assert [(one.id, other.id) for one, other in found] == pairs
