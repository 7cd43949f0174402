"""Aiken, in: a question, its options with letters, and ANSWER: with the letter of the right one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.domain.problems import Problem
from app.domain.text import N_, Text
from app.loader.exchange.contract import MOST_QUESTIONS, Draft, Format, Reading, Unreadable
from app.loader.exchange.text_lines import lines_of
from app.loader.exchange.texts import Notes, Texts

_OPTION = re.compile(r"\s*([A-Za-zＡ-Ｚａ-ｚ])[.)．。）、](?:\s+|(?=[^\s\x00-\x7f])|$)(.*)")
_ANSWER = re.compile(r"\s*(?:ANSWER|答案)\s*[:：]\s*(.*)", flags=re.IGNORECASE)
_WIDE = str.maketrans({chr(0xFF21 + n): chr(0x41 + n) for n in range(26)})


@dataclass(slots=True)
class _Found:
    """One question while its lines come in."""

    line: int
    stem: list[str] = field(default_factory=list)
    options: list[tuple[str, str]] = field(default_factory=list)
    answer: str = ""
    complaints: list[tuple[int, str]] = field(default_factory=list)


def read(data: bytes) -> Reading:
    """Everything in the file. Raises Unreadable where it is no text."""
    drafts, refused = [], []
    for number, found in enumerate(_questions(lines_of(data)), start=1):
        if number > MOST_QUESTIONS:
            raise Unreadable(N_("The file has more than %(most)s questions."), most=MOST_QUESTIONS)
        problems = [
            Problem("", f"line {line}", sentence, {}) for line, sentence in found.complaints
        ]
        if problems:
            refused += problems
        else:
            drafts.append(_draft(found))
    return Reading(tuple(drafts), tuple(refused))


FORMAT = Format(
    code="aiken", name=Text("Aiken", "Aiken"), ending="txt", mime="text/plain", read=read
)


def _questions(lines: Sequence[str]) -> Iterator[_Found]:
    """Each question ends with its ANSWER line."""
    found: _Found | None = None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        answer, option = _ANSWER.fullmatch(line), _OPTION.fullmatch(line)
        found = found or _Found(number)
        if answer:
            yield _answered(found, number, answer[1])
            found = None
        elif option and (found.stem or found.options):
            _add_option(found, number, option)
        elif found.options:
            yield _broken_off(found, number)
            found = _Found(number, stem=[line.strip()])
        else:
            found.stem.append(line.strip())
    if found:
        found.complaints.append((found.line, N_("There is no ANSWER: line at its end.")))
        yield found


def _add_option(found: _Found, number: int, option: re.Match[str]) -> None:
    letter = option[1].upper().translate(_WIDE)
    expected = chr(ord("A") + len(found.options))
    if letter != expected:
        found.complaints.append((number, N_("The letters of options must follow each other.")))
    if not option[2].strip():
        found.complaints.append((number, N_("The option has no text.")))
    found.options.append((letter, option[2].strip()))


def _answered(found: _Found, number: int, answer: str) -> _Found:
    found.answer = answer.strip().upper().translate(_WIDE)
    letters = {letter for letter, _ in found.options}
    if not found.stem:
        found.complaints.append((number, N_("There is no question above this answer.")))
    elif len(found.options) < 2:
        found.complaints.append((number, N_("A question needs two options at least.")))
    elif found.answer not in letters:
        found.complaints.append((number, N_("The answer is none of the letters above it.")))
    return found


def _broken_off(found: _Found, number: int) -> _Found:
    found.complaints.append((number, N_("Expected an option or ANSWER: on this line.")))
    return found


def _draft(found: _Found) -> Draft:
    notes = Notes(f"line {found.line}")
    texts = Texts(notes)
    options: list[dict[str, Any]] = []
    for letter, text in found.options:
        right = {"right": True} if letter == found.answer else {}
        options.append({**texts.plain(text), **right})
    stem = texts.plain("\n".join(found.stem))
    return Draft(notes.place, {"type": "single", "stem": stem, "options": options}, notes.told())
