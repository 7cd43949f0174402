"""Trigram similarity."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.linting.similarity import near_pairs, similarity, trigrams


def test_width_case_blanks_and_punctuation_do_not_matter():
    assert trigrams("ＳＷＯＴ 分析，步骤？") == trigrams("swot分析步骤")


def test_dice_of_two_texts_that_share_half():
    # abc bcd / bcd cde: one of two each is shared
    assert similarity(trigrams("abcd"), trigrams("bcde")) == pytest.approx(0.5)


@given(st.text(), st.text())
def test_similarity_is_symmetric_and_within_bounds(one, other):
    found = similarity(trigrams(one), trigrams(other))

    assert 0 <= found <= 1
    assert found == similarity(trigrams(other), trigrams(one))


@given(
    st.lists(st.text("abc", min_size=3, max_size=12), max_size=6),
    st.lists(st.text("abc", min_size=3, max_size=12), max_size=6),
)
def test_the_short_cut_by_size_loses_no_pair(first, second):
    left = [(f"a{n}", trigrams(text)) for n, text in enumerate(first)]
    right = [(f"b{n}", trigrams(text)) for n, text in enumerate(second)]

    found = {(a, b) for a, b, _ in near_pairs(left, right, least=0.8)}

    assert found == {(a, b) for a, s in left for b, t in right if similarity(s, t) >= 0.8}
