"""Certificates: states by date, validity, numbers, masked names."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.certificates import (
    CertificateState,
    Validity,
    check_character,
    is_number,
    masked_name,
    number,
    state_on,
    valid_until,
)

ALPHABET = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LAST = date(2028, 11, 1)
DAY = timedelta(days=1)
S = CertificateState

parts = st.text(ALPHABET, min_size=1, max_size=4)
numbers = st.builds(
    number, prefix=parts, year=st.integers(2020, 2099), level=parts, serial=st.integers(1, 10**7)
)


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2026, 11, 2), S.VALID),
        (LAST - 90 * DAY, S.VALID),
        (LAST - 89 * DAY, S.EXPIRING),
        (LAST, S.EXPIRING),
        (LAST + DAY, S.EXPIRED),
        (LAST + 999 * DAY, S.EXPIRED),
    ],
)
def test_the_state_follows_the_date(today, state):
    assert state_on(Validity(date(2026, 11, 2), LAST), today=today) is state


@pytest.mark.parametrize("today", [date(2027, 1, 1), LAST, LAST + DAY])
def test_revoked_outweighs_suspended_and_both_outweigh_the_date(today):
    first = date(2026, 11, 2)

    assert state_on(Validity(first, LAST, suspended=True), today=today) is S.SUSPENDED
    assert state_on(Validity(first, LAST, revoked=True), today=today) is S.REVOKED
    assert state_on(Validity(first, LAST, suspended=True, revoked=True), today=today) is S.REVOKED


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        (date(2026, 11, 2), 24, date(2028, 11, 1)),
        (date(2026, 1, 1), 12, date(2026, 12, 31)),
        (date(2026, 12, 15), 1, date(2027, 1, 14)),
        (date(2026, 3, 1), 12, date(2027, 2, 28)),
        (date(2027, 3, 1), 12, date(2028, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 5, 31), 1, date(2026, 6, 30)),
        (date(2028, 2, 29), 24, date(2030, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 28)),
        (date(2028, 2, 28), 12, date(2029, 2, 27)),
    ],
)
def test_validity_ends_the_day_before_the_same_day_or_with_the_month(first, months, last):
    assert valid_until(first, months=months) == last


@given(
    first=st.dates(date(2020, 1, 1), date(2090, 1, 1)),
    later=st.integers(0, 40),
    months=st.integers(1, 120),
)
def test_who_is_certified_later_never_expires_earlier(first, later, months):
    assert valid_until(first, months=months) <= valid_until(first + later * DAY, months=months)


def test_a_number_says_who_when_and_which():
    made = number(prefix="QJ", year=2026, level="U1", serial=42)

    assert made.startswith("QJ-2026-U1-000042-")
    assert is_number(made)
    assert is_number(made.lower())


@given(made=numbers)
def test_every_number_is_accepted(made):
    assert is_number(made)


@given(made=numbers, data=st.data())
def test_any_single_wrong_character_is_caught(made, data):
    place = data.draw(st.integers(0, len(made) - 1))
    wrong = data.draw(st.sampled_from(ALPHABET + "IO-/ 客"))
    assume(wrong != made[place])

    assert not is_number(made[:place] + wrong + made[place + 1 :])


@given(body=st.text(ALPHABET, min_size=2, max_size=16), data=st.data())
def test_swapped_neighbours_are_caught(body, data):
    whole = body + check_character(body)
    place = data.draw(st.integers(0, len(whole) - 2))
    first, second = whole[place], whole[place + 1]
    assume(first != second)
    assume({first, second} != {"0", "Z"})  # the one pair that the Luhn scheme cannot tell

    swapped = whole[:place] + second + first + whole[place + 2 :]

    assert check_character(swapped[:-1]) != swapped[-1]


@pytest.mark.parametrize(
    "text",
    ["", "-", "QJ", "QJ-2026-U1-000042", "QJ-2026-U1-42-7", "QJ--U1-000042-7", "ß-2026-U1-000042-7",
     "QJ2026U10000427", "QJ-2026-U1-00004２-7", "a-b-c-d-e", "QJ-2026-U1-000042-77", "\x00" * 18],
)  # fmt: skip
def test_what_has_no_number_s_shape_is_refused(text):
    assert not is_number(text)


@given(text=st.text("QJ2026-U1Zz0ſßı２客\x00 ", max_size=20))
def test_any_text_can_be_asked_about(text):
    assert is_number(text) in (True, False)


def test_letters_that_look_like_digits_are_not_in_the_alphabet():
    for letter in "IOo客":
        with pytest.raises(ValueError, match="substring"):
            check_character(letter)


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王", "王＊"),
        ("李雷", "李＊"),
        ("欧阳娜娜", "欧＊＊＊"),
        ("𬭎䶮", "𬭎＊"),
        ("张𬭎", "张＊"),
        ("阿卜杜拉·艾力", "阿＊＊＊"),
        ("Li Lei", "L＊"),
        ("Émile Zola", "É＊＊＊"),
        ("  李雷 ", "李＊"),
        ("", ""),
    ],
)
def test_of_a_name_only_the_first_character_shows(name, masked):
    assert masked_name(name) == masked
