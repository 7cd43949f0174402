"""What is found in a short answer, where, and what it suggests."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.marking.evidence import Found, look, pieces
from app.domain.problems import Problems
from app.domain.questions.written import ShortAnswer
from app.domain.reading import Reader

MAXIMUM = Fraction(10)


def body(*points, any_of=None):
    raw = {
        "key_points": [
            {"zh": zh, "en": en, "weight": weight, "synonyms": {"zh": list(other), "en": list(e)}}
            for zh, en, weight, other, e in points
        ],
        "model_answer": {"zh": "范文", "en": "model"},
        **({"any_of": any_of} if any_of else {}),
    }
    problems = Problems()
    found = ShortAnswer.read(Reader(raw, place="", problems=problems))
    assert not problems
    return found


TEAM = body(
    ("沟通", "communication", 1, ["交流"], ["talking"]),
    ("通过培训提高员工能力", "training", 2, ["培训"], ["CRM 2.0"]),
    ("考核评价", "appraisal", 1, [], []),
)


def found_in(answer, of=TEAM):
    evidence = look(of, answer, maximum=MAXIMUM)
    return [(answer[s.start : s.end], s.point, s.found) for s in evidence.spans]


def test_wordings_and_synonyms_are_found_where_they_stand():
    assert found_in("先要加强交流，再做培训。") == [
        ("交流", 0, Found.EXACT),
        ("培训", 1, Found.EXACT),
    ]


def test_width_case_and_punctuation_make_no_difference_and_places_are_the_original_ones():
    assert found_in("用ＣＲＭ　２.０，Ｔａｌｋｉｎｇ！") == [
        ("ＣＲＭ　２.０", 1, Found.EXACT),
        ("Ｔａｌｋｉｎｇ", 0, Found.EXACT),
    ]


def test_a_latin_word_is_found_as_a_whole():
    assert found_in("stalking helps nobody") == []


def test_other_words_for_a_long_point_are_found_and_called_alike():
    long = body(("建立竞争情报系统", "x", 1, [], []), ("考核评价", "y", 1, [], []))

    assert found_in("公司应当建立自己的竞争情报系统。", long) == [
        ("建立", 0, Found.ALIKE),
        ("竞争情报系统", 0, Found.ALIKE),
    ]
    assert found_in("建立团队。收集情报。", long) == []


@pytest.mark.parametrize(
    "answer",
    ["不需要沟通", "没有沟通", "未做沟通", "无须沟通", "并非沟通", "there is no communication",
     "it is not communication", "they never used communication"],
)  # fmt: skip
def test_a_negation_in_the_same_clause_is_noticed(answer):
    assert [found for _, _, found in found_in(answer)] == [Found.NEGATED]


@pytest.mark.parametrize(
    "answer",
    ["不断沟通", "不仅要沟通", "没有预算，但要沟通", "不能不沟通", "非常重视沟通", "特别要沟通",
     "not only communication", "It is not money. Use communication"],
)  # fmt: skip
def test_what_negates_nothing_is_not_taken_for_a_negation(answer):
    assert [found for _, _, found in found_in(answer)] == [Found.EXACT]


def test_a_negated_point_earns_nothing_unless_it_is_also_affirmed():
    negated = look(TEAM, "不沟通", maximum=MAXIMUM)
    both = look(TEAM, "不沟通就会出错，所以要沟通", maximum=MAXIMUM)

    assert (negated.suggested, negated.negated) == (0, {0})
    assert (both.suggested, both.negated) == (Fraction(10, 4), frozenset())


def test_the_suggestion_counts_any_n_of_m_and_never_more_than_all():
    two = body(*[(word, "x" + word, 1, [], []) for word in ("沟通", "培训", "考核")], any_of=2)

    assert look(two, "沟通", maximum=MAXIMUM).suggested == 5
    assert look(two, "沟通、培训、考核", maximum=MAXIMUM).suggested == 10
    assert look(two, "", maximum=MAXIMUM).suggested == 0


@given(st.text(alphabet="沟通培训考核评价不没，。 aCRM２", max_size=60))
def test_the_pieces_put_together_are_the_answer(answer):
    evidence = look(TEAM, answer, maximum=MAXIMUM)

    assert "".join(piece.text for piece in pieces(answer, evidence)) == answer
    assert all(0 <= s.start < s.end <= len(answer) for s in evidence.spans)
    assert 0 <= evidence.suggested <= MAXIMUM


def test_a_piece_says_which_points_it_is_for():
    evidence = look(TEAM, "要培训。", maximum=MAXIMUM)

    assert [(p.text, p.points, p.found) for p in pieces("要培训。", evidence)] == [
        ("要", (), None),
        ("培训", (1,), Found.EXACT),
        ("。", (), None),
    ]
