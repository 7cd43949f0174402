"""Markdown → HTML: what a lesson or a question may show, and what never gets through."""

from __future__ import annotations

import pytest

from app.domain.text import Language
from app.loader.rendering import (
    BOXES,
    UnsafeFigure,
    render_lesson,
    render_text,
    with_pictures,
)
from tests.loader.conftest import FIGURE


@pytest.fixture
def lesson(tmp_path):
    """Renders a lesson that has a figure called steps."""
    (tmp_path / "steps.zh.svg").write_text(f'<?xml version="1.0"?>\n{FIGURE}', encoding="utf-8")
    return lambda source: render_lesson(source, figures=tmp_path, language=Language.ZH)


HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil></SCRIPT>",
    '<img src="x" onerror="alert(1)">',
    '<p onclick="alert(1)">x</p>',
    '<a href="javascript:alert(1)">x</a>',
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html,alert)",
    "[x](vbscript:alert)",
    '<span style="position:fixed">x</span>',
    "x\n{: style='color:red' onclick='alert(1)' }",
    '<iframe src="//evil"></iframe>',
    "<style>p{}</style>",
    '<form action="//evil"><input name="x"><button>x</button></form>',
    '<svg onload="alert(1)"></svg>',
    '<math href="javascript:alert(1)"><mi>x</mi></math>',
    "$\\href{javascript:alert(1)}{x}$",
    '<div class="modal-open toast btn">x</div>',
    "x\n{: .modal-open .btn }",
    "<base href='//evil'><link rel=stylesheet href='//evil'><meta http-equiv=refresh>",
]
FORBIDDEN = [
    "<script", "onerror", "onclick", "onload", "href=\"j", "javascript:alert(1)\"", "data:text",
    "vbscript", "style", "<iframe", "<form", "<input", "<button", "<svg", "modal", "btn", "toast",
    "<img", "<base", "<link", "<meta", "evil",
]  # fmt: skip


@pytest.mark.parametrize("source", HOSTILE)
def test_nothing_active_or_foreign_gets_through(lesson, source):
    for html in (render_text(source), lesson(source).html):
        found = [word for word in FORBIDDEN if word in html.lower()]

        assert not found, html


@pytest.mark.parametrize("name", BOXES)
def test_boxes_are_kept(lesson, name):
    html = lesson(f'!!! {name} "标题"\n    内容 **重点**\n').html

    assert f'<div class="admonition {name}">' in html
    assert '<p class="admonition-title">标题</p>' in html
    assert "<strong>重点</strong>" in html


def test_headings_have_their_ids_and_make_the_table_of_contents(lesson):
    page = lesson("## 步骤 {#PL14}\n\n### 打分\n\n## 效应 {#PL16}\n")

    assert '<h2 id="PL14">步骤</h2>' in page.html
    assert [entry["title"] for entry in page.toc] == ["步骤", "打分", "效应"]
    assert (page.toc[0]["id"], page.toc[2]["id"]) == ("PL14", "PL16")
    assert all(f'id="{entry["id"]}"' in page.html for entry in page.toc)


def test_a_table_can_be_scrolled_by_keyboard(lesson):
    html = lesson("| 甲 | 乙 |\n|---|---|\n| 1 | 2 |\n").html

    assert html.count('<div class="table-scroll" tabindex="0"><table>') == 1
    assert html.count("</table></div>") == 1
    assert "<th>甲</th>" in html
    assert "<td>2</td>" in html


def test_a_figure_is_drawn_with_its_caption(lesson):
    html = lesson('前\n\n![甲 & 乙 > "丙"](figure:steps)\n\n后').html

    assert '<figure class="figure"><svg xmlns="http://www.w3.org/2000/svg"' in html
    assert '<figcaption>甲 &amp; 乙 &gt; "丙"</figcaption></figure>' in html
    assert "<?xml" not in html


