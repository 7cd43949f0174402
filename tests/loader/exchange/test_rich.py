"""HTML of others as our Markdown, and our Markdown as HTML."""

from __future__ import annotations

import time
from html import escape
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from app.domain.media import Medium
from app.loader.exchange.escaping import escaped
from app.loader.exchange.rich import html_of, markdown_of
from app.loader.rendering import render_text

QUESTIONS = Path(__file__).parents[3] / "questions"
PICTURE = Medium.of(b"\x89PNG\r\n\x1a\n" + bytes(20))
SIGNS = st.sampled_from(
    """a b 甲 乙 1. 2) # ## * ** - + _ __ < > & ; &amp; &lt; " ' \\ \\\\ ` ``` ~~~ [ ] ]( ( ) { } {:
    = == --- *** | |-| : ! ![ $ $x$ % @ <b> </b> <!-- <http://a> a@b.c
    http://a.b ____ ______""".split()
)
plain = st.lists(SIGNS | st.sampled_from([" ", "\n"]), max_size=12).map(
    lambda pieces: " ".join("".join(pieces).split(" ")).strip()
)


def picture(source):
    name = source.removeprefix("/pictures/")
    return f"![](medium:{name})" if name != source else None


def html(markdown):
    return html_of(markdown, href=lambda name: f"/pictures/{name}")


def markdown(source):
    return markdown_of(source, picture=picture)


def texts_in(value):
    if isinstance(value, dict):
        yield from (value[key] for key in ("zh", "en") if isinstance(value.get(key), str))
        for inner in value.values():
            yield from texts_in(inner)
    if isinstance(value, list):
        for inner in value:
            yield from texts_in(inner)


def test_every_text_of_the_bank_comes_back_through_html():
    texts = {
        text.strip()
        for path in sorted(QUESTIONS.glob("*/*.yaml"))
        for text in texts_in(yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader))
    }
    rich = [text for text in texts if set("*_`<>&[]{}#$\n\\") & set(text)]

    changed = [text for text in rich if markdown(html(text)) != (text, ())]

    assert len(texts) > 1000
    assert not changed


@given(plain)
def test_plain_text_is_shown_as_it_is(text):
    shown = html_of(escaped(text), href=str)

    words = "".join(ElementTree.fromstring(f"<p>{shown}</p>").itertext())
    assert " ".join(words.split()) == " ".join(text.split())


@given(plain)
def test_plain_text_keeps_its_signs_through_html(text):
    written, lost = markdown(escape(text, quote=False))

    words = "".join(ElementTree.fromstring(f"<p>{html(written)}</p>").itertext())
    assert " ".join(words.split()) == " ".join(text.split())
    assert not lost


