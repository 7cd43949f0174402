import csv
import datetime
import io
import time

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.questions.question import load_question
from app.loader.exchange import csv_tables, sheets
from app.loader.exchange.contract import Unreadable, problems_of
from app.loader.exchange.sheet_columns import TYPE_WORDS, columns

DATE = datetime.datetime(2026, 3, 4)
HEAD = [
    "题号", "题型", "题库", "考点", "认知层次", "难度", "题干（中文）", "题干（英文）",
    "选项A（中文）", "选项A（英文）", "选项B（中文）", "选项B（英文）", "选项C（中文）",
    "选项C（英文）", "答案", "解析（中文）", "解析（英文）", "来源",
]  # fmt: skip
SINGLE = [
    "PL05-01", "单选题", "练习", "PL05", "识记", "2", "首都是？", "Which is the capital?",
    "上海", "Shanghai", "北京", "Beijing", "广州", "Guangzhou", "B",
    "北京是首都。", "It is.", "常识",
]  # fmt: skip


def as_csv(*rows, separator=",", encoding="utf-8"):
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue().encode(encoding)


def as_xlsx(*rows, change=None):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("题目")
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                sheet.write(number, column, value)
        if change:
            change(workbook, sheet)
    return buffer.getvalue()


def changed(**values):
    return [values.get(title, value) for title, value in zip(HEAD, SINGLE, strict=True)]


def only_draft(reading):
    assert not reading.refused
    (draft,) = reading.drafts
    return draft


def sentences(problems):
    return [str(problem) for problem in problems]


def read_rows(head, *rows):
    return sheets.read(as_csv(head, *rows))


def fields(kind, **cells):
    """What a row of this type gives, beside what every type has."""
    head = ["题型", "题干", *cells]
    draft = only_draft(read_rows(head, [kind, "题干", *cells.values()]))
    kept = {key: value for key, value in draft.raw.items() if key not in ("type", "stem")}
    return kept, sentences(draft.notes)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_a_csv_file_is_read_however_it_was_saved(separator, encoding):
    data = as_csv(HEAD, SINGLE, separator=separator, encoding=encoding)

    draft = only_draft(sheets.read(data))

    assert draft.place == "row 2"
    assert not problems_of(draft)
    assert load_question(draft.raw).stem.zh == "首都是？"


def test_rare_characters_survive_gb18030():
    data = as_csv(HEAD, changed(**{"题干（中文）": "䶮𬭎😀？"}), encoding="gb18030")

    draft = only_draft(sheets.read(data))

    assert draft.raw["stem"]["zh"] == "䶮𬭎😀？"


def test_the_same_rows_mean_the_same_in_a_workbook():
    from_csv = sheets.read(as_csv(HEAD, SINGLE))

    from_xlsx = sheets.read(as_xlsx(HEAD, SINGLE))

    assert from_xlsx.drafts == from_csv.drafts


def test_columns_may_stand_in_any_order():
    data = as_csv(HEAD[::-1], SINGLE[::-1])

    assert sheets.read(data).drafts == sheets.read(as_csv(HEAD, SINGLE)).drafts


def test_english_headings_and_words_are_understood():
    head = ["Type", "Pool", "Points", "Level", "Difficulty", "Stem (English)", "Option A (English)",
            "Option B", "Answer", "Explanation (English)", "Source"]  # fmt: skip
    row = [
        "single choice",
        "Exam",
        "pl05; PL06",
        "Analyse",
        "hard",
        "Who?",
        "He",
        "她",
        "a",
        "So.",
        "x",
    ]

    draft = only_draft(read_rows(head, row))

    assert draft.raw == {
        "type": "single",
        "pool": "exam",
        "points": ["PL05", "PL06"],
        "level": "analyse",
        "difficulty": 4,
        "stem": {"zh": "", "en": "Who?"},
        "options": [{"zh": "", "en": "He", "right": True}, {"zh": "她", "en": ""}],
        "explanation": {"zh": "", "en": "So."},
        "source": "x",
    }


def test_two_rows_of_headings_are_read_as_one():
    upper = ["题型", "题干", "", "选项A", "", "选项B", "", "选项C", "", "答案"]
    lower = ["", "中文", "英文", "中文", "英文", "中文", "英文", "中文", "英文", ""]
    row = ["单选题", "问", "Q", "甲", "A1", "乙", "B1", "丙", "C1", "C"]

    draft = only_draft(read_rows(upper, lower, row))

    assert draft.place == "row 3"
    assert draft.raw["stem"] == {"zh": "问", "en": "Q"}
    assert draft.raw["options"][2] == {"zh": "丙", "en": "C1", "right": True}


