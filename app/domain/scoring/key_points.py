"""Which key points a typed answer would hit: for trying a short answer out, never for marking.

A person marks short answers. Here an author sees whether the wordings that they wrote down are
found in what candidates are likely to write.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from app.domain.questions.written import KeyPoint, ShortAnswer

_LATIN = re.compile(r"[a-z0-9]")
_NEEDLESS_BLANK = re.compile(r" (?![a-z0-9])|(?<![a-z0-9]) ")


@dataclass(frozen=True, slots=True)
class Hit:
    """A key point, and the wording of it that was found; None where there is none."""

    point: KeyPoint
    wording: str | None


@dataclass(frozen=True, slots=True)
class TryOut:
    """What a typed answer hits. share: of full marks, 0..1, as "any N of M" counts them."""

    hits: tuple[Hit, ...]
    share: float


def try_out(body: ShortAnswer, answer: str) -> TryOut:
    """Look for every key point: its text and its other wordings, in both languages.

    Width, case, blanks and punctuation make no difference.
    """
    folded = _folded(answer)
    hits = tuple(Hit(point, _found(point, folded)) for point in body.key_points)
    weights = sorted((max(hit.point.weight, 0.0) for hit in hits), reverse=True)
    full = sum(weights[: body.any_of])
    earned = sorted((max(h.point.weight, 0.0) for h in hits if h.wording), reverse=True)
    return TryOut(hits, min(sum(earned[: body.any_of]) / full, 1.0) if full else 0.0)


def _found(point: KeyPoint, folded: str) -> str | None:
    for wording in (point.text.zh, point.text.en, *point.zh, *point.en):
        looked_for = _folded(wording)
        if looked_for and re.search(_whole(looked_for), folded):
            return wording
    return None


def _whole(folded: str) -> str:
    """A Latin word or a number is found as a whole: "one" is not in "stone"."""
    before = r"(?<![a-z0-9])" if _LATIN.match(folded[0]) else ""
    after = r"(?![a-z0-9])" if _LATIN.match(folded[-1]) else ""
    return before + re.escape(folded) + after


def _folded(text: str) -> str:
    wide = unicodedata.normalize("NFKC", text).casefold()
    letters = (c if unicodedata.category(c)[0] in "LN" else " " for c in wide)
    return _NEEDLESS_BLANK.sub("", " ".join("".join(letters).split()))
