"""One field of another program, in one language or several → our pairs of texts, and back."""

from __future__ import annotations

import re

from app.domain.text import Text

_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_SPAN = re.compile(r"<(?:span|lang)\b[^<>]*>", flags=re.IGNORECASE)
_SPAN_EDGE = re.compile(r"<(/?)(?:span|lang)\b[^<>]*>", flags=re.IGNORECASE)
_LANG = re.compile(r"""\blang\s*=\s*["']?([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]+)*)""")
_CLASS = re.compile(r"""\bclass\s*=\s*["'][^"']*\bmultilang\b|\bclass\s*=\s*multilang\b""")
_BRACES = re.compile(
    r"\{mlang\s([^{}]*)\}(.*?)(?:\{mlang\s*\}|\Z)", flags=re.DOTALL | re.IGNORECASE
)
_BLOCK_SIGN = re.compile(r"\s*(?:(?:[-*+]|\d+\.|>|#{1,6})\s+)*")
_EVERY = "*"

Piece = tuple[str, str]
"""(language or "*", text)."""


def pair(text: str) -> dict[str, str]:
    """A text in one language; the other one is still to be written."""
    if _CHINESE.search(text):
        return {"zh": text, "en": ""}
    return {"zh": "", "en": text}


def split(text: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """The text in Chinese and in English, and the languages that are not kept.

    Reads `<span lang="zh" class="multilang">` and `{mlang zh}`; what stands outside belongs to
    both languages.
    """
    pieces = _from_spans(text)
    if len(pieces) == 1 and pieces[0][0] == _EVERY:
        pieces = _from_braces(text)
    named = {language for language, _ in pieces} - {_EVERY, "other"}
    if not named & {"zh", "en"}:
        plain = "".join(text for language, text in pieces if language in (_EVERY, "other"))
        return pair(plain.strip()), tuple(sorted(named))
    found = {language: _told(pieces, language, named).strip() for language in ("zh", "en")}
    return found, tuple(sorted(named - {"zh", "en"}))


def joined(text: Text) -> str:
    """Both languages in one field, as Moodle's multi-language filter reads them.

    Line by line where the lines of both match, so that lists and paragraphs stay what they are.
    """
    zh, en = text.zh.split("\n"), text.en.split("\n")
    signs = [(_sign(one), _sign(other)) for one, other in zip(zh, en, strict=False)]
    alike = len(zh) == len(en) and all(
        one == other and bool(a[len(one) :]) == bool(b[len(other) :])
        for (one, other), a, b in zip(signs, zh, en, strict=True)
    )
    if not alike:
        return f"{_span('zh', text.zh)}{_span('en', text.en)}"
    return "\n".join(
        _line(sign, a[len(sign) :], b[len(sign) :])
        for (sign, _), a, b in zip(signs, zh, en, strict=True)
    )


def _line(sign: str, zh: str, en: str) -> str:
    return sign + (f"{_span('zh', zh)}{_span('en', en)}" if zh or en else "")


def _sign(line: str) -> str:
    match = _BLOCK_SIGN.match(line)
    return match[0] if match else ""


def _span(language: str, text: str) -> str:
    return f'<span lang="{language}" class="multilang">{text}</span>'


def _told(pieces: list[Piece], language: str, named: set[str]) -> str:
    """What a reader of this language is shown."""
    wanted = {_EVERY, language} if language in named else {_EVERY, "other"}
    return "".join(text for told, text in pieces if told in wanted)


def _from_spans(text: str) -> list[Piece]:
    pieces: list[Piece] = []
    position = 0
    for match in _SPAN.finditer(text):
        language = _LANG.search(match[0])
        named = match[0][1:5].casefold() == "lang" or _CLASS.search(match[0])
        if match.start() < position or language is None or not named:
            continue
        inside, end = _until_closed(text, match.end())
        pieces.append((_EVERY, text[position : match.start()]))
        pieces.append((_ours(language[1]), inside))
        position = end
    pieces.append((_EVERY, text[position:]))
    return [piece for piece in pieces if piece[1]] or [(_EVERY, "")]


def _until_closed(text: str, start: int) -> tuple[str, int]:
    depth = 1
    for edge in _SPAN_EDGE.finditer(text, start):
        depth += -1 if edge[1] else 1
        if depth == 0:
            return text[start : edge.start()], edge.end()
    return text[start:], len(text)


def _from_braces(text: str) -> list[Piece]:
    pieces: list[Piece] = []
    position = 0
    for match in _BRACES.finditer(text):
        pieces.append((_EVERY, text[position : match.start()]))
        pieces += [(_ours(name), match[2]) for name in re.split(r"[\s,]+", match[1]) if name]
        position = match.end()
    pieces.append((_EVERY, text[position:]))
    return [piece for piece in pieces if piece[1]] or [(_EVERY, "")]


def _ours(name: str) -> str:
    """zh for zh_cn, zh-TW and the like; en for en_us."""
    return re.split(r"[-_]", name.casefold())[0]
