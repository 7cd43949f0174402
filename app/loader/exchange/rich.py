"""HTML of other programs → our Markdown, and our Markdown → HTML for other programs."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape
from typing import Any

import nh3
from bs4 import BeautifulSoup, Tag
from markdownify import MarkdownConverter

from app.domain.media import NAME
from app.domain.questions.fill_in import GAP
from app.loader.exchange.escaping import escaped
from app.loader.rendering import BLOCK_FORMULA, INLINE_FORMULA, converter_of, mathml

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
_TEX = re.compile(
    r"\\\((.{1,1000}?)\\\)|\\\[(.{1,1000}?)\\\]|\$\$([^$]{1,1000})\$\$", flags=re.DOTALL
)
_ONE_PARAGRAPH = re.compile(r"\s*(?:<p(?:\s[^<>]*)?>([^<]*)</p>|([^<]*))\s*", flags=re.IGNORECASE)
_AMPERSAND = re.compile(r"&(?:[^<>&;\s\"']{1,32};?)?")
_LINK_ALT = re.compile(r"!\[[^\]]*\](?=\(medium:)")

_ALLOWED = frozenset(
    """p br hr strong em del code pre blockquote ul ol li a span div table thead tbody tr th td
    sup sub abbr img""".split()
)
_MATHML = frozenset(
    """math mrow mi mn mo ms mtext mspace msup msub msubsup mfrac msqrt mroot mover munder
    munderover mtable mtr mtd mstyle""".split()
)
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt"},
    "ol": {"start"},
    "abbr": {"title"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
}
_MATH_ATTRIBUTES = {
    "math": {"display"},
    "mo": {"stretchy", "fence"},
    "mspace": {"width"},
}
_MARK, _END = "\ue000", "\ue001"
_KEPT = re.compile(f"{_MARK}(\\d+){_END}")
_PICTURE = re.compile(rf'<img\b[^>]*?\bsrc="medium:({NAME.pattern})"[^>]*?>')
_ALT = re.compile(r'\balt="([^"]*)"')
_VOID = re.compile(r"<(br|hr|img)\b([^>]*?)\s*/?>")


def markdown_of(html: str, *, picture: Callable[[str], str | None]) -> tuple[str, tuple[str, ...]]:
    """Markdown that says what the HTML says, and the names of elements that could not be kept.

    picture: the Markdown link of the picture that an img's src means, or None where there is
    none. Formulas (TeX between \\( \\), \\[ \\] or $$, MathML with its TeX) become ours.
    """
    simple = _ONE_PARAGRAPH.fullmatch(html)
    if simple and not _TEX.search(html):  # most texts are: this is fifty times as fast
        words = re.sub(
            r"[ \t]*\n[ \t\n]*", "\n", unescape(simple[1] or simple[2] or "").replace("\r", "\n")
        )
        return escaped(re.sub(r"[ \t]+", " ", words).strip()), ()
    soup = BeautifulSoup(_AMPERSAND.sub(_entity, html), "html.parser")
    deep = _too_deep(soup)
    if deep:
        return escaped(soup.get_text("\n").strip()), (deep,)
    lost = _sift(soup)
    converter = _Converter(picture)
    text = str(converter.convert_soup(soup))
    lines = [line if line.endswith("  ") else line.rstrip(" ") for line in text.split("\n")]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines))
    return text.strip(), tuple(dict.fromkeys([*lost, *converter.lost]))


def html_of(markdown: str, *, href: Callable[[str], str]) -> str:
    """Sanitised HTML, which is well-formed XML as well; one paragraph comes without its <p>.

    href: where the picture of a name lies. Gaps stay as they are (____). Formulas become MathML
    that carries its TeX, so that `markdown_of` finds it again.
    """
    kept: list[str] = []

    def keep(html: str) -> str:
        kept.append(html)
        return f"{_MARK}{len(kept) - 1}{_END}"

    source = _KEPT.sub("", markdown)
    source = GAP.sub(lambda match: keep(match[0]), source)
    source = BLOCK_FORMULA.sub(lambda m: m[1] + keep(_mathml(m[2], display="block")), source)
    source = INLINE_FORMULA.sub(lambda m: keep(_mathml(m[1], display="inline")), source)
    html = nh3.clean(
        converter_of(toc=False).convert(source),
        tags=set(_ALLOWED),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        url_schemes={"http", "https", "medium"},
        link_rel=None,
    )
    html = _PICTURE.sub(lambda match: _img(match, href), html)
    html = _VOID.sub(r"<\1\2/>", html.replace("&nbsp;", "\u00a0"))
    if html.count("<p>") == 1 and html.startswith("<p>") and html.endswith("</p>"):
        html = html[3:-4]
    while _KEPT.search(html):  # a formula may have a gap in it
        html = _KEPT.sub(lambda match: kept[int(match[1])], html)
    return html


class _Converter(MarkdownConverter):
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
        for match in _TEX.finditer(text):
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


def _entity(match: re.Match[str]) -> str:
    """An entity in a form that the parser cannot take wrongly: it loses the & of R&D at an end."""
    return escape(unescape(match[0]))


def _sift(soup: BeautifulSoup) -> list[str]:
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


def _too_deep(soup: BeautifulSoup) -> str:
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


def _mathml(latex: str, *, display: str) -> str:
    latex = latex.strip()
    made = mathml(latex, display=display)
    clean = nh3.clean(made, tags=set(_MATHML), attributes=_MATH_ATTRIBUTES, link_rel=None)
    found = re.fullmatch(r"<math([^>]*)>(.*)</math>", clean, flags=re.DOTALL)
    if found is None:
        return escape(latex, quote=False)
    return (
        f'<math xmlns="http://www.w3.org/1998/Math/MathML"{found[1]}><semantics>'
        f'<mrow>{found[2]}</mrow><annotation encoding="application/x-tex">'
        f"{escape(latex, quote=False)}</annotation></semantics></math>"
    )


def _img(match: re.Match[str], href: Callable[[str], str]) -> str:
    alt = _ALT.search(match[0])
    words = unescape(alt[1]) if alt else ""
    return f'<img src="{escape(href(match[1]))}" alt="{escape(words)}">'
