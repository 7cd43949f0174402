import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from app.domain.questions.kinds import QuestionType
from app.domain.questions.question import load_question
from app.domain.text import Language, Text
from app.loader.exchange import sheets
from app.loader.exchange.contract import problems_of
from app.loader.exchange.sheet_examples import EXAMPLE_QUESTIONS, TYPE_HELP
from app.loader.exchange.sheet_template import LONGEST_CELL, template, write
from tests.domain.strategies import questions, raw_questions

POINTS = [(f"PL{number:02}", Text(f"考点{number}", f"Point {number}")) for number in range(1, 90)]
TRUE_FALSE = {
    "id": "PL14-01",
    "type": "true_false",
    "pool": "practice",
    "points": ["PL14"],
    "level": "remember",
    "difficulty": 1,
    "stem": {"zh": "对吗？", "en": "Right?"},
    "answer": True,
    "explanation": {"zh": "对。", "en": "It is."},
    "source": "general knowledge",
}
SIGNS = st.text("|｜/;；=＝→\\\n :：%（2分）(1 points)AB是√_x000D", min_size=1, max_size=12)


def read_back(data):
    reading = sheets.read(data)
    assert not reading.refused
    assert not [note for draft in reading.drafts for note in draft.notes]
    return [load_question(dict(draft.raw)) for draft in reading.drafts]


def sheet(data, name):
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(name).to_python()


@settings(max_examples=40, deadline=None)
@given(st.lists(questions(), min_size=1, max_size=4), st.sampled_from(Language))
def test_what_is_written_is_read_back_the_same(some, language):
    written = write(some, {}, language)

    assert written.losses == ()
    assert read_back(written.data) == some


def texts_of(value):
    """Every {zh, en} of a raw question, to be changed in place."""
    if isinstance(value, dict):
        if set(value) >= {"zh", "en"} and isinstance(value["zh"], str):
            yield value
        for inner in value.values():
            yield from texts_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_of(inner)


@settings(max_examples=80, deadline=None)
@given(raw_questions(), st.data())
def test_signs_of_the_layout_inside_texts_come_back(raw, data):
    for number, text in enumerate(texts_of(raw)):
        if raw["type"] == "fill_in" and text is raw["stem"]:
            continue
        for language in ("zh", "en"):  # numbered, so that no two become the same
            text[language] = f"{data.draw(SIGNS)}{number}{data.draw(SIGNS)}x".strip()
    question = load_question(raw)

    written = write([question], {})

    assert written.losses == ()
    assert read_back(written.data) == [question]


def test_feedback_and_fixed_options_have_columns_where_they_are_needed():
    raw = TRUE_FALSE | {
        "type": "single",
        "options": [
            {"zh": "甲", "en": "a", "feedback": {"zh": "不对", "en": "No"}},
            {"zh": "乙", "en": "b", "right": True},
            {"zh": "以上都是", "en": "All", "fixed": True},
        ],
    }
    del raw["answer"]
    question = load_question(raw)

    data = write([question], {}).data

    assert "选项A反馈（中文）" in sheet(data, "题目")[0]
    assert "选项A反馈（中文）" not in sheet(write([load_question(TRUE_FALSE)], {}).data, "题目")[0]
    assert read_back(data) == [question]


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@cmd", "=HYPERLINK(1)", "http://x"])
def test_nothing_that_looks_like_a_formula_is_run(start):
    question = load_question(TRUE_FALSE | {"stem": {"zh": start, "en": start}})

    data = write([question], {}).data

    assert b"<f>" not in xml_of(data)
    assert b"<hyperlink" not in xml_of(data)
    assert read_back(data) == [question]


def xml_of(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


@pytest.mark.parametrize("text", ["字" * (LONGEST_CELL + 1), "a\ufffeb", "a\rb"])
def test_a_question_that_no_cell_can_hold_is_named(text):
    lost = load_question(TRUE_FALSE | {"explanation": {"zh": text, "en": "x"}})
    kept = load_question(TRUE_FALSE | {"id": "PL14-02"})

    written = write([lost, kept], {})

    assert [loss.place for loss in written.losses] == ["PL14-01"]
    assert "not in the file" in str(written.losses[0])
    assert read_back(written.data) == [kept]


def test_a_text_as_long_as_a_cell_is_kept():
    question = load_question(TRUE_FALSE | {"explanation": {"zh": "字" * LONGEST_CELL, "en": "x"}})

    written = write([question], {})

    assert written.losses == ()
    assert read_back(written.data) == [question]


def test_a_picture_that_stays_behind_is_named():
    name = f"{'a' * 64}.png"
    question = load_question(TRUE_FALSE | {"stem": {"zh": f"![图](medium:{name})", "en": "x"}})

    losses = write([question], {}).losses

    assert [loss.parameters["name"] for loss in losses] == [name]


def test_an_export_of_nothing_can_be_read():
    assert read_back(write([], {}).data) == []


@pytest.mark.parametrize("language", Language)
def test_the_examples_of_the_template_are_valid_questions_of_every_type(language):
    reading = sheets.read(template(POINTS, language))

    assert [problems_of(draft) for draft in reading.drafts] == [[]] * len(QuestionType)
    assert {draft.raw["type"] for draft in reading.drafts} == set(QuestionType)
    assert [load_question(dict(d.raw)) for d in reading.drafts] == [
        load_question(raw) for raw in EXAMPLE_QUESTIONS
    ]
    assert reading.notes == reading.refused == ()


def test_the_examples_are_not_imported_with_questions():
    template_data = template(POINTS, Language.ZH)
    head = sheet(template_data, "题目")[0]

    filled = with_row(template_data, {head.index("题型"): "判断题", head.index("答案"): "对"})
    reading = sheets.read(filled)

    assert [draft.raw for draft in reading.drafts] == [{"type": "true_false", "answer": True}]


def with_row(data, values):
    """The template with one row typed into its first sheet."""
    cells = "".join(
        f'<c r="{name(column)}2" t="inlineStr"><is><t>{text}</t></is></c>'
        for column, text in sorted(values.items())
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for part in old.namelist():
            content = old.read(part)
            if part == "xl/worksheets/sheet1.xml":
                content = content.replace(
                    b"</sheetData>", f'<row r="2">{cells}</row></sheetData>'.encode()
                )
            new.writestr(part, content)
    return buffer.getvalue()


def name(column):
    return (chr(64 + column // 26) if column >= 26 else "") + chr(65 + column % 26)


@pytest.mark.parametrize("language", Language)
def test_the_template_offers_words_that_are_understood(language):
    data = template(POINTS, language)
    lists = sheet(data, {"zh": "填写说明", "en": "Instructions"}[language.value])

    words = {row[1] for row in lists}

    assert f"PL89 {POINTS[-1][1].to(language)}" in words
    assert xml_of(data).count(b"<dataValidation ") == 10
    for kind in EXAMPLE_QUESTIONS:
        head, *rows = sheet(data, {"zh": "示例", "en": "Examples"}[language.value])
        types = {row[1] for row in rows}
        assert types <= words, kind


def test_instructions_tell_of_every_type():
    assert set(TYPE_HELP) == set(QuestionType)


def test_a_template_without_points_is_still_one():
    assert len(read_back(template([], Language.EN))) == len(QuestionType)
