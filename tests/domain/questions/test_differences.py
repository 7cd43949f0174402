"""Differences between two versions: every change is named at its place, and nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.questions.differences import Change, Difference, Segment, differences, segments
from tests import factories
from tests.domain.strategies import questions

OPTIONS = [
    {"zh": "甲", "en": "first"},
    {"zh": "乙", "en": "second", "right": True},
    {"zh": "丙", "en": "third"},
    {"zh": "丁", "en": "fourth"},
]
FIRST = factories.content(options=OPTIONS)


def changed(**fields):
    return differences(FIRST, factories.content(**{"options": OPTIONS, **fields}))


def places(found):
    return [(one.place, one.old, one.new) for one in found]


@given(questions())
def test_a_question_does_not_differ_from_itself(question):
    assert differences(question, question) == ()


@given(questions(), questions())
def test_two_questions_differ_where_and_only_where_their_content_does(one, other):
    assert (differences(one, other) == ()) == (one.dump() == other.dump())


def test_a_changed_text_is_named_by_its_place_and_language():
    found = changed(stem={"zh": "题干 PL14-01！", "en": "Stem PL14-01?"})

    assert places(found) == [("stem › zh", "题干 PL14-01？", "题干 PL14-01！")]


def test_a_changed_option_is_named_by_its_number():
    options = [OPTIONS[0], {**OPTIONS[1], "zh": "乙一"}, *OPTIONS[2:]]

    assert places(changed(options=options)) == [("options 2 › zh", "乙", "乙一")]


def test_an_option_that_was_put_in_changes_none_of_the_others():
    options = [OPTIONS[0], {"zh": "新", "en": "new"}, *OPTIONS[1:]]

    assert places(changed(options=options)) == [
        ("options 2 › zh", None, "新"),
        ("options 2 › en", None, "new"),
    ]


def test_an_option_that_was_taken_out_has_its_old_number():
    assert places(changed(options=OPTIONS[:3])) == [
        ("options 4 › zh", "丁", None),
        ("options 4 › en", "fourth", None),
    ]


def test_another_right_option_is_a_difference_without_a_text():
    options = [{**OPTIONS[0], "right": True}, {"zh": "乙", "en": "second"}, *OPTIONS[2:]]

    assert changed(options=options) == (
        Difference("options 1 › right", None, "true"),
        Difference("options 2 › right", "true", None),
    )


def test_numbers_and_words_of_the_schema_are_shown_as_they_stand():
    assert places(changed(difficulty=5, level="apply")) == [
        ("level", "remember", "apply"),
        ("difficulty", "2", "5"),
    ]


def test_chinese_is_compared_by_characters():
    assert segments("服务质量差", "服务品质差") == (
        Segment(Change.SAME, "服务"),
        Segment(Change.ADDED, "品"),
        Segment(Change.SAME, "质"),
        Segment(Change.REMOVED, "量"),
        Segment(Change.SAME, "差"),
    )


def test_english_is_compared_by_words():
    assert segments("the customer waits", "the customers wait") == (
        Segment(Change.SAME, "the "),
        Segment(Change.REMOVED, "customer"),
        Segment(Change.ADDED, "customers"),
        Segment(Change.SAME, " "),
        Segment(Change.REMOVED, "waits"),
        Segment(Change.ADDED, "wait"),
    )


def test_very_long_texts_are_shown_as_replaced():
    old, new = "甲" * 5000, "乙" * 5000

    assert segments(old, new) == (Segment(Change.REMOVED, old), Segment(Change.ADDED, new))


@given(st.text(max_size=60), st.text(max_size=60))
def test_the_segments_tell_both_texts_whole(old, new):
    found = segments(old, new)

    assert "".join(s.text for s in found if s.change is not Change.ADDED) == old
    assert "".join(s.text for s in found if s.change is not Change.REMOVED) == new
