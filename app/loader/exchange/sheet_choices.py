"""Columns of questions that are answered by choosing: single, multiple and true_false."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.text import N_, Language
from app.loader.exchange.sheet_cells import (
    letters,
    yes_or_no,
)
from app.loader.exchange.sheet_columns import OPTION_LETTERS
from app.loader.exchange.sheet_rows import Cells, Raw, Row, cells_of


def read_choice(row: Row, parts: Sequence[Row]) -> Raw:
    """The options, and which of them are right: by letter or in words."""
    found = dict(row.take_options())
    right = _right_options(row, found)
    fixed = _known_letters(row, "fixed", found)
    options = []
    for letter, pair in found.items():
        option: Raw = dict(pair)
        if letter in right:
            option["right"] = True
        if letter in fixed:
            option["fixed"] = True
        if feedback := row.take_pair(f"feedback.{letter}"):
            option["feedback"] = feedback
        options.append(option)
    return {"options": options} if options else {}


def _right_options(row: Row, found: Mapping[str, Mapping[str, str]]) -> set[str]:
    answer = row.take("answer")
    if not set(letters(answer) or "-") <= set(found):  # not its letter, perhaps its words
        same = {letter for letter, pair in found.items() if answer and answer in pair.values()}
        if same:
            return same
    return _known_letters(row, "answer", found)


def _known_letters(row: Row, column: str, found: Mapping[str, object]) -> set[str]:
    text = row.take(column)
    if not text:
        return set()
    named = letters(text)
    if named is None:
        row.note(column, N_("“%(text)s” names no option"), text=text)
        return set()
    for letter in named:
        if letter not in found:
            row.note(column, N_("there is no option %(letter)s"), letter=letter.upper())
    return set(named) & set(found)


def write_choice(raw: Mapping[str, Any], language: Language) -> tuple[Cells, list[Cells]]:
    """The options in columns of their own, the right ones by letter."""
    cells: Cells = {}
    for letter, option in zip(OPTION_LETTERS, raw["options"], strict=False):
        cells |= cells_of(f"option.{letter}", option)
        cells |= cells_of(f"feedback.{letter}", option.get("feedback") or {})
    for column, mark in (("answer", "right"), ("fixed", "fixed")):
        cells[column] = "".join(
            letter.upper()
            for letter, option in zip(OPTION_LETTERS, raw["options"], strict=False)
            if option.get(mark)
        )
    return cells, []


def read_true_false(row: Row, parts: Sequence[Row]) -> Raw:
    """Right or wrong, in words, signs or as the letter of such an option."""
    answer = row.take("answer")
    options = dict(row.take_options())
    named = letters(answer) or []
    if len(named) == 1 and named[0] in options:  # A 正确, B 错误, and the answer is A
        answer = next(filter(None, options[named[0]].values()))
    for letter, pair in options.items():
        if any(yes_or_no(text) is None for text in filter(None, pair.values())):
            row.note(
                f"option.{letter}.zh",
                N_("not kept, as a true-or-false question has no options: %(text)s"),
                text=" / ".join(filter(None, pair.values())),
            )
    if not answer:
        return {}
    right = yes_or_no(answer)
    if right is None:
        row.note("answer", N_("“%(text)s” is neither right nor wrong"), text=answer)
        return {}
    return {"answer": right}


def write_true_false(raw: Mapping[str, Any], language: Language) -> tuple[Cells, list[Cells]]:
    """The answer as a word."""
    words = {Language.ZH: ("错误", "正确"), Language.EN: ("False", "True")}[language]
    return {"answer": words[raw["answer"]]}, []
