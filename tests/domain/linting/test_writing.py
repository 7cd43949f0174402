"""What the editor remarks while somebody writes."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.linting.writing import Weight, look_at
from app.domain.questions.types import BODIES
from tests.domain.strategies import questions
from tests.factories import content

SOURCES = {"PL14": "004 Q9", "PL15": "004 Q10"}
PICTURE = f"medium:{'0' * 64}.png"


def said(raw, weight=Weight.HINT):
    """(place, sentence) of the remarks of this weight."""
    found = look_at(raw, sources=SOURCES).remarks
    return [(one.problem.place, one.problem.sentence) for one in found if one.weight is weight]


def single(zh=("甲", "乙", "丙", "丁"), en=("first", "second", "third", "fourth"), **changes):
    options = [
        {"zh": z, "en": e, "right": n == 1} for n, (z, e) in enumerate(zip(zh, en, strict=True))
    ]
    return content(options=options, **changes).dump()


def test_a_finished_question_has_nothing_to_remark():
    assert look_at(single(), sources=SOURCES).remarks == ()


def test_what_is_empty_is_a_gap_and_what_is_wrong_a_fault():
    raw = single() | {"stem": {"zh": "题", "en": ""}, "difficulty": 9}
    raw["options"][1].pop("right")

    assert said(raw, Weight.GAP) == [("stem › en", "translation is missing")]
    assert [place for place, _ in said(raw, Weight.FAULT)] == ["difficulty", "options"]
    assert not look_at(raw, sources=SOURCES).may_be_saved


def test_options_that_nobody_has_begun_are_a_gap_and_not_yet_without_a_key():
    begun = single()
    begun["options"][1].pop("right")

    assert [place for place, _ in said(single() | {"options": []}, Weight.GAP)] == ["options"] * 2
    assert [place for place, _ in said(begun, Weight.FAULT)] == ["options"]


def test_a_new_question_has_no_id_and_none_is_asked_for():
    raw = single()
    raw.pop("id")

    assert look_at(raw, sources=SOURCES).remarks == ()


LONG = ("甲", "这一项说得比其他各项都长", "丙", "丁")
NUMBERS = ("10–20分钟", "20–30分钟", "40分钟", "50分钟")


@pytest.mark.parametrize(
    ("raw", "place", "words"),
    [
        (single(zh=LONG), "options 2 › zh", "longest"),
        (single(zh=("总是", "乙", "丙", "丁")), "options 1 › zh", "absolute"),
        (single(en=("a", "b", "always c", "d")), "options 3 › en", "absolute"),
        (single(zh=NUMBERS), "options 2 › zh", "overlaps"),
        (single(zh=("甲", "乙", "丙", "以上都对")), "options 4 › zh", "all or none"),
        (
            single(stem={"zh": "下列不属于服务的是？", "en": "Stem?"}),
            "stem › zh",
            "not emphasised",
        ),
        (single(source="004 Q10"), "points", "another point"),
        (single(source="我的经验"), "source", "names none"),
        (single(explanation={"zh": "选项 A 对", "en": "x"}), "explanation › zh", "shuffled"),
        (single(stem={"zh": f"看图![]({PICTURE})", "en": "Look"}), "stem › zh", "picture"),
        (
            content(
                type="true_false", answer=False, stem={"zh": "他总是对的", "en": "He is right"}
            ).dump(),
            "stem › zh",
            "absolute",
        ),
    ],
)
def test_a_hint_stands_at_its_place_and_keeps_nothing_from_being_saved(raw, place, words):
    found = said(raw)

    assert [p for p, sentence in found if words in sentence] == [place]
    assert look_at(raw, sources=SOURCES).may_be_saved


@pytest.mark.parametrize(
    "raw",
    [
        single(zh=("甲项", "乙乙", "丙项", "丁项")),
        single(stem={"zh": "下列**不属于**服务的是？", "en": "Stem?"}),
        single(source="004 Q9; 000 1.1"),
        single(stem={"zh": f"看图![流程图]({PICTURE})", "en": "Look"}),
        content(type="true_false", answer=True, stem={"zh": "他总是对的", "en": "Right"}).dump(),
    ],
)
def test_what_is_as_it_should_be_gets_no_hint(raw):
    assert said(raw) == []


def test_all_right_options_of_several_must_be_longer_before_it_is_said():
    right_and_long = ["这一项说得比其他各项都长", "乙"]
    raw = content(
        type="multiple",
        options=[
            {"zh": zh, "en": f"e{n}", "right": n < 2}
            for n, zh in enumerate([*right_and_long, "丙", "丁"])
        ],
    ).dump()

    assert said(raw) == []


@pytest.mark.parametrize("points", [["PL99"], ["PL14", "PL99"], ["PL14", "PL14"]])
def test_points_are_of_the_syllabus_and_each_named_once(points):
    found = said(single() | {"points": points}, Weight.FAULT)

    assert [place for place, _ in found] == [f"points {len(points)}"]


def test_without_a_type_there_is_nothing_to_show():
    assert look_at({"type": "essay"}, sources=SOURCES).question is None


@given(questions(), st.randoms(use_true_random=False))
def test_whatever_is_missing_it_can_be_looked_at_shown_and_compared(question, draw):
    raw = {key: _spoilt(value, draw) for key, value in question.dump().items()}

    found = look_at(raw | {"type": question.type.value}, sources=SOURCES).question

    assert found is not None
    found.body.prompt(found.body.arrange(random.Random(0)))
    found.body.key_text()
    found.dump()


@pytest.mark.parametrize("type_", list(BODIES))
def test_an_empty_form_of_every_type_can_be_looked_at(type_):
    found = look_at({"type": type_.value}, sources=SOURCES)

    assert found.question is not None
    assert not found.may_be_saved
    found.question.body.prompt(found.question.body.arrange(random.Random(0)))


def _spoilt(value, draw):
    """The same with parts missing, empty or of another kind."""
    fate = draw.random()
    if fate < 0.06:
        return None
    if fate < 0.1:
        return draw.choice(["", [], {}, 3, True, "x", [None], {"zh": 1}])
    if isinstance(value, dict):
        return {key: _spoilt(inner, draw) for key, inner in value.items() if draw.random() > 0.08}
    if isinstance(value, list):
        return [_spoilt(inner, draw) for inner in value if draw.random() > 0.08]
    return value
