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
        (("exams", 0, "results"), {"show": ["all"]}, "exams 1 › results › show: must be one of"),
        (("exams", 0, "results"), {"scale": 60}, "exams 1 › results › scale: is not a known key"),
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


SECTIONS = [{"title": {"zh": "一", "en": "One"}}, {"title": {"zh": "二", "en": "Two"}}]
MESSAGE = "sections: must be those that the plan names, from 1 on"


def with_sections(sections, *numbers):
    """The scheme with these sections and a plan whose cells stand in sections `numbers`."""
    scheme = deepcopy(SCHEME)
    exam = scheme["exams"][0]
    kinds = ["single", "multiple", "true_false"]
    exam["plan"] = [
        {"module": "planning", "type": kind, "count": 5, "points": 4}
        | ({} if number is None else {"section": number})
        for kind, number in zip(kinds, numbers, strict=False)
    ]
    exam["pass_mark"] = 1
    if sections is not None:
        exam["sections"] = sections
    return scheme


def section_problems(files):
    return [problem for problem in files.problems() if "section" in problem]


@pytest.mark.parametrize(
    ("sections", "numbers"),
    [
        (None, [None, None]),
        (None, [1, 1]),
        ([], [None]),
        (SECTIONS[:1], [1]),
        (SECTIONS, [None, 2]),
        (SECTIONS, [2, 1, 2]),
    ],
)
def test_the_sections_of_an_exam_are_those_of_its_plan(files, sections, numbers):
    files.write(FILE, with_sections(sections, *numbers))

    assert section_problems(files) == []


@pytest.mark.parametrize(
    ("sections", "numbers"),
    [
        (None, [1, 2]),
        (SECTIONS, [1, 1]),
        (SECTIONS, [2, 2]),
        (SECTIONS, [1, 2, 3]),
        (SECTIONS[:1], [1, 2]),
        ([*SECTIONS, SECTIONS[0]], [1, 3]),
    ],
    ids=["no titles", "one unused", "none in 1", "one too many", "no title of 2", "a gap"],
)
def test_sections_that_do_not_match_the_plan_are_noted(files, sections, numbers):
    files.write(FILE, with_sections(sections, *numbers))

    assert section_problems(files) == [f"{FILE}: exams 1 › {MESSAGE}"]


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ({}, "exams 1 › sections 2 › title: "),
        ({"title": {"zh": "二"}}, "exams 1 › sections 2 › title › en: translation is missing"),
        (SECTIONS[1] | {"minutes": 5}, "exams 1 › sections 2 › minutes: is not a known key"),
    ],
)
def test_a_broken_section_names_its_place(files, section, message):
    files.write(FILE, with_sections([SECTIONS[0], section], 1, 2))

    assert section_problems(files)[0].startswith(f"{FILE}: {message}")


def test_more_than_nine_sections_are_too_many(files):
    files.write(FILE, with_sections([SECTIONS[0]] * 10, 1))

    assert section_problems(files)[0].startswith(f"{FILE}: exams 1 › sections: must have 0 to 9 ")


def test_sections_are_kept_in_their_order(files):
    files.write(FILE, with_sections(SECTIONS, 2, 1))

    scheme = files.read().schemes[0]

    assert [title.zh for title in scheme.exams[0].sections] == ["一", "二"]
    dumped = scheme.dump()["exams"][0]
    assert [title["en"] for title in dumped["sections"]] == ["One", "Two"]


def test_a_scheme_without_sections_keeps_the_hash_that_it_had(files):
    without = files.read().schemes[0]
    files.write(FILE, with_sections([], 1))

    assert "sections" not in without.dump()["exams"][0]
    assert "sections" not in files.read().schemes[0].dump()["exams"][0]


def test_a_scheme_without_a_policy_reads_as_it_always_did(files):
    files.write(FILE, SCHEME)

    (scheme,) = files.read().schemes

    assert "results" not in scheme.dump()["exams"][0]
    assert scheme.exams[0].results.dump() == {}
