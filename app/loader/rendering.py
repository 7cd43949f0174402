"""Markdown → sanitised HTML, for lessons and for the texts of questions."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from html import escape, unescape
from itertools import count
from pathlib import Path
from typing import Any

import latex2mathml.converter
import latex2mathml.exceptions
import markdown
import nh3

from app.domain.media import NAME
from app.domain.questions.fill_in import GAP
from app.domain.text import Language

BOXES = ("goal", "memory", "case", "mistake", "discuss", "summary", "note")
"""The kinds of boxes (admonitions) that lessons may use."""

_CLASSES = {"admonition", "admonition-title", "table-scroll", "figure", "gap", "formula", *BOXES}
_MATH_TAGS = frozenset(  # what latex2mathml makes
    """math mrow mi mn mo ms mtext mspace msup msub msubsup mfrac msqrt mroot mover munder
    munderover mtable mtr mtd mstyle""".split()
)
_TEXT_TAGS = frozenset(
    """h2 h3 h4 p br hr strong em del code pre blockquote ul ol li dl dt dd a span div table
    thead tbody tr th td figure figcaption sup sub abbr""".split()
)
_TAGS = _TEXT_TAGS | _MATH_TAGS
_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"class", "id"},
    "a": {"href", "title"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "abbr": {"title"},
    "math": {"display"},
    "mo": {"stretchy", "fence"},
    "mspace": {"width"},
    "ol": {"start"},
}
PICTURE = "medium:"
"""What stands before a picture's name in a text, and in what `render_text` makes of it."""
_IMAGE = re.compile(r'<img((?:\s+[a-z-]+="[^"]*")*)\s*/?>')
_SOURCE = re.compile(rf'(?<=\ssrc="){PICTURE}')
_LONE_FIGURE = re.compile(r"<p>\s*<img([^>]*)/?>\s*</p>")
_FIGURE_SOURCE = re.compile(r'src="figure:([a-z0-9-]+)"')
_ALT = re.compile(r'alt="([^"]*)"')
BLOCK_FORMULA = re.compile(r"^([ \t]*)\$\$(.+?)\$\$[ \t]*$", flags=re.MULTILINE | re.DOTALL)
INLINE_FORMULA = re.compile(r"(?<![\\$\d])\$(?=\S)([^$\n]+?)(?<=\S)\$(?!\d)")
_SVG_FORBIDDEN = re.compile(
    r"<(script|style|foreignObject|image|use|a|iframe)\b"
    r"|[\s/\"'](on\w+|style)\s*=|href\s*=|<!(DOCTYPE|ENTITY)",
    flags=re.IGNORECASE,
)
_BROKEN_LATEX: tuple[type[Exception], ...] = (
    LookupError,
    ValueError,
    StopIteration,
    *(
        error
        for error in vars(latex2mathml.exceptions).values()
        if isinstance(error, type) and issubclass(error, Exception)
    ),
)
"""What latex2mathml raises for a broken formula: its errors have no base of their own."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A lesson as HTML, and its headings as {id, title} for the table of contents."""

    html: str
    toc: tuple[dict[str, str], ...]


class UnsafeFigure(ValueError):
    """Figures, by name, have what a drawing does not need: scripts, styles, references."""


def render_lesson(source: str, *, figures: Path, language: Language) -> Rendered:
    """A whole lesson. figures: the folder with <name>.<language>.svg."""
    converter = converter_of(toc=True)
    html = nh3.clean(
        _LONE_FIGURE.sub(r"<figure data-figure\1></figure>", converter.convert(_formulas(source))),
        tags=set(_TAGS),
        attributes={**_ATTRIBUTES, "figure": {"src", "alt"}},
        attribute_filter=_keep_known,
        url_schemes={"http", "https", "mailto", "figure"},
        link_rel="noopener noreferrer",
    )
    unsafe: list[str] = []
    html = re.sub(r"<figure([^>]*)></figure>", _inline_figure(figures, language, unsafe), html)
    if unsafe:
        raise UnsafeFigure(*unsafe)
    html = html.replace("<table>", '<div class="table-scroll" tabindex="0"><table>').replace(
        "</table>", "</table></div>"
    )
    toc = tuple(
        {"id": token["id"], "title": token["name"]} for token in _headings(converter.toc_tokens)
    )
    return Rendered(html, toc)