def test_a_second_row_with_the_same_headings_in_english_is_no_question():
    english = ["Id", "Type", "Stem (Chinese)", "Answer"]
    row = ["", "判断题", "对吗", "对"]

    draft = only_draft(read_rows(["题号", "题型", "题干", "答案"], english, row))

    assert draft.raw == {"type": "true_false", "stem": {"zh": "对吗", "en": ""}, "answer": True}


def test_a_title_above_the_headings_is_named():
    reading = read_rows(["客服题库"], [], HEAD, SINGLE)

    assert only_draft(reading).place == "row 4"
    assert sentences(reading.notes) == ["row 1: stands above the headings: not read"]


def test_unknown_columns_are_named_once_and_empty_ones_not():
    head = [*HEAD, "审核人", "备注", ""]

    reading = read_rows(head, [*SINGLE, "王", "", ""], [*SINGLE, "李", "", "x"])

    assert sentences(reading.notes) == [
        "column S: the column “审核人” is not known and not read",
        "column U: the column “” is not known and not read",
    ]


def test_cells_beyond_the_headings_are_named():
    reading = read_rows(HEAD, [*SINGLE, "extra"])

    assert sentences(reading.notes) == ["column S: cells without heading: not read"]


def test_empty_rows_are_skipped_and_places_stay_those_of_the_sheet():
    reading = sheets.read(as_xlsx([], HEAD, SINGLE, [], ["", " "], SINGLE))

    assert [draft.place for draft in reading.drafts] == ["row 3", "row 6"]


def test_running_numbers_are_no_ids():
    reading = read_rows(HEAD, changed(题号="1"), changed(题号="2"))

    assert all("id" not in draft.raw for draft in reading.drafts)
    assert len(reading.notes) == 1


def test_numbers_dates_and_truth_values_of_excel_are_read_as_people_see_them():
    row = changed(难度=2.0, 来源=2024.0)

    draft = only_draft(sheets.read(as_xlsx(HEAD, row)))

    assert draft.raw["difficulty"] == 2
    assert draft.raw["source"] == "2024"


def test_a_formula_counts_as_its_value():
    def change(_workbook, sheet):
        sheet.write_formula(1, 6, '="首都"&"是？"', None, "首都是？")

    draft = only_draft(sheets.read(as_xlsx(HEAD, SINGLE, change=change)))

    assert draft.raw["stem"]["zh"] == "首都是？"


def test_a_date_that_excel_made_of_a_text_is_told():
    def change(workbook, sheet):
        sheet.write_datetime(1, 17, DATE, workbook.add_format({"num_format": "m-d"}))

    draft = only_draft(sheets.read(as_xlsx(HEAD, SINGLE, change=change)))

    assert draft.raw["source"] == "2026-03-04"
    assert "row 2 › 来源: Excel took what was typed for a date" in sentences(draft.notes)[0]


def test_cells_merged_over_rows_count_for_each_of_them():
    def change(_workbook, sheet):
        sheet.merge_range(1, 3, 3, 3, "PL07")
        sheet.merge_range(1, 6, 2, 6, "同一题干")

    rows = [changed(考点="", **{"题干（中文）": ""})] * 3
    reading = sheets.read(as_xlsx(HEAD, *rows, change=change))

    assert [draft.raw["points"] for draft in reading.drafts] == [["PL07"]] * 3
    assert [draft.raw["stem"]["zh"] for draft in reading.drafts] == ["同一题干", "", ""]


def test_hidden_sheets_are_named_and_not_read():
    def change(workbook, _sheet):
        hidden = workbook.add_worksheet("旧题")
        hidden.write_row(0, 0, HEAD)
        hidden.write_row(1, 0, SINGLE)
        hidden.hide()

    reading = sheets.read(as_xlsx(HEAD, SINGLE, change=change))

    assert len(reading.drafts) == 1
    assert sentences(reading.notes) == ["旧题: this sheet is hidden and is not read"]


def test_every_visible_sheet_with_headings_is_read():
    def change(workbook, _sheet):
        second = workbook.add_worksheet("第二批")
        second.write_row(0, 0, HEAD)
        second.write_row(1, 0, SINGLE)
        workbook.add_worksheet("统计").write(0, 0, "共 2 题")

    reading = sheets.read(as_xlsx(HEAD, SINGLE, change=change))

    assert [draft.place for draft in reading.drafts] == ["题目, row 2", "第二批, row 2"]
    assert sentences(reading.notes) == ["统计: this sheet has no row of headings and is not read"]


@pytest.mark.parametrize(
    ("answer", "right"),
    [("B", [1]), ("b", [1]), ("Ｂ", [1]), ("A,C", [0, 2]), ("A、B", [0, 1]), ("AC", [0, 2]),
     ("北京", [1]), ("(B)", [1])],
)  # fmt: skip
def test_right_options_are_named_by_letter_or_in_words(answer, right):
    draft = only_draft(read_rows(HEAD, changed(答案=answer.strip("()"))))

    options = draft.raw["options"]

    assert [place for place, option in enumerate(options) if option.get("right")] == right


