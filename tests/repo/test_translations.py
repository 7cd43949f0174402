"""Every sentence has its Chinese; no template or view writes a sentence past the catalogue."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app"
CATALOGUE = APP / "translations" / "zh" / "LC_MESSAGES" / "messages.po"
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None, "_l": None}
PLACE = re.compile(r"%\(\w+\)s|\{\w+\}|%%")
LETTERS = re.compile(r"[A-Za-z\u3400-\u9fff]{2,}")
NAMES = {"English", "中文", "PL05", "QJ-2026-U1-000042-M", "SHA-256", "Safe Exam Browser"}
"""What stands in a template as it is: the languages' own names, and examples of codes."""


def sentences() -> set[str]:
    found = extract_from_dir(APP, METHODS, keywords=KEYWORDS)
    return {message for _, _, message, _, _ in found if isinstance(message, str)}


def catalogue() -> dict[str, str]:
    with CATALOGUE.open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file, locale="zh") if m.id}


def test_every_sentence_has_its_chinese():
    known = catalogue()

    missing = sorted(message for message in sentences() if not known.get(message))

    assert missing == []


def test_the_catalogue_keeps_no_sentence_that_is_gone():
    assert sorted(set(catalogue()) - sentences()) == []


def test_translations_keep_every_place_for_a_value():
    wrong = [
        message
        for message, chinese in catalogue().items()
        if sorted(PLACE.findall(message)) != sorted(PLACE.findall(chinese))
    ]

    assert wrong == []


def test_no_sentence_is_fuzzy():
    with CATALOGUE.open("rb") as file:
        assert [m.id for m in read_po(file, locale="zh") if m.id and m.fuzzy] == []


def forgotten(source: str) -> list[str]:
    """Words of a template that no reader could have in their own language."""
    text = re.sub(r"\{% block width %\}.*?\{% endblock %\}", " ", source)
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", text, flags=re.S)
    spoken = re.findall(r'\b(?:aria-label|title|placeholder|alt)="([^"]*)"', text)
    text = re.sub(r"<(?:text|style|code)\b.*?</\w+>", " ", text, flags=re.S)
    spoken += re.split(r"<[^>]*>", text, flags=re.S)
    return [word for part in spoken for word in LETTERS.findall(part) if part.strip() not in NAMES]


@pytest.mark.parametrize(
    "path", sorted(APP.glob("templates/**/*.html")), ids=lambda p: p.relative_to(APP).as_posix()
)
def test_a_template_writes_no_sentence_past_the_catalogue(path):
    assert forgotten(path.read_text("utf-8")) == []


def test_a_forgotten_sentence_is_found_in_text_and_in_labels():
    source = """<p>{{ _('Kept') }} Forgotten</p><a aria-label="遗漏" href="/x">{{ x }}</a>"""

    assert forgotten(source) == ["遗漏", "Forgotten"]
