"""Where a short answer says its key points: shown to the marker, never a mark by itself.

A wording is found as it stands, or, where it is long enough, in other words: most of its tokens
(overlapping pairs of Chinese characters, Latin words, as in `questions/search_words`) stand in
one sentence. Width, case and punctuation make no difference. A negation before it in the same
clause is noticed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from app.domain.marking.rubric import by_key_points
from app.domain.questions.written import KeyPoint, ShortAnswer

ENOUGH = 0.6
"""Share of a wording's tokens in one sentence at which it counts as said in other words."""
_LEAST_TOKENS = 4
"""Tokens below which a wording is looked for as it stands only: two words are in many texts."""
_SENTENCE_ENDS = frozenset("。！？；!?;\n")
_CLAUSE_ENDS = _SENTENCE_ENDS | frozenset("，、,:：.")
_LATIN = re.compile(r"[a-z0-9]+")
_REACH = 12
"""Characters before a wording in which a negation is looked for."""

_HARMLESS = re.compile(
    "不断|不仅|不但|不光|不只|不同|不少|不论|不管|不妨|不错|不得不|不能不|不可不|没有不|不久|不时|不由"
    "|无论|无非|无疑|无线|未来|非常|除非|[特分区级性个类鉴识辨差告]别|别[人的]"
    "|淹没|not only|no doubt"
)
"""What has a negating character in it and negates nothing, or negates twice."""
_NEGATION = re.compile(
    r"并非|没有|不|没|未|无|非|勿|别"
    r"|\b(?:not|no|never|without|neither|nor|cannot|isn't|aren't|don't|doesn't|didn't|won't)\b"
)


class Found(StrEnum):
    """exact: as it stands. alike: in other words. negated: with a negation before it."""

    EXACT = "exact"
    ALIKE = "alike"
    NEGATED = "negated"


@dataclass(frozen=True, slots=True)
class Span:
    """Characters [start, end) of the answer as it was written. point: number of the key point."""

    start: int
    end: int
    point: int
    found: Found


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the answer; points and found of what is said in it, or nothing."""

    text: str
    points: tuple[int, ...] = ()
    found: Found | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found. suggested: points out of the maximum, for a person to judge."""

    spans: tuple[Span, ...]
    suggested: Fraction

    @property
    def hits(self) -> frozenset[int]:
        """Key points that are said, and not only negated."""
        return frozenset(s.point for s in self.spans if s.found is not Found.NEGATED)

    @property
    def negated(self) -> frozenset[int]:
        """Key points that are found with a negation alone."""
        return frozenset(s.point for s in self.spans) - self.hits


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int


class _Read:
    """A text without what does not matter, and where each character of it came from."""

    def __init__(self, text: str) -> None:
        letters: list[str] = []
        self.places: list[int] = []
        for place, character in enumerate(text):
            for folded in unicodedata.normalize("NFKC", character).casefold():
                letters.append(folded)
                self.places.append(place)
        self.text = "".join(letters)

    def span(self, start: int, end: int) -> tuple[int, int]:
        return self.places[start], self.places[end - 1] + 1


def look(body: ShortAnswer, answer: str, *, maximum: Fraction) -> Evidence:
    """Where the answer says which key points, and the mark that this suggests."""
    read = _Read(answer)
    found: list[Span] = []
    for number, point in enumerate(body.key_points):
        found.extend(_spans(read, number, point))
    spans = tuple(sorted(found, key=lambda span: (span.start, span.end, span.point)))
    evidence = Evidence(spans, Fraction(0))
    return Evidence(spans, by_key_points(body, evidence.hits, maximum=maximum))


def pieces(answer: str, evidence: Evidence) -> list[Piece]:
    """The answer cut where something begins or ends; put together again it is the answer."""
    borders = {0, len(answer)}
    for span in evidence.spans:
        borders.update((span.start, span.end))
    places = sorted(borders)
    cut = []
    for start, end in zip(places, places[1:], strict=False):
        inside = [s for s in evidence.spans if s.start <= start and end <= s.end]
        kinds = {span.found for span in inside}
        kind = next((one for one in Found if one in kinds), None)
        cut.append(Piece(answer[start:end], tuple(sorted({s.point for s in inside})), kind))
    return cut


def _spans(read: _Read, number: int, point: KeyPoint) -> Iterator[Span]:
    wordings = (point.text.zh, point.text.en, *point.zh, *point.en)
    exact = {hit for wording in wordings for hit in _literal(read.text, wording)}
    loose = exact or {hit for wording in wordings for hit in _alike(read.text, wording)}
    for start, end in sorted(loose):
        if any(s <= start and end <= e and (s, e) != (start, end) for s, e in loose):
            continue  # inside a longer wording of the same point
        kind = Found.EXACT if exact else Found.ALIKE
        if _is_negated(read.text, start):
            kind = Found.NEGATED
        yield Span(*read.span(start, end), number, kind)


def _literal(text: str, wording: str) -> Iterator[tuple[int, int]]:
    """Places of the wording, blanks and punctuation inside it aside."""
    letters = [c for c in _Read(wording).text if _matters(c)]
    if not letters:
        return
    between = r"[^\w。！？；!?;\n]*"
    pattern = between.join(map(re.escape, letters))
    before = r"(?<![a-z0-9])" if _LATIN.match(letters[0]) else ""
    after = r"(?![a-z0-9])" if _LATIN.match(letters[-1]) else ""
    for hit in re.finditer(before + pattern + after, text):
        yield hit.span()


def _alike(text: str, wording: str) -> Iterator[tuple[int, int]]:
    """Stretches of sentences that have most of the wording's tokens."""
    wanted = {token.text for token in _tokens(_Read(wording).text, 0)}
    if len(wanted) < _LEAST_TOKENS:
        return
    for start, end in _parts(text, _SENTENCE_ENDS):
        hits = [token for token in _tokens(text[start:end], start) if token.text in wanted]
        if len({token.text for token in hits}) >= ENOUGH * len(wanted):
            yield from _merged(hits)


def _merged(hits: list[_Token]) -> Iterator[tuple[int, int]]:
    """Tokens that touch or overlap, as one stretch."""
    start, end = hits[0].start, hits[0].end
    for token in hits[1:]:
        if token.start > end + 1:
            yield start, end
            start = token.start
        end = max(end, token.end)
    yield start, end


def _tokens(text: str, offset: int) -> Iterator[_Token]:
    """Latin words and numbers whole, everything else in overlapping pairs of characters."""
    for run in re.finditer(r"[a-z0-9]+|[^\W_a-z0-9]+", text):
        start, end = run.span()
        if _LATIN.match(run.group()):
            yield _Token(run.group(), offset + start, offset + end)
            continue
        for place in range(start, end - 1):
            yield _Token(text[place : place + 2], offset + place, offset + place + 2)


def _parts(text: str, ends: frozenset[str]) -> Iterator[tuple[int, int]]:
    start = 0
    for place, character in enumerate(text):
        if character in ends:
            yield start, place
            start = place + 1
    yield start, len(text)


def _is_negated(text: str, start: int) -> bool:
    """Whether an odd number of negations stands before this place in its clause."""
    begin = max(start - _REACH * 2, 0)
    clause = re.split("[" + re.escape("".join(_CLAUSE_ENDS)) + "]", text[begin:start])[-1]
    is_latin = bool(_LATIN.match(text[start]))
    near = clause if is_latin else clause[-_REACH:]
    return len(_NEGATION.findall(_HARMLESS.sub("", near))) % 2 == 1


def _matters(character: str) -> bool:
    return unicodedata.category(character)[0] in "LN"
