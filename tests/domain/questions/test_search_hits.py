"""What was searched for is marked where it stands, and the rest of the text is left as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.questions.search_hits import pieces
from app.domain.questions.search_words import query_tokens


def marked(text, typed, **cut):
    return "".join(
        f"[{piece.text}]" if piece.is_hit else piece.text
        for piece in pieces(text, query_tokens(typed), **cut)
    )


@pytest.mark.parametrize(
    ("text", "typed", "wanted"),
    [
        ("客户服务策划是什么？", "服务", "客户[服务]策划是什么？"),
        ("客户服务策划是什么？", "服务策划", "客户[服务策划]是什么？"),
        ("客户服务策划是什么？", "策", "客户服务[策]划是什么？"),
        ("The service plan serves", "service", "The [service] plan serves"),
        ("The service plan serves", "serv", "The [serv]ice plan [serv]es"),
        ("CRM系统", "crm", "[CRM]系统"),
        ("ＣＲＭ系统", "crm 系统", "[ＣＲＭ系统]"),
        ("a <b> & b", "b", "a <[b]> & [b]"),
        ("nothing here", "服务", "nothing here"),
        ("PL05-01 stands here", "PL05-01", "PL05-01 stands here"),
    ],
)
def test_hits_are_marked_in_both_languages(text, typed, wanted):
    assert marked(text, typed) == wanted


def test_a_long_text_is_cut_around_its_first_hit():
    text = "甲" * 100 + "服务" + "乙" * 100

    found = marked(text, "服务", most=40)

    assert found == "…" + "甲" * 12 + "[服务]" + "乙" * 26 + "…"


def test_a_long_text_without_a_hit_is_cut_at_its_end():
    assert marked("甲" * 100, "服务", most=40) == "甲" * 40 + "…"


@given(st.text(max_size=60), st.text(max_size=12))
def test_the_pieces_together_are_the_text(text, typed):
    found = pieces(text, query_tokens(typed))

    assert "".join(piece.text for piece in found) == text
    assert all(piece.text for piece in found)
