"""How alike two texts are, by their character trigrams."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator


def trigrams(text: str) -> frozenset[str]:
    """The set of character trigrams of a text without blanks, punctuation, case and width."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    letters = "".join(c for c in folded if unicodedata.category(c)[0] in "LN")
    if len(letters) < 3:
        return frozenset({letters}) if letters else frozenset()
    return frozenset(letters[i : i + 3] for i in range(len(letters) - 2))


def similarity(one: frozenset[str], other: frozenset[str]) -> float:
    """Dice's coefficient of two sets, 0..1: 2·|A∩B| / (|A| + |B|) (Dice, 1945)."""
    if not one or not other:
        return 0.0
    return 2 * len(one & other) / (len(one) + len(other))


def near_pairs(
    first: Iterable[tuple[str, frozenset[str]]],
    second: Iterable[tuple[str, frozenset[str]]],
    *,
    least: float,
) -> Iterator[tuple[str, str, float]]:
    """Every (id, id, similarity) over the two lists that reaches `least`."""
    others = list(second)
    for one_id, one in first:
        for other_id, other in others:
            # Where sizes differ too much, no overlap can reach the threshold.
            if 2 * min(len(one), len(other)) < least * (len(one) + len(other)):
                continue
            found = similarity(one, other)
            if found >= least:
                yield one_id, other_id, found
