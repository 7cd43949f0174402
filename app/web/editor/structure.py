"""Turns a question's own fields into form fields and back, whatever its type.

Each type's BLANK is an empty example of its fields. The editor shows them by their shape: a
text in two languages, a list of entries, a list of wordings, a number, a yes or no. So a new
type needs no editor of its own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

SEPARATOR = "."
Raw = Any

FIRST_ROWS = {
    "options": 4,
    "pairs": 3,
    "items": 3,
    "blanks": 1,
    "key_points": 3,
    "parts": 2,
    "criteria": 2,
    "levels": 3,
    "points": 1,
}
"""Empty entries with which a new question begins."""

_BLOCKS = " › "


def filled(
    blank: Mapping[str, Raw], given: Mapping[str, Raw], *, is_new: bool = False
) -> dict[str, Raw]:
    """`given` with every optional field of `blank` that it leaves out.

    is_new: lists that are empty begin with some empty entries.
    """
    return {key: _filled(key, example, given.get(key), is_new) for key, example in blank.items()}


def read_fields(
    blank: Mapping[str, Raw], form: Mapping[str, str], *, prefix: str
) -> dict[str, Raw]:
    """What was filled in under `prefix`, as the schema reads it; empty optional parts left out."""
    found = {
        key: _read(example, form, f"{prefix}{SEPARATOR}{key}") for key, example in blank.items()
    }
    return {key: value for key, value in found.items() if value not in (None, [], {})}


def read_field(example: Raw, form: Mapping[str, str], *, name: str) -> Raw:
    """What was filled in at one place of the form."""
    return _read(example, form, name)


def field_of(place: str, blank: Mapping[str, Raw], form: Mapping[str, str], *, prefix: str) -> str:
    """The form field, or the group of them, that a problem's place such as "options 2 › zh" means.

    Empty entries are left out when a form is read, so the second one read may be the third.
    """
    name = prefix
    example: Raw = blank
    for block in place.split(_BLOCKS):
        key, _, number = block.rpartition(" ")
        if not number.isdecimal() or not key:
            key, number = block, ""
        name = f"{name}{SEPARATOR}{key}" if name else key
        example = example.get(key) if isinstance(example, Mapping) else None
        if number:
            rows = _rows(example, form, name)
            index = int(number) - 1
            name = f"{name}{SEPARATOR}{rows[index] if index < len(rows) else index}"
            example = example[0] if isinstance(example, list) and example else None
    return name


def _filled(key: str, example: Raw, given: Raw, is_new: bool) -> Raw:
    if isinstance(example, list) and example and isinstance(example[0], dict):
        entries = [item if isinstance(item, Mapping) else {} for item in _listed(given)]
        if is_new and not entries:
            entries = [{}] * FIRST_ROWS.get(key, 0)
        return [filled(example[0], item, is_new=is_new) for item in entries]
    if isinstance(example, dict):
        return filled(example, given if isinstance(given, Mapping) else {}, is_new=is_new)
    if isinstance(example, list):
        return [str(line) for line in _listed(given)]
    if given is None and isinstance(example, int | float) and not isinstance(example, bool):
        return None  # an empty field: a number of its own would say more than the author did
    if isinstance(given, float) and given.is_integer():
        return int(given)  # 7, not 7.0: read back, it is the same number
    return example if given is None else given


def _listed(given: Raw) -> list[Raw]:
    if given in (None, ""):
        return []
    return given if isinstance(given, list) else [given]


def _read(example: Raw, form: Mapping[str, str], name: str) -> Raw:
    if isinstance(example, bool):
        return bool(form.get(name))
    if isinstance(example, int | float):
        return _number(form.get(name, "").strip())
    if isinstance(example, str):
        return _text(form.get(name, "")) or None
    if isinstance(example, dict):
        return read_fields(example, form, prefix=name)
    if example and isinstance(example[0], dict):
        return [
            read_fields(example[0], form, prefix=f"{name}{SEPARATOR}{index}")
            for index in _rows(example, form, name)
        ]
    return [line.strip() for line in form.get(name, "").splitlines() if line.strip()]


def _text(typed: str) -> str:
    """Browsers send every line break as two characters; files and the database have one."""
    return typed.replace("\r\n", "\n").strip()


def _rows(example: Raw, form: Mapping[str, str], name: str) -> list[int]:
    """The numbers of the entries in which something was filled in."""
    if not (isinstance(example, list) and example and isinstance(example[0], dict)):
        return []
    return [
        index
        for index in _indices(form, name)
        if any(read_fields(example[0], form, prefix=f"{name}{SEPARATOR}{index}").values())
    ]


def _number(typed: str) -> Raw:
    if not typed:
        return None
    try:
        number = float(typed)
    except ValueError:
        return typed  # the schema says what is wrong with it
    if not math.isfinite(number):
        return typed
    return int(number) if number.is_integer() and "." not in typed else number


def _indices(form: Mapping[str, str], name: str) -> list[int]:
    start = name + SEPARATOR
    found = {key[len(start) :].partition(SEPARATOR)[0] for key in form if key.startswith(start)}
    return sorted(int(index) for index in found if index.isdecimal() and len(index) < 4)
