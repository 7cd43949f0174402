"""Columns of matching and ordering questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.text import N_, Language
from app.loader.exchange.sheet_cells import (
    escape,
    split,
    unescape,
    wordings,
)
from app.loader.exchange.sheet_columns import OPTION_LETTERS
from app.loader.exchange.sheet_rows import LANGUAGES, Cells, Raw, Row, cells_of


def read_matching(row: Row, parts: Sequence[Row]) -> Raw:
    """A pair in each option column; what has no left side is a distractor."""
    pairs: list[Raw] = []
    distractors: list[Raw] = []
    for letter, texts in row.take_options():
        left: dict[str, str] = dict.fromkeys(LANGUAGES, "")
        right = dict(left)
        for language, text in texts.items():
            sides = split(text, "=→", most=1)
            if text and len(sides) < 2:
                row.note(f"option.{letter}.{language}", N_("a pair is written: left = right"))
            left[language], right[language] = map(unescape, (*sides, "")[:2])
        if any(left.values()):
            pairs.append({"left": left, "right": right})
        else:
            distractors.append(right)
    further = {key: wordings(row.take(f"distractors.{key}"), "|\n") for key in LANGUAGES}
    distractors += _together(row, "distractors", further)
    raw: Raw = {"pairs": pairs} if pairs else {}
    return raw | ({"distractors": distractors} if distractors else {})


def _together(row: Row, column: str, texts: Mapping[str, Sequence[str]]) -> list[Raw]:
    """The first Chinese text with the first English one, and so on."""
    zh, en = texts["zh"], texts["en"]
    if zh and en and len(zh) != len(en):
        row.note(f"{column}.en", N_("has another number of entries than the Chinese column"))
    count = max(len(zh), len(en))
    return [
        {
            "zh": zh[place] if place < len(zh) else "",
            "en": en[place] if place < len(en) else "",
        }
        for place in range(count)
    ]


def write_matching(raw: Mapping[str, Any], language: Language) -> tuple[Cells, list[Cells]]:
    """A pair in each option column, the distractors together."""
    cells: Cells = {}
    for letter, pair in zip(OPTION_LETTERS, raw["pairs"], strict=False):
        cells |= cells_of(
            f"option.{letter}",
            {
                key: f"{escape(pair['left'][key])} = {escape(pair['right'][key])}"
                for key in LANGUAGES
            },
        )
    distractors = raw.get("distractors", ())
    if distractors:
        cells |= cells_of(
            "distractors",
            {key: "".join(f"{escape(text[key])} |\n" for text in distractors) for key in LANGUAGES},
        )
    return cells, []


def read_ordering(row: Row, parts: Sequence[Row]) -> Raw:
    """The entries in their right order."""
    items = [pair for _, pair in row.take_options()]
    return {"items": items} if items else {}


def write_ordering(raw: Mapping[str, Any], language: Language) -> tuple[Cells, list[Cells]]:
    """The entries in their right order."""
    cells: Cells = {}
    for letter, item in zip(OPTION_LETTERS, raw["items"], strict=False):
        cells |= cells_of(f"option.{letter}", item)
    return cells, []
