"""Elements of HTML as Markdown, one by one."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from bs4 import BeautifulSoup, Tag
from markdownify import MarkdownConverter

from app.loader.exchange.escaping import escaped

TEX = re.compile(
    r"\\\((.{1,1000}?)\\\)|\\\[(.{1,1000}?)\\\]|\$\$([^$]{1,1000})\$\$", flags=re.DOTALL
)
"""A formula between the signs that Moodle and most others know."""

_DROPPED = frozenset(
    """script iframe frame frameset object embed applet param video audio source track canvas
    svg form input select option optgroup textarea button map area template noscript""".split()
)
"""Elements whose content means nothing without them: they go whole, and are named."""
_UNSEEN = frozenset("style link meta base title head".split())
"""Elements that show nothing themselves."""
_PLAIN = frozenset(
    """html body p br hr div span font center big small section article main header footer nav
    aside address figure figcaption strong b em i del s strike sub sup code kbd samp tt var cite
    dfn pre blockquote ul ol li dl dt dd a img table caption colgroup col thead tbody tfoot tr th
    td h1 h2 h3 h4 h5 h6 q wbr nobr label time data bdi bdo math o:p""".split()
)
"""Elements that Markdown has, or that can be left away without changing what is said."""
_MATH = frozenset(
    """math semantics annotation annotation-xml mrow mi mn mo ms mtext mspace msup msub msubsup
    mfrac msqrt mroot mover munder munderover mtable mtr mtd mstyle mfenced mpadded mphantom
    menclose merror mmultiscripts mprescripts none maligngroup malignmark""".split()
)
_DEEPEST = 60
_EMPHASIS = frozenset({"b", "strong", "i", "em"})
_LINK_ALT = re.compile(r"!\[[^\]]*\](?=\(medium:)")


class Converter(MarkdownConverter):
    """Writes Markdown as `app.loader.rendering` reads it, and gathers what it cannot write."""

    def __init__(self, picture: Callable[[str], str | None]) -> None:
        super().__init__(bullets="-", sub_symbol="<sub>", sup_symbol="<sup>", autolinks=False)
        self.picture = picture
        self.lost: list[str] = []
        self.numbers: dict[int, int] = {}

    def process_text(self, el: Any, parent_tags: set[str] | None = None) -> str:
        """Text is plain text, with formulas in it."""
        self.line_start = _begins_line(el)
        # the library's stub does not know its own method
        return str(super().process_text(el, parent_tags))  # type: ignore[misc]

    def escape(self, text: str, parent_tags: set[str]) -> str:
        """Escape what our Markdown would read, and write formulas as ours."""
        pieces, position, line_start = [], 0, self.line_start
        for match in TEX.finditer(text):
            pieces.append(escaped(text[position : match.start()], line_start=line_start))
            inline, position = match[1] or match[3], match.end()
            line_start = not inline
            if inline:
                pieces.append(f"${inline.strip()}$")
            else:
                pieces.append(f"\n\n$${match[2].strip()}$$\n\n")
                position += len(text[position:]) - len(text[position:].lstrip())
        pieces.append(escaped(text[position:], line_start=line_start))
        written = "".join(pieces)
        if "a" in parent_tags:
            written = re.sub(r"(?<!\\)([\[\]])", r"\\\1", written)
        return written.replace("|", r"\|") if {"td", "th"} & parent_tags else written

    def convert_strong(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Strong text; as HTML where stars beside stars would be read wrongly."""
        return _emphasised(el, text, parent_tags, "**", "strong")

    convert_b = convert_strong

    def convert_em(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Stressed text."""
        return _emphasised(el, text, parent_tags, "*", "em")

    convert_i = convert_em

    def convert_del(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Struck text."""
        return f"<del>{text}</del>" if text.strip() else text

    convert_s = convert_strike = convert_del

    def convert_hN(  # noqa: N802 (the library's name)
        self, n: int, el: Tag, text: str, parent_tags: set[str]
    ) -> str:
        """Texts of questions have no headings: a paragraph in bold."""
        text = text.strip().replace("**", "")
        if "_inline" in parent_tags - {"_inline"} or not text:
            return text
        return f"\n\n**{text}**\n\n"

    def convert_li(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """An entry; what belongs to it stands four blanks in, where our Markdown looks for it."""
        parent = el.parent
        sign = "- "
        if parent is not None and parent.name == "ol":
            start = str(parent.get("start") or "1")
            first = int(start) if start.isdecimal() and len(start) < 10 else 1
            number = self.numbers.get(id(parent), first)
            self.numbers[id(parent)] = number + 1
            sign = f"{number}. "
        lines = text.strip().split("\n")
        rest = [f"    {line}" if line.strip() else "" for line in lines[1:]]
        return "\n".join([sign + lines[0], *rest]) + "\n"

    def convert_dt(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """A term: a paragraph in bold."""
        return self.convert_hN(6, el, text, parent_tags)

    def convert_dd(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """Its meaning: a paragraph."""
        return f"\n\n{text.strip()}\n\n"

    def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """A stored picture, or its words where there is none."""
        alt = re.sub(r"[][\n\r]", " ", str(el.get("alt") or "")).strip()
        link = self.picture(str(el.get("src") or ""))
        if link is None:
            self.lost.append("img")
            return escaped(alt, line_start=_begins_line(el))
        return _LINK_ALT.sub(lambda _: f"![{alt}]", link) if alt else link

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """A link to the web; any other leads nowhere from here."""
        address = str(el.get("href") or "").strip()
        if not text.strip():
            return text
        if not re.fullmatch(r"https?://[^\s<>()]+", address, flags=re.IGNORECASE):
            if address:
                self.lost.append("a")
            return text
        return f"[{text.strip()}]({address})"

    def convert_math(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """A formula that carries its TeX; one that does not leaves only its letters."""
        annotation = el.find("annotation", encoding="application/x-tex")
        if not isinstance(annotation, Tag) or not annotation.get_text().strip():
            self.lost.append("math")
            return text
        latex = annotation.get_text().strip()
        return f"\n\n$${latex}$$\n\n" if el.get("display") == "block" else f"${latex}$"


def sift(soup: BeautifulSoup) -> list[str]:
    """Take out what cannot be kept; its names."""
    lost: list[str] = []
    for tag in soup.find_all(True):
        if tag.decomposed:
            continue
        name = tag.name.casefold()
        if name in _DROPPED or name in _UNSEEN:
            lost += [name] if name in _DROPPED else []
            tag.decompose()
        elif name not in _PLAIN and name not in _MATH:
            lost.append(name)
        elif name in ("td", "th"):
            lost += [f"{name} {a}" for a in ("colspan", "rowspan") if tag.get(a, "1") != "1"]
    return lost


def too_deep(soup: BeautifulSoup) -> str:
    """The name of an element that is nested deeper than anybody writes by hand, or ""."""
    waiting: list[tuple[Tag, int]] = [(soup, 0)]
    while waiting:
        tag, depth = waiting.pop()
        if depth > _DEEPEST:
            return tag.name
        waiting += [(child, depth + 1) for child in tag.children if isinstance(child, Tag)]
    return ""


def _begins_line(el: Any) -> bool:
    before = el.previous_sibling
    if before is None:
        parent = el.parent
        return parent is None or parent.name not in _EMPHASIS | {"span", "font", "a", "td", "th"}
    return isinstance(before, Tag) and before.name in (
        "br p div ul ol li table pre blockquote hr h1 h2 h3 h4 h5 h6".split()
    )


def _emphasised(el: Tag, text: str, parent_tags: set[str], stars: str, name: str) -> str:
    if "_noformat" in parent_tags or not text.strip():
        return text
    if _EMPHASIS & parent_tags and name in parent_tags:
        return text
    core = text.strip()
    before, after = text[: text.index(core[0])], text[len(text.rstrip()) :]
    beside = any(
        isinstance(other, Tag) and other.name in _EMPHASIS
        for other in (el.previous_sibling, el.next_sibling)
    )
    if "\n\n" in core:
        parts = re.split(r"\n{2,}", core)
        return before + "\n\n".join(f"{stars}{part}{stars}" for part in parts) + after
    if beside or _EMPHASIS & parent_tags or core.startswith("*") or core.endswith("*"):
        return f"{before}<{name}>{core}</{name}>{after}"
    return f"{before}{stars}{core}{stars}{after}"
