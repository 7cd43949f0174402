"""HTML of other programs → our Markdown, and our Markdown → HTML for other programs."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape

import nh3
from bs4 import BeautifulSoup

from app.domain.media import NAME
from app.domain.questions.fill_in import GAP
from app.loader.exchange.escaping import escaped
from app.loader.exchange.html_elements import TEX, Converter, sift, too_deep
from app.loader.rendering import BLOCK_FORMULA, INLINE_FORMULA, converter_of, mathml

_ONE_PARAGRAPH = re.compile(r"\s*(?:<p(?:\s[^<>]*)?>([^<]*)</p>|([^<]*))\s*", flags=re.IGNORECASE)
_AMPERSAND = re.compile(r"&(?:[^<>&;\s\"']{1,32};?)?")

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
    if simple and not TEX.search(html):  # most texts are: this is fifty times as fast
        words = re.sub(
            r"[ \t]*\n[ \t\n]*", "\n", unescape(simple[1] or simple[2] or "").replace("\r", "\n")
        )
        return escaped(re.sub(r"[ \t]+", " ", words).strip()), ()
    soup = BeautifulSoup(_AMPERSAND.sub(_entity, html), "html.parser")
    deep = too_deep(soup)
    if deep:
        return escaped(soup.get_text("\n").strip()), (deep,)
    lost = sift(soup)
    converter = Converter(picture)
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


def _entity(match: re.Match[str]) -> str:
    """An entity in a form that the parser cannot take wrongly: it loses the & of R&D at an end."""
    return escape(unescape(match[0]))


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
