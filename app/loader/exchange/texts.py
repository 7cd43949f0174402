"""Reads the texts of one question of another program, and notes what of them is not kept."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from urllib.parse import unquote

from app.domain.media import Medium, PictureRefused
from app.domain.problems import Problem
from app.domain.questions.fill_in import GAP
from app.domain.text import N_
from app.loader.exchange.escaping import escaped_lines
from app.loader.exchange.languages import split
from app.loader.exchange.rich import markdown_of

_MARKDOWN_PICTURE = re.compile(r"!\[([^\[\]]*)\]\(\s*<?([^()\s<>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
_HTML_PICTURE = re.compile(r"<img\b[^<>]*>", flags=re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\b(src|alt)\s*=\s*(?:"([^"]*)"|'([^']*)')""", flags=re.IGNORECASE)
_DATA_PICTURE = re.compile(r"data:image/[a-z0-9.+-]{1,20};base64,([A-Za-z0-9+/=%\s]+)")
_STORED = "@@PLUGINFILE@@/"
_BLOCK = re.compile(r"<(?:p|br|div|ul|ol|table|pre|h[1-6])\b", flags=re.IGNORECASE)


LONGEST_TEXT = 60_000
"""Characters of one text of a question; pictures in it do not count."""


class Form(StrEnum):
    """How a text is written; the values are Moodle's names."""

    HTML = "html"
    AUTO = "moodle_auto_format"
    PLAIN = "plain_text"
    MARKDOWN = "markdown"


class Notes:
    """What is said of one element, each thing once."""

    def __init__(self, place: str) -> None:
        self.place = place
        self._found: list[Problem] = []

    def add(self, sentence: str, *, within: str = "", **parameters: object) -> None:
        """Note a sentence. within: where in the element, where it helps."""
        place = f"{self.place} › {within}" if within else self.place
        problem = Problem("", place, sentence, parameters)
        if problem not in self._found:
            self._found.append(problem)

    def told(self) -> tuple[Problem, ...]:
        """All of them, in their order."""
        return tuple(self._found)


class Texts:
    """The texts of one question. pictures: those of the file that stand beside a text, by name."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.shown: dict[str, Medium] = {}

    def read(
        self, source: str, form: Form, *, pictures: Mapping[str, Medium] | None = None
    ) -> dict[str, str]:
        """The text in both languages as our Markdown; "" in a language that it lacks."""
        pictures = dict(pictures or {})
        source = self._without_data(source, pictures)
        if len(source) > LONGEST_TEXT:
            self.notes.add(
                N_("A text has more than %(most)s characters: its end is cut off."),
                most=LONGEST_TEXT,
            )
            source = source[:LONGEST_TEXT]
        pair, others = split(source.replace("\r\n", "\n").replace("\r", "\n"))
        if others:
            self.notes.add(
                N_("A text in other languages is not kept: %(languages)s."),
                languages=", ".join(others),
            )
        find = self._finder(pictures)
        return {language: self._written(text, form, find) for language, text in pair.items()}

    def plain(self, source: str, *, markdown: bool = False) -> dict[str, str]:
        """The text of a field without a form. markdown: it was written by us, as Markdown."""
        return self.read(source, Form.MARKDOWN if markdown else Form.PLAIN)

    def _without_data(self, source: str, pictures: dict[str, Medium]) -> str:
        """The text with its pictures beside it that were written into it as data: addresses."""

        def store(match: re.Match[str]) -> str:
            name = f"data-{len(pictures)}"
            try:
                data = base64.b64decode("".join(unquote(match[1]).split()), validate=True)
                pictures[name] = Medium.of(data)
            except PictureRefused as refused:
                self.notes.add(refused.sentence, within=name, **refused.parameters)
            except binascii.Error:
                self.notes.add(N_("The file is not written in base64, or is cut off."))
            return _STORED + name

        return _DATA_PICTURE.sub(store, source)

    def _written(self, text: str, form: Form, find: Callable[[str], str | None]) -> str:
        match form:
            case Form.MARKDOWN:
                return self._with_pictures(text, find).strip()
            case Form.PLAIN:
                return escaped_lines(text)
            case Form.AUTO if "<" not in text and "&" not in text:
                return self._written(text, Form.PLAIN, find)
            case Form.AUTO if not _BLOCK.search(text):
                text = text.strip().replace("\n", "<br>")
        written, lost = markdown_of(text, picture=find)
        if lost:
            self.notes.add(
                N_("These elements are not kept, only their words: %(names)s."),
                names=", ".join(lost),
            )
        return written

    def _finder(self, pictures: Mapping[str, Medium]) -> Callable[[str], str | None]:
        def find(source: str) -> str | None:
            name = unquote(source.partition("?")[0])
            medium = pictures.get(name.removeprefix(_STORED)) if _STORED in name else None
            if medium is None:
                shown = name.removeprefix(_STORED)[:200]
                self.notes.add(N_("A picture that is not in the file: %(name)s."), name=shown)
                return None
            self.shown[medium.name] = medium
            return medium.link("")

        return find

    def _with_pictures(self, text: str, find: Callable[[str], str | None]) -> str:
        def from_markdown(match: re.Match[str]) -> str:
            link = find(match[2])
            return match[1] if link is None else link.replace("![]", f"![{match[1]}]", 1)

        def from_html(match: re.Match[str]) -> str:
            found = {m[1].casefold(): m[2] or m[3] or "" for m in _ATTRIBUTE.finditer(match[0])}
            alt = re.sub(r"[][\n]", " ", found.get("alt", "")).strip()
            link = find(found.get("src", ""))
            return alt if link is None else link.replace("![]", f"![{alt}]", 1)

        text = _MARKDOWN_PICTURE.sub(from_markdown, text)
        return _HTML_PICTURE.sub(from_html, text)


def with_gap(stem: dict[str, str]) -> dict[str, str]:
    """The stem with a gap at its end where it has none in either language."""
    if any(GAP.search(text) for text in stem.values()):
        return stem
    return {language: text and f"{text} ____" for language, text in stem.items()}


def merged_gaps(parts: list[str]) -> str:
    """Texts with a gap between each two; gaps that touch would be one, so a blank parts them."""
    text = parts[0]
    for part in parts[1:]:
        text += (" " if text.endswith("_") else "") + "____" + (" " if part[:1] == "_" else "")
        text += part
    return text
