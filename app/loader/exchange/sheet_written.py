"""Columns of questions that are answered in sentences: short_answer and case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.text import N_, Language
from app.loader.exchange.sheet_cells import (
    escape,
    percent,
    plain,
    split,
    take_share,
    take_weight,
    unescape,
)
from app.loader.exchange.sheet_columns import OPTION_LETTERS
from app.loader.exchange.sheet_rows import LANGUAGES, Cells, Raw, Row, cells_of, take_number

_OF_THE_CASE = ("id", "pool", "points", "level", "difficulty", "source")


def read_short_answer(row: Row, parts: Sequence[Row]) -> Raw:
    """A key point in each option column, and the model answer."""
    points = [_key_point(row, letter, pair) for letter, pair in row.take_options()]
    raw: Raw = {"key_points": points} if points else {}
    raw |= _model_answer(row)
    take_number(row, "any_of", raw)
    return raw


def _key_point(row: Row, letter: str, pair: Mapping[str, str]) -> Raw:
    point: Raw = {}
    synonyms: dict[str, list[str]] = {}
    weights = []
    for language in LANGUAGES:
        first, *others = split(pair[language], "|")
        text, weight = take_weight(first)
        point[language] = unescape(text)
        synonyms[language] = [unescape(other) for other in others if other]
        if weight is not None:
            weights.append(weight)
    if len(set(weights)) > 1:
        row.note(f"option.{letter}.en", N_("the weights in the two languages differ"))
    if weights:
        point["weight"] = weights[0]
    if any(synonyms.values()):
        point["synonyms"] = synonyms
    return point


def _model_answer(row: Row) -> Raw:
    """A model answer in its own columns, or as the answer."""
    model, answer = row.take_pair("model_answer"), row.take("answer")
    if answer and not model:
        return {"model_answer": {"zh": answer, "en": ""}}
    if answer:
        row.note("answer", N_("not kept, as there is a model answer: %(text)s"), text=answer)
    return {"model_answer": model} if model else {}


def write_short_answer(raw: Mapping[str, Any], language: Language) -> tuple[Cells, list[Cells]]:
    """A key point in each option column, with its weight and other wordings."""
    cells: Cells = cells_of("model_answer", raw["model_answer"])
    for letter, point in zip(OPTION_LETTERS, raw["key_points"], strict=False):
        synonyms = point.get("synonyms") or {}
        cells |= cells_of(
            f"option.{letter}",
            {
                key: " | ".join(
                    (
                        f"{escape(point[key])}{_weight(point['weight'], key)}",
                        *map(escape, synonyms.get(key, ())),
                    )
                )
                for key in LANGUAGES
            },
        )
    if "any_of" in raw:
        cells["any_of"] = str(raw["any_of"])
    return cells, []


def _weight(weight: float, language: str) -> str:
    return f"（{plain(weight)}分）" if language == Language.ZH else f" ({plain(weight)} points)"


def read_case(row: Row, parts: Sequence[Row]) -> Raw:
    """The tasks, each from a row of its own."""
    return {"parts": [_case_part(part, row) for part in parts]} if parts else {}


def _case_part(row: Row, case: Row) -> Raw:
    raw: Raw = {}
    for column in _OF_THE_CASE:
        text = row.take(column)
        if text in ("", case.cells.get(column)) or (column == "id" and text.isdecimal()):
            continue
        row.note(column, N_("not kept, as a task has what its case has: %(text)s"), text=text)
    if stem := row.take_pair("stem"):
        raw["stem"] = stem
    raw |= _model_answer(row)
    criteria = [_criterion(row, letter, pair) for letter, pair in row.take_options()]
    row.take("type")
    row.done()
    case.notes.extend(row.notes)
    return raw | ({"criteria": criteria} if criteria else {})


def _criterion(row: Row, letter: str, pair: Mapping[str, str]) -> Raw:
    """ "name (4 points) | 100%: … | 0%: …" in each language."""
    name: dict[str, str] = {}
    weight: float | None = None
    levels: list[Raw] = []
    for language in LANGUAGES:
        first, *others = split(pair[language], "|\n")
        text, told = take_weight(first)
        name[language] = unescape(text)
        if weight is not None and told not in (None, weight):
            row.note(f"option.{letter}.en", N_("the weights in the two languages differ"))
        weight = told if weight is None else weight
        for place, other in enumerate(filter(None, others)):
            share, text = take_share(other, weight=weight)
            if place == len(levels):
                levels.append({"share": share, **dict.fromkeys(LANGUAGES, "")})
            if share is None or share != levels[place]["share"]:
                row.note(
                    f"option.{letter}.{language}",
                    N_("a level is a share, a colon and a text, the share being the same in both"),
                )
            levels[place][language] = unescape(text)
    criterion: Raw = {"name": name, "levels": levels}
    return criterion if weight is None else {**criterion, "weight": weight}


def write_case(raw: Mapping[str, Any], language: Language) -> tuple[Cells, list[Cells]]:
    """A row for each task, with a criterion in each option column."""
    rows = []
    for part in raw["parts"]:
        cells = {**cells_of("stem", part["stem"]), **cells_of("model_answer", part["model_answer"])}
        for letter, criterion in zip(OPTION_LETTERS, part["criteria"], strict=False):
            cells |= cells_of(
                f"option.{letter}", {key: _criterion_cell(criterion, key) for key in LANGUAGES}
            )
        rows.append(cells)
    return {}, rows


def _criterion_cell(criterion: Mapping[str, Any], language: str) -> str:
    colon = "：" if language == Language.ZH else ": "
    first = f"{escape(criterion['name'][language])}{_weight(criterion['weight'], language)}"
    levels = (
        f"{percent(level['share'])}{colon}{escape(level[language])}"
        for level in criterion["levels"]
    )
    return "\n| ".join((first, *levels))
