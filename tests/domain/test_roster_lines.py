"""Pasted lines lead to the people they mean, or to nobody, and say why."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from app.domain.errors import DomainError, ErrorKind
from app.domain.roster_lines import MOST_LINES, Unclear, lines_of, understand, words_of


@dataclass(frozen=True)
class Known:
    username: str
    name: str
    department: str = ""


FIRST = Known("trainee1", "学员甲", "客户服务部/一组")
SECOND = Known("trainee2", "学员甲", "客户服务部/二组")
THIRD = Known("trainee3", "学员丙", "培训中心")
ONE = Known("one", "Trainee One", "Sales")
PEOPLE = [FIRST, SECOND, THIRD, ONE]


def meant(text):
    return understand(lines_of(text), PEOPLE)


@pytest.mark.parametrize(
    ("line", "person"),
    [
        ("trainee2", SECOND),
        ("学员丙", THIRD),
        ("学员丙,", THIRD),
        ("学员甲,一组", FIRST),
        ("学员甲，客户服务部/二组", SECOND),
        ("学员甲 二组", SECOND),
        ("学员甲\t客户服务部/一组", FIRST),
        ("7;trainee1;学员甲", FIRST),
        ("Trainee One", ONE),
        ("Trainee One Sales", ONE),
        ("  学员丙  ", THIRD),
    ],
)
def test_a_line_leads_to_one_person(line, person):
    assert meant(line).people == (person,)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("学员甲", Unclear.SEVERAL),
        ("学员甲,客户服务部", Unclear.SEVERAL),
        ("学员甲,培训中心", Unclear.UNKNOWN),
        ("学员丙,一组", Unclear.UNKNOWN),
        ("谁也不是", Unclear.UNKNOWN),
        (",", Unclear.UNKNOWN),
    ],
)
def test_a_line_that_leads_to_nobody_says_why(line, why):
    found = meant(f"\n{line}")

    assert found.people == ()
    assert [(unclear.number, reason) for unclear, reason in found.unclear] == [(2, why)]


def test_a_department_is_matched_in_whole_parts():
    assert meant("学员甲,组").unclear[0][1] is Unclear.UNKNOWN


def test_everybody_is_meant_once_in_the_order_of_the_lines():
    assert meant("学员丙\ntrainee1\ntrainee3\n学员甲,一组").people == (THIRD, FIRST)


def test_a_user_name_wins_over_a_name():
    twin = Known("学员丙", "别人")

    assert understand(lines_of("学员丙"), [THIRD, twin]).people == (twin,)


def test_words_hold_every_way_that_a_line_can_be_read():
    assert words_of(lines_of("学员甲 二组\na,b")) >= {"学员甲 二组", "学员甲", "a", "b"}


def test_a_text_that_is_too_long_is_refused():
    with pytest.raises(DomainError) as refused:
        lines_of("x\n" * (MOST_LINES + 1))

    assert refused.value.kind is ErrorKind.TOO_LARGE
