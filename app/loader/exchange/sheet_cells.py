"""What stands inside a cell: several wordings, weights, shares, ranges, letters, yes and no.

In a cell with several things `|` stands between them. A backslash before a sign of the layout
makes it a sign of the text.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation

from app.domain.questions.fill_in import GAP

_SIGNS = "|｜/;；=＝→"
_ESCAPED = re.compile(rf"\\([\\{_SIGNS}])")
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?"
_WEIGHT = re.compile(rf"[（(]\s*({_NUMBER})\s*(?:分|points?|marks?)?\s*[)）]\s*$", re.IGNORECASE)
_SHARE = re.compile(rf"\s*({_NUMBER})\s*([%％]|分|points?|marks?)?\s*[:：]", re.IGNORECASE)
_RANGE = re.compile(
    rf"\s*([^\W\d]\w*)\s*[:=]\s*({_NUMBER})\s*(?:~|～|–|—|-|至|到|to|\.\.)\s*({_NUMBER})"
    rf"\s*[,，/]?\s*(?:步长|间隔|step)?\s*[:=]?\s*({_NUMBER})\s*",
    re.IGNORECASE,
)
_SHORT_GAP = re.compile(r"(?<!_)_{2,3}(?!_)|＿+")
_EMPTY_BRACKETS = re.compile(r"（[\s_]*）|\([\s_]+\)|\(\)")
_YES = frozenset("对 √ ✓ ✔ 正确 是 真 t true yes y right 1".split())
_NO = frozenset("错 × ✗ ✘ x 错误 否 假 f false no n wrong 0 不对 不正确".split())


def escape(text: str) -> str:
    """The text without any sign that would split it; `split` undoes it."""
    return re.sub(rf"[\\{_SIGNS}]", r"\\\g<0>", text)


def unescape(text: str) -> str:
    """The text as it was meant."""
    return _ESCAPED.sub(r"\1", text)


def split(text: str, signs: str, *, most: int = 0) -> list[str]:
    """The parts between the first of `signs` that occurs, not yet unescaped; "" is one part.

    most: of splits, 0 for no bound.
    """
    for sign in signs:
        twins = {"|": "|｜", ";": ";；", "=": "=＝"}.get(sign, sign)
        parts = re.split(rf"(?<!\\)((?:\\\\)*)[{re.escape(twins)}]", text, maxsplit=most)
        if len(parts) > 1:
            joined = [
                first + slashes for first, slashes in zip(parts[::2], parts[1::2], strict=False)
            ]
            return [part.strip() for part in (*joined, parts[-1])]
    return [text.strip()]


def wordings(text: str, signs: str) -> list[str]:
    """The texts between the signs, unescaped, without empty ones."""
    return [unescape(part) for part in split(text, signs) if part]


def take_weight(text: str) -> tuple[str, float | int | None]:
    """The text, and the weight in brackets at its end."""
    match = _WEIGHT.search(text)
    return (text[: match.start()].strip(), number(match[1])) if match else (text.strip(), None)


def take_share(text: str, *, weight: float | None) -> tuple[float | int | None, str]:
    """The share before the colon ("50%:", "0.5:", "2 points:" of `weight`), and the text."""
    match = _SHARE.match(text)
    if match is None:
        return None, text.strip()
    unit, value = match[2], number(match[1])
    rest = text[match.end() :].strip()
    if unit in ("%", "％"):
        return number(match[1], percent=True), rest
    if unit and value is not None:
        return (value / weight if weight else None), rest
    return value, rest


def number(text: str, *, percent: bool = False) -> float | int | None:
    """The number that stands there, exactly; None where none does."""
    folded = unicodedata.normalize("NFKC", text).replace(" ", "")
    folded = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", folded)
    if folded.endswith("%"):
        folded, percent = folded[:-1], True
    if not re.fullmatch(_NUMBER, folded, re.IGNORECASE):
        return None
    try:
        value = Decimal(folded) / (100 if percent else 1)
    except InvalidOperation:
        return None
    return (
        int(value) if value == value.to_integral_value() and abs(value) < 10**15 else float(value)
    )


def plain(value: float) -> str:
    """A number as a person writes it; `number` reads it back exactly."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def percent(value: float) -> str:
    """A share in percent, exactly."""
    return f"{(Decimal(repr(value)) * 100).normalize():f}%"


def variable(text: str) -> dict[str, object] | None:
    """What "n: 200 ~ 600, step 50" says."""
    match = _RANGE.fullmatch(unicodedata.normalize("NFKC", text))
    if match is None:
        return None
    least, most, step = (number(found) for found in match.groups()[1:])
    return {"name": match[1], "least": least, "most": most, "step": step}


def letters(text: str) -> list[str] | None:
    """The letters of options in an answer ("A", "ABD", "A、C"), None where it is something else."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    bare = re.sub(r"[\s,、;./&+()和及与]+|\band\b", "", folded)
    return sorted(set(bare)) if re.fullmatch(r"[a-t]+", bare) else None


def yes_or_no(text: str) -> bool | None:
    """Whether it says right or wrong, in any of the usual ways."""
    folded = unicodedata.normalize("NFKC", text).strip(" .。()").casefold()
    return True if folded in _YES else False if folded in _NO else None


def with_gaps(stem: str, blanks: int) -> str:
    """The stem with four underscores for each of its `blanks` gaps, where it has as many.

    Two or three underscores and empty brackets are gaps too.
    """
    if len(GAP.findall(stem)) == blanks:
        return stem
    found = gaps_in(stem)
    longer = _SHORT_GAP.sub("____", stem)
    if len(GAP.findall(longer)) == blanks:
        return longer
    return _EMPTY_BRACKETS.sub("____", longer) if found == blanks else stem


def gaps_in(stem: str) -> int:
    """How many gaps a stem has, in whichever way they are written."""
    return len(GAP.findall(_EMPTY_BRACKETS.sub("____ ", _SHORT_GAP.sub("____", stem))))


def is_chinese(text: str) -> bool:
    """Whether any character of it is Chinese."""
    return any("\u3400" <= character <= "\u9fff" or character >= "\U00020000" for character in text)
