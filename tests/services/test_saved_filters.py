"""Saved filters: kept, replaced, deleted, and everybody's own."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.permissions import Role
from app.domain.questions.bank_filter import BankFilter
from app.queries.saved_filters import saved_filters
from app.services import saved_filters as writes
from app.services.saved_filters import FilterNameMissing, TooManyFilters
from tests import factories

WANTED = BankFilter(search="客户 CRM", author=0, changed_since=date(2026, 11, 2), sort="changed")


@pytest.fixture
def me(app):
    return factories.user("author", Role.INSTRUCTOR)


def test_a_filter_comes_back_as_it_was_saved(me):
    kept = writes.save_filter(" 我的 题 ", WANTED, user_id=me)

    (found,) = saved_filters(user_id=me)
    assert (found.id, found.name, found.filters) == (kept, "我的 题", WANTED)


def test_the_same_name_replaces_the_filter(me):
    first = writes.save_filter("a", WANTED, user_id=me)

    second = writes.save_filter("a", BankFilter(pool="exam"), user_id=me)

    (found,) = saved_filters(user_id=me)
    assert (first, found.filters) == (second, BankFilter(pool="exam"))


def test_everybody_has_filters_of_their_own(me):
    other = factories.user("other", Role.INSTRUCTOR)
    kept = writes.save_filter("a", WANTED, user_id=me)
    writes.save_filter("a", BankFilter(), user_id=other)

    writes.delete_filter(kept, user_id=other)
    assert len(saved_filters(user_id=me)) == 1

    writes.delete_filter(kept, user_id=me)
    assert saved_filters(user_id=me) == []
    assert len(saved_filters(user_id=other)) == 1


@pytest.mark.parametrize("name", ["", "  ", "\x00"])
def test_a_filter_needs_a_name(me, name):
    with pytest.raises(FilterNameMissing):
        writes.save_filter(name, WANTED, user_id=me)


def test_there_is_an_end_to_them_but_replacing_goes_on(me, monkeypatch):
    monkeypatch.setattr(writes, "MOST_FILTERS", 1)
    writes.save_filter("a", WANTED, user_id=me)

    with pytest.raises(TooManyFilters):
        writes.save_filter("b", WANTED, user_id=me)

    writes.save_filter("a", BankFilter(), user_id=me)
    assert saved_filters(user_id=me)[0].filters == BankFilter()
