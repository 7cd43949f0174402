"""The worked figures of every type and named rule."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.questions.body import Layout
from app.domain.questions.choice import Multiple, Option, Single, TrueFalse
from app.domain.questions.fill_in import Blank, FillIn
from app.domain.questions.numeric import Numeric
from app.domain.questions.pairing import Matching, Ordering
from app.domain.scoring.rules import MatchingRule, MultipleRule, OrderingRule, ScoringRules
from app.domain.scoring.score import score
from app.domain.text import Text

ABC = tuple(Option(letter, Text(letter, letter), letter in "abc") for letter in "abcde")
PARTS = [("一", "壹"), ("二", "贰"), ("三", "叁"), ("四", "肆")]
MATCHING = Matching(tuple((Text(left, left), Text(right, right)) for left, right in PARTS))
ORDERING = Ordering(tuple(Text(left, left) for left, _ in PARTS))
FACTORS = FillIn(
    (Blank(("技术",), ("Technology",)), Blank(("经济", "经济环境"), ("economy",))), True
)


def points(body, answer, maximum=2, values=None, **rules):
    return score(
        body,
        answer,
        layout=Layout(values=values or {}),
        maximum=Fraction(maximum),
        rules=ScoringRules(**rules),
    )


@pytest.mark.parametrize(
    ("rule", "chosen", "expected"),
    [
        (MultipleRule.ALL_OR_NOTHING, "abc", 2),
        (MultipleRule.ALL_OR_NOTHING, "ab", 0),
        (MultipleRule.ALL_OR_NOTHING, "abcd", 0),
        (MultipleRule.HALF_POINT_EACH, "ab", 1),
        (MultipleRule.HALF_POINT_EACH, "ad", 0),
        (MultipleRule.HALF_POINT_EACH, "abc", 2),
        (MultipleRule.HALF_POINT_EACH, "a", Fraction(1, 2)),
        (MultipleRule.FIXED_FRACTION, "a", Fraction(2, 3)),
        (MultipleRule.FIXED_FRACTION, "ab", Fraction(2, 3)),
        (MultipleRule.FIXED_FRACTION, "abd", 0),
        (MultipleRule.FIXED_FRACTION, "abc", 2),
        (MultipleRule.NET_HITS, "abc", 2),
        (MultipleRule.NET_HITS, "abcd", Fraction(4, 3)),
        (MultipleRule.NET_HITS, "ab", Fraction(4, 3)),
        (MultipleRule.NET_HITS, "ad", 0),
        (MultipleRule.NET_HITS, "ade", 0),
        *((rule, None, 0) for rule in MultipleRule),
    ],
)
def test_multiple_choice_follows_the_named_rule(rule, chosen, expected):
    answer = list(chosen) if chosen else None

    assert points(Multiple(ABC), answer, multiple=rule, fraction=Fraction(1, 3)) == expected


def test_half_a_point_each_never_exceeds_the_question():
    assert points(
        Multiple(ABC), ["a", "b"], "1/2", multiple=MultipleRule.HALF_POINT_EACH
    ) == Fraction(1, 2)


@pytest.mark.parametrize(
    ("body", "right", "wrong"),
    [(Single(ABC[2:]), "c", "d"), (TrueFalse(False), False, True)],
)
def test_a_wrong_choice_costs_the_penalty_where_there_is_one(body, right, wrong):
    assert points(body, right, penalty=Fraction(1, 4)) == 2
    assert points(body, wrong, penalty=Fraction(1, 4)) == Fraction(-1, 2)
    assert points(body, wrong) == 0
    assert points(body, None, penalty=Fraction(1, 4)) == 0


@pytest.mark.parametrize(
    ("answer", "per_pair", "all_or_nothing"),
    [
        ({"1": 0, "2": 1, "3": 2, "4": 3}, 8, 8),
        ({"1": 0, "2": 1, "3": 3, "4": 2}, 4, 0),
        ({"1": 0}, 2, 0),
        ({"1": 0, "2": 0, "3": 0, "4": 0}, 2, 0),
        ({"1": 1, "2": 0}, 0, 0),
    ],
)
def test_matching_earns_a_share_per_right_pair(answer, per_pair, all_or_nothing):
    given_ = {left: MATCHING.key[str(right + 1)] for left, right in answer.items()}

    assert points(MATCHING, given_, 8) == per_pair
    assert points(MATCHING, given_, 8, matching=MatchingRule.ALL_OR_NOTHING) == all_or_nothing


@pytest.mark.parametrize(
    ("order", "exact", "adjacent", "kendall"),
    [
        ("1234", 6, 6, 6),
        ("1243", 0, 2, 4),  # one of three neighbours; (5 − 1) / 6
        ("2341", 0, 4, 0),  # two neighbours; (3 − 3) / 6
        ("4321", 0, 0, 0),
        ("2143", 0, 0, 2),  # no neighbour; (4 − 2) / 6
    ],
)
def test_ordering_follows_the_named_rule(order, exact, adjacent, kendall):
    answer = [ORDERING.key[int(place) - 1] for place in order]

    assert points(ORDERING, answer, 6, ordering=OrderingRule.EXACT) == exact
    assert points(ORDERING, answer, 6, ordering=OrderingRule.ADJACENT_PAIRS) == adjacent
    assert points(ORDERING, answer, 6, ordering=OrderingRule.KENDALL) == kendall


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["技术", "经济"], 4),
        (["经济", "技术"], 4),
        ([" 技　术 ", "经济环境。"], 4),
        (["ＴＥＣＨＮＯＬＯＧＹ", "Economy"], 4),
        (["技术", "技术"], 2),
        (["经济", "经济环境"], 2),
        (["", "经济"], 2),
        (["文化", "人口"], 0),
    ],
)
def test_gaps_fold_width_case_and_blanks_and_change_places(lines, expected):
    assert points(FACTORS, lines, 4) == expected


def test_gaps_keep_their_places_unless_they_are_interchangeable():
    fixed = FillIn(FACTORS.blanks)

    assert points(fixed, ["经济", "技术"], 4) == 0
    assert points(fixed, ["经济", "经济"], 4) == 2


def test_interchangeable_gaps_are_matched_as_well_as_can_be():
    body = FillIn(
        (Blank(("甲", "乙"), ("a",)), Blank(("甲",), ("b",)), Blank(("丙",), ("c",))), True
    )

    assert points(body, ["甲", "乙", "丙"], 3) == 3
    assert points(body, ["丙", "甲", "乙"], 3) == 3
    assert points(body, ["乙", "乙", "丙"], 3) == 2


@given(lines=st.permutations(["技术", "经济", "甲"]).map(lambda lines: lines[:2]))
def test_interchangeable_gaps_earn_the_same_in_any_order(lines):
    assert points(FACTORS, lines) == points(FACTORS, lines[::-1])


def test_a_gap_may_ask_for_a_sign():
    body = FillIn((Blank(("％", "%"), ("%",)),))

    assert points(body, ["%"]) == 2
    assert points(body, ["！"]) == 0


@pytest.mark.parametrize(
    "typed",
    [
        "1250",
        "1,250",
        "1，250.00",
        "１２５０",
        " 1250 元",
        "1250元",
        "￥1250",
        "$ 1,250",
        "+1250",
        "1250.",
    ],
)
def test_a_number_is_read_as_people_type_it(typed):
    assert points(Numeric("1250"), typed) == 2


@pytest.mark.parametrize("typed", ["", "元", "大约 1250", "abc", "--1250", ".", "-1250", "9" * 400])
def test_what_is_no_or_another_number_earns_nothing(typed):
    assert points(Numeric("1250"), typed) == 0


@pytest.mark.parametrize("minus", ["-", "－", "−"])
def test_a_minus_may_be_any_of_the_usual_signs(minus):
    assert points(Numeric("0 - 3.5"), f"{minus}3.5 %") == 2


@pytest.mark.parametrize(
    ("typed", "absolute", "relative"),
    [
        ("200", 2, 2),
        ("201", 2, 2),
        ("199", 2, 2),
        ("201.01", 0, 2),
        ("204", 0, 2),
        ("196", 0, 2),
        ("204.1", 0, 0),
        ("195.9", 0, 0),
    ],
)
def test_tolerance_is_absolute_or_a_share(typed, absolute, relative):
    values = {"a": 50.0}

    assert points(Numeric("4 * a", tolerance=1.0), typed, values=values) == absolute
    assert points(Numeric("4 * a", tolerance=0.02, relative=True), typed, values=values) == relative


def test_the_right_number_is_rounded_to_the_decimals_asked_for():
    third = Numeric("1 / 3", decimals=2)

    assert points(third, "0.33") == 2
    assert points(third, "0.34") == 0
