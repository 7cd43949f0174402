"""Drafts from editors: anything that both databases can keep, within bounds."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.questions.autosaves import (
    LARGEST_DRAFT,
    DraftTooLarge,
    NoDraft,
    read_draft_id,
    storable,
    storable_text,
)
from tests.domain.strategies import json_values


def nested(depth):
    inner: object = "x"
    for _ in range(depth):
        inner = [inner]
    return {"a": inner}


@given(st.dictionaries(st.text(max_size=5), json_values, max_size=4))
def test_whatever_was_typed_comes_out_as_plain_json(raw):
    kept = storable(raw)

    again = json.dumps(kept, ensure_ascii=False, allow_nan=False).encode()
    assert json.loads(again) == kept
    assert b"\\u0000" not in again


@given(st.dictionaries(st.text("ab策划", max_size=5), st.text("ab策划 \n", max_size=9)))
def test_an_ordinary_draft_is_kept_as_it_is(raw):
    assert storable(raw) == raw


def test_halves_of_emojis_and_nul_are_replaced():
    assert storable_text("满意\ud83d \x00。") == "满意� 。"


def test_a_whole_emoji_stays():
    assert storable_text("满意😀") == "满意😀"


@pytest.mark.parametrize("raw", [None, [], "text", 1])
def test_what_is_no_mapping_is_no_draft(raw):
    with pytest.raises(NoDraft):
        storable(raw)


def test_a_draft_at_the_limit_is_kept_and_one_beyond_it_is_refused():
    frame = len(json.dumps({"a": ""}))
    storable({"a": "字" * (LARGEST_DRAFT - frame)})

    with pytest.raises(DraftTooLarge):
        storable({"a": "字" * (LARGEST_DRAFT - frame + 1)})


@pytest.mark.parametrize("depth", [12, 5000])
def test_a_draft_that_is_nested_too_deep_is_refused(depth):
    storable(nested(10))

    with pytest.raises(DraftTooLarge):
        storable(nested(depth))


def test_an_id_is_a_uuid_however_it_is_written():
    assert read_draft_id("{6F9619FF-8B86-D011-B42D-00CF4FC964FF}") == (
        "6f9619ff-8b86-d011-b42d-00cf4fc964ff"
    )


@pytest.mark.parametrize("raw", ["", "new", "PL05-01", "6f9619ff\x00"])
def test_anything_else_is_no_id_of_a_draft(raw):
    with pytest.raises(NoDraft):
        read_draft_id(raw)
