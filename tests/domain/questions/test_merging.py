"""Two people wrote in one question."""

from __future__ import annotations

import pytest
from hypothesis import given

from app.domain.questions.merging import merged
from tests.domain.strategies import questions
from tests.factories import content

BEFORE = content().dump()
OPTIONS = [*BEFORE["options"][:3], {"zh": "戊", "en": "fifth"}]


@pytest.mark.parametrize(
    ("theirs", "mine", "found"),
    [
        ({"difficulty": 5}, {}, {"difficulty": 5}),
        ({}, {"difficulty": 5}, {"difficulty": 5}),
        ({"difficulty": 4}, {"difficulty": 5}, {"difficulty": 5}),
        (
            {"stem": {"zh": "他", "en": BEFORE["stem"]["en"]}},
            {"stem": {"zh": BEFORE["stem"]["zh"], "en": "I"}},
            {"stem": {"zh": "他", "en": "I"}},
        ),
        ({"options": OPTIONS}, {"source": "000 1.1"}, {"options": OPTIONS, "source": "000 1.1"}),
        ({"options": OPTIONS}, {"options": OPTIONS[::-1]}, {"options": OPTIONS[::-1]}),
    ],
)
def test_what_one_alone_has_changed_is_kept_and_of_both_ones_own(theirs, mine, found):
    assert merged(BEFORE, BEFORE | theirs, BEFORE | mine) == BEFORE | found


def test_what_they_took_away_is_gone_unless_one_has_changed_it():
    before = BEFORE | {"decimals": 3}

    assert "decimals" not in merged(before, BEFORE, before)
    assert merged(before, BEFORE, before | {"decimals": 4})["decimals"] == 4


@given(questions(), questions())
def test_where_one_of_them_changed_nothing_the_others_question_stands(before, other):
    old, new = before.dump(), other.dump()

    assert merged(old, new, old) == new
    assert merged(old, old, new) == new
