"""The list of accounts: search, filters, pages."""

from __future__ import annotations

import pytest

from app.domain.permissions import Role
from app.queries.accounts import accounts
from app.services import accounts as writes
from app.services.trail import SYSTEM
from tests import factories


def names(**filters):
    given = {"search": "", "role": "", "active": "", "page": 1, **filters}
    return [row.username for row in accounts(**given).rows]


@pytest.fixture
def people(app):
    factories.user("li.wei", name="李巍", department="客服部")
    factories.user("hr_1", Role.HR, name="人事", department="人力资源部")
    factories.user("hr21", Role.HR, Role.ADMIN, name="100%_人")
    leaver = factories.user("gone", name="离职")
    writes.set_active(leaver, active=False, actor=SYSTEM, now=factories.NOW)


FILTERS = [
    ({}, ["gone", "hr21", "hr_1", "li.wei"]),
    ({"search": "LI.W"}, ["li.wei"]),
    ({"search": "客服"}, ["li.wei"]),
    ({"search": "%"}, ["hr21"]),
    ({"search": "hr_"}, ["hr_1"]),
    ({"search": "\\"}, []),
    ({"role": "hr"}, ["hr21", "hr_1"]),
    ({"role": "hr", "search": "人事"}, ["hr_1"]),
    ({"active": "no"}, ["gone"]),
    ({"role": "nothing"}, []),
]


def test_filters_find_exactly_what_they_say(people):
    for filters, expected in FILTERS:
        assert sorted(names(**filters)) == sorted(expected), filters


@pytest.mark.parametrize(
    ("sort", "first"),
    [("username", "gone"), ("newest", "gone"), ("nonsense", "gone"), ("department", None)],
)
def test_the_list_is_sorted_as_asked(people, sort, first):
    found = names(sort=sort)

    assert len(found) == 4
    if first:
        assert found[0] == first
    else:  # those without a department come first
        assert set(found[:2]) == {"gone", "hr21"}


def test_a_row_shows_every_role(people):
    (row,) = accounts(search="hr21", role="", active="", page=1).rows

    assert row.roles == (Role.ADMIN, Role.HR)


@pytest.mark.parametrize(("asked", "shown"), [(-5, 1), (0, 1), (1, 1), (99, 1)])
def test_a_page_that_does_not_exist_is_the_nearest_one(people, asked, shown):
    page = accounts(search="", role="", active="", page=asked)

    assert (page.number, page.pages, page.total) == (shown, 1, 4)