@given(plain)
def test_what_candidates_see_is_the_same_text(text):
    shown = render_text(escaped(text).replace("____", ""))

    assert "<em>" not in shown
    assert "<h" not in shown
    assert "<li" not in shown


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("<p>甲</p><p>乙</p>", "甲\n\n乙"),
        ("甲<br>乙", "甲  \n乙"),
        ("<b>甲</b>乙<em>丙</em>", "**甲**乙*丙*"),
        ("<b>a</b><i>b</i>", "<strong>a</strong><em>b</em>"),
        ("<b>x <i>y</i></b>", "**x <em>y</em>**"),
        ("<b><p>甲</p><p>乙</p></b>", "**甲**\n\n**乙**"),
        ("H<sub>2</sub>O, m<sup>2</sup>", "H<sub>2</sub>O, m<sup>2</sup>"),
        ("<ul><li>甲</li><li>乙<ol><li>丙</li></ol></li></ul>", "- 甲\n- 乙\n    1. 丙"),
        ('<ol start="3"><li>甲</li><li>乙</li></ol>', "3. 甲\n4. 乙"),
        ("<h3>标题</h3><p>文</p>", "**标题**\n\n文"),
        (
            "<table><tr><th>甲|</th><th>乙</th></tr><tr><td>1</td><td>2<br>3</td></tr></table>",
            "| 甲\\| | 乙 |\n| --- | --- |\n| 1 | 2 3 |",
        ),
        ('<a href="https://a.b/c">看</a>', "[看](https://a.b/c)"),
        ("<code>a*b</code>", "`a*b`"),
        ("<pre>a\n  b</pre>", "```\na\n  b\n```"),
        ("<div><span style='color:red'>红</span></div><!-- 注 --><style>p{}</style>", "红"),
        (f'<img src="/pictures/{PICTURE.name}" alt="流[程]图">', PICTURE.link("流[程]图")),
        ("\\(x^2\\) \\[y\\] $$z$$", "$x^2$\n\n$$y$$\n\n$z$"),
        ("填____空", "填____空"),
        (
            "<b>R&D</b> &unknown; &lt 1 &#39064; &amp;lt; R&D",
            "**R&D** &amp;unknown; < 1 题 &amp;lt; R&D",
        ),
        ("&nbsp;# 甲", "\\# 甲"),
        ("&nbsp;# 甲<br>", "\\# 甲"),
    ],
)
def test_html_becomes_our_markdown(source, written):
    assert markdown(source) == (written, ())


@pytest.mark.parametrize(
    ("source", "written", "lost"),
    [
        ("甲<script>alert(1)</script>", "甲", ("script",)),
        ('甲<iframe src="//evil"></iframe><video src="x">v</video>', "甲", ("iframe", "video")),
        ("<u>甲</u><foo>乙</foo>", "甲乙", ("u", "foo")),
        ('<a href="javascript:alert(1)">甲</a>', "甲", ("a",)),
        ('<img src="http://evil/x.png" alt="图 *">', "图 \\*", ("img",)),
        ("<math><mi>x</mi></math>", "x", ("math",)),
        ('<table><tr><td colspan="2">甲</td></tr></table>', None, ("td colspan",)),
        ("<div>" * 500 + "甲", "甲", ("div",)),
    ],
)
def test_what_cannot_be_kept_is_named(source, written, lost):
    found, names = markdown(source)

    assert written is None or found == written
    assert names == lost


@pytest.mark.parametrize(
    "source",
    [
        "$x^2 + a_1$ 元",
        "$$\n\\frac{1}{2}\n$$".replace("\n", ""),
        f"看 {PICTURE.link('图 & “甲”')} 后",
        "| a | b |\n| --- | --- |\n| 1 | 2 |",
        "- a\n- b\n    - c",
        "1. a\n2. b",
        "> 引",
        "甲  \n乙",
        "[看](https://a.b/c)",
    ],
)
def test_our_markdown_comes_back_through_html(source):
    assert markdown(html(source)) == (source, ())


@pytest.mark.parametrize(
    "source",
    [
        "甲<br>乙 & 丙\u00a0 &nbsp; <hr>",
        f"{PICTURE.link('a & b')} $a<b$ $\\text{{x}}$",
        "<script>alert(1)</script><img src=x onerror=alert(1)>",
        "$\\href{javascript:alert(1)}{x}$ [x](javascript:alert(1))",
        "| a |\n|---|\n| 1 |",
    ],
)
def test_our_html_is_well_formed_and_harmless(source):
    made = html(source)

    ElementTree.fromstring(f"<div>{made}</div>")
    assert "<script" not in made
    assert "onerror" not in made
    assert 'href="javascript' not in made


@pytest.mark.parametrize(
    "source",
    ["[" * 50_000, "![" * 30_000, "<" * 60_000, "$" * 60_000, "\\(" * 30_000, "*" * 60_000,
     "{mlang zh}" * 6_000, "<ol>" + "<li>x" * 5_000],
)  # fmt: skip
def test_hostile_texts_take_no_longer_than_others(source):
    start = time.process_time()

    markdown(source)

    assert time.process_time() - start < 5
