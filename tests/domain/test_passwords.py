"""Rules for passwords."""

from __future__ import annotations

import pytest

from app.domain.passwords import WeakPassword, check_password


@pytest.mark.parametrize(
    "password",
    [
        "correct-horse-7",
        "abcdefgh-1",
        "一二三四五六七八九 1",
        "Tr0ub4dor&3x",
        "12345 67890 ok",
        "a" * 59 + "bcdef" + "7" * 64,
    ],
)
def test_a_long_mixed_password_is_accepted(password):
    check_password(password, username="trainee1")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "password-short"),
        ("abc-12345", "password-short"),
        ("ab1-" * 32 + "x", "password-long"),
        ("correct\x00horse-7", "password-long"),
        ("my-trainee1-key", "password-name"),
        ("my-TRAINEE1-key", "password-name"),
        ("aaaaaaaaaa1", "password-common"),
        ("ababababab12", "password-common"),
        ("Password-2026!", "password-common"),
        ("qwertyuiop-99", "password-common"),
        ("x-1234567890", "password-common"),
        ("correcthorses", "password-plain"),
        ("29471836502", "password-plain"),
        ("客户服务管理师七诀平台", "password-plain"),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(password, code):
    with pytest.raises(WeakPassword) as refused:
        check_password(password, username="trainee1")

    assert refused.value.code == code


@pytest.mark.parametrize("length", [10, 128])
def test_the_bounds_themselves_are_allowed(length):
    check_password(("abcd-ef7" * 16)[:length], username="trainee1")


def test_a_password_is_judged_before_there_is_a_user_name():
    check_password("correct-horse-7", username="")


def test_a_user_name_of_two_letters_may_be_in_a_password_by_chance():
    check_password("k7hr-quiet-lamp", username="hr")
