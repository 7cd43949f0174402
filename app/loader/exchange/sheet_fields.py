"""The columns that every type of question has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from app.loader.exchange.sheet_columns import difficulty_of, level_of, pool_of
from app.loader.exchange.sheet_rows import Raw, Row

_ID = re.compile(r"[A-Z]{2}\d{2}-[A-Z]?\d{2,4}")
_POINT = re.compile(r"([A-Z]{2}\d{2})\b.*", re.DOTALL)


def head_fields(row: Row) -> Raw:
    """What every type has. A word that means nothing stays as it is, for the check to refuse."""
    raw: dict[str, Any] = {}
    id_ = row.take("id")
    if id_ and not id_.isdecimal():
        raw["id"] = id_.upper() if _ID.fullmatch(id_.upper()) else id_
    for column, meaning in _WORDS.items():
        if text := row.take(column):
            known = meaning(text)
            raw[column] = text if known is None else known
    if points := row.take("points"):
        raw["points"] = [
            _point(part) for part in re.split(r"[,，、;；\n|]", points) if part.strip()
        ]
    if source := row.take("source"):
        raw["source"] = source
    return raw


def _point(text: str) -> str:
    """PL05, whose title may follow it."""
    match = _POINT.fullmatch(text.strip().upper())
    return match[1] if match else text.strip()


_WORDS: Mapping[str, Any] = {
    "pool": pool_of,
    "level": level_of,
    "difficulty": difficulty_of,
}
