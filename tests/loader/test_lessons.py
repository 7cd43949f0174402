"""Lesson files: their names, front matter, headings and translations."""

from __future__ import annotations

import pytest

from app.domain.text import Language
from tests.loader.conftest import LESSON

TEXT = LESSON.format(lesson="swot", point="PL14")
FILE = "content/planning/swot.en.md"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("id: swot", "id: teams", f"{FILE}: id: must be swot, like the file"),
        ("points: [PL14]", "points: [PL14, PL20]", f"{FILE}: points: must be PL14"),
        ("points: [PL14]", "points: []", f"{FILE}: points: is empty"),
        ("{#PL14}", "", f"{FILE}: PL14: has no heading that ends in {{#PL14}}"),
        ("## 步骤", "步骤", f"{FILE}: PL14: has no heading that ends in {{#PL14}}"),
        ("minutes: 10", "minutes: 0", f"{FILE}: minutes: must be between 1 and 240"),
        ("title: 标题\n", "", f"{FILE}: title: is missing"),
        ("minutes: 10", "minutes: 10\nauthor: x", f"{FILE}: author: is not a known key"),
        ("---\n", "", f"{FILE}: must begin with front matter between two lines of ---"),
        (TEXT, "", f"{FILE}: is empty"),
    ],
)
def test_a_broken_lesson_names_its_place(files, old, new, message):
    files.write(FILE, TEXT.replace(old, new))

    assert message in files.problems()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_missing_translation_of_a_lesson_is_told(files, language):
    (files.content / f"planning/swot.{language}.md").unlink()

    assert files.problems() == [
        f"content/planning/swot.{language}.md: is missing: "
        "every lesson is written in every language"
    ]


def test_a_lesson_may_still_be_unwritten(files):
    for language in ("zh", "en"):
        (files.content / f"planning/swot.{language}.md").unlink()

    assert {text.lesson_id for text in files.read().texts} == {"teams"}


@pytest.mark.parametrize("name", ["swot.md", "swot.fr.md", "swto.zh.md", "zh.md"])
def test_a_lesson_with_a_wrong_name_is_told(files, name):
    files.write(f"content/planning/{name}", TEXT)

    (problem,) = files.problems()

    assert problem.startswith(f"content/planning/{name}: ")


def test_a_lesson_in_another_module_s_folder_is_told(files):
    files.write("content/crm/swot.zh.md", TEXT)

    (problem,) = files.problems()

    assert problem.startswith("content/crm/swot.zh.md: is not named after a lesson")


def test_the_figure_of_each_language_is_needed(files):
    (files.content / "figures/steps.en.svg").unlink()

    assert files.problems() == [
        f"content/planning/{lesson}.en.md: figure:steps: there is no content/figures/steps.en.svg"
        for lesson in ("swot", "teams")
    ]


def test_a_lesson_s_text_and_hash_follow_the_file(files):
    before = {(text.lesson_id, text.language): text for text in files.read().texts}
    files.write(FILE, TEXT + "More.\n")
    after = {(text.lesson_id, text.language): text for text in files.read().texts}

    changed = {key for key in before if before[key].hash != after[key].hash}
    assert changed == {("swot", Language.EN)}
    assert after["swot", Language.EN].markdown.endswith("More.\n")
    assert after["swot", Language.EN].minutes == 10


def test_lines_may_end_as_windows_ends_them(files):
    files.write(FILE, TEXT.replace("\n", "\r\n").encode())

    assert files.problems() == []
