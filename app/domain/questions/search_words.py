"""The words by which questions are found: of a text for the index, and of what somebody typed.

Chinese has no blanks between its words. So a run of it is cut into overlapping pairs of
characters, and its last character stands once more alone: 服务策划 gives 服务, 务策, 策划
and 划. Every word of two characters is found whole, and every single character as the beginning
of a token. A Latin word or a number is one token, also where it is glued to Chinese: CRM系统
gives crm, 系统 and 统.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

LONGEST_TOKEN = 60
"""Characters of a token that the index keeps."""
MOST_TOKENS = 12_000
"""Tokens of a text that the index keeps; PostgreSQL counts no positions over 16,383."""
MOST_WORDS = 40
"""Words of one search that are looked for."""

_HAN = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
_RUN = re.compile(f"(?P<han>[{_HAN}]+)|(?P<word>[^\\W_{_HAN}]+)")
_NO_TEXT = frozenset({"type", "pool", "level"})
_QUOTED = re.compile(r"\"([^\"]*)\"|“([^”]*)”|「([^」]*)」")
_ID = re.compile(r"[A-Z]{2}\d{2}-(?:[A-Z]?\d{0,4})", flags=re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Word:
    """Tokens that stand side by side. open: the last of them may go on."""

    tokens: tuple[str, ...]
    open: bool = False


@dataclass(frozen=True, slots=True)
class Sought:
    """What somebody looks for: all of it must be there.

    ids: beginnings of a question's id, in capitals. words: what the index must have.
    pieces: the same as typed, to tell whether a stem says it literally.
    """

    ids: tuple[str, ...] = ()
    words: tuple[Word, ...] = ()
    pieces: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to look for: "？！" is nothing."""
        return bool(self.ids or self.words)


def tokens(text: str) -> list[str]:
    """The tokens of a text in their order; letters and digits alone, without case and width."""
    found: list[str] = []
    for run, is_han in _runs(text):
        found.extend(_pairs(run) if is_han else (run,))
        if len(found) >= MOST_TOKENS:
            return found[:MOST_TOKENS]
    return found


def text_of(raw: object) -> str:
    """Every text in what `Question.dump` gives, its id, points and source among them."""
    return "\n".join(_texts(raw))


def query_tokens(typed: str) -> Sought:
    """What the search box means.

    Blanks part words, and each must be there. "…" is looked for as it stands. What looks like an
    id, or begins like one (PL05-01), is looked for among the ids.
    """
    typed = unicodedata.normalize("NFKC", typed)
    ids: list[str] = []
    words: list[Word] = []
    pieces: list[str] = []
    for quoted in _QUOTED.finditer(typed):
        phrase = next((group for group in quoted.groups() if group), "")
        if (word := _phrase(phrase)) is not None:
            words.append(word)
            pieces.append(phrase.strip())
    for piece in _QUOTED.sub(" ", typed).split():
        if _ID.fullmatch(piece):
            ids.append(piece.upper())
        elif found := _loose(piece):
            words.extend(found)
            pieces.append(piece.strip('"“”「」'))
    return Sought(tuple(ids), tuple(dict.fromkeys(words))[:MOST_WORDS], tuple(pieces))


def _texts(raw: object) -> Iterator[str]:
    if isinstance(raw, str):
        yield raw
    elif isinstance(raw, Mapping):
        for key, value in raw.items():
            if key not in _NO_TEXT:
                yield from _texts(value)
    elif isinstance(raw, list | tuple):
        for value in raw:
            yield from _texts(value)


def _runs(text: str) -> list[tuple[str, bool]]:
    """(run, whether it is Chinese), folded."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return [
        (match.group(), True) if match.group("han") else (match.group()[:LONGEST_TOKEN], False)
        for match in _RUN.finditer(folded)
    ]


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run))]


def _phrase(text: str) -> Word | None:
    """A text to be found as it stands; its last word whole, unless it is a single character."""
    runs = _runs(text)
    if not runs:
        return None
    last, is_han = runs[-1]
    found = tokens(text)
    if not is_han:
        return Word(tuple(found))
    if len(last) == 1:
        return Word(tuple(found), open=True)
    return Word(tuple(found[:-1]))


def _loose(piece: str) -> list[Word]:
    """The words of a piece without blanks: e-mail or 3.5 side by side, Chinese in its pairs."""
    words: list[Word] = []
    beside: list[str] = []
    for run, is_han in [*_runs(piece), ("", True)]:
        if not is_han:
            beside.append(run)
            continue
        if beside:
            last = beside[-1]
            words.append(Word(tuple(beside), open=len(last) > 1 and not last[0].isdecimal()))
            beside = []
        if len(run) == 1:
            words.append(Word((run,), open=True))
        else:
            words.extend(Word((pair,)) for pair in _pairs(run)[:-1])
    return words
