"""Two people wrote in one question: what each of them changed alone, put together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def merged(
    before: Mapping[str, Any], theirs: Mapping[str, Any], mine: Mapping[str, Any]
) -> dict[str, Any]:
    """One's own question with what somebody else changed where one has changed nothing oneself.

    All three as `Question.dump` gives them. Where both changed a text, one's own stays. A list,
    such as the options, is one thing: its entries may have been moved.
    """
    found: dict[str, Any] = {}
    for key in {**mine, **theirs}:
        old, other, own = before.get(key), theirs.get(key), mine.get(key)
        if isinstance(other, Mapping) and isinstance(own, Mapping):
            found[key] = merged(old if isinstance(old, Mapping) else {}, other, own)
            continue
        kept = other if own == old else own
        if kept is not None:
            found[key] = kept
    return found
