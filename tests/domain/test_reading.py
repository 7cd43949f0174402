"""Reading raw mappings: every problem is noted with its place, nothing is raised."""

from __future__ import annotations

from enum import StrEnum

import pytest
from hypothesis import given

from app.domain.problems import Problems
from app.domain.reading import Reader
from app.domain.text import Text
from tests.domain.strategies import json_values


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


def read(ask, value):
    problems = Problems("a.yaml")
    reader = Reader({"key": value}, place="PL05-01", problems=problems)
    result = ask(reader)
    reader.done()
    return result, [str(problem).removeprefix("a.yaml: PL05-01 › ") for problem in problems]


METHODS = {
    "text": lambda reader: reader.text("key"),
    "string": lambda reader: reader.string("key", longest=4),
    "strings": lambda reader: reader.strings("key"),
    "integer": lambda reader: reader.integer("key", least=1, most=5),
    "number": lambda reader: reader.number("key"),
    "boolean": lambda reader: reader.boolean("key"),
    "member": lambda reader: reader.member("key", Colour),
    "items": lambda reader: [item.text("zh") for item in reader.items("key", least=1)],
    "inner": lambda reader: reader.inner("key").string("name"),
}


@pytest.mark.parametrize(
    ("method", "value", "result"),
    [
        ("text", {"zh": " 甲 ", "en": 7}, Text("甲", "7")),
        ("string", " abc ", "abc"),
        ("string", 12, "12"),
        ("strings", "one", ("one",)),
        ("strings", [" one ", 2, ""], ("one", "2")),
        ("integer", 5, 5),
        ("number", 3, 3.0),
        ("boolean", False, False),
        ("member", "blue", Colour.BLUE),
        ("inner", {"name": "x"}, "x"),
    ],
)
def test_what_fits_is_read(method, value, result):
    assert read(METHODS[method], value) == (result, [])


@pytest.mark.parametrize(
    ("method", "value", "message"),
    [
        ("text", None, "key: is missing"),
        ("text", "甲", "key: must have a text for zh and one for en"),
        ("text", {"zh": "甲"}, "key › en: translation is missing"),
        ("text", {"zh": "甲", "en": " "}, "key › en: translation is missing"),
        ("text", {"zh": ["甲"], "en": "a"}, "key › zh: must be text"),
        ("text", {"zh": True, "en": "a"}, "key › zh: must be text"),
        ("text", {"zh": "甲\x00", "en": "a"}, "key › zh: contains a NUL character"),
        ("text", {"zh": "甲", "en": "a", "fr": "a"}, "key › fr: is not a known key"),
        ("string", None, "key: is missing"),
        ("string", " ", "key: is empty"),
        ("string", True, "key: must be text"),
        ("string", [], "key: must be text"),
        ("string", "abcde", "key: has more than 4 characters"),
        ("string", "a\x00", "key: contains a NUL character"),
        ("strings", None, "key: is missing"),
        ("strings", [], "key: is empty"),
        ("strings", [None], "key: must be a list of texts"),
        ("strings", {"a": 1}, "key: must be a list of texts"),
        ("strings", ["a\x00"], "key: contains a NUL character"),
        ("integer", 0, "key: must be between 1 and 5"),
        ("integer", 6, "key: must be between 1 and 5"),
        ("integer", "3", "key: must be a whole number"),
        ("integer", True, "key: must be a whole number"),
        ("integer", 3.0, "key: must be a whole number"),
        ("number", "3", "key: must be a number"),
        ("number", True, "key: must be a number"),
        ("number", float("nan"), "key: must be a number"),
        ("number", 10**400, "key: must be a number"),
        ("boolean", 1, "key: must be true or false"),
        ("boolean", None, "key: must be true or false"),
        ("member", "green", "key: must be one of: red, blue"),
        ("member", None, "key: must be one of: red, blue"),
        ("items", {}, "key: must be a list"),
        ("items", [], "key: must have 1 to 50 entries, has 0"),
        ("items", ["x"], "key 1: must be a mapping of names to values"),
        ("inner", [1], "key: must be a mapping of names to values"),
    ],
)
def test_what_does_not_fit_is_noted_with_its_place(method, value, message):
    _, problems = read(METHODS[method], value)

    assert message in problems


@pytest.mark.parametrize("method", METHODS)
@given(value=json_values)
def test_no_value_at_all_raises(method, value):
    result, problems = read(METHODS[method], value)

    assert result is not None
    assert all(problem.startswith("key") for problem in problems)
    assert read(METHODS[method], value)[1] == problems


def test_a_key_that_nobody_asked_for_is_noted():
    problems = Problems()
    reader = Reader({"zh": "甲", "en": "a", "wight": 1, 7: 1}, place="", problems=problems)

    reader.own_text()
    reader.done()

    assert [str(problem) for problem in problems] == [
        "wight: is not a known key",
        "7: is not a known key",
    ]


def test_an_optional_key_may_be_left_out():
    problems = Problems()
    reader = Reader({}, place="", problems=problems)

    found = (
        reader.text("a", required=False),
        reader.string("b", required=False),
        reader.strings("c", required=False),
        reader.integer("d", least=1, most=5, default=3),
        reader.number("e", default=0.5),
        reader.boolean("f", default=True),
        reader.member("g", Colour, default=Colour.BLUE),
    )

    assert found == (Text("", ""), "", (), 3, 0.5, True, Colour.BLUE)
    assert not problems
