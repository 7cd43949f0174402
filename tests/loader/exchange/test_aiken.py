"""Aiken in: the plainest of all formats."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.loader.exchange.aiken import FORMAT
from app.loader.exchange.contract import Unreadable, problems_of

GOOD = "哪一项最重要？\nA. 倾听\nB. 解释 * 一 *\nC) 推诿\nANSWER: B\n"


def read(text):
    return FORMAT.read(text.encode())


def test_a_question():
    (draft,) = read(GOOD).drafts

    assert draft.place == "line 1"
    assert draft.raw == {
        "type": "single",
        "stem": {"zh": "哪一项最重要？", "en": ""},
        "options": [
            {"zh": "倾听", "en": ""},
            {"zh": "解释 * 一 \\*", "en": "", "right": True},
            {"zh": "推诿", "en": ""},
        ],
    }
    assert any("pool" in str(problem) for problem in problems_of(draft))


def test_chinese_signs_and_several_lines_are_read():
    text = "\ufeff\n第一行\r\n第二行\nＡ．甲\nＢ、乙\nｃ）丙\n答案：ｃ\n\n" + GOOD

    first, second = read(text).drafts

    assert first.raw["stem"]["zh"] == "第一行  \n第二行"
    assert [o.get("right", False) for o in first.raw["options"]] == [False, False, True]
    assert second.place == "line 9"


def test_a_question_in_english_is_english():
    (draft,) = read("What matters?\nA. To listen\nB. To talk\nANSWER: A").drafts

    assert draft.raw["stem"] == {"zh": "", "en": "What matters?"}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("题\nA. 甲\nB. 乙\n", 1, "no ANSWER"),
        ("题\nA. 甲\nB. 乙\nANSWER: C\n", 4, "none of the letters"),
        ("题\nA. 甲\nB. 乙\nANSWER: A, B\n", 4, "none of the letters"),
        ("题\nA. 甲\nANSWER: A\n", 3, "two options"),
        ("题\nA. 甲\nC. 丙\nANSWER: A\n", 3, "follow each other"),
        ("题\nA. 甲\nB.\nANSWER: A\n", 3, "no text"),
        ("ANSWER: A\n", 1, "no question"),
        ("题\nA. 甲\nB. 乙\n" + GOOD, 4, "Expected an option"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_line(text, line, words):
    reading = read(text)

    assert reading.refused[0].place == f"line {line}"
    assert words in str(reading.refused[0])


def test_a_broken_question_takes_no_other_with_it():
    reading = read("题\nA. 甲\nB. 乙\n" + GOOD)

    assert len(reading.drafts) == 1
    assert reading.drafts[0].place == "line 4"


def test_what_is_no_text_is_unreadable():
    with pytest.raises(Unreadable):
        FORMAT.read(b"\x89PNG\r\n\x1a\n\xff\xff")


@given(
    st.lists(
        st.sampled_from(["题", "A. 甲", "B) 乙", "C", "ANSWER: A", "答案：B", "", "D.", "A.x"]),
        max_size=12,
    )
)
def test_every_question_is_read_or_refused(lines):
    reading = read("\n".join(lines))

    asked = sum(line.startswith(("ANSWER", "答案")) for line in lines)
    assert len(reading.drafts) + len(reading.refused) >= asked
    for draft in reading.drafts:
        assert sum(option.get("right", False) for option in draft.raw["options"]) == 1
