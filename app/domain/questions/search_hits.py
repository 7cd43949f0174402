"""Where in a text stands what somebody searched for: for marking it, and for cutting around it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.questions.search_words import Sought

_BEFORE_HIT = 12
"""Characters that a cut text keeps before its first hit."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a text. is_hit: whether it was searched for."""

    text: str
    is_hit: bool = False


def pieces(text: str, sought: Sought, *, most: int | None = None) -> tuple[Piece, ...]:
    """The text in runs, together `text` itself; cut to `most` characters around its first hit."""
    spans = _spans(text, sought)
    if most is not None and len(text) > most:
        text, spans = _cut(text, spans, most)
    found: list[Piece] = []
    end = 0
    for first, last in spans:
        found.append(Piece(text[end:first]))
        found.append(Piece(text[first:last], is_hit=True))
        end = last
    found.append(Piece(text[end:]))
    return tuple(piece for piece in found if piece.text)


def _spans(text: str, sought: Sought) -> list[tuple[int, int]]:
    """Every hit as (first, last), without overlaps, in order."""
    folded, places = _folded(text)
    found = [
        (places[match.start()], places[match.end() - 1] + 1)
        for pattern in _patterns(sought)
        for match in pattern.finditer(folded)
    ]
    return _joined(sorted(found))


def _patterns(sought: Sought) -> Iterable[re.Pattern[str]]:
    for word in sought.words:
        for number, token in enumerate(word.tokens, start=1):
            pattern = re.escape(token)
            if (
                token.isascii()
            ):  # a Latin word or a number is found whole, a begun one from its start
                pattern = f"(?<![0-9a-z]){pattern}"
                if not (word.open and number == len(word.tokens)):
                    pattern += "(?![0-9a-z])"
            yield re.compile(pattern)


def _folded(text: str) -> tuple[str, list[int]]:
    """The text without case and width, and where each of its characters came from."""
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        for one in unicodedata.normalize("NFKC", letter).casefold():
            letters.append(one)
            places.append(place)
    return "".join(letters), places


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans that touch or overlap become one."""
    found: list[tuple[int, int]] = []
    for first, last in spans:
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


def _cut(text: str, spans: list[tuple[int, int]], most: int) -> tuple[str, list[tuple[int, int]]]:
    start = max(0, spans[0][0] - _BEFORE_HIT) if spans and spans[0][1] > most else 0
    end = min(len(text), start + most)
    before, after = "…" if start else "", "…" if end < len(text) else ""
    shift = len(before) - start
    kept = [(max(a, start) + shift, min(b, end) + shift) for a, b in spans if a < end and b > start]
    return f"{before}{text[start:end]}{after}", kept
