"""GIFT in and out: every sign of the format, and lines that mean nothing."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.media import Medium
from app.domain.questions.kinds import QuestionType as T
from app.domain.questions.question import load_question
from app.loader.exchange.contract import Unreadable, problems_of
from app.loader.exchange.gift import FORMAT
from tests import factories
from tests.domain.strategies import questions, raw_questions, words

PICTURE = Medium.of(b"GIF89a" + bytes(20))
PIECES = """a b 甲 1. # * ** _ - < > & ; &amp; " ' \\ \\\\ ` [ ] ( ) { } = ~ %50% % : :: / // | $
$x$ @ <b> </b> ]( \\n #### {1:SA:=x} T >""".split()
awkward = st.lists(st.sampled_from([*PIECES, " ", "\n"]), min_size=1, max_size=5).map(
    lambda pieces: "".join(pieces).strip() or "x"
)


def read(text):
    return FORMAT.read(text.encode())


def only(text):
    reading = read(text)
    assert not reading.refused, reading.refused
    (draft,) = reading.drafts
    return draft


def told(draft):
    return " | ".join(str(note) for note in draft.notes)


def rights(draft):
    return [option.get("right", False) for option in draft.raw["options"]]


def test_a_single_choice_question_with_everything():
    draft = only(
        "// question: 12  name: 第一题\n"
        "// [id:PL05-01] [tag:point:PL05] [tag:level:apply] [tags:期末 难]\n"
        "::第一题::[html]<b>哪</b>一项？{\n"
        "\t=倾听#对\n"
        "\t~%50%解释 # 一半\n"
        "\t~推诿\n"
        "\t####因为\\: 1 \\= 1\n"
        "}\n"
    )

    assert draft.place == "line 3"
    assert draft.raw == {
        "id": "PL05-01",
        "points": ["PL05"],
        "level": "apply",
        "source": "第一题",
        "stem": {"zh": "**哪**一项？", "en": ""},
        "explanation": {"zh": "因为: 1 = 1", "en": ""},
        "type": "single",
        "options": [
            {"zh": "倾听", "en": "", "right": True, "feedback": {"zh": "对", "en": ""}},
            {"zh": "解释", "en": "", "feedback": {"zh": "一半", "en": ""}},
            {"zh": "推诿", "en": ""},
        ],
    }
    assert "half right" in told(draft)
    assert "期末, 难" in told(draft)


def test_weights_make_a_multiple_choice_question():
    draft = only("题 {~%50%甲 ~%50%乙 ~%-100%丙 ~丁}")

    assert draft.raw["type"] == "multiple"
    assert rights(draft) == [True, True, False, False]
    assert not draft.notes


@pytest.mark.parametrize(
    ("answer", "value"), [("T", True), ("TRUE", True), ("F", False), ("FALSE", False)]
)
def test_true_and_false(answer, value):
    draft = only(f"对吗？{{{answer}#想一想####解释}}")

    assert draft.raw["type"] == "true_false"
    assert draft.raw["answer"] is value
    assert draft.raw["explanation"]["zh"] == "解释"
    assert "想一想" in told(draft)


def test_short_answers_become_a_gap():
    draft = only("谁提出的？{=马斯洛 =%100%Maslow =%50%马 =*#再想}")

    assert draft.raw["type"] == "fill_in"
    assert draft.raw["stem"]["zh"] == "谁提出的？ ____"
    assert draft.raw["blanks"] == [{"zh": ["马斯洛", "Maslow"], "en": []}]
    assert "马 (50" in told(draft)
    assert "再想" in told(draft)


def test_a_missing_word_stands_where_the_answers_stood():
    choice = only("满意是{~过程 =结果 ~态度}的感受。")
    word = only("满意是{=结果}的感受。")

    assert choice.raw["stem"]["zh"] == word.raw["stem"]["zh"] == "满意是____的感受。"
    assert choice.raw["type"] == "single"
    assert word.raw["type"] == "fill_in"


@pytest.mark.parametrize(
    ("answers", "answer", "tolerance"),
    [
        ("#3.14:0.01", "3.14", 0.01),
        ("#1822", "1822", None),
        ("#1..5", "3", 2.0),
        ("#-1.5..0.5", "-0.5", 1.0),
        ("# =42:2#对 =%50%42:5", "42", 2.0),
        ("#=%100%7:0#对\n~#错", "7", None),
    ],
)
def test_numbers(answers, answer, tolerance):
    draft = only(f"几个？{{{answers}}}")

    assert draft.raw["type"] == "numeric"
    assert float(draft.raw["answer"]) == float(answer)
    assert draft.raw.get("tolerance") == tolerance


def test_matching_with_a_distractor():
    draft = only("配对 {\n=春 -> 花\n=夏 -> 荷 #1\n=秋 -> 菊\n= -> 竹\n}".replace(" #1", ""))

    assert draft.raw["pairs"][1] == {
        "left": {"zh": "夏", "en": ""},
        "right": {"zh": "荷", "en": ""},
    }
    assert draft.raw["distractors"] == [{"zh": "竹", "en": ""}]


def test_the_ordering_plugin_of_moodle():
    draft = only("排序 {>3 RANDOM VERTICAL ABSOLUTE_POSITION\n一\n二\n三\n}")

    assert draft.raw["type"] == "ordering"
    assert [item["zh"] for item in draft.raw["items"]] == ["一", "二", "三"]
    assert "only some" in told(draft)


def test_an_empty_answer_part_is_an_essay():
    draft = only("谈谈你的看法。{####言之成理即可}")

    assert draft.raw["type"] == "short_answer"
    assert draft.raw["explanation"]["zh"] == "言之成理即可"
    assert problems_of(draft)


@pytest.mark.parametrize(
    ("prefix", "markdown"),
    [
        ("", "**b** \\*x\\*"),
        ("[html]", "**b** \\*x\\*"),
        ("[moodle]", "**b** \\*x\\*"),
        ("[plain]", "&lt;b>b&lt;/b> \\*x\\*"),
        ("[markdown]", "<b>b</b> *x*"),
    ],
)
def test_texts_are_read_in_their_format(prefix, markdown):
    draft = only(f"{prefix}<b>b</b> *x* {{T}}")

    assert draft.raw["stem"]["en"] == markdown


def test_escaped_signs_are_text():
    draft = only(r"a\{b\} 1 \= 1 \~ \# \: c\nd e\\f {T}")

    assert draft.raw["stem"]["en"] == "a{b} 1 = 1 ~ # : c  \nd e\\f"


def test_blank_lines_part_questions_but_not_answers():
    reading = read("一 {\n=甲\n\n~乙\n\n}\n\n\n二 {T}\n\n// 只是注释\n\n三\n{F}\n")

    assert [draft.place for draft in reading.drafts] == ["line 1", "line 9", "line 13"]
    assert not reading.refused


def test_categories_are_noted_once_and_descriptions_are_no_questions():
    reading = read(
        "$CATEGORY: $course$/投诉\n\n说明文字\n\n$CATEGORY: $course$/投诉\n题 {T}\n\n"
        "$CATEGORY: $course$/top/Qijue/exam\n\n题 {F}\n"
    )

    assert [draft.raw.get("pool") for draft in reading.drafts] == [None, "exam"]
    assert [str(note) for note in reading.notes] == [
        "line 3: A description is no question.",
        "Categories are not kept: $course$/投诉",
    ]


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("好题 {T}\n\n坏题 {\n=甲\n~乙\n\n::下一题::好 {F}", 3, "no partner"),
        ("坏题 }", 1, "no partner"),
        ("::标题\n题 {T}", 1, "title"),
        ("题 {T}\n又 {F}", 2, "second answer part"),
        ("题 {\n甲\n~乙\n}", 1, "no = or ~"),
        ("题 {\n=春 -> 花\n=夏 荷\n}", 3, "no -> in it"),
        ("题 {#约三}", 1, "no number"),
        ("题 {\n#=1\n=x\n}", 3, "no number"),
        ("题 {#1e999999999..2}", 1, "no number"),
        ("题 {~%5-0%甲 =乙}", 1, "weight"),
        ("题 {>3 SOMEHOW sideways\n一\n二\n}", 1, "settings"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_line(text, line, sentence):
    reading = read(text)

    (refused,) = reading.refused
    assert refused.place == f"line {line}"
    assert sentence in str(refused)


def test_one_broken_question_takes_no_other_with_it():
    reading = read("一 {T}\n\n二 {=甲\n\n三 {F}\n\n四 {=甲 ~乙")

    assert [draft.place for draft in reading.drafts] == ["line 1", "line 5"]
    assert [refused.place for refused in reading.refused] == ["line 3", "line 7"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk"])
def test_usual_encodings_are_read(encoding):
    draft = FORMAT.read("客户满意吗？{T}".encode(encoding)).drafts[0]

    assert draft.raw["stem"]["zh"] == "客户满意吗？"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("café à la carte\n déjà {T}".encode("latin-1"), "Line 1"),
        (b"a {T}\n\n\xff\xfe\xff", "Line 3"),
        ("客户".encode()[:-1], "Line 1"),
        (b"a\x00b {T}", "no text file"),
    ],
)
def test_a_wrong_encoding_is_told(data, words):
    with pytest.raises(Unreadable) as unreadable:
        FORMAT.read(data)

    assert words in str(unreadable.value)


@given(questions(T.SINGLE, T.MULTIPLE, T.TRUE_FALSE, T.MATCHING))
def test_what_gift_has_is_read_back_as_it_was_written(question):
    written = FORMAT.write([question], {})

    reading = FORMAT.read(written.data)

    assert not reading.refused
    assert load_question(dict(reading.drafts[0].raw)) == question
    assert not reading.drafts[0].notes


@given(
    raw_questions(T.FILL_IN, T.NUMERIC),
    st.lists(words, min_size=1, max_size=3),
    st.sampled_from(["42", "-3.14159", "100 * (3 - 1) / 7", "0.5"]),
)
def test_gaps_and_numbers_are_read_back_as_they_were_written(raw, wordings, formula):
    raw = {**raw}
    if raw["type"] == "fill_in":
        raw |= {"blanks": [{"zh": wordings, "en": wordings}], "stem": {"zh": "____", "en": "____"}}
    else:
        raw.pop("unit", None)
        raw |= {"answer": formula, "variables": []}
    question = load_question(raw)

    reading = FORMAT.read(FORMAT.write([question], {}).data)

    assert load_question(dict(reading.drafts[0].raw)) == question


@given(raw_questions(T.SINGLE, T.MATCHING), st.lists(awkward, min_size=8, max_size=8))
def test_signs_of_the_format_stay_what_they_are(raw, texts):
    texts = [f"{text}{number}" for number, text in enumerate(texts)]
    raw = {
        **raw,
        "stem": {"zh": texts[0], "en": texts[1]},
        "explanation": {"zh": texts[2], "en": texts[3]},
        "source": " ".join(texts[4].split()),
    }
    if raw["type"] == "matching":
        assume("->" not in texts[5] + texts[6])  # GIFT's own sign: the report names that loss
        raw["pairs"][0] = {
            "left": {"zh": texts[5], "en": texts[6]},
            "right": {"zh": texts[7] + "右", "en": texts[7] + "right"},
        }
    else:
        raw["options"][0] |= {"zh": texts[5], "en": texts[6]}
    question = load_question(raw)

    reading = FORMAT.read(FORMAT.write([question], {}).data)

    assert load_question(dict(reading.drafts[0].raw)) == question


@given(questions())
def test_nothing_that_is_left_out_goes_unnamed(question):
    written = FORMAT.write([question], {})
    reading = FORMAT.read(written.data)
    assume(not reading.drafts or dict(reading.drafts[0].raw) != question.dump())

    assert written.losses
    assert {loss.place for loss in written.losses} == {question.id}


def test_pictures_are_told_in_words():
    raw = {
        "id": "PL14-01", "type": "true_false", "pool": "practice", "points": ["PL14"],
        "level": "apply", "difficulty": 2, "explanation": {"zh": "解析", "en": "Reason"},
        "source": "004 Q9", "answer": True,
        "stem": {"zh": f"看{PICTURE.link('流程图')}", "en": "See"},
    }  # fmt: skip

    written = FORMAT.write([load_question(raw)], {PICTURE.name: PICTURE})

    assert "看流程图" in written.data.decode()
    assert "pictures" in str(written.losses[0])


@given(
    st.lists(
        st.sampled_from([*PIECES, "\n", "\n\n", " ", "->", "#1..2", "{T}", "{>"]),
        max_size=25,
    )
)
def test_whatever_stands_in_a_file_is_read_or_refused(pieces):
    reading = read("".join(pieces))

    for draft in reading.drafts:
        problems_of(draft)
    for problem in (*reading.refused, *reading.notes):
        assert str(problem)


def test_an_arrow_on_a_left_side_is_named_as_a_loss():
    pairs = [
        {"left": {"zh": zh, "en": zh}, "right": {"zh": f"右{zh}", "en": f"right {zh}"}}
        for zh in ("a -> b", "c", "d")
    ]
    question = factories.content("PL14-01", type="matching", pairs=pairs)

    written = FORMAT.write([question], {})

    assert "left side with ->" in str(written.losses[0])
