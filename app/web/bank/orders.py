"""What is to be changed about which questions, as the forms and addresses of a bulk change say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from app.domain.questions.bank_filter import BankFilter
from app.domain.questions.bulk import BULK_STEPS, BulkOrder
from app.domain.questions.kinds import Level, Pool
from app.domain.questions.lifecycle import QuestionStep

MOST_IDS = 5000
"""Ids that a form may bring; the service allows fewer, and says so."""
_ID = re.compile(r"[A-Z0-9-]{3,20}")
_POINT = re.compile(r"[A-Z]{2}\d{2}")
_ALL = "all"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The questions of a change. filters: of the list; ids None: everything that it finds."""

    filters: BankFilter
    ids: tuple[str, ...] | None

    @classmethod
    def read(cls, raw: MultiDict[str, str]) -> Chosen:
        """What the address or the form says: ticked ids, or all of the filter."""
        filters = BankFilter.read(raw)
        if raw.get("scope") == _ALL:
            return cls(filters, None)
        words = [word for value in raw.getlist("id") for word in value.split(",")]
        ids = [word for word in words[:MOST_IDS] if _ID.fullmatch(word)]
        return cls(filters, tuple(dict.fromkeys(ids)))

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ticked."""
        return self.ids == ()

    def selection(self) -> tuple[str, ...] | BankFilter:
        """The form that `services/bulk_changes` takes."""
        return self.filters if self.ids is None else self.ids

    def arguments(self) -> dict[str, Any]:
        """The inverse of `read`."""
        if self.ids is None:
            return {**self.filters.dump(), "scope": _ALL}
        return {**self.filters.dump(), "id": ",".join(self.ids)}


def read_order(raw: Mapping[str, str]) -> BulkOrder:
    """What is to become of them; a field that says nothing leaves its part as it is."""
    level, pool, step = (raw.get(f"set_{name}", "") for name in ("level", "pool", "step"))
    difficulty = raw.get("set_difficulty", "")
    source = _text(raw, "set_source")
    return BulkOrder(
        level=Level(level) if level in set(Level) else None,
        difficulty=int(difficulty) if difficulty in set("12345") else None,
        source=source or None,
        add_points=_points(raw.get("add_points", "")),
        remove_points=_points(raw.get("remove_points", "")),
        pool=Pool(pool) if pool in set(Pool) else None,
        step=QuestionStep(step) if step in set(BULK_STEPS) else None,
        note=_text(raw, "note"),
    )


def order_arguments(order: BulkOrder) -> dict[str, str]:
    """The inverse of `read_order`."""
    values = {
        "set_level": order.level,
        "set_difficulty": order.difficulty,
        "set_source": order.source,
        "add_points": " ".join(order.add_points),
        "remove_points": " ".join(order.remove_points),
        "set_pool": order.pool,
        "set_step": order.step,
        "note": order.note,
    }
    return {name: str(value) for name, value in values.items() if value not in (None, "")}


def _text(raw: Mapping[str, str], name: str) -> str:
    return raw.get(name, "").replace("\r\n", "\n").replace("\x00", "").strip()


def _points(text: str) -> tuple[str, ...]:
    """Codes of points, however they are parted; what looks like none is left out."""
    words = re.split(r"[\s,;、，；]+", text.upper())
    return tuple(dict.fromkeys(word for word in words if _POINT.fullmatch(word)))
