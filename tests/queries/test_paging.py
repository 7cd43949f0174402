"""Long lists come page by page, each row once."""

from __future__ import annotations

from datetime import UTC

import pytest

from app.domain.questions.bank_filter import BankFilter
from app.queries import bank as bank_list
from app.queries.paging import PAGE_SIZE, contains
from tests import factories


def bank(filters, page):
    return bank_list.bank(filters, page=page, zone=UTC)


@pytest.fixture
def thirty(app):
    factories.syllabus()
    factories.bank([factories.content(f"PL14-{100 + n}") for n in range(30)])


def test_two_pages_hold_every_row_once(thirty):
    first, second = (bank(BankFilter(), page=number) for number in (1, 2))

    ids = [row.id for row in [*first.rows, *second.rows]]
    assert (len(first.rows), len(second.rows)) == (PAGE_SIZE, 30 - PAGE_SIZE)
    assert ids == sorted(set(ids))
    assert (first.pages, first.total) == (2, 30)


@pytest.mark.parametrize(("asked", "shown"), [(-1, 1), (0, 1), (2, 2), (3, 2), (10**40, 2)])
def test_a_page_that_does_not_exist_is_the_nearest_one(thirty, asked, shown):
    assert bank(BankFilter(), page=asked).number == shown


def test_an_empty_list_has_one_page(app):
    page = bank(BankFilter(), page=1)

    assert (page.rows, page.pages, page.total) == ([], 1, 0)


@pytest.mark.parametrize(
    ("text", "pattern"), [("a", "%a%"), ("50%", "%50\\%%"), ("_", "%\\_%"), ("\\", "%\\\\%")]
)
def test_signs_of_a_pattern_are_escaped(text, pattern):
    assert contains(text) == pattern
