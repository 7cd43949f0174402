"""Moodle's questions with embedded answers: {1:SHORTANSWER:=right~%50%half#feedback}."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape, unescape

from app.domain.errors import DomainError
from app.domain.questions.fill_in import GAP
from app.domain.text import N_
from app.loader.exchange.answers import Wording
from app.loader.exchange.texts import Notes, merged_gaps

_OPENING = re.compile(r"(?<!\\)\{(\d*):([A-Z_]+):")
_INSIDE = re.compile(r"(?:\\.|[^\\}])*", flags=re.DOTALL)
_ANY_PLACE = re.compile(r"(?<!\\)\{\d*:([A-Za-z_]+):")
_WORDS = frozenset({"SHORTANSWER", "SA", "MW"})
_WORDS_BY_CASE = frozenset({"SHORTANSWER_C", "SAC", "MWC"})
_NUMBERS = frozenset({"NUMERICAL", "NM"})
_SHARE = re.compile(r"(=|%(-?[\d.]+)%)?(.*)", flags=re.DOTALL)
_ANSWER = re.compile(r"(?:\\.|[^\\~]|\\$)+", flags=re.DOTALL)
_FEEDBACK = re.compile(r"((?:\\.|&#|[^\\#])*)#(.*)", flags=re.DOTALL)
_ESCAPED = re.compile(r'\\([}#~/"\\])')
_TO_ESCAPE = re.compile(r'[}#~/"\\]')


@dataclass(frozen=True, slots=True)
class Embedded:
    """The text with ____ where answers were, and the wordings of each gap."""

    text: str
    gaps: tuple[tuple[Wording, ...], ...]


class CannotFill(DomainError):
    """An embedded answer is no gap that is filled in."""


def read(text: str, *, notes: Notes) -> Embedded:
    """The parts of such a text. Raises CannotFill where a gap is anything but words or a number."""
    gaps, parts, position, weights = [], [], 0, set()
    while opening := _OPENING.search(text, position):
        weight, kind = opening[1], opening[2]
        inside = _INSIDE.match(text, opening.end())
        if inside is None or inside.end() == len(text):
            raise CannotFill("cloze", N_("A gap of the type %(type)s cannot be read."), type=kind)
        answers = inside[0]
        if kind not in _WORDS | _WORDS_BY_CASE | _NUMBERS:
            raise CannotFill("cloze", N_("A gap of the type %(type)s cannot be read."), type=kind)
        if kind in _WORDS_BY_CASE:
            notes.add(N_("Capital and small letters count the same here."))
        parts.append(text[position : opening.start()])
        gaps.append(_wordings(answers, number=kind in _NUMBERS, notes=notes))
        weights.add(weight or "1")
        position = inside.end() + 1
    rest = text[position:]
    broken = _ANY_PLACE.search(rest) or next(filter(None, map(_ANY_PLACE.search, parts)), None)
    if broken:
        raise CannotFill("cloze", N_("A gap of the type %(type)s cannot be read."), type=broken[1])
    if not gaps:
        raise CannotFill("cloze", N_("It has no gap."))
    if len(weights) > 1:
        notes.add(N_("The gaps are worth different marks; here they count alike."))
    shortened = [GAP.sub("___", part) for part in (*parts, rest)]
    return Embedded(merged_gaps(shortened), tuple(gaps))


def written(wordings: Sequence[str]) -> str:
    """One gap that accepts these wordings."""
    answers = "~=".join(
        escape(_TO_ESCAPE.sub(r"\\\g<0>", wording.replace("*", "\x00")), quote=False).replace(
            "\x00", r"\*"
        )
        for wording in wordings
    )
    return f"{{1:SHORTANSWER:={answers}}}"


def _wordings(answers: str, *, number: bool, notes: Notes) -> tuple[Wording, ...]:
    found = []
    for answer in _ANSWER.findall(re.sub(r"<[^<>]*>", "", answers)):
        parted = _FEEDBACK.fullmatch(answer)
        words, feedback = (parted[1], parted[2]) if parted else (answer, "")
        match = _SHARE.fullmatch(words.strip())
        assert match is not None
        if feedback.strip():
            notes.add(N_("Feedback on an answer is not kept: %(text)s"), text=_plain(feedback))
        share = 100.0 if match[1] == "=" else _percent(match[2])
        text, tolerance = match[3], 0.0
        if number:
            text, _, allowance = text.partition(":")
            tolerance = _percent(allowance)
        found.append(Wording(_plain(text), share, tolerance))
    return tuple(found)


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", unescape(text)).strip()


def _percent(text: str | None) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0.0
