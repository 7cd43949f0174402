"""Two languages in one field, and one language in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.text import Text
from app.loader.exchange.languages import joined, pair, split

lines = st.lists(
    st.sampled_from(["甲", "b", "- ", "1. ", "\n", "\n\n", " ", "> ", "*", "# ", "{", "<br>"]),
    max_size=8,
).map(lambda pieces: "".join(pieces).strip())


@given(lines, lines)
def test_both_languages_come_back(zh, en):
    found, others = split(joined(Text(zh, en)))

    assert found == ({"zh": zh, "en": en} if zh or en else {"zh": "", "en": ""})
    assert not others


def test_lists_stay_lists():
    both = joined(Text("甲\n\n- 乙\n- 丙", "a\n\n- b\n- c"))

    assert [line[:2] for line in both.split("\n")] == ["<s", "", "- ", "- "]


@pytest.mark.parametrize(
    ("text", "found", "others"),
    [
        ("只有中文", {"zh": "只有中文", "en": ""}, ()),
        ("English only", {"zh": "", "en": "English only"}, ()),
        ('<span lang="zh" class="multilang">甲</span>', {"zh": "甲", "en": ""}, ()),
        (
            "1. <span class='multilang' lang='zh-CN'>甲</span>"
            '<SPAN lang="en_us" class="multilang">a</SPAN>。',
            {"zh": "1. 甲。", "en": "1. a。"},
            (),
        ),
        (
            '<span lang="zh_tw" class="multilang">甲 <span style="x">乙</span></span>'
            '<span lang="de" class="multilang">c</span>',
            {"zh": '甲 <span style="x">乙</span>', "en": ""},
            ("de",),
        ),
        ('<lang lang="zh">甲</lang><lang lang="en">a</lang>', {"zh": "甲", "en": "a"}, ()),
        ('<span lang="zh">甲</span> a', {"zh": '<span lang="zh">甲</span> a', "en": ""}, ()),
        ("{mlang zh}甲{mlang}{mlang en}a{mlang} 1", {"zh": "甲 1", "en": "a 1"}, ()),
        ("{mlang zh_cn}甲{mlang}{mlang other}a{mlang}", {"zh": "甲", "en": "a"}, ()),
        ("{mlang zh,en}甲{mlang}{mlang fr}b{mlang}", {"zh": "甲", "en": "甲"}, ("fr",)),
        ("{mlang zh}甲", {"zh": "甲", "en": ""}, ()),
        ('<span lang="zh" class="multilang">甲', {"zh": "甲", "en": ""}, ()),
        ('<span lang="de" class="multilang">c</span>', {"zh": "", "en": ""}, ("de",)),
    ],
)
def test_languages_are_told_apart(text, found, others):
    assert split(text) == (found, others)


def test_a_rare_character_is_chinese_too():
    assert pair("\U00020bb7野家") == {"zh": "\U00020bb7野家", "en": ""}
