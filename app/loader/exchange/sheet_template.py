"""Question sheets to download: the empty template with its drop-down lists, and exports."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from app.domain.media import Medium, media_names
from app.domain.problems import Problem, Problems
from app.domain.questions.kinds import Level, Pool
from app.domain.questions.question import Question, load_question
from app.domain.text import N_, Language, Text
from app.loader.exchange.contract import Format, Written
from app.loader.exchange.sheet_bodies import SHEET_BODIES
from app.loader.exchange.sheet_columns import (
    CASE_PART,
    DIFFICULTIES,
    LEVEL_WORDS,
    OPTION_LETTERS,
    POOL_WORDS,
    SHOWN_OPTIONS,
    TYPE_WORDS,
    Column,
    columns,
)
from app.loader.exchange.sheet_examples import EXAMPLE_QUESTIONS, GENERAL_HELP, TYPE_HELP
from app.loader.exchange.sheet_rows import Cells
from app.loader.exchange.sheets import EXAMPLES, HELP, read, read_rows

LONGEST_CELL = 32_767
"""Characters that Excel lets a cell have."""

_QUESTIONS = Text("题目", "Questions")
_CHOICES = Text("可选的值", "Values to choose from")
_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}
_LISTED_ROWS = 2_000
_LISTS = ("type", "pool", "level", "difficulty", "points")


@dataclass(frozen=True, slots=True)
class _Book:
    workbook: Any
    language: Language
    head: Any
    cell: Any
    bold: Any


def template(points: Sequence[tuple[str, Text]], language: Language) -> bytes:
    """The workbook to fill in. points: (id, title) of the knowledge points to choose from."""
    buffer = io.BytesIO()
    book = _open(buffer, language)
    every = columns()
    questions = book.workbook.add_worksheet(_QUESTIONS.to(language))
    _write_sheet(book, questions, every, ())
    examples = book.workbook.add_worksheet(EXAMPLES.to(language))
    rows = (row for raw in EXAMPLE_QUESTIONS for row in _rows(load_question(raw), language))
    _write_sheet(book, examples, every, rows)
    spans = _write_help(book, points)
    for sheet in (questions, examples):
        _offer_choices(sheet, every, spans, HELP.to(language))
    book.workbook.close()
    return buffer.getvalue()


def write(
    questions: Sequence[Question],
    media: Mapping[str, Medium],
    language: Language = Language.ZH,
) -> Written:
    """The questions in the columns of the template. Pictures stay out of it and are named."""
    kept: list[list[Cells]] = []
    losses: list[Problem] = []
    for question in questions:
        rows = list(_rows(question, language))
        refusal = _refusal(question, rows)
        if refusal:
            losses.append(Problem("", question.id, refusal, {"most": LONGEST_CELL}))
            continue
        kept.append(rows)
        losses.extend(
            Problem("", question.id, N_("the picture %(name)s is not in this file"), {"name": name})
            for name in media_names(str(question.dump()))
        )
    buffer = io.BytesIO()
    book = _open(buffer, language)
    sheet = book.workbook.add_worksheet(_QUESTIONS.to(language))
    _write_sheet(book, sheet, _needed(kept), (row for rows in kept for row in rows))
    book.workbook.close()
    return Written(buffer.getvalue(), tuple(losses))


def _refusal(question: Question, rows: Sequence[Cells]) -> str | None:
    """Why a sheet cannot hold the question, found by reading back what would be written."""
    texts = [text for row in rows for text in row.values()]
    if any(len(text.encode("utf-16-le")) // 2 > LONGEST_CELL for text in texts):
        return N_("not in the file: a text is longer than the %(most)s characters of a cell")
    if any(set("\ufffe\uffff\r") & set(text) for text in texts):
        return N_("not in the file: a text has a character that Excel does not keep")
    drafts = read_rows(rows)
    if len(drafts) != 1 or drafts[0].notes:
        return N_("not in the file: a sheet cannot express it")
    again = Question.read(dict(drafts[0].raw), problems=Problems())
    return None if again == question else N_("not in the file: a sheet cannot express it")


def _rows(question: Question, language: Language) -> Iterator[Cells]:
    raw: Mapping[str, Any] = question.dump()
    body, parts = SHEET_BODIES[question.type].write(raw, language)
    yield {
        "id": question.id,
        "type": TYPE_WORDS[question.type].to(language),
        "pool": POOL_WORDS[question.pool].to(language),
        "points": ", ".join(question.points),
        "level": LEVEL_WORDS[question.level].to(language),
        "difficulty": str(question.difficulty),
        "stem.zh": question.stem.zh,
        "stem.en": question.stem.en,
        **body,
        "explanation.zh": question.explanation.zh,
        "explanation.en": question.explanation.en,
        "source": question.source,
    }
    for part in parts:
        yield {"type": CASE_PART.to(language), **part}


def _needed(kept: Iterable[Sequence[Cells]]) -> list[Column]:
    """The columns of the template, and as many more as these questions take."""
    filled = {key for rows in kept for row in rows for key in row}
    options, feedback = (
        max(
            (
                number
                for number, letter in enumerate(OPTION_LETTERS, start=1)
                if {f"{kind}.{letter}.zh", f"{kind}.{letter}.en"} & filled
            ),
            default=0,
        )
        for kind in ("option", "feedback")
    )
    return columns(max(options, SHOWN_OPTIONS), feedback=feedback)


def _open(buffer: io.BytesIO, language: Language) -> _Book:
    workbook = xlsxwriter.Workbook(buffer, _OPTIONS)
    text = {"num_format": "@", "text_wrap": True, "valign": "top"}
    return _Book(
        workbook,
        language,
        head=workbook.add_format(
            {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": "#E8EEF7"}
        ),
        cell=workbook.add_format(text),
        bold=workbook.add_format({"bold": True, "valign": "top"}),
    )


def _write_sheet(book: _Book, sheet: Any, every: Sequence[Column], rows: Iterable[Cells]) -> None:
    """The headings, which stay in sight, and the rows. Every cell is text: nothing is run."""
    sheet.freeze_panes(1, 2)
    sheet.set_row(0, 32)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    for place, column in enumerate(every):
        sheet.set_column(place, place, column.width, book.cell)
        sheet.write_string(0, place, column.title.to(book.language), book.head)
    places = {column.key: place for place, column in enumerate(every)}
    for number, row in enumerate(rows, start=1):
        for key, text in row.items():
            if text:
                _write_text(sheet, number, places[key], text, book.cell)


def _write_text(sheet: Any, row: int, column: int, text: str, style: Any) -> None:
    outcome = sheet.write_string(row, column, text, style)
    assert outcome == 0, "texts are measured before they are written"


def _write_help(book: _Book, points: Sequence[tuple[str, Text]]) -> dict[str, tuple[int, int]]:
    """What to fill in, and below it the values to choose from; their first and last rows."""
    language = book.language
    sheet = book.workbook.add_worksheet(HELP.to(language))
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 110, book.cell)
    row = 0
    for text in GENERAL_HELP:
        sheet.write_string(row, 1, text.to(language), book.cell)
        row += 1
    for kind, text in TYPE_HELP.items():
        sheet.write_string(row, 0, TYPE_WORDS[kind].to(language), book.bold)
        sheet.write_string(row, 1, text.to(language), book.cell)
        row += 1
    values: dict[str, list[str]] = {
        "type": [*(text.to(language) for text in TYPE_WORDS.values()), CASE_PART.to(language)],
        "pool": [POOL_WORDS[pool].to(language) for pool in Pool],
        "level": [LEVEL_WORDS[level].to(language) for level in Level],
        "difficulty": [str(difficulty) for difficulty in DIFFICULTIES],
        "points": [f"{id_} {title.to(language)}".strip() for id_, title in points],
    }
    titles = {column.key: column.title.to(language) for column in columns()}
    sheet.write_string(row + 1, 0, _CHOICES.to(language), book.bold)
    row += 2
    spans = {}
    for key in _LISTS:
        sheet.write_string(row, 0, titles[key], book.bold)
        for place, value in enumerate(values[key]):
            sheet.write_string(row + place, 1, value, book.cell)
        if values[key]:
            spans[key] = (row, row + len(values[key]) - 1)
        row += max(len(values[key]), 1)
    return spans


def _offer_choices(
    sheet: Any, every: Sequence[Column], spans: Mapping[str, tuple[int, int]], help_name: str
) -> None:
    """Drop-down lists. Several points may be typed, so that list only offers."""
    places = {column.key: place for place, column in enumerate(every)}
    for key, (first, last) in spans.items():
        sheet.data_validation(
            1,
            places[key],
            _LISTED_ROWS,
            places[key],
            {
                "validate": "list",
                "source": f"='{help_name}'!$B${first + 1}:$B${last + 1}",
                "show_error": key != "points",
            },
        )


FORMAT = Format(
    code="xlsx",
    name=Text("Excel 表格", "Excel workbook"),
    ending="xlsx",
    mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    read=read,
    write=write,
)