@lru_cache(maxsize=4096)
def render_text(source: str) -> str:
    """A stem, an option or an explanation; a text of one paragraph comes without its <p>.

    A picture, `![what it shows](medium:<name>)`, keeps its source as it stands: only the page
    knows the address. Pictures from anywhere else are left out.
    """
    gaps = count(1)
    numbered = GAP.sub(lambda _: f"@@gap{next(gaps)}@@", source)
    html = nh3.clean(
        converter_of(toc=False).convert(_formulas(numbered)),
        tags=(set(_TAGS) - {"h2", "h3", "h4", "figure"}) | {"img"},
        attributes={**_ATTRIBUTES, "img": {"src", "alt"}},
        attribute_filter=_keep_picture,
        url_schemes={"http", "https", "medium"},
        link_rel="noopener noreferrer",
    )
    html = _IMAGE.sub(lambda image: image[0] if _SOURCE.search(image[1]) else "", html)
    html = re.sub(r"@@gap(\d+)@@", r'<span class="gap">\1</span>', html)
    if html.count("<p>") == 1 and html.startswith("<p>") and html.endswith("</p>"):
        html = html[3:-4]
    return html


def with_pictures(html: str, address: str) -> str:
    """What `render_text` made, with the pictures' sources: address is what stands before a name."""
    if PICTURE not in html:
        return html
    return _IMAGE.sub(lambda image: _SOURCE.sub(lambda _: address, image[0]), html)


def converter_of(*, toc: bool) -> markdown.Markdown:
    """Markdown as this product has it, ready for a text. toc: with what only lessons have.

    To make one costs more than to convert a stem: each thread keeps its own two.
    """
    if toc not in _kept.converters:
        _kept.converters[toc] = _new_converter(toc=toc)
    return _kept.converters[toc].reset()


class _Kept(threading.local):
    """What one thread keeps; converters hold the text that they are at."""

    def __init__(self) -> None:
        self.converters: dict[bool, markdown.Markdown] = {}


_kept = _Kept()


def _new_converter(*, toc: bool) -> markdown.Markdown:
    extensions: list[Any] = ["tables", "sane_lists", "attr_list", "pymdownx.superfences"]
    if toc:
        extensions += ["admonition", "def_list", "toc"]
    converter = markdown.Markdown(extensions=extensions, output_format="html")
    converter.block_level_elements.remove("math")  # a formula may begin a sentence
    return converter


def mathml(latex: str, *, display: str) -> str:
    """A formula as MathML, not sanitised yet; a broken one as it stands.

    display: inline or block.
    """
    try:
        return latex2mathml.converter.convert(latex.strip(), display=display)
    except _BROKEN_LATEX:  # half a formula, while it is being typed, shows as it stands
        return escape(latex)


def _keep_known(tag: str, name: str, value: str) -> str | None:
    if name == "class":
        kept = [word for word in value.split() if word in _CLASSES]
        return " ".join(kept) or None
    return value


def _keep_picture(tag: str, name: str, value: str) -> str | None:
    is_picture = value.startswith(PICTURE) and NAME.fullmatch(value.removeprefix(PICTURE))
    if tag == "img" and name == "src":
        return value if is_picture else None
    if name == "href" and value.casefold().startswith(PICTURE):
        return None
    return _keep_known(tag, name, value)


def _formulas(source: str) -> str:
    source = BLOCK_FORMULA.sub(lambda m: m[1] + mathml(m[2], display="block"), source)
    return INLINE_FORMULA.sub(lambda m: mathml(m.group(1), display="inline"), source)


def _headings(tokens: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [item for token in tokens for item in (token, *_headings(token["children"]))]


def _inline_figure(
    figures: Path, language: Language, unsafe: list[str]
) -> Callable[[re.Match[str]], str]:
    def inline(match: re.Match[str]) -> str:
        source, alt = _FIGURE_SOURCE.search(match.group(1)), _ALT.search(match.group(1))
        if source is None:
            return ""
        path = figures / f"{source.group(1)}.{language}.svg"
        if not path.is_file():  # the lesson's own check reports it
            return ""
        _, found, svg = path.read_text(encoding="utf-8", errors="replace").partition("<svg")
        svg = found + svg
        if not svg or _SVG_FORBIDDEN.search(svg):
            unsafe.append(source.group(1))
            return ""
        caption = unescape(alt.group(1)) if alt else ""
        return (
            f'<figure class="figure">{svg}'
            f"<figcaption>{escape(caption, quote=False)}</figcaption></figure>"
        )

    return inline
