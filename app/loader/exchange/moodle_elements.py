"""Elements of Moodle XML: what was asked for is remembered, so that the rest can be named."""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Mapping
from xml.etree.ElementTree import Element, tostring

from app.domain.media import Medium, PictureRefused
from app.domain.text import N_
from app.loader.exchange.texts import Form, Notes, Texts

_FORMS = {form.value: form for form in Form}


class Node:
    """One element and those in it."""

    def __init__(self, element: Element, notes: Notes) -> None:
        self.element = element
        self.notes = notes
        self._seen: set[str] = {"text", "file"}

    def first(self, name: str) -> Node | None:
        """The first element of a name."""
        return next(iter(self.all(name)), None)

    def all(self, name: str) -> list[Node]:
        """The elements of a name."""
        self._seen.add(name)
        return [Node(child, self.notes) for child in self.element if child.tag == name]

    def value(self, name: str, default: str = "") -> str:
        """What stands in the first element of a name, directly or in its <text>."""
        node = self.first(name)
        return default if node is None else node.words() or default

    def flag(self, name: str, *, default: bool) -> bool:
        """true or false, 1 or 0."""
        value = self.value(name).casefold()
        return value in ("1", "true") if value in ("0", "1", "true", "false") else default

    def number(self, name: str, default: float = 0.0) -> float:
        """A number; what is none is noted."""
        return self._number(name, self.value(name), default)

    def share(self) -> float:
        """The fraction of an answer, in percent."""
        return self._number("fraction", self.element.get("fraction", ""), 0.0)

    def words(self) -> str:
        """Its text as it stands, without surrounding blanks."""
        inner = self.element.find("text")
        if inner is None:
            return (self.element.text or "").strip()
        tags = [tostring(child, encoding="unicode") for child in inner]  # HTML that nobody escaped
        return "".join([inner.text or "", *tags]).strip()

    def text(self, texts: Texts, *, default: Form = Form.HTML) -> dict[str, str]:
        """Its text in both languages as our Markdown, with the pictures that stand beside it."""
        named = self.element.get("format", "")
        if named and named not in _FORMS:
            self.notes.add(N_("The text format %(name)s is read as HTML."), name=named)
        return texts.read(self.words(), _FORMS.get(named, default), pictures=self.pictures())

    def form(self, default: Form = Form.HTML) -> Form:
        """How its text is written."""
        return _FORMS.get(self.element.get("format", ""), default)

    def stem_form(self) -> Form:
        """How the text of the question is written, as other texts are that do not say."""
        stem = self.first("questiontext")
        return Form.HTML if stem is None else stem.form()

    def pictures(self) -> Mapping[str, Medium]:
        """The files in it that are pictures, by path and name; the others are noted."""
        found: dict[str, Medium] = {}
        for file in self.element.findall("file"):
            name = file.get("name", "")
            try:
                if file.get("encoding", "base64") != "base64":
                    raise ValueError
                data = base64.b64decode("".join((file.text or "").split()), validate=True)
                found[f"{file.get('path', '/').strip('/')}/{name}".lstrip("/")] = Medium.of(data)
            except PictureRefused as refused:
                self.notes.add(refused.sentence, within=name, **refused.parameters)
            except (binascii.Error, ValueError):
                self.notes.add(N_("The file is not written in base64, or is cut off."), within=name)
        return found

    def rest(self, *, harmless: frozenset[str] = frozenset()) -> None:
        """Name the elements that nobody asked for."""
        for child in self.element:
            if child.tag not in self._seen | harmless and _says_something(child):
                self.notes.add(
                    N_("The element %(name)s is not understood and was left out."), name=child.tag
                )

    def _number(self, name: str, value: str, default: float) -> float:
        if not value:
            return default
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            self.notes.add(N_("%(name)s should be a number: %(value)s"), name=name, value=value)
            return default
        return number


def _says_something(element: Element) -> bool:
    return bool(len(element) or element.attrib or (element.text or "").strip())
