import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.questions.kinds import QuestionType
from app.loader.exchange import plain_text
from app.loader.exchange.contract import Unreadable
from app.loader.exchange.plain_text import read_text
from tests.domain.strategies import questions


def only(text):
    """The fields of the one question in a text."""
    reading = read_text(text)
    assert (reading.refused, reading.notes) == ((), ())
    (draft,) = reading.drafts
    assert draft.notes == ()
    return draft.raw


def zh(text):
    return {"zh": text, "en": ""}


def options(raw):
    """(texts, marks of the right ones)."""
    return [o["zh"] or o["en"] for o in raw["options"]], [
        o.get("right", False) for o in raw["options"]
    ]


def said(problems):
    return [str(problem) for problem in problems]


@pytest.mark.parametrize(
    "text",
    [
        "1、首都是？\nA. 上海\nB. 北京\nC. 广州\n答案：B\n解析：北京是。",
        "1. 首都是？\nA、上海 B、北京 C、广州\n【答案】B\n【解析】北京是。",
        "１．首都是？\nＡ．上海　Ｂ．北京　Ｃ．广州\n正确答案：Ｂ\n答案解析：北京是。",
        "(1) 首都是？\n(A) 上海\n(B) 北京\n(C) 广州\n答案: b 解析: 北京是。",
        "第1题 首都是？ A.上海B.北京C.广州 答案：B\n解析：\n北京是。",
        "一、单选题\n1、首都是？\nA）上海\nB）北京\nC）广州\n标准答案：(B)\n解析：北京是。",
        "【单选题】\n1、首都是？\n\nA 、上海\n\nB. 北京\n\nC. 广州\n\n【正确答案】 B\n"
        "试题解析：北京是。",
        "1、首都是？ A.上海 B.北京\nC.广州\n答案：B\n解析：北京是。",
        "首都是？\nA. 上海\nB. 北京\nC. 广州\n答案：北京\n解析：北京是。",
        "1、【单选题】首都是？\na. 上海\nb. 北京\nc. 广州\n答案：B\n解析：北京是。",
    ],
)
def test_the_usual_layouts_of_a_choice_mean_the_same(text):
    raw = only(text)

    assert raw["type"] == "single"
    assert raw["stem"] == zh("首都是？")
    assert options(raw) == (["上海", "北京", "广州"], [False, True, False])
    assert raw["explanation"] == zh("北京是。")


def test_an_english_paper_is_read_too():
    raw = only(
        "Part I. Single choice questions\n\nQuestion 1: Which is the capital?\nA. Shanghai\n"
        "B. Beijing\nC. Guangzhou\nAnswer: B\nExplanation: Beijing is.\nDifficulty: hard\n"
    )

    assert raw["stem"] == {"zh": "", "en": "Which is the capital?"}
    assert options(raw) == (["Shanghai", "Beijing", "Guangzhou"], [False, True, False])
    assert raw["explanation"] == {"zh": "", "en": "Beijing is."}
    assert raw["difficulty"] == 4


def test_labels_may_share_a_line():
    raw = only(
        "1、对吗？\n答案：对 难度：难　考点：PL05、PL06 认知层次：识记 题库：练习 来源：教材"
    )

    assert raw == {
        "type": "true_false",
        "stem": zh("对吗？"),
        "answer": True,
        "difficulty": 4,
        "points": ["PL05", "PL06"],
        "level": "remember",
        "pool": "practice",
        "source": "教材",
    }


@pytest.mark.parametrize(
    ("answer", "right"),
    [("AB", [0, 1]), ("A、B", [0, 1]), ("A,C，D", [0, 2, 3]), ("ＡＤ", [0, 3]), ("a b", [0, 1])],
)
def test_several_letters_make_a_multiple_choice(answer, right):
    raw = only(f"1、哪些？\nA.甲 B.乙 C.丙 D.丁\n答案：{answer}")

    assert raw["type"] == "multiple"
    assert [place for place, mark in enumerate(options(raw)[1]) if mark] == right


def test_an_answer_in_the_brackets_of_the_stem_leaves_the_stem():
    raw = only("1、首都是（ B ）。\nA.上海 B.北京 C.广州")

    assert raw["stem"] == zh("首都是（　）。")
    assert options(raw)[1] == [False, True, False]


def test_an_answer_that_contradicts_the_stem_is_told():
    reading = read_text("1、首都是（A）。\nA.上海 B.北京 C.广州\n答案：B")

    assert said(reading.drafts[0].notes) == ["line 1: the stem says A, the answer says B"]
    assert "（A）" not in reading.drafts[0].raw["stem"]["zh"]