def test_a_row_without_key_stays_incomplete():
    draft = only_draft(read_rows(HEAD, changed(答案="")))

    assert any("no option is marked right" in str(problem) for problem in problems_of(draft))


@pytest.mark.parametrize(
    ("answer", "message"), [("E", "no option E"), ("第二个", "names no option")]
)
def test_an_answer_that_names_no_option_is_told(answer, message):
    draft = only_draft(read_rows(HEAD, changed(答案=answer)))

    assert message in sentences(draft.notes)[0]
    assert draft.notes[0].place == "row 2 › 答案"


@pytest.mark.parametrize(
    ("answer", "right"),
    [("对", True), ("错", False), ("√", True), ("×", False), ("T", True), ("false", False),
     ("正确", True), ("错误", False), ("是", True), ("Ｆ", False)],
)  # fmt: skip
def test_right_and_wrong_have_many_words(answer, right):
    assert fields("判断题", 答案=answer) == ({"answer": right}, [])


def test_a_judgement_may_be_laid_out_with_options():
    found = fields("判断题", 选项A="正确", 选项B="错误", 答案="B")

    assert found == ({"answer": False}, [])


def test_an_unclear_judgement_is_told():
    raw, notes = fields("判断题", 答案="也许")

    assert raw == {}
    assert notes == ["row 2 › 答案: “也许” is neither right nor wrong"]


def test_gaps_have_columns_or_stand_together():
    by_gap = read_rows(
        ["题型", "题干", "选项A", "选项B"],
        ["填空题", "S 指____，T 指____。", "优势/长处", "a/b | c"],
    )
    together = read_rows(
        ["题型", "题干", "答案"], ["填空题", "S 指（　），T 指（）。", "优势|长处；SWOT"]
    )

    assert only_draft(by_gap).raw["blanks"] == [
        {"zh": ["优势", "长处"], "en": []},
        {"zh": ["a/b", "c"], "en": []},
    ]
    assert only_draft(together).raw["blanks"] == [
        {"zh": ["优势", "长处"], "en": []},
        {"zh": ["SWOT"], "en": ["SWOT"]},
    ]
    assert only_draft(together).raw["stem"]["zh"] == "S 指____，T 指____。"


def test_a_number_comes_with_tolerance_unit_and_variables():
    found = fields(
        "计算题",
        答案="=n * a",
        误差="5%",
        单位="元",
        小数位数="0",
        变量="n：200～600，步长 50；a = -1.5 to 3 step 0.5",
    )

    assert found == (
        {
            "answer": "n * a",
            "relative_tolerance": 0.05,
            "unit": {"zh": "元", "en": ""},
            "decimals": 0,
            "variables": [
                {"name": "n", "least": 200, "most": 600, "step": 50},
                {"name": "a", "least": -1.5, "most": 3, "step": 0.5},
            ],
        },
        [],
    )


def test_what_is_no_number_is_told():
    _raw, notes = fields("计算题", 答案="3", 误差="很小", 变量="n 随便")

    assert [note.partition(": ")[0] for note in notes] == ["row 2 › 变量", "row 2 › 误差"]


def test_pairs_and_distractors():
    found = fields("配对题", 选项A="甲 = 一", 选项B="乙＝二", 选项C=" = 四", 干扰项="三|五")

    assert found[0]["pairs"] == [
        {"left": {"zh": "甲", "en": ""}, "right": {"zh": "一", "en": ""}},
        {"left": {"zh": "乙", "en": ""}, "right": {"zh": "二", "en": ""}},
    ]
    assert [text["zh"] for text in found[0]["distractors"]] == ["四", "三", "五"]


def test_a_pair_without_its_sign_is_told():
    _raw, notes = fields("配对题", 选项A="甲 一")

    assert notes == ["row 2 › 选项A（中文）: a pair is written: left = right"]


def test_key_points_have_weights_and_other_wordings():
    raw, notes = fields(
        "简答题", 选项A="道歉（2分）| 致歉 | 说对不起", 选项B="补偿", 答案="道歉并补偿"
    )

    assert notes == []
    assert raw == {
        "key_points": [
            {
                "zh": "道歉",
                "en": "",
                "weight": 2,
                "synonyms": {"zh": ["致歉", "说对不起"], "en": []},
            },
            {"zh": "补偿", "en": ""},
        ],
        "model_answer": {"zh": "道歉并补偿", "en": ""},
    }


