"""Reading YAML and front matter: what cannot be read is a problem, never an error."""

from __future__ import annotations

import pytest

from app.domain.problems import Problems
from app.loader.files import LARGEST_FILE, parse_yaml, read_text_file, read_yaml, split_front_matter


def parse(text):
    problems = Problems("a.yaml")
    return parse_yaml(text, problems=problems), [str(problem) for problem in problems]


@pytest.mark.parametrize(
    ("text", "beginning"),
    [
        ("a: [1\nb: 2", "a.yaml: line 2, column 2: is not valid YAML: "),
        ("a: 1\na: 2", "a.yaml: line 2, column 1: is not valid YAML: key 'a' is given twice"),
        ("a: {b: 1, c: 2, b: 3}", "a.yaml: line 1, column 17: is not valid YAML: key 'b' is given"),
        ("x:\n- ? [a]\n  : b", "a.yaml: line 2, column 5: is not valid YAML: a list or mapping"),
        ("\tb: 1", "a.yaml: line 1, column 1: is not valid YAML: "),
        ("a: *nobody", "a.yaml: line 1, column 4: is not valid YAML: "),
        ("a: &x [*x]", "a.yaml: line 1, column 4: is not valid YAML: "),
        ("a: 1\n---\nb: 2", "a.yaml: line 2, column 1: is not valid YAML: "),
        ("a: !!python/object:os.system x", "a.yaml: line 1, column 4: is not valid YAML: "),
        ("a: 2026-13-45", "a.yaml: is not valid YAML: month must be in 1..12"),
        ("a: " + "9" * 5000, "a.yaml: is not valid YAML: "),
        ("a: !!int x", "a.yaml: is not valid YAML: "),
        ("a: !!timestamp x", "a.yaml: is not valid YAML: "),
        ("a: \x07", "a.yaml: is not valid YAML: "),
    ],
)
def test_broken_yaml_names_its_line(text, beginning):
    value, problems = parse(text)

    assert value is None
    assert problems[0].startswith(beginning)
    assert len(problems) == 1


def test_one_key_may_stand_in_two_mappings():
    assert parse("a: {b: 1}\nc: {b: 2}") == ({"a": {"b": 1}, "c": {"b": 2}}, [])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a\x00b", "contains a NUL character"),
        (b"\xb7\xfe", "is not UTF-8 text"),
        ("题".encode("utf-16"), "is not UTF-8 text"),
        (b" " * (LARGEST_FILE + 1), f"is larger than {LARGEST_FILE} bytes"),
    ],
)
def test_a_file_that_is_no_text_is_a_problem(tmp_path, content, message):
    path, problems = tmp_path / "a.yaml", Problems("a.yaml")
    path.write_bytes(content)

    assert read_yaml(path, problems=problems) is None
    assert [str(problem) for problem in problems] == [f"a.yaml: {message}"]


def test_a_file_of_the_largest_size_is_read(tmp_path):
    path, problems = tmp_path / "a.txt", Problems()
    path.write_bytes(b"x" * LARGEST_FILE)

    assert len(read_text_file(path, problems=problems)) == LARGEST_FILE
    assert not problems


def test_a_file_that_is_not_there_is_a_problem(tmp_path):
    problems = Problems("a.yaml")

    assert read_text_file(tmp_path / "a.yaml", problems=problems) == ""
    assert str(problems[0]).startswith("a.yaml: cannot be read: ")


def test_front_matter_stands_before_the_text():
    problems = Problems()

    assert split_front_matter("---\nid: swot\n---\n## A\n---\nb\n", problems=problems) == (
        {"id": "swot"},
        "## A\n---\nb\n",
    )
    assert not problems


@pytest.mark.parametrize("text", ["## A\n", "---\nid: swot\n## A\n", "--- \nid: swot\n---\n", ""])
def test_a_text_without_front_matter_is_a_problem(text):
    problems = Problems()

    assert split_front_matter(text, problems=problems) == ({}, text)
    assert len(problems) == 1


def test_a_line_of_front_matter_is_counted_in_the_file():
    problems = Problems("a.md")

    split_front_matter("---\nid: swot\ntitle: [\n---\n", problems=problems)
    split_front_matter("---\nid: swot\nid: swot\n---\n", problems=problems)

    assert str(problems[1]).startswith("a.md: line 3, column 1: ")
