"""What a dossier's document is made of: headings, paragraphs, facts and tables, as data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

Block = dict[str, Any]
Row = Sequence[str]


def heading(text: str, *, level: int = 2) -> Block:
    """A heading."""
    return {"kind": "heading", "level": level, "text": text}


def paragraph(text: str) -> Block:
    """A paragraph; its line breaks stay."""
    return {"kind": "text", "text": text}


def facts(rows: Iterable[tuple[str, str]]) -> Block:
    """Names and values."""
    return {"kind": "facts", "rows": [list(row) for row in rows]}


def lines(name: str, items: Iterable[str]) -> Block:
    """A name, and below it one line for each item."""
    return {"kind": "lines", "name": name, "items": list(items)}


def beside(*parts: Block) -> Block:
    """Two blocks of lines beside each other."""
    return {"kind": "beside", "parts": list(parts)}


def table(columns: Row, head: Row, rows: Iterable[Row]) -> Block:
    """A table. columns: the width of each, "auto" or a share of the rest such as "2"."""
    return {
        "kind": "table",
        "columns": list(columns),
        "head": list(head),
        "rows": [list(row) for row in rows],
    }