def test_every_unsafe_figure_is_named(lesson, tmp_path):
    for name in ("one", "two"):
        (tmp_path / f"{name}.zh.svg").write_text(FIGURE.replace("<title>", "<script/><title>"))

    with pytest.raises(UnsafeFigure) as unsafe:
        lesson("![1](figure:one)\n\n![s](figure:steps)\n\n![2](figure:two)\n")

    assert unsafe.value.args == ("one", "two")


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        ("$\\frac{1}{2}$", ["<mfrac>"]),
        ("面积为 $a^2$。", ["<msup>", "面积为 ", "。"]),
        ("$x$ 是数，*重点*", ["<mi>x</mi>", " 是数，<em>重点</em>"]),
        ("乘 $a*b*c$ 得", ["<mi>b</mi>", "得"]),
        ("$a_1 < b_2$", ["<msub>", "&lt;"]),
        ("$$\n\\sqrt{x}\n$$", ['display="block"', "<msqrt>"]),
        ("$\\text{满意度}$", ["<mtext>满意度</mtext>"]),
    ],
)
def test_formulas_become_mathml(lesson, source, parts):
    for html in (render_text(source), lesson(source).html):
        assert html.count("<math ") == html.count("</math>") == 1
        assert all(part in html for part in parts), html
        assert "<em></em>" not in html
        assert "$" not in html


def test_a_formula_inside_a_box_becomes_mathml_too(lesson):
    html = lesson('!!! case "Box"\n\n    Text\n\n    $$a+b$$\n').html

    assert "<math" in html
    assert "$" not in html


@pytest.mark.parametrize(
    "source",
    ["5$ and 6$", "$5 and $6", "US$5, US$6", "(US$5)和(US$6)", "花了 $5–$6", "5$", "$ 5 $"],
)
def test_money_is_no_formula(lesson, source):
    assert render_text(source) == source
    assert "<math" not in lesson(source).html


@pytest.mark.parametrize("latex", ["\\frac{", "\\left( x", "x^", "\\begin{matrix}", "a<b^"])
def test_half_a_formula_is_shown_as_it_stands(lesson, latex):
    shown = latex.replace("<", "&lt;")

    assert shown in render_text(f"见 ${latex}$ 处")
    assert shown in lesson(f"见 ${latex}$ 处").html


def test_gaps_are_numbered():
    assert render_text("有____和______。") == (
        '有<span class="gap">1</span>和<span class="gap">2</span>。'
    )
    assert render_text("____ " * 120).count('class="gap"') == 120


def test_a_text_of_one_paragraph_comes_without_its_paragraph():
    assert render_text("甲 **乙**") == "甲 <strong>乙</strong>"
    assert render_text("甲\n\n乙") == "<p>甲</p>\n<p>乙</p>"
    assert render_text("- 甲\n- 乙").startswith("<ul>")


def test_angle_brackets_and_ampersands_are_text():
    assert render_text("若 a < b & c > d") == "若 a &lt; b &amp; c &gt; d"


def test_links_lead_out_without_handing_over_the_page(lesson):
    html = lesson('[甲](https://example.org/ "标题")').html

    assert 'href="https://example.org/"' in html
    assert 'rel="noopener noreferrer"' in html


PICTURE = f"medium:{'0' * 64}.png"


@pytest.mark.parametrize("alt", ["流程图", "a > b", 'say "hi"', "x src=y", "", "<b>"])
def test_a_picture_of_a_question_gets_its_address_from_the_page(alt):
    html = with_pictures(render_text(f"看图 ![{alt}]({PICTURE})"), "/media/")

    assert f' src="/media/{"0" * 64}.png"' in html
    assert "medium:" not in html


@pytest.mark.parametrize(
    "source",
    [
        "![x](https://evil.example/x.png)",
        "![x](data:image/png;base64,AAAA)",
        "![x](medium:../secrets.json)",
        f"![x]({PICTURE}.svg)",
        '<img src="x" onerror="alert(1)">',
        '<img alt="a > b" onerror="alert(1)">',
        "<img>",
    ],
)
def test_other_pictures_are_left_out(source):
    assert "<img" not in render_text(source)


def test_a_picture_is_no_link_and_words_about_pictures_stay_words():
    link = render_text(f"[x]({PICTURE})")
    words = with_pictures(render_text(f'write `src="{PICTURE}"`'), "/media/")

    assert "href" not in link
    assert f'src="{PICTURE}"' in words.replace("&quot;", '"')


def test_a_picture_carries_nothing_but_its_words():
    html = render_text(f'![x]({PICTURE}){{: onerror="alert(1)" style="x" width="9" }}')

    assert "onerror" not in html and "style" not in html
    assert html.count("<img") == 1