def test_a_case_has_a_row_for_each_task():
    head = ["题型", "题干", "参考答案", "选项A", "来源"]
    criterion = "原因（4分）\n100%：齐全\n2分：一半\n0：没有"

    reading = read_rows(
        head, ["案例题", "材料", "", "", "x"], ["案例小题", "问一", "答一", criterion, ""]
    )

    draft = only_draft(reading)
    assert draft.notes == ()
    assert draft.raw["parts"] == [
        {
            "stem": {"zh": "问一", "en": ""},
            "model_answer": {"zh": "答一", "en": ""},
            "criteria": [
                {
                    "name": {"zh": "原因", "en": ""},
                    "levels": [
                        {"share": 1, "zh": "齐全", "en": ""},
                        {"share": 0.5, "zh": "一半", "en": ""},
                        {"share": 0, "zh": "没有", "en": ""},
                    ],
                    "weight": 4,
                }
            ],
        }
    ]


def test_rows_of_which_no_question_can_be_made_are_refused():
    head = ["题型", "题干", "答案"]

    reading = read_rows(
        head,
        ["看图说话", "一", ""],
        ["", "二", "A"],
        ["案例小题", "三", ""],
        ["判断题", "四", "对"],
    )

    assert len(reading.drafts) == 1
    assert sentences(reading.refused) == [
        "row 2: “看图说话” is not a type of question",
        "row 3: the type is missing",
        "row 4: there is no case above this task",
    ]


def test_columns_that_a_type_does_not_have_are_named():
    _raw, notes = fields("判断题", 答案="对", 误差="3")

    assert notes == ["row 2 › 误差: not kept, as this type of question has no such column: 3"]


def test_a_file_without_headings_is_refused():
    with pytest.raises(Unreadable, match="No row with headings"):
        sheets.read("只有一段文字，没有表头\n".encode())
    with pytest.raises(Unreadable, match="No row with headings"):
        sheets.read(as_xlsx(["a", "b"], [1, 2]))
    with pytest.raises(Unreadable, match="No row with headings"):
        sheets.read(b"")


def test_headings_alone_are_an_empty_import():
    reading = sheets.read(as_csv(HEAD))

    assert (reading.drafts, reading.refused) == ((), ())


def test_damaged_text_is_refused():
    data = as_csv(HEAD, SINGLE)

    with pytest.raises(Unreadable, match="is not UTF-8 text"):
        sheets.read(data[: data.index("常识".encode()) + 2])
    with pytest.raises(Unreadable, match="is not UTF-8 text"):
        sheets.read(b"\xef\xbb\xbf" + as_csv(HEAD, SINGLE, encoding="gbk"))
    with pytest.raises(Unreadable, match="line 2: is not a valid CSV file"):
        sheets.read(as_csv(HEAD) + '单选题,"没有结束'.encode())


def test_ten_thousand_rows_are_read_in_seconds():
    data = as_csv(HEAD, *[SINGLE] * 10_000, encoding="gbk")
    began = time.process_time()

    reading = sheets.read(data)

    assert len(reading.drafts) == 10_000
    assert time.process_time() - began < 10


def test_more_questions_than_one_import_has_are_refused(monkeypatch):
    monkeypatch.setattr(sheets, "MOST_QUESTIONS", 20)
    monkeypatch.setattr(csv_tables, "MOST_ROWS", 40)
    head, row = ["题型", "题干", "答案"], ["判断题", "对吗", "对"]

    assert len(sheets.read(as_csv(head, *[row] * 20)).drafts) == 20
    with pytest.raises(Unreadable, match="more than 20 questions"):
        sheets.read(as_csv(head, *[row] * 21))
    with pytest.raises(Unreadable, match="more than 40 rows"):
        sheets.read(as_csv(head, *[row] * 40))


EVERY = [column.title.zh for column in columns(5, feedback=2)]
KINDS = [*(text.zh for text in TYPE_WORDS.values()), "案例小题", "看图", ""]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(KINDS), st.lists(st.sampled_from(EVERY), max_size=8)), max_size=4
    )
)
def test_no_cell_is_lost_whatever_it_says(rows):
    table = [EVERY]
    for number, (kind, filled) in enumerate(rows):
        table.append(
            [
                f"词{number}{place:02}" if title in filled else ""
                for place, title in enumerate(EVERY)
            ]
        )
        table[-1][EVERY.index("题型")] = kind

    reading = sheets.read(as_csv(*table))

    kept = "".join(f"{draft.raw}{sentences(draft.notes)}" for draft in reading.drafts)
    refused = {problem.place for problem in reading.refused}
    for number, cells in enumerate(table[1:], start=2):
        lost = [cell for cell in cells if cell.startswith("词") and cell not in kept]
        assert not lost or f"row {number}" in refused
