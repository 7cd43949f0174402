"""The answer file as its reader sees it: strict about itself, and no row costs another one."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.answer_files import FORMAT, MOST_ROWS, AnswerFileBroken, read

ROW = {
    "token": "0" * 32,
    "epoch": 1,
    "position": 2,
    "seq": 3,
    "answer": ["词"],
    "flagged": False,
    "spent_ms": 40,
}
FILE = {
    "format": FORMAT,
    "attempt": 7,
    "user": 8,
    "made_at": "2026-11-02T04:00:00.000Z",
    "rows": [ROW],
}


def payload(**changes):
    return json.dumps(FILE | changes).encode()


def row(**changes):
    """What became of a file whose second row has these changes; the first one is good."""
    return read(payload(rows=[ROW, ROW | changes]))


def without(key):
    return {name: value for name, value in FILE.items() if name != key}


def test_a_file_says_whose_it_is_when_it_was_made_and_what_is_in_it():
    file = read(payload())

    assert (file.attempt_id, file.user_id, file.size) == (7, 8, 1)
    assert file.made_at == datetime(2026, 11, 2, 4, tzinfo=UTC)
    (only,) = file.rows
    assert (only.number, only.token, only.epoch, only.position) == (1, "0" * 32, 1, 2)
    assert (only.seq, only.answer, only.flagged, only.spent_ms) == (3, ["词"], False, 40)
    assert file.problems == ()


NOT_A_FILE = [b"", b"{", b"\xff", b"[" * 100_000, b"1" * 5000, b'{"a":NaN']


@pytest.mark.parametrize("raw", NOT_A_FILE, ids=lambda raw: repr(raw[:8]))
def test_what_is_no_json_is_no_answer_file(raw):
    with pytest.raises(AnswerFileBroken):
        read(raw)


BROKEN = {
    "format": ["qijue-answers/2", None, 1, ""],
    "attempt": [0, -1, "7", True, 2**31, 1.5, None],
    "user": [0, None, "8"],
    "made_at": ["2026-11-02T04:00:00", "yesterday", None, 7],
    "rows": [None, {}, "rows", [ROW] * (MOST_ROWS + 1)],
}


@pytest.mark.parametrize(
    ("key", "value"), [(key, value) for key, values in BROKEN.items() for value in values]
)
def test_a_file_that_does_not_say_what_it_is_is_refused_with_the_place(key, value):
    with pytest.raises(AnswerFileBroken) as refused:
        read(payload(**{key: value}))

    assert [problem.place for problem in refused.value.problems] == [key]
    assert refused.value.problems[0].sentence


@pytest.mark.parametrize("key", list(FILE))
def test_nothing_may_be_missing(key):
    with pytest.raises(AnswerFileBroken) as refused:
        read(json.dumps(without(key)).encode())

    assert key in {problem.place for problem in refused.value.problems}


def test_every_problem_of_a_file_is_told_at_once():
    with pytest.raises(AnswerFileBroken) as refused:
        read(payload(format="x", attempt=0, more=1))

    assert {problem.place for problem in refused.value.problems} == {"format", "attempt", "more"}


BROKEN_ROW = [
    {"token": ["x"]},
    {"token": "x" * 201},
    {"token": ""},
    {"epoch": 0},
    {"epoch": 2**31},
    {"position": "2"},
    {"position": True},
    {"seq": -1},
    {"flagged": "yes"},
    {"flagged": None},
    {"spent_ms": 1.5},
    {"spent_ms": None},
    {"extra": 1},
]


@pytest.mark.parametrize("change", BROKEN_ROW, ids=str)
def test_a_broken_row_is_named_and_costs_no_other_row(change):
    file = row(**change)

    assert [found.number for found in file.rows] == [1]
    (problem,) = file.problems
    assert problem.place == f"2 › {next(iter(change))}"
    assert file.size == 2


@pytest.mark.parametrize("raw", [None, 1, "row", [ROW]])
def test_a_row_that_is_no_mapping_is_named_too(raw):
    file = read(payload(rows=[ROW, raw]))

    assert len(file.rows) == 1
    assert {problem.place.partition(" ")[0] for problem in file.problems} == {"2"}


def test_an_emptied_field_is_an_answer_and_a_missing_one_is_not():
    without_answer = {name: value for name, value in ROW.items() if name != "answer"}

    file = read(payload(rows=[ROW | {"answer": None}, without_answer]))

    assert [found.answer for found in file.rows] == [None]
    assert [problem.place for problem in file.problems] == ["2 › answer"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(list(FILE)), JSON), st.lists(JSON, max_size=3))
def test_whatever_is_in_the_file_it_is_read_or_refused(changes, rows):
    raw = json.dumps({**FILE, "rows": [ROW, *rows], **changes}).encode()

    try:
        file = read(raw)
    except AnswerFileBroken:
        return

    assert file.size >= len(file.rows)
    assert len(file.rows) + len({p.place.partition(" ")[0] for p in file.problems}) == file.size
