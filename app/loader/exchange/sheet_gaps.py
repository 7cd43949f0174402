"""Columns of questions that are answered by a few characters: fill_in and numeric."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.text import N_, Language
from app.loader.exchange.sheet_cells import (
    escape,
    is_chinese,
    percent,
    plain,
    split,
    variable,
    with_gaps,
    wordings,
    yes_or_no,
)
from app.loader.exchange.sheet_columns import OPTION_LETTERS
from app.loader.exchange.sheet_rows import LANGUAGES, Cells, Raw, Row, cells_of, take_number


def read_fill_in(row: Row, parts: Sequence[Row]) -> Raw:
    """The wordings of each gap in a column of its own, or of all gaps in the answer."""
    gaps = dict(row.take_options())
    blanks: list[Raw] = [
        {language: wordings(pair[language], "|/") for language in LANGUAGES}
        for pair in gaps.values()
    ]
    together = row.take("answer")
    if together and blanks:
        row.note("answer", N_("not kept, as the gaps have columns: %(text)s"), text=together)
    elif together:
        blanks = [_blank(part) for part in split(together, "\n;") if part]
    raw: Raw = {"blanks": blanks} if blanks else {}
    text = row.take("interchangeable")
    if text and (chosen := yes_or_no(text)) is None:
        row.note("interchangeable", N_("“%(text)s” is neither yes nor no"), text=text)
    elif text and chosen:
        raw["interchangeable"] = True
    stem = row.take_pair("stem")
    if stem and blanks:
        raw["stem"] = {key: with_gaps(text, len(blanks)) for key, text in stem.items()}
    return raw


def _blank(text: str) -> Raw:
    """A gap whose wordings stand together: Chinese ones, and ones that fit either language."""
    found = wordings(text, "|/")
    latin = [wording for wording in found if not is_chinese(wording)]
    return {"zh": found, "en": latin}


def write_fill_in(raw: Mapping[str, Any], language: Language) -> tuple[Cells, list[Cells]]:
    """The wordings of each gap in a column of its own."""
    cells: Cells = {}
    for letter, blank in zip(OPTION_LETTERS, raw["blanks"], strict=False):
        cells |= cells_of(
            f"option.{letter}",
            {key: " | ".join(map(escape, blank[key])) for key in LANGUAGES},
        )
    if raw.get("interchangeable"):
        cells["interchangeable"] = {Language.ZH: "是", Language.EN: "Yes"}[language]
    return cells, []


def read_numeric(row: Row, parts: Sequence[Row]) -> Raw:
    """The number or formula, with what belongs to it."""
    raw: Raw = {}
    if answer := row.take("answer"):
        raw["answer"] = answer.removeprefix("=").strip()
    variables = []
    for text in split(row.take("variables"), "\n;"):
        found = variable(text)
        if found:
            variables.append(found)
        elif text:
            row.note("variables", N_("“%(text)s” is not like n: 200 ~ 600, step 50"), text=text)
    if variables:
        raw["variables"] = variables
    take_number(row, "tolerance", raw)
    if row.take("tolerance").endswith(("%", "％")) and "tolerance" in raw:
        raw["relative_tolerance"] = raw.pop("tolerance")
    take_number(row, "decimals", raw)
    if unit := row.take_pair("unit"):
        raw["unit"] = unit
    return raw


def write_numeric(raw: Mapping[str, Any], language: Language) -> tuple[Cells, list[Cells]]:
    """The formula, with what belongs to it."""
    step = {Language.ZH: "步长", Language.EN: "step"}[language]
    cells: Cells = {"answer": raw["answer"], **cells_of("unit", raw.get("unit") or {})}
    cells["variables"] = "\n".join(
        f"{v['name']}: {plain(v['least'])} ~ {plain(v['most'])}, {step} {plain(v['step'])}"
        for v in raw.get("variables", ())
    )
    if "tolerance" in raw:
        cells["tolerance"] = plain(raw["tolerance"])
    if "relative_tolerance" in raw:
        cells["tolerance"] = percent(raw["relative_tolerance"])
    if "decimals" in raw:
        cells["decimals"] = str(raw["decimals"])
    return cells, []
