"""Moodle XML in: every structure that Moodle writes, and what is said of the rest."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.media import Medium
from app.loader.exchange.contract import Unreadable, problems_of
from app.loader.exchange.moodle import FORMAT

PICTURE = Medium.of(b"\xff\xd8\xff" + bytes(20))
STEM = '<questiontext format="html"><text><![CDATA[<p>哪一项最重要？</p>]]></text></questiontext>'


def read(*questions, head='<?xml version="1.0" encoding="UTF-8"?>'):
    return FORMAT.read(f"{head}<quiz>{''.join(questions)}</quiz>".encode())


def question(kind, inner, *, stem=STEM):
    return f'<question type="{kind}"><name><text>第一题</text></name>{stem}{inner}</question>'


def answer(text, share, more=""):
    return (
        f'<answer fraction="{share}" format="html"><text><![CDATA[{text}]]></text>{more}</answer>'
    )


def only(reading):
    assert not reading.refused, reading.refused
    (draft,) = reading.drafts
    return draft


def told(draft):
    return " | ".join(str(note) for note in draft.notes)


def test_a_single_choice_question_with_feedback():
    inner = (
        "<single>true</single><shuffleanswers>1</shuffleanswers>"
        "<generalfeedback><text>因为<b>如此</b></text></generalfeedback>".replace(
            "<b>", "&lt;b>"
        ).replace("</b>", "&lt;/b>")
        + answer("倾听", 100, "<feedback><text>对</text></feedback>")
        + answer("<p>解释</p>", 0)
        + answer("推诿 &amp; 拖延", 0)
    )

    draft = only(read(question("multichoice", inner)))

    assert draft.place == "question 1"
    assert draft.raw == {
        "source": "第一题",
        "stem": {"zh": "哪一项最重要？", "en": ""},
        "type": "single",
        "options": [
            {"zh": "倾听", "en": "", "right": True, "feedback": {"zh": "对", "en": ""}},
            {"zh": "解释", "en": ""},
            {"zh": "推诿 & 拖延", "en": ""},
        ],
        "explanation": {"zh": "因为**如此**", "en": ""},
    }
    assert not draft.notes


def test_shares_of_a_multiple_choice_question():
    inner = "<single>false</single>" + "".join(
        answer(text, share)
        for text, share in (("甲", 33.33333), ("乙", 33.33333), ("丙", 33.33333), ("丁", -50))
    )

    draft = only(read(question("multichoice", inner)))

    assert draft.raw["type"] == "multiple"
    assert [o.get("right", False) for o in draft.raw["options"]] == [True, True, True, False]
    assert "Marks taken off" in told(draft)
    assert "different shares" not in told(draft)


def test_unequal_and_half_right_shares_are_noted():
    several = "<single>false</single>" + answer("甲", 70) + answer("乙", 30) + answer("丙", 0)
    one = "<single>true</single>" + answer("甲", 100) + answer("乙", 50) + answer("丙", -25)

    first, second = read(question("multichoice", several), question("multichoice", one)).drafts

    assert "different shares" in told(first)
    assert "1 half right options" in told(second)
    assert "Marks taken off" in told(second)
    assert [o.get("right", False) for o in second.raw["options"]] == [True, False, False]


def test_several_to_choose_from_but_one_right_becomes_single():
    inner = "<single>false</single>" + answer("甲", 100) + answer("乙", -100) + answer("丙", 0)

    draft = only(read(question("multichoice", inner)))

    assert draft.raw["type"] == "single"
    assert "it becomes single" in told(draft)


def test_a_question_without_a_right_answer_is_a_draft_that_says_so():
    inner = "<single>true</single>" + answer("甲", 0) + answer("乙", 0) + answer("丙", 0)

    draft = only(read(question("multichoice", inner)))

    assert any("no option is marked right" in str(p) for p in problems_of(draft))


def test_options_that_moodle_does_not_shuffle_keep_their_places():
    inner = "<shuffleanswers>false</shuffleanswers>" + answer("甲", 100) + answer("以上都是", 0)

    draft = only(read(question("multichoice", inner)))

    assert [option["fixed"] for option in draft.raw["options"]] == [True, True]


@pytest.mark.parametrize(("right", "value"), [("true", True), ("false", False)])
def test_true_and_false(right, value):
    inner = answer("true", 100 if value else 0) + answer("false", 0 if value else 100)

    draft = only(read(question("truefalse", inner)))

    assert draft.raw["type"] == "true_false"
    assert draft.raw["answer"] is value


def test_a_short_answer_becomes_a_gap():
    inner = (
        "<usecase>1</usecase>"
        + answer("CRM", 100)
        + answer("客户关系*", 100)
        + answer("客户", 50)
        + answer("*", 0, "<feedback><text>再想想</text></feedback>")
    )

    draft = only(read(question("shortanswer", inner)))

    assert draft.raw["type"] == "fill_in"
    assert draft.raw["stem"] == {"zh": "哪一项最重要？ ____", "en": ""}
    assert draft.raw["blanks"] == [{"zh": ["CRM"], "en": []}]
    for words in ("* for any letters", "Half right", "客户 (50", "再想想", "Capital and small"):
        assert words in told(draft)


def test_a_number_with_tolerance_and_units():
    inner = (
        answer("3.1416", 100, "<tolerance>0.01</tolerance>")
        + answer("3", 50, "<tolerance>0</tolerance>")
        + "<units><unit><multiplier>1</multiplier><unit_name>元</unit_name></unit>"
        "<unit><multiplier>0.0001</multiplier><unit_name>万元</unit_name></unit></units>"
    )

    draft = only(read(question("numerical", inner)))

    assert draft.raw["type"] == "numeric"
    assert draft.raw["answer"] == "3.1416"
    assert draft.raw["tolerance"] == 0.01
    assert draft.raw["decimals"] == 4
    assert draft.raw["unit"] == {"zh": "元", "en": ""}
    assert "万元" in told(draft)
    assert "Only one answer is kept" in told(draft)


def test_a_calculated_question_has_variables():
    inner = (
        '<answer fraction="100"><text>{a} * pow({b}, 2)</text><tolerance>0.01</tolerance>'
        "<tolerancetype>1</tolerancetype><correctanswerformat>1</correctanswerformat>"
        "<correctanswerlength>1</correctanswerlength></answer><dataset_definitions>"
        + "".join(
            f"<dataset_definition><status><text>private</text></status><name><text>{name}</text>"
            "</name><type>calculated</type><distribution><text>uniform</text></distribution>"
            f"<minimum><text>1</text></minimum><maximum><text>{most}</text></maximum>"
            "<decimals><text>1</text></decimals><itemcount>1</itemcount><dataset_items>"
            "<dataset_item><number>1</number><value>2.5</value></dataset_item></dataset_items>"
            "<number_of_items>1</number_of_items></dataset_definition>"
            for name, most in (("a", 9), ("b", 5))
        )
        + "</dataset_definitions>"
    )
    stem = "<questiontext format='html'><text>{a} 乘 {b} 的平方</text></questiontext>"

    draft = only(read(question("calculated", inner, stem=stem)))

    assert draft.raw["stem"]["zh"] == "{a} 乘 {b} 的平方"
    assert draft.raw["answer"] == "a * (b) ** ( 2)"
    assert draft.raw["variables"][1] == {"name": "b", "least": 1.0, "most": 5.0, "step": 0.1}
    assert draft.raw["relative_tolerance"] == 0.01
    assert draft.raw["decimals"] == 1
    assert not draft.notes
    assert not [p for p in problems_of(draft) if "worked out" in str(p)]


@pytest.mark.parametrize("formula", ["sin({a})", "{a} +", "{b}", "{a} > 1 ? 2 : 3"])
def test_a_formula_that_is_more_than_arithmetic_is_refused(formula):
    inner = (
        f'<answer fraction="100"><text><![CDATA[{formula}]]></text></answer><dataset_definitions>'
        "<dataset_definition><name><text>a</text></name><minimum><text>1</text></minimum>"
        "<maximum><text>2</text></maximum></dataset_definition></dataset_definitions>"
    )

    reading = read(question("calculated", inner))

    (refused,) = reading.refused
    assert refused.place == "question 1"
    assert formula in str(refused)
    assert not reading.drafts


def test_matching_with_a_distractor():
    pairs = "".join(
        f'<subquestion format="html"><text>{left}</text><answer><text>{right}</text></answer>'
        "</subquestion>"
        for left, right in (("春", "花 * 草 *"), ("夏", "荷"), ("秋", "菊"), ("", "竹"))
    )

    draft = only(read(question("matching", pairs)))

    assert draft.raw["pairs"][0]["left"] == {"zh": "春", "en": ""}
    assert draft.raw["pairs"][0]["right"] == {"zh": r"花 * 草 \*", "en": ""}
    assert draft.raw["distractors"] == [{"zh": "竹", "en": ""}]


def test_ordering_keeps_the_order_of_the_file():
    inner = "<selecttype>RANDOM</selecttype>" + "".join(
        answer(text, share) for text, share in (("一", 1), ("二", 0.5), ("三", 0.33))
    )

    draft = only(read(question("ordering", inner)))

    assert [item["zh"] for item in draft.raw["items"]] == ["一", "二", "三"]
    assert "only some of the entries" in told(draft)


def test_an_essay_has_its_model_answer_from_what_graders_are_told():
    inner = (
        '<attachments>2</attachments><graderinfo format="html"><text>先倾听</text></graderinfo>'
        "<responsetemplate><text>我的回答：</text></responsetemplate>"
    )

    draft = only(read(question("essay", inner)))

    assert draft.raw["type"] == "short_answer"
    assert draft.raw["model_answer"] == {"zh": "先倾听", "en": ""}
    assert "handed in" in told(draft)
    assert "我的回答：" in told(draft)


@pytest.mark.parametrize(
    "block", ["{", "[]", '{"type": "single"}', "[" * 100_000, '{"type": []}', "1"]
)
def test_a_broken_block_for_graders_is_a_model_answer(block):
    inner = f"<graderinfo><text>```qijue\n{block}\n```</text></graderinfo>"

    draft = only(read(question("essay", inner)))

    assert draft.raw["type"] == "short_answer"
    assert "key_points" not in draft.raw


def test_embedded_answers_become_gaps():
    text = (
        "<p>七诀之首是{1:SHORTANSWER:=自尊#对~%100%self-respect~%50%尊重}，共{2:NM:=7:0.5}个。</p>"
    )
    stem = f'<questiontext format="html"><text><![CDATA[{text}]]></text></questiontext>'

    draft = only(read(question("cloze", "", stem=stem)))

    assert draft.raw["type"] == "fill_in"
    assert draft.raw["stem"] == {"zh": "七诀之首是____，共____个。", "en": ""}
    assert draft.raw["blanks"][0]["zh"] == ["自尊", "self-respect"]
    assert draft.raw["blanks"][1] == {"zh": ["7"], "en": ["7"]}
    for words in ("尊重 (50 %)", "on an answer is not kept: 对", "tolerance", "different marks"):
        assert words in told(draft)


@pytest.mark.parametrize("gap", ["{1:MULTICHOICE:=甲~乙}", "{1:MR:=甲~乙}", "{1:SA:=甲", "无空"])
def test_embedded_answers_that_are_no_gaps_are_refused(gap):
    stem = f"<questiontext><text><![CDATA[题 {gap}]]></text></questiontext>"

    reading = read(question("multianswer", "", stem=stem))

    assert [p.place for p in reading.refused] == ["question 1"]
    assert not reading.drafts


@pytest.mark.parametrize(
    "kind", ["ddwtos", "gapselect", "ddimageortext", "calculatedmulti", "random", "", "made-up"]
)
def test_types_without_a_counterpart_are_refused_by_name(kind):
    odd = "<idnumber>x</idnumber><tags><tag><text>y</text></tag></tags>"

    reading = read(question(kind, odd), question("truefalse", answer("true", 100)))

    (refused,) = reading.refused
    assert refused.place == "question 1"
    assert (kind or "?") in str(refused)
    assert [draft.place for draft in reading.drafts] == ["question 2"]


def test_both_languages_in_one_text():
    text = (
        '<p><span lang="zh_cn" class="multilang">题干</span>'
        '<span class="multilang" lang="en">Stem</span><span lang="fr" class="multilang">Q</span>'
        " (1)</p>"
    )
    stem = f'<questiontext format="html"><text><![CDATA[{text}]]></text></questiontext>'
    inner = answer("{mlang zh}对{mlang}{mlang en}Right{mlang}", 100) + answer("Wrong", 0)

    draft = only(read(question("multichoice", inner, stem=stem)))

    assert draft.raw["stem"] == {"zh": "题干 (1)", "en": "Stem (1)"}
    assert draft.raw["options"][0]["en"] == "Right"
    assert draft.raw["options"][1] == {"zh": "", "en": "Wrong"}
    assert "fr" in told(draft)


@pytest.mark.parametrize(
    ("form", "text", "markdown"),
    [
        ("html", "1 &lt; 2 &amp;amp; <i>重</i>&nbsp;*", "1 < 2 &amp;amp; *重*\xa0\\*"),
        ("moodle_auto_format", "甲\n乙", "甲  \n乙"),
        ("moodle_auto_format", "甲 <b>乙</b>\n丙", "甲 **乙**  \n丙"),
        ("plain_text", "1. **甲** <b>", "1\\. \\*\\*甲\\*\\* &lt;b>"),
        ("markdown", "1. **甲** <b>", "1. **甲** <b>"),
        ("wiki", "<b>甲</b>", "**甲**"),
    ],
)
def test_every_text_format_is_read(form, text, markdown):
    stem = f'<questiontext format="{form}"><text><![CDATA[{text}]]></text></questiontext>'

    draft = only(read(question("truefalse", "", stem=stem)))

    assert "".join(draft.raw["stem"].values()) == markdown
    assert ("wiki" in told(draft)) is (form == "wiki")


def test_pictures_inside_the_file_are_kept():
    data = base64.encodebytes(PICTURE.data).decode()
    stem = (
        '<questiontext format="html"><text><![CDATA[看图'
        '<img src="@@PLUGINFILE@@/a%20b.jpg" alt="流程" />]]></text>'
        f'<file name="a b.jpg" path="/" encoding="base64">{data}</file></questiontext>'
    )

    reading = read(question("truefalse", answer("true", 100), stem=stem))

    assert only(reading).raw["stem"]["zh"] == f"看图{PICTURE.link('流程')}"
    assert reading.media == {PICTURE.name: PICTURE}


def test_pictures_written_into_the_text_are_kept():
    data = base64.b64encode(PICTURE.data).decode()
    stem = (
        f'<questiontext format="html"><text><![CDATA[看<img alt="图" src="data:image/jpeg;base64,'
        f'{data}">]]></text></questiontext>'
    )

    reading = read(question("truefalse", answer("true", 100), stem=stem))

    assert only(reading).raw["stem"]["zh"] == f"看{PICTURE.link('图')}"
    assert reading.media == {PICTURE.name: PICTURE}


def test_html_that_nobody_escaped_is_read_as_well():
    stem = "<questiontext><text><p>甲 <b>乙</b></p></text></questiontext>"

    draft = only(read(question("truefalse", answer("true", 100), stem=stem)))

    assert draft.raw["stem"]["zh"] == "甲 **乙**"


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ('<file name="x.jpg" encoding="base64">PHN2Zy8+</file>', "Only PNG"),
        ('<file name="x.jpg" encoding="base64">###</file>', "base64"),
        ('<file name="x.jpg" encoding="gzip">AAAA</file>', "base64"),
        ("", "not in the file"),
    ],
)
def test_a_wrong_picture_is_named_with_its_place(file, words):
    stem = (
        '<questiontext format="html"><text><![CDATA[看<img src="@@PLUGINFILE@@/x.jpg"/>]]></text>'
        f"{file}</questiontext>"
    )

    draft = only(read(question("truefalse", answer("true", 100), stem=stem)))

    assert any(note.place.startswith("question 1") and words in str(note) for note in draft.notes)
    assert "medium:" not in draft.raw["stem"]["zh"]


def test_what_is_left_out_is_named():
    inner = (
        "<hint><text>想一想</text></hint><defaultgrade>3</defaultgrade><penalty>0.25</penalty>"
        "<hidden>1</hidden><idnumber>abc-7</idnumber><extra><deep>1</deep></extra>"
        "<correctfeedback><text>Your answer is correct.</text></correctfeedback>"
        "<incorrectfeedback><text>看第三课</text></incorrectfeedback>"
        "<tags><tag><text>期末</text></tag><tag><text>level:apply</text></tag></tags>"
        + answer("true", 100, "<odd>1</odd>")
    )

    draft = only(read(question("truefalse", inner)))

    for words in (
        "1 hints", "3.0 marks", "0.25", "hidden", "abc-7", "element extra", "看第三课", "期末",
        "element odd",
    ):  # fmt: skip
        assert words in told(draft)
    assert "Your answer is correct" not in told(draft)
    assert draft.raw["level"] == "apply"


def test_the_name_of_a_question_tells_its_source():
    both = '<span lang="zh" class="multilang">期末</span><span lang="en" class="multilang">F</span>'
    named = f'<question type="truefalse"><name><text><![CDATA[{both}]]></text></name>{STEM}'

    draft = only(read(f"{named}</question>"))

    assert draft.raw["source"] == "期末"


def test_too_many_questions_are_refused_as_a_whole(monkeypatch):
    monkeypatch.setattr("app.loader.exchange.moodle_reading.MOST_QUESTIONS", 2)

    with pytest.raises(Unreadable, match="more than 2 questions"):
        read(*[question("truefalse", "")] * 3)


def test_our_tags_and_ids_are_understood():
    tags = "".join(
        f"<tag><text>{tag}</text></tag>"
        for tag in ("point:PL05", "point:PL06", "difficulty:2", "pool:exam", "source:004 Q2")
    )
    inner = f"<idnumber>PL05-01</idnumber><tags>{tags}</tags>" + answer("true", 100)

    draft = only(read(question("truefalse", inner)))

    assert draft.raw["id"] == "PL05-01"
    assert draft.raw["points"] == ["PL05", "PL06"]
    assert (draft.raw["difficulty"], draft.raw["pool"]) == (2, "exam")
    assert draft.raw["source"] == "004 Q2"
    assert not draft.notes


def test_categories_are_noted_once_and_descriptions_are_no_questions():
    category = (
        '<question type="category"><category><text>$course$/top/服务/投诉</text></category>'
        "</question>"
    )

    reading = read(category, question("description", ""), category, question("truefalse", ""))

    assert [draft.place for draft in reading.drafts] == ["question 2"]
    assert [str(note) for note in reading.notes] == [
        "question 1: A description is no question.",
        "Categories are not kept: 服务/投诉",
    ]


def test_namespaces_and_html_entities_are_let_pass():
    data = (
        b'<quiz xmlns="urn:x"><question type="truefalse"><questiontext format="html">'
        b"<text>a&nbsp;b &eacute;</text></questiontext></question></quiz>"
    )

    draft = only(FORMAT.read(data))

    assert draft.raw["stem"]["en"] == "a\xa0b é"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "line 1"),
        (b"<quiz><question>", "line 1"),
        (b"<html/>", "outermost element is html"),
        (b"PK\x03\x04 zip", "line 1"),
        ('<?xml version="1.0" encoding="UTF-8"?><quiz>题</quiz>'.encode("gbk"), "UTF-8"),
        (b'<!DOCTYPE q [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><quiz>&b;</quiz>', "DTD"),
        (b'<!DOCTYPE q SYSTEM "file:///etc/passwd"><quiz/>', "DTD"),
        (b"<quiz>" + b"<a>" * 200 + b"</a>" * 200 + b"</quiz>", "deeper"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(data, words):
    with pytest.raises(Unreadable) as unreadable:
        FORMAT.read(data)

    assert words in str(unreadable.value)


def test_a_file_in_gbk_that_says_so_is_read():
    data = '<?xml version="1.0" encoding="GBK"?><quiz>' + question("truefalse", "") + "</quiz>"

    draft = only(FORMAT.read(data.encode("gbk")))

    assert draft.raw["stem"]["zh"] == "哪一项最重要？"


KINDS = [
    "multichoice", "truefalse", "shortanswer", "numerical", "matching", "ordering", "essay",
    "cloze", "calculated",
]  # fmt: skip
PIECES = [
    "甲", "a", "1", "<p>", "</p>", "<b>", "&nbsp;", "&", "<img src='@@PLUGINFILE@@/x'>", "____",
    "{1:SA:=x}", "{1:NM:=1:y}", "{a}", "{mlang zh}", '<span lang="en" class="multilang">', "-1e999",
    "nan", "*", "%", "\n", " ",
]  # fmt: skip


@given(
    st.sampled_from(KINDS),
    st.lists(st.lists(st.sampled_from(PIECES), max_size=6).map("".join), min_size=6, max_size=6),
    st.sampled_from(["100", "0", "-50", "nan", "1e999", "x"]),
)
def test_whatever_stands_in_a_question_is_read_or_refused(kind, texts, share):
    stem = f"<questiontext format='html'><text><![CDATA[{texts[0]}]]></text></questiontext>"
    more = f"<tolerance><![CDATA[{texts[1]}]]></tolerance>"
    inner = (
        answer(texts[2], share, more)
        + answer(texts[3], 100, more)
        + f"<subquestion><text><![CDATA[{texts[4]}]]></text><answer><text><![CDATA[{texts[5]}]]>"
        "</text></answer></subquestion>"
        f"<graderinfo><text><![CDATA[{texts[4]}]]></text></graderinfo>"
        f"<tags><tag><text><![CDATA[decimals:{texts[5]}]]></text></tag>"
        f"<tag><text><![CDATA[blanks:1+{texts[5]}]]></text></tag></tags>"
        f"<dataset_definitions><dataset_definition><name><text>a</text></name><minimum><text>"
        f"<![CDATA[{texts[1]}]]></text></minimum></dataset_definition></dataset_definitions>"
    )

    reading = read(question(kind, inner, stem=stem))

    assert len(reading.drafts) <= 1
    for draft in reading.drafts:
        problems_of(draft)
        json.dumps(dict(draft.raw), allow_nan=False)
    for problem in (*reading.refused, *reading.notes):
        assert str(problem)
