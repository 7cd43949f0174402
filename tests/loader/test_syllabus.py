"""The syllabus file."""

from __future__ import annotations

from copy import deepcopy

import pytest

from tests.loader.conftest import SYLLABUS

FILE = "content/syllabus.yaml"


def test_a_point_knows_its_lesson_and_a_lesson_its_module(files):
    syllabus = files.read().syllabus

    assert syllabus.point_lessons == {"PL14": "swot", "PL20": "teams"}
    assert syllabus.lesson_modules == {"swot": "planning", "teams": "planning"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda module: module.update(weight=101), "modules 1 › weight: must be between 0 and 100"),
        (lambda module: module.update(weight=99), "modules: the weights add up to 99, not to 100"),
        (lambda module: module.pop("en"), "modules 1 › en: translation is missing"),
        (lambda module: module.update(lessons=[]), "modules 1 › lessons: must have 1 to 50"),
        (lambda module: module.update(colour=1), "modules 1 › colour: is not a known key"),
        (lambda module: module["lessons"][1].update(id="swot"), "swot: this id is given more than"),
        (
            lambda module: module["lessons"][1]["points"][0].update(id="PL14"),
            "PL14: this id is given more than once",
        ),
        (
            lambda module: module["lessons"][0]["points"][0].pop("source"),
            "modules 1 › lessons 1 › points 1 › source: is missing",
        ),
    ],
)
def test_a_broken_syllabus_names_its_place(files, change, message):
    syllabus = deepcopy(SYLLABUS)
    change(syllabus["modules"][0])
    files.write(FILE, syllabus)

    assert files.problems()[0].startswith(f"{FILE}: {message}")
