"""The whole curriculum: every lesson in both languages, and a bank that the linter lets pass."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from app.domain.linting.figures import figures
from app.domain.linting.findings import findings
from app.domain.questions.kinds import QuestionType
from app.domain.text import Language
from app.loader.tree import read_tree

ROOT = Path(__file__).resolve().parents[2]
BOXES = ("goal", "case", "mistake", "discuss", "summary", "note")
FIGURES = (
    "service-profit-chain customer-value equity-drivers environment swot cost-tradeoff"
    " service-circle moments-of-truth service-acronym crm-components crm-process crm-stages"
    " crm-indicators competitor-model organisation-setups transaction-elements"
).split()


@pytest.fixture(scope="module")
def tree():
    return read_tree(ROOT / "content", ROOT / "questions")


@pytest.fixture(scope="module")
def bank(tree):
    return [entry.question for entry in tree.bank]


def texts(tree, language):
    return [text for text in tree.texts if text.language is language]


@pytest.mark.parametrize("language", Language)
def test_every_lesson_is_written(tree, language):
    written = {text.lesson_id for text in texts(tree, language)}

    assert written == set(tree.syllabus.lessons)
    assert len(written) == 42


def test_a_lesson_has_900_to_1800_chinese_characters(tree):
    lengths = {
        text.lesson_id: len(re.findall(r"[\u4e00-\u9fff]", text.markdown))
        for text in texts(tree, Language.ZH)
    }

    assert {id_: n for id_, n in lengths.items() if not 900 <= n <= 1800} == {}


def test_the_english_is_no_summary(tree):
    chinese = {text.lesson_id: len(text.markdown) for text in texts(tree, Language.ZH)}
    short = {
        text.lesson_id
        for text in texts(tree, Language.EN)
        if len(text.markdown) < 2 * chinese[text.lesson_id]
    }

    assert short == set()


def test_every_lesson_has_its_boxes(tree):
    missing = [
        f"{text.lesson_id}.{text.language}: {box}"
        for text in tree.texts
        for box in BOXES
        if f"!!! {box}" not in text.markdown
    ]

    assert missing == []


def test_both_languages_have_the_same_headings_boxes_and_figures(tree):
    def skeleton(text):
        return re.findall(
            r"^#+ .*\{#\w+\}|^!!! \w+|figure:[\w-]+", text.markdown, flags=re.MULTILINE
        )

    def marks(text):
        return [re.sub(r"^#+ .*(\{#\w+\})", r"\1", line) for line in skeleton(text)]

    chinese = {text.lesson_id: marks(text) for text in texts(tree, Language.ZH)}
    differing = [
        text.lesson_id
        for text in texts(tree, Language.EN)
        if sorted(marks(text)) != sorted(chinese[text.lesson_id])
    ]

    assert differing == []


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_drawn_and_used_in_both_languages(tree, name):
    for language in Language:
        drawing = (ROOT / "content" / "figures" / f"{name}.{language}.svg").read_text("utf-8")

        assert "<title>" in drawing
        assert "<desc>" in drawing
        assert any(f"figure:{name}" in text.markdown for text in texts(tree, language))


def test_the_bank_has_over_1100_questions_of_all_nine_types(bank):
    types = Counter(question.type for question in bank)

    assert len(bank) > 1100
    assert set(types) == set(QuestionType)
    assert types[QuestionType.CASE] >= 30


def test_the_bank_has_no_finding(tree, bank):
    points = {
        point.id: point.key for lesson in tree.syllabus.lessons.values() for point in lesson.points
    }

    assert [str(problem) for problem in findings(bank, points=points)] == []


def test_every_figure_of_the_bank_meets_its_target(bank):
    assert [figure for figure in figures(bank) if figure.met is False] == []


def test_a_situation_has_200_to_500_characters(bank):
    lengths = {
        question.id: len(re.sub(r"\s", "", question.stem.zh))
        for question in bank
        if question.type is QuestionType.CASE
    }

    assert {id_: n for id_, n in lengths.items() if not 200 <= n <= 500} == {}
