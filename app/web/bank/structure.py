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


def filled(blank: Mapping[str, Raw], given: Mapping[str, Raw]) -> dict[str, Raw]:
    """`given` with every optional field of `blank` that it leaves out."""
    return {key: _filled(example, given.get(key)) for key, example in blank.items()}


def read_fields(
    blank: Mapping[str, Raw], form: Mapping[str, str], *, prefix: str
) -> dict[str, Raw]:
    """What was filled in under `prefix`, as the schema reads it; empty optional parts left out."""
    found = {
        key: _read(example, form, f"{prefix}{SEPARATOR}{key}") for key, example in blank.items()
    }
    return {key: value for key, value in found.items() if value not in (None, [], {})}


def is_text(example: Raw) -> bool:
    """Whether the field is a text in two languages."""
    return (
        isinstance(example, dict)
        and set(example) == {"zh", "en"}
        and all(isinstance(value, str) for value in example.values())
    )


def _filled(example: Raw, given: Raw) -> Raw:
    if isinstance(example, list) and example and isinstance(example[0], dict):
        return [filled(example[0], item) for item in given or []]
    if isinstance(example, dict):
        return filled(example, given or {})
    if given is None and isinstance(example, int | float) and not isinstance(example, bool):
        return None  # an empty field: a number of its own would say more than the author did
    return example if given is None else given


def _read(example: Raw, form: Mapping[str, str], name: str) -> Raw:
    if isinstance(example, bool):
        return bool(form.get(name))
    if isinstance(example, int | float):
        return _number(form.get(name, "").strip())
    if isinstance(example, str):
        return form.get(name, "").strip() or None
    if isinstance(example, dict):
        return read_fields(example, form, prefix=name)
    if example and isinstance(example[0], dict):
        return [
            entry
            for index in _indices(form, name)
            if any(
                (
                    entry := read_fields(example[0], form, prefix=f"{name}{SEPARATOR}{index}")
                ).values()
            )
        ]
    return [line.strip() for line in form.get(name, "").splitlines() if line.strip()]


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
