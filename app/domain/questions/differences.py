"""What is different between two versions of a question, place by place, for people to read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import zip_longest

from app.domain.questions.question import Question

_PIECES = re.compile(r"[^\W\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]+|\s+|.", re.DOTALL)
"""Words, blanks, and single characters: of Chinese, and of everything that is no word."""

_MOST_WORK = 1_000_000
"""Pairs of pieces that are compared; larger texts are shown as replaced."""


class Change(StrEnum):
    """What happened to a piece of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text with the same fate. Same and removed ones are the old text, same and added
    ones the new."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One place that is not the same. place: as in messages, such as "options 2 › zh".

    old, new: what stood and what stands there, None for nothing; numbers and yes or no as in
    JSON. segments: for texts, the way from one to the other. A place in a list is numbered as
    it is now, one that is gone as it was.
    """

    place: str
    old: str | None
    new: str | None
    segments: tuple[Segment, ...] = ()


def differences(old: Question, new: Question) -> tuple[Difference, ...]:
    """Every place where two versions differ, in the order in which a question is written."""
    return tuple(_between("", old.dump(), new.dump()))


def segments(old: str, new: str) -> tuple[Segment, ...]:
    """The way from one text to another: by words, in Chinese by characters."""
    before, after = _PIECES.findall(old), _PIECES.findall(new)
    if len(before) * len(after) > _MOST_WORK:
        return _told((Change.REMOVED, old), (Change.ADDED, new))
    steps: list[tuple[Change, str]] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            steps.append((Change.SAME, "".join(before[i1:i2])))
            continue
        steps.append((Change.REMOVED, "".join(before[i1:i2])))
        steps.append((Change.ADDED, "".join(after[j1:j2])))
    return _told(*steps)


def _told(*steps: tuple[Change, str]) -> tuple[Segment, ...]:
    return tuple(Segment(change, text) for change, text in steps if text)


def _between(place: str, old: object, new: object) -> Iterator[Difference]:
    if _canonical(old) == _canonical(new):
        return
    if isinstance(old, dict | None) and isinstance(new, dict | None):
        before, after = old or {}, new or {}
        for key in {**before, **after}:
            inside = f"{place} › {key}" if place else str(key)
            yield from _between(inside, before.get(key), after.get(key))
    elif isinstance(old, list | None) and isinstance(new, list | None):
        yield from _between_lists(place, old or [], new or [])
    elif isinstance(old, dict | list) or isinstance(new, dict | list):
        yield from _between(place, old, None)
        yield from _between(place, None, new)
    else:
        yield _leaf(place, old, new)


def _between_lists(place: str, old: list[object], new: list[object]) -> Iterator[Difference]:
    """Entries that stayed are found again wherever they stand, so that one more is one more."""
    matcher = SequenceMatcher(
        None, list(map(_canonical, old)), list(map(_canonical, new)), autojunk=False
    )
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            continue
        for i, j in zip_longest(range(i1, i2), range(j1, j2)):
            number = i if j is None else j
            yield from _between(
                f"{place} {number + 1}",
                None if i is None else old[i],
                None if j is None else new[j],
            )


def _leaf(place: str, old: object, new: object) -> Difference:
    texts = isinstance(old, str | None) and isinstance(new, str | None)
    before, after = _shown(old), _shown(new)
    return Difference(place, before, after, segments(before or "", after or "") if texts else ())


def _shown(value: object) -> str | None:
    return value if isinstance(value, str | None) else json.dumps(value)


def _canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
