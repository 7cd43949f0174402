"""Plain text as Markdown that shows exactly this text: only what would be read is escaped."""

from __future__ import annotations

import re

from app.domain.questions.fill_in import GAP

_BACKSLASH = re.compile(r"\\(?=[\\`*_{}\[\]()>#+.!|-]|$)")
_STAR = re.compile(r"(?<!\S)\*(?!\S)|\*")
_UNDERSCORE = re.compile(r"(?<=[^\W_])_(?=[^\W_])|_")
_LINK_MIDDLE = re.compile(r"\]\s?[(\[:]")
_TAG = re.compile(r"<(?=[A-Za-z/!?]|[^\s<>]*@)")
_ENTITY = re.compile(r"&(?=(?:[A-Za-z0-9]+|#[0-9]+|#x[0-9A-Fa-f]+);)")
_FORMULA = re.compile(r"(?<![\\$\d])\$(?=\S)[^$\n]+?(?<=\S)\$(?!\d)|\$\$")
_ATTRIBUTES = re.compile(r"\{(?=[:#.])")
_LINE_START = re.compile(
    r"""(?P<indent>^[^\S\n]*)
    (?: (?P<sign>[#>]) | (?P<bullet>[*+-])(?=[ ]) | (?P<number>\d+)(?=\.[ ])
    | (?P<rule>[-=:|~](?=[-=:| ~]*$)|~(?=~~)) )""",
    re.VERBOSE | re.MULTILINE,
)


def escaped(text: str, *, line_start: bool = True) -> str:
    """Markdown that shows `text`; gaps (____) stay gaps, and {name} stays a place for a value.

    line_start: whether the text begins a line, where a # or a 1. would mean something.
    """
    pieces, position = [], 0
    for gap in GAP.finditer(text):
        pieces += [_inline(text[position : gap.start()]), gap[0]]
        position = gap.end()
    pieces.append(_inline(text[position:]))
    whole = "".join(pieces)
    if line_start:
        return _LINE_START.sub(_line, whole)
    head, newline, rest = whole.partition("\n")
    return head + newline + _LINE_START.sub(_line, rest)


def escaped_lines(text: str) -> str:
    """As `escaped`, with every line of `text` on a line of its own."""
    return re.sub(r"(?<!\n)\n(?!\n)", "  \n", escaped(text.strip()))


def _inline(text: str) -> str:
    text = _ENTITY.sub("&amp;", text)
    text = _BACKSLASH.sub(r"\\\\", text).replace("`", r"\`")
    text = _TAG.sub("&lt;", text)
    text = _brackets(text)
    text = _ATTRIBUTES.sub(r"\\{", text)
    text = _STAR.sub(lambda match: match[0] if _alone(match) else r"\*", text)
    text = _UNDERSCORE.sub(lambda match: match[0] if _inside_word(match) else r"\_", text)
    return text.replace("$", "&#36;") if _FORMULA.search(text) else text


def _brackets(text: str) -> str:
    """Brackets of what could be a link: not the lookahead that takes forever on many brackets."""
    middles = [match.start() for match in _LINK_MIDDLE.finditer(text)]
    if not middles:
        return text
    return text[: middles[-1]].replace("[", r"\[") + text[middles[-1] :]


def _alone(match: re.Match[str]) -> bool:
    around = match.string[max(match.start() - 1, 0) : match.end() + 1]
    return len(around) == 3 and around[0].isspace() and around[2].isspace()


def _inside_word(match: re.Match[str]) -> bool:
    before, after = match.string[: match.start()][-1:], match.string[match.end() :][:1]
    return before.isalnum() and after.isalnum()


def _line(match: re.Match[str]) -> str:
    indent = match["indent"]
    if match["number"]:
        return f"{indent}{match['number']}\\"
    mark = match["sign"] or match["bullet"]
    if mark:
        return f"{indent}\\{mark}"
    return f"{indent}&#{ord(match['rule'])};"
