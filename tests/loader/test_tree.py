"""One run over broken files reports every problem, each as file: place: message."""

from __future__ import annotations

from copy import deepcopy

import pytest

from app.loader.files import LARGEST_FILE
from tests.loader.conftest import FIGURE, LESSON, SCHEME, SYLLABUS, question


def test_a_faultless_tree_is_read(files):
    tree = files.read()

    assert [text.lesson_id for text in tree.texts] == ["swot", "swot", "teams", "teams"]
    assert [entry.question.id for entry in tree.bank] == ["PL14-01", "PL20-01"]
    assert [entry.lesson_id for entry in tree.bank] == ["swot", "teams"]
    assert all('id="PL' in page.html and "<svg" in page.html for page in tree.pages)
    assert len(tree.pages) == len(tree.texts)


def test_one_run_reports_every_problem_of_every_file(files):
    options = question()["options"]
    unsafe = FIGURE.replace("<title>", '<g onload="alert(1)"/><title>')
    scheme = deepcopy(SCHEME)
    scheme["exams"][0]["plan"][0] |= {"module": "magic", "points": float("inf")}
    files.write("content/schemes/unit.yaml", scheme)
    files.write("content/schemes/broken.yaml", "id: [broken\n")
    files.write("content/figures/steps.zh.svg", unsafe)
    files.write(
        "content/planning/swot.zh.md",
        LESSON.format(lesson="swot", point="PL14") + "\n![无](figure:nowhere)\n",
    )
    files.write("content/planning/nobody.zh.md", "text")
    files.write("content/planning/swot.md", "text")
    (files.content / "planning/teams.en.md").unlink()
    files.write(
        "questions/planning/swot.yaml",
        [
            question("PL14-01", options=[{**one, "right": False} for one in options]),
            question("PL14-02", options=[{**one, "right": True} for one in options]),
            question("PL14-03", type="essay"),
            question("PL14-04", stem={"zh": "只有中文"}),
            question("PL14-05", points=["PL14", "XX99"]),
            question("PL14-06", hint="none"),
            question("PL14-07", points=[]),
            question("PL20-01"),
        ],
    )
    files.write("questions/planning/teams.yaml", [question("PL20-01"), "no question"])
    files.write("questions/planning/twice.yaml", "- id: PL14-09\n  type: single\n  id: PL14-10\n")
    files.write("questions/planning/nul.yaml", "- \x00")
    files.write("questions/planning/latin.yaml", b"\xb7\xfe\xce\xf1")
    files.write("questions/planning/large.yaml", b"#" * (LARGEST_FILE + 1))

    problems = files.problems()

    for beginning in (
        "content/schemes/broken.yaml: line 2, column 1: is not valid YAML: ",
        "content/schemes/unit.yaml: exams 1 › plan 1 › points: must be a number",
        "content/schemes/unit.yaml: modules: module magic is not in the syllabus",
        "content/planning/nobody.zh.md: is not named after a lesson of the syllabus",
        "content/planning/swot.md: must be named <lesson>.zh.md or <lesson>.en.md",
        "content/planning/swot.zh.md: figure:nowhere: there is no content/figures/nowhere.zh.svg",
        "content/planning/swot.zh.md: figure:steps: has something that a drawing may not have",
        "content/planning/teams.zh.md: figure:steps: has something that a drawing may not have",
        "content/planning/teams.en.md: is missing: every lesson is written in every language",
        "questions/planning/swot.yaml: PL14-01 › options: no option is marked right",
        "questions/planning/swot.yaml: PL14-02 › options: 3 options are marked right, one is asked",
        "questions/planning/swot.yaml: PL14-03 › type: must be one of: single, ",
        "questions/planning/swot.yaml: PL14-04 › stem › en: translation is missing",
        "questions/planning/swot.yaml: PL14-05: point XX99 is not in the syllabus",
        "questions/planning/swot.yaml: PL14-06 › hint: is not a known key",
        "questions/planning/swot.yaml: PL14-07 › points: is empty",
        "questions/planning/swot.yaml: PL20-01: its first point PL20 belongs to another lesson",
        "questions/planning/teams.yaml: PL20-01: this id is already used in planning/swot.yaml",
        "questions/planning/teams.yaml: question 2: must be a mapping of names to values",
        "questions/planning/twice.yaml: line 3, column 3: is not valid YAML: key 'id' is given",
        "questions/planning/nul.yaml: contains a NUL character",
        "questions/planning/latin.yaml: is not UTF-8 text",
        "questions/planning/large.yaml: is larger than ",
    ):
        assert any(problem.startswith(beginning) for problem in problems), beginning


@pytest.mark.parametrize(
    "part",
    [
        "<script>alert(1)</script>",
        "<SCRIPT/>",
        "<style>*{}</style>",
        '<g style="fill:red"/>',
        "<g style = 'fill:red'/>",
        '<a href="x"/>',
        '<g xlink:href="#x"/>',
        '<g xlink:href = "#x"/>',
        '<g onload="x"/>',
        '<g onload = "x"/>',
        "<g/onload=x>",
        '<g id="a"onload="x"/>',
        '<use id="x"/>',
        "<foreignObject/>",
        "<image/>",
        "<iframe/>",
    ],
)
def test_a_figure_is_a_drawing_and_nothing_else(files, part):
    files.write("content/figures/steps.en.svg", FIGURE.replace("<title>", f"{part}<title>"))

    assert files.problems() == [
        f"content/planning/{lesson}.en.md: figure:steps: has something that a drawing may not have"
        " (script, style, reference)"
        for lesson in ("swot", "teams")
    ]


@pytest.mark.parametrize("content", ["", "no drawing", b"\xff\xfe\x00"])
def test_what_is_no_drawing_at_all_is_a_problem_and_no_crash(files, content):
    files.write("content/figures/steps.en.svg", content)

    assert len(files.problems()) == 2


def test_a_figure_that_is_written_another_way_is_looked_for_too(files):
    text = LESSON.format(lesson="swot", point="PL14") + '\n![无](figure:nowhere "title")\n'
    files.write("content/planning/swot.en.md", text)

    (problem,) = files.problems()

    assert problem.startswith("content/planning/swot.en.md: figure:nowhere: there is no ")


def test_a_broken_syllabus_is_reported_and_does_not_stop_the_rest(files):
    broken = deepcopy(SYLLABUS)
    broken["modules"][0]["weight"] = 90
    files.write("content/syllabus.yaml", broken)
    files.write("questions/planning/swot.yaml", "- [")

    problems = files.problems()

    assert "content/syllabus.yaml: modules: the weights add up to 90, not to 100" in problems
    assert any(problem.startswith("questions/planning/swot.yaml: line ") for problem in problems)


@pytest.mark.parametrize("value", ["", "---\n", "[]", "text", "modules: 7\n", "modules: []\n"])
def test_an_empty_syllabus_is_a_problem(files, value):
    files.write("content/syllabus.yaml", value)

    assert any(problem.startswith("content/syllabus.yaml: ") for problem in files.problems())
