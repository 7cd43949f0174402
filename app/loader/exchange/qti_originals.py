"""Our own record in a package: each question exactly as it was, beside its item.

A QTI item cannot say everything that a question has, and the profile of QTI 3 allows nothing of
others in a manifest. So the questions lie in a file of their own in the package, which other
programs pass over. It is believed only for items that are still, byte for byte, those that were
written with it: what was edited elsewhere is read from the item.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from app.domain.questions.question import Question
from app.domain.text import N_
from app.loader.exchange.contract import Unreadable

NAME = "qijue.json"
"""The file, beside imsmanifest.xml."""
OUTSIDE_ITEMS = ("id", "pool", "points", "level", "difficulty", "source")
"""Fields that no item has: they are taken from the record even where the item was edited."""

_HALF = re.compile(rb"\\u[dD][89a-fA-F]")
"""May be half of a character, which no database stores."""
_FORMAT = "qijue questions 1"


class Originals:
    """The questions of a record, by the path of their item."""

    def __init__(self, entries: Mapping[str, Mapping[str, Any]]) -> None:
        self._entries = entries

    def exact(self, path: str, item: bytes) -> dict[str, Any] | None:
        """The question whose item this is, unchanged; None where there is none."""
        entry = self._entries.get(path)
        if entry is None or entry["sha256"] != hashlib.sha256(item).hexdigest():
            return None
        return dict(entry["question"])

    def outside(self, path: str) -> dict[str, Any] | None:
        """What the record says of an item, whatever became of it, that no item says."""
        entry = self._entries.get(path)
        if entry is None:
            return None
        return {key: entry["question"][key] for key in OUTSIDE_ITEMS if key in entry["question"]}


def record_of(items: Mapping[str, tuple[Question, bytes]]) -> bytes:
    """The file for these items: path → (question, the item's bytes)."""
    entries = {
        path: {"sha256": hashlib.sha256(item).hexdigest(), "question": question.dump()}
        for path, (question, item) in items.items()
    }
    record = {"format": _FORMAT, "items": entries}
    return json.dumps(record, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def read_record(data: bytes, *, folder: str) -> Originals:
    """The record of a package whose manifest stands in `folder`. Raises Unreadable."""
    try:
        record = json.loads(data)
        if _HALF.search(data):
            json.dumps(record, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:  # UnicodeError is a ValueError
        raise Unreadable(N_("Our own record in this package is damaged."), place=NAME) from error
    entries = record.get("items") if isinstance(record, dict) else None
    if not isinstance(entries, dict) or record.get("format") != _FORMAT:
        raise Unreadable(N_("Our own record in this package is damaged."), place=NAME)
    prefix = f"{folder}/" if folder else ""
    return Originals(
        {
            f"{prefix}{path}": entry
            for path, entry in entries.items()
            if isinstance(entry, dict)
            and isinstance(entry.get("question"), dict)
            and isinstance(entry.get("sha256"), str)
        }
    )