def test_brackets_that_are_no_answer_stay():
    raw = only("1、（A）公司与（B）公司合并，称为？\nA.甲 B.乙 C.丙\n答案：C")

    assert raw["stem"] == zh("（A）公司与（B）公司合并，称为？")


@pytest.mark.parametrize(
    ("line", "right"),
    [
        ("天是蓝的（√）", True),
        ("天是蓝的（×）", False),
        ("天是蓝的（ 对 ）", True),
        ("天是蓝的(错误)", False),
    ],
)
def test_a_judgement_in_brackets(line, right):
    raw = only(f"三、判断题\n1、{line}")

    assert raw["type"] == "true_false"
    assert raw["answer"] is right
    assert raw["stem"] == zh("天是蓝的（　）")


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        ("正确", True),
        ("错", False),
        ("T", True),
        ("F", False),
        ("√", True),
        ("✗", False),
        ("对。", True),
    ],
)
def test_a_judgement_is_known_by_its_answer(answer, right):
    raw = only(f"1、天是蓝的\n答案：{answer}")

    assert (raw["type"], raw["answer"]) == ("true_false", right)


@pytest.mark.parametrize(
    ("stem", "answer"),
    [
        ("S 指____，T 指____。", "优势/长处；威胁"),
        ("S 指（　），T 指（  ）。", "优势|长处、威胁"),
        ("S 指___，T 指（）。", "①优势/长处②威胁"),
        ("S 指＿＿，T 指____。", "优势/长处 威胁"),
    ],
)
def test_gaps_are_known_in_many_forms(stem, answer):
    raw = only(f"1、{stem}\n答案：{answer}")

    assert raw["type"] == "fill_in"
    assert raw["stem"] == zh("S 指____，T 指____。")
    assert raw["blanks"] == [{"zh": ["优势", "长处"], "en": []}, {"zh": ["威胁"], "en": []}]


def test_lists_below_an_answer_are_key_points_and_no_questions():
    reading = read_text(
        "五、简答题\n1、简述要点。\n参考答案：\n1、道歉（2分）\n2、补偿\n\n2、再述要点。\n答：（1）甲；（2）乙"
    )

    first, second = (draft.raw for draft in reading.drafts)
    assert first["key_points"] == [{**zh("道歉"), "weight": 2}, zh("补偿")]
    assert first["model_answer"] == zh("1、道歉（2分）\n2、补偿")
    assert second["key_points"] == [zh("甲"), zh("乙")]


def test_key_points_may_have_a_label_of_their_own():
    raw = only("1、简述。\n参考答案：先道歉，再补偿。\n采分点：道歉（3分）| 致歉；补偿（2分）")

    assert raw["type"] == "short_answer"
    assert raw["model_answer"] == zh("先道歉，再补偿。")
    assert raw["key_points"] == [
        {**zh("道歉"), "weight": 3, "synonyms": {"zh": ["致歉"], "en": []}},
        {**zh("补偿"), "weight": 2},
    ]


def test_ordering_and_numbers():
    ordered = only("【排序题】\n1、排序\nA.一 B.二 C.三\n答案：C、A、B")
    number = only("【计算题】\n1、共几元？\n答案：12 误差：0.5\n单位：元")

    assert [item["zh"] for item in ordered["items"]] == ["三", "一", "二"]
    assert (number["answer"], number["tolerance"], number["unit"]) == ("12", 0.5, zh("元"))


def test_texts_keep_their_width_and_their_paragraphs():
    raw = only(
        "1、第一段（ＡＢＣ）：\n\n第二段，３．５％。\n答案：对\n解析：Ａ．与Ｂ．不同；\n（1）因为"
    )

    assert raw["stem"] == zh("第一段（ＡＢＣ）：\n\n第二段，３．５％。")
    assert raw["explanation"] == zh("Ａ．与Ｂ．不同；\n（1）因为")


def test_decimals_are_no_question_numbers():
    raw = only("1. 增长了多少？\n3.5 万元起。\nA. 1.5 B. 2.5 C. 3.5\n答案：C")

    assert raw["stem"] == zh("增长了多少？\n3.5 万元起。")
    assert options(raw)[0] == ["1.5", "2.5", "3.5"]


def test_questions_without_numbers_are_kept_apart_by_empty_lines():
    reading = read_text(
        "首都是？\nA.甲 B.乙 C.丙\n答案：A\n\n天是蓝的\n答案：对\n\n\n云是白的\n答案：对"
    )

    assert [draft.place for draft in reading.drafts] == ["line 1", "line 5", "line 9"]
    assert reading.refused == ()


