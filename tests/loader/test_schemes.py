"""Scheme files: what a certificate requires."""

from __future__ import annotations

from copy import deepcopy

import pytest

from tests.loader.conftest import SCHEME

FILE = "content/schemes/unit.yaml"


def changed(*path, value):
    scheme = deepcopy(SCHEME)
    inner = scheme
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return scheme


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("id",), "other", "id: must be unit, like the file"),
        (("version",), 0, "version: must be between 1 and 9999"),
        (("modules",), ["magic"], "modules: module magic is not in the syllabus"),
        (("modules",), [], "modules: is empty"),
        (("exams",), [], "exams: must have 1 to 6 entries, has 0"),
        (("certificate", "validity_months"), 0, "certificate › validity_months: must be between"),
        (("certificate", "decision"), "coin", "certificate › decision: must be one of: rule, pers"),
        (("certificate", "prefix"), "KO", "certificate › prefix: must be one of: 0–9, "),
        (("certificate", "prefix"), "Q-J", "certificate › prefix: must be one of: 0–9, "),
        (("certificate", "level"), "一级", "certificate › level: must be one of: 0–9, "),
        (("exams", 0, "papers"), 1, "exams 1 › papers: must be at least as many as the attempts"),
        (("exams", 0, "pass_mark"), 101, "exams 1 › pass_mark: must be between 0 and 100"),
        (("exams", 0, "pass_mark"), 0, "exams 1 › pass_mark: must be between 0 and 100"),
        (("exams", 0, "pass_mark"), float("nan"), "exams 1 › pass_mark: must be a number"),
        (("exams", 0, "minutes"), "40", "exams 1 › minutes: must be a whole number"),
        (("exams", 0, "release"), "later", "exams 1 › release: must be one of: immediately, by_"),
        (("exams", 0, "scoring"), {"penalty": 2}, "exams 1 › scoring › penalty: must be between"),
        (("exams", 0, "plan", 0, "module"), "magic", "modules: module magic is not in the syll"),
        (("exams", 0, "plan"), [SCHEME["exams"][0]["plan"][0]] * 2, "exams 1 › plan 2: overlaps"),
        (("colour",), "red", "colour: is not a known key"),
        (("title",), {"zh": "名"}, "title › en: translation is missing"),
    ],
)
def test_a_broken_scheme_names_its_place(files, path, value, message):
    files.write(FILE, changed(*path, value=value))

    assert files.problems()[0].startswith(f"{FILE}: {message}")


@pytest.mark.parametrize("value", ["", "[]", "text", "7"])
def test_a_file_that_is_no_scheme_is_told(files, value):
    files.write(FILE, value)

    assert files.problems()[0].startswith(f"{FILE}: ")


def test_a_change_makes_another_content_hash(files):
    before = files.read().schemes[0].content_hash()
    files.write(FILE, dict(reversed(SCHEME.items())))
    reordered = files.read().schemes[0].content_hash()
    files.write(FILE, changed("exams", 0, "minutes", value=41))
    after = files.read().schemes[0].content_hash()

    assert before == reordered != after
