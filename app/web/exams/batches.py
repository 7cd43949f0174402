"""Reads the JSON of a batch of saves; anything that is not of its form is refused whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.errors import DomainError
from app.domain.text import N_
from app.services.saves import IncomingEvent, IncomingSave

_LARGEST_INTEGER = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Batch:
    """What a page sends: who it is (token, epoch), changes, signals, the last notice it has."""

    token: str
    epoch: int
    saves: tuple[IncomingSave, ...]
    events: tuple[IncomingEvent, ...]
    seen_notice: int


class BrokenBatch(DomainError):
    """The request is not a batch of saves."""

    def __init__(self) -> None:
        super().__init__("broken-batch", N_("The request could not be understood."))


def read_batch(raw: object) -> Batch:
    """The batch; raises BrokenBatch."""
    body = _mapping(raw)
    return Batch(
        token=_text(body.get("token")),
        epoch=_integer(body.get("epoch")),
        saves=tuple(_save(_mapping(item)) for item in _items(body.get("saves", []))),
        events=tuple(_event(_mapping(item)) for item in _items(body.get("events", []))),
        seen_notice=_integer(body.get("seen_notice", 0)),
    )


def read_section(raw: object) -> tuple[int, int]:
    """(section, epoch) of a request to leave a section; raises BrokenBatch."""
    body = _mapping(raw)
    return _integer(body.get("section")), _integer(body.get("epoch"))


def _save(raw: Mapping[str, object]) -> IncomingSave:
    flagged = raw.get("flagged", False)
    if "answer" not in raw or not isinstance(flagged, bool):
        raise BrokenBatch
    return IncomingSave(
        position=_integer(raw.get("position")),
        seq=_integer(raw.get("seq")),
        answer=raw["answer"],
        flagged=flagged,
        spent_ms=_integer(raw.get("spent_ms", 0)),
    )


def _event(raw: Mapping[str, object]) -> IncomingEvent:
    detail = _mapping(raw.get("detail", {}))
    small: dict[str, object] = {
        key: value
        for key, value in list(detail.items())[:10]
        if len(key) <= 20
        and key.isidentifier()
        and key.isascii()
        and key not in ("at_ms", "kind", "actor", "now")
        and (value is None or (isinstance(value, bool | int | float) and abs(value) < 2**53))
    }
    return IncomingEvent(_text(raw.get("kind")), _integer(raw.get("at_ms", 0)), small)


def _mapping(raw: object) -> Mapping[str, object]:
    if not isinstance(raw, dict):
        raise BrokenBatch
    return raw


def _items(raw: object) -> list[object]:
    if not isinstance(raw, list):
        raise BrokenBatch
    return raw


def _text(raw: object) -> str:
    if not isinstance(raw, str) or len(raw) > 200:
        raise BrokenBatch
    return raw


def _integer(raw: object) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise BrokenBatch
    if not 0 <= raw <= _LARGEST_INTEGER:
        raise BrokenBatch
    return raw
