"""Answers that are worth a share each, as Moodle XML and GIFT have them → what ours are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from app.domain.text import N_
from app.loader.exchange.tags import Tags
from app.loader.exchange.texts import Notes

Pair = dict[str, str]

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LETTER = re.compile(r"[^\W\d_]")
_WILDCARD = re.compile(r"(?<!\\)\*")
_COUNTS = re.compile(r"(\d{1,3})\+(\d{1,3})")
_ALL_WRONG = -100.0
"""What our export gives for a wrong option: one of them takes everything."""
_CLOSE = 0.01
_MOST_DECIMALS = 6
_DECIMALS = tuple(map(str, range(_MOST_DECIMALS + 1)))


@dataclass(frozen=True, slots=True)
class Choice:
    """An option. share: of the marks, in percent."""

    text: Pair
    share: float
    feedback: Pair | None = None


@dataclass(frozen=True, slots=True)
class Wording:
    """An accepted answer in words or digits. share: in percent."""

    text: str
    share: float = 100.0
    tolerance: float = 0.0


def read_choices(
    choices: Sequence[Choice], *, single: bool, keep_order: bool, tags: Tags, notes: Notes
) -> dict[str, Any]:
    """type and options. keep_order: options are not shuffled."""
    right = [choice for choice in choices if choice.share > (100 - _CLOSE if single else 0)]
    if not single and len(right) == 1:
        notes.add(N_("Several options could be chosen, but one is right: it becomes single."))
        single = True
    _note_shares(choices, right, single=single, notes=notes)
    fixed = tags.first("fixed")
    options = []
    for letter, choice in zip("abcdefghijklmnopqrstuvwxyz", choices, strict=False):
        option: dict[str, Any] = dict(choice.text)
        if choice in right:
            option["right"] = True
        if letter in fixed or (keep_order and not fixed):
            option["fixed"] = True
        if choice.feedback and any(choice.feedback.values()):
            option["feedback"] = choice.feedback
        options.append(option)
    if len(choices) > len(options):
        notes.add(N_("Options after the %(most)sth are left out."), most=len(options))
    return {"type": "single" if single else "multiple", "options": options}


def read_wordings(wordings: Sequence[Wording], *, notes: Notes) -> list[str]:
    """The wordings of one gap that are wholly right; the others are noted."""
    kept = []
    for wording in wordings:
        text = wording.text.strip()
        if wording.share < 100 - _CLOSE:
            if wording.share > 0:
                notes.add(
                    N_("Half right answers are not kept: %(text)s (%(share)s %%)."),
                    text=text,
                    share=_short(wording.share),
                )
        elif _WILDCARD.search(text):
            notes.add(N_("Answers with * for any letters are not kept: %(text)s"), text=text)
        elif text:
            kept.append(text.replace(r"\*", "*"))
        if wording.tolerance:
            notes.add(N_("A tolerance is not kept in a gap: %(text)s"), text=text)
    return kept


def read_blanks(gaps: Sequence[Sequence[str]], *, stem: Pair, tags: Tags) -> dict[str, Any]:
    """blanks: the wordings of each gap by language."""
    counts = [_COUNTS.fullmatch(part) for part in tags.first("blanks").split(",")]
    told = [(int(count[1]), int(count[2])) for count in counts if count]
    if [zh + en for zh, en in told] == [len(gap) for gap in gaps]:
        blanks = [
            {"zh": list(gap[:zh]), "en": list(gap[zh:])}
            for (zh, _), gap in zip(told, gaps, strict=True)
        ]
        return _with_order(blanks, tags)
    return _with_order([_by_language(gap, stem) for gap in gaps], tags)


def read_number(wordings: Sequence[Wording], *, tags: Tags, notes: Notes) -> dict[str, Any]:
    """answer, decimals and tolerance: of the first answer that is wholly right."""
    right = [w for w in wordings if w.share >= 100 - _CLOSE and w.text.strip() != "*"]
    others = [w.text for w in wordings if w not in right[:1] and (w.share > 0)]
    if others:
        notes.add(
            N_("Only one answer is kept; the others are left out: %(texts)s."),
            texts=", ".join(others),
        )
    if not right:
        return {}
    text = right[0].text.strip().translate(str.maketrans("−－", "--"))
    if re.fullmatch(r"[-+]?\d+,\d+", text):
        text = text.replace(",", ".")
    try:
        number = Decimal(text)
        finite = number.is_finite()
    except InvalidOperation:
        finite = False
    if not finite:
        notes.add(N_("The answer %(text)s is no number."), text=text)
        return {}
    raw: dict[str, Any] = {"answer": tags.first("formula") or text.lstrip("+")}
    relative = tags.number("relative_tolerance")
    if relative:
        raw["relative_tolerance"] = relative
    elif right[0].tolerance:
        raw["tolerance"] = abs(right[0].tolerance)
    return {**raw, **_decimals(number, tags, notes)}


def _decimals(number: Decimal, tags: Tags, notes: Notes) -> dict[str, Any]:
    told = tags.first("decimals")
    if told in _DECIMALS:
        return {} if int(told) == 2 else {"decimals": int(told)}
    exponent = number.normalize().as_tuple().exponent
    digits = -exponent if isinstance(exponent, int) else 0
    if digits > _MOST_DECIMALS:
        notes.add(N_("The answer is rounded to %(most)s decimals."), most=_MOST_DECIMALS)
    return {"decimals": min(digits, _MOST_DECIMALS)} if digits > 2 else {}


def _note_shares(
    choices: Sequence[Choice], right: Sequence[Choice], *, single: bool, notes: Notes
) -> None:
    half = [choice for choice in choices if choice.share > 0 and choice not in right]
    if half:
        notes.add(
            N_("%(count)s half right options (part of the marks) count as wrong."), count=len(half)
        )
    wrong = [choice.share for choice in choices if choice.share < 0]
    if wrong and (single or any(share != _ALL_WRONG for share in wrong)):
        notes.add(N_("Marks taken off for wrong options are not kept: an exam sets its own rule."))
    if not single and len({round(choice.share, 2) for choice in right}) > 1:
        notes.add(N_("The right options are worth different shares; here they count alike."))


def _by_language(gap: Sequence[str], stem: Pair) -> dict[str, list[str]]:
    gap = list(dict.fromkeys(gap))
    told = [language for language, text in stem.items() if text]
    if len(told) == 1:
        neutral = [w for w in gap if not _LETTER.search(w)]
        return {language: list(gap) if language in told else neutral for language in ("zh", "en")}
    zh = [w for w in gap if _CHINESE.search(w) or not _LETTER.search(w)]
    en = [w for w in gap if not _CHINESE.search(w)]
    return {"zh": zh or list(gap), "en": en or list(gap)}


def _with_order(blanks: list[dict[str, list[str]]], tags: Tags) -> dict[str, Any]:
    raw: dict[str, Any] = {"type": "fill_in", "blanks": blanks}
    return raw | ({"interchangeable": True} if "interchangeable" in tags.flags else {})


def _short(number: float) -> str:
    return f"{number:.5f}".rstrip("0").rstrip(".")
