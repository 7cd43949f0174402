"""From a type's fields to form fields and back."""

from __future__ import annotations

import pytest

from app.domain.questions.types import BODIES
from app.web.editor.structure import field_of, filled, read_fields

BLANK = {
    "options": [{"zh": "", "en": "", "right": False}],
    "lines": {"zh": [], "en": []},
    "unit": {"zh": "", "en": ""},
    "share": 0.0,
    "sure": False,
}


def read(form):
    return read_fields(BLANK, form, prefix="body")


def test_empty_fields_are_left_out():
    assert read({"body.share": " ", "body.unit.zh": "", "body.lines.zh": "\r\n"}) == {"sure": False}


def test_entries_keep_the_order_of_their_numbers_and_empty_ones_fall_away():
    form = {
        "body.options.10.zh": "丙",
        "body.options.2.zh": "乙",
        "body.options.0.zh": "",
        "body.options.x.zh": "不",
        "body.options.2.right": "1",
    }

    assert read(form)["options"] == [{"zh": "乙", "right": True}, {"zh": "丙", "right": False}]


def test_wordings_are_one_per_line():
    assert read({"body.lines.zh": " 快 \r\n\r\n迅速"})["lines"] == {"zh": ["快", "迅速"]}


@pytest.mark.parametrize(
    ("typed", "read_as"),
    [("2", 2), ("2.0", 2.0), ("0.05", 0.05), ("two", "two"), ("-1", -1), ("1e400", "1e400")],
)
def test_numbers_are_read_and_nonsense_is_left_to_the_schema(typed, read_as):
    value = read({"body.share": typed})["share"]

    assert (value, type(value)) == (read_as, type(read_as))


@pytest.mark.parametrize("typed", ["nan", "inf", "-inf"])
def test_what_is_no_number_to_count_with_is_left_to_the_schema(typed):
    assert read({"body.share": typed})["share"] == typed


def test_fields_that_are_not_given_are_filled_in():
    found = filled(BLANK, {"options": [{"zh": "甲"}]})

    assert found["options"] == [{"zh": "甲", "en": "", "right": False}]
    assert found["unit"] == {"zh": "", "en": ""}


def test_a_new_question_begins_with_some_empty_entries():
    found = filled(BLANK, {}, is_new=True)

    assert found["options"] == [{"zh": "", "en": "", "right": False}] * 4
    assert filled(BLANK, {})["options"] == []


@pytest.mark.parametrize("broken", [None, "x", 3, True, [None], [3], {"zh": 1}])
def test_a_draft_can_be_shown_whatever_stands_in_it(broken):
    found = filled(BLANK, dict.fromkeys(BLANK, broken))

    assert found.keys() == BLANK.keys()


FORM = {
    "body.options.0.zh": "甲",
    "body.options.1.zh": "",
    "body.options.2.zh": "丙",
}


@pytest.mark.parametrize(
    ("place", "field"),
    [
        ("options", "body.options"),
        ("options 1 › en", "body.options.0.en"),
        ("options 2 › en", "body.options.2.en"),
        ("options 3", "body.options.2"),
        ("unit › zh", "body.unit.zh"),
        ("nowhere 2 › else", "body.nowhere.1.else"),
    ],
)
def test_a_place_is_found_in_the_form_although_empty_entries_were_left_out(place, field):
    assert field_of(place, BLANK, FORM, prefix="body") == field


def test_line_breaks_of_browsers_are_those_of_files():
    assert read({"body.unit.zh": "一\r\n\r\n二"})["unit"] == {"zh": "一\n\n二"}


@pytest.mark.parametrize("kind", list(BODIES))
def test_every_type_has_a_blank_that_can_be_shown(kind):
    blank = BODIES[kind].BLANK

    assert filled(blank, {}).keys() == blank.keys()
