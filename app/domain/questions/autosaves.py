"""What an editor keeps of a question that is still being written: any JSON, within bounds."""

from __future__ import annotations

import json
import math
import uuid
from collections.abc import Mapping
from typing import Any

from app.domain.errors import DomainError, ErrorKind
from app.domain.text import N_

LARGEST_DRAFT = 200_000
"""Characters of a draft as JSON."""

_DEEPEST = 12
_NOTE = "note"
"""No question has a part of this name."""


class DraftTooLarge(DomainError):
    """More than a question can be."""

    def __init__(self) -> None:
        super().__init__(
            "draft-too-large",
            N_("This draft is too large to be kept. Make it shorter, or split the question."),
            kind=ErrorKind.TOO_LARGE,
        )


class NoDraft(DomainError):
    """What was sent is no draft of a question."""

    def __init__(self) -> None:
        super().__init__("no-draft", N_("This is not a draft of a question."))


def storable(raw: object) -> dict[str, object]:
    """A draft that both databases can keep; raises NoDraft, DraftTooLarge.

    NUL and halves of emojis, which a browser can send but nothing can store, are replaced;
    numbers that are none become nothing.
    """
    if not isinstance(raw, dict):
        raise NoDraft
    cleaned = _cleaned(raw, depth=1)
    assert isinstance(cleaned, dict)
    if len(json.dumps(cleaned, ensure_ascii=False)) > LARGEST_DRAFT:
        raise DraftTooLarge
    return cleaned


def storable_text(text: str) -> str:
    """A text that both databases can keep."""
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.replace("\x00", "")


def beside(raw: object, note: str) -> object:
    """A draft as it is kept: its question, and the note for the history beside it."""
    return {**raw, _NOTE: note} if note and isinstance(raw, dict) else raw


def without_note(kept: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """The question of a draft as it is kept, and the note that was written beside it."""
    raw = dict(kept)
    return raw, str(raw.pop(_NOTE, ""))


def read_draft_id(raw: str) -> str:
    """The id of a draft, a UUID that the editor chose; raises NoDraft."""
    try:
        return str(uuid.UUID(raw))
    except ValueError:
        raise NoDraft from None


def _cleaned(value: object, *, depth: int) -> object:
    if depth > _DEEPEST:
        raise DraftTooLarge
    if isinstance(value, str):
        return storable_text(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list):
        return [_cleaned(item, depth=depth + 1) for item in value]
    if isinstance(value, dict):
        return {
            storable_text(str(key)): _cleaned(item, depth=depth + 1) for key, item in value.items()
        }
    if value is None or isinstance(value, bool | int):
        return value
    raise NoDraft