def test_every_line_that_is_not_understood_is_refused_with_its_number():
    reading = read_text(
        "客服题库\n\n一、单选题（每题2分）\n1、首都是？\nA.甲 B.乙 C.丙\n答案：B\n再见\n\n另一段\n"
        "二、神秘题\n2、天是蓝的\n答案：对\n分值：2"
    )

    assert said(reading.refused) == [
        "line 1: stands before the first question: not read",
        "line 7: belongs to no question: not read",
        "line 9: belongs to no question: not read",
        "line 10: this heading names no type of question that we know",
    ]
    assert said(reading.notes) == ["line 3: the remark “每题2分” of this heading is not kept"]
    assert said(reading.drafts[1].notes) == [
        "line 11 › score: not kept, as this type of question has no such column: 2"
    ]


def test_a_question_without_key_stays_incomplete():
    reading = read_text("1、首都是？\nA.甲\nB.乙\nC.丙\n\n2、下一题\n答案：对")

    assert options(reading.drafts[0].raw)[1] == [False, False, False]
    assert len(reading.drafts) == 2


def test_a_case_says_that_it_needs_a_sheet():
    (draft,) = read_text("六、案例题\n1、材料。\n答案：略").drafts

    assert "use the sheet" in said(draft.notes)[0]
    assert draft.raw["type"] == "case"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_files_are_read_in_their_encoding(encoding):
    reading = plain_text.read("1、天是蓝的\r\n答案：对\r\n".encode(encoding))

    assert reading.drafts[0].raw["stem"] == zh("天是蓝的")


def test_damaged_text_is_refused():
    with pytest.raises(Unreadable, match="byte"):
        plain_text.read("\ufeff题".encode()[:-1])


def test_nothing_is_nothing():
    assert read_text(" \n\n").drafts == ()


def test_more_questions_than_one_import_has_are_refused(monkeypatch):
    monkeypatch.setattr(plain_text, "MOST_QUESTIONS", 20)

    assert len(read_text("1、对吗\n答案：对\n" * 20).drafts) == 20
    with pytest.raises(Unreadable, match="more than 20 questions"):
        read_text("1、对吗\n答案：对\n" * 21)


WORDS = st.text("策划服务满意顾客ab 19，。", min_size=1, max_size=8).map(str.strip).filter(bool)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_what_is_laid_out_by_the_rules_is_read_back(data):
    texts = data.draw(st.lists(WORDS, min_size=4, max_size=7, unique=True))
    count = data.draw(st.integers(2, 4))
    right = sorted(data.draw(st.permutations(range(len(texts))))[:count])
    lines = [f"1、下列{data.draw(WORDS)}？"]
    lines += [f"{'ABCDEFG'[place]}. 选{text}" for place, text in enumerate(texts)]
    lines += ["答案：" + "".join("ABCDEFG"[place] for place in right)]

    raw = only("\n".join(lines))

    assert raw["type"] == "multiple"
    assert options(raw) == (
        [f"选{text}" for text in texts],
        [place in right for place in range(len(texts))],
    )


BEGINNINGS = [
    "", "", "1、", "2、", "（1）", "①", "A. ", "B、", "C）", "答案：", "答案：A", "【答案】",
    "参考答案：", "采分点：", "解析：", "难度：", "知识点：", "题型：", "来源：", "分值：",
    "单位：", "误差：", "题库：", "一、", "一、单选题（", "二、判断题：", "【填空题】",
    "五、简答题", "七、排序题 ", "Answer: ",
    "1、____（ ）A. 甲 B. 乙 ", "3、（对）", "Part I. ", "【", "=|",
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([*BEGINNINGS, None]), max_size=12))
def test_no_line_is_lost_whatever_it_says(beginnings):
    lines = [
        "" if beginning is None else f"{beginning}词{place:02}"
        for place, beginning in enumerate(beginnings)
    ]

    reading = read_text("\n".join(lines))

    kept = "".join(f"{draft.raw}{said(draft.notes)}" for draft in reading.drafts)
    told = {problem.place for problem in (*reading.refused, *reading.notes)}
    for number, line in enumerate(lines, start=1):
        assert not line or line[-3:] in kept or f"line {number}" in told, (line, kept)


@settings(max_examples=60, deadline=None)
@given(questions(QuestionType.SINGLE, QuestionType.TRUE_FALSE))
def test_any_text_gives_an_answer_instead_of_an_error(question):
    read_text(str(question.dump()).replace(",", "\n"))
