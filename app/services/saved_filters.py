"""Filters of the bank that somebody keeps under a name, for themselves."""

from __future__ import annotations

from sqlalchemy import delete, func, select

from app.db import db, transactional
from app.domain.errors import DomainError, ErrorKind
from app.domain.questions.bank_filter import BankFilter
from app.domain.text import N_
from app.models.accounts import User
from app.models.workshop import SavedFilter

LONGEST_NAME = 100
MOST_FILTERS = 50
"""Saved filters of one person."""


class FilterNameMissing(DomainError):
    """A filter is kept under a name."""

    def __init__(self) -> None:
        super().__init__("filter-name-missing", N_("Give the filter a name."))


class TooManyFilters(DomainError):
    """One more than a person can keep."""

    def __init__(self) -> None:
        super().__init__(
            "too-many-filters",
            N_("You have saved %(most)s filters. Delete one that you no longer need."),
            most=MOST_FILTERS,
            kind=ErrorKind.CONFLICT,
        )


@transactional
def save_filter(name: str, filters: BankFilter, *, user_id: int) -> int:
    """Keep a filter; one of the same name is replaced. Returns its id.

    Raises FilterNameMissing, TooManyFilters.
    """
    name = " ".join(name.replace("\x00", " ").split())[:LONGEST_NAME]
    if not name:
        raise FilterNameMissing
    # One after the other for each person: two tabs that save the same name write one filter.
    db.session.execute(select(User.id).where(User.id == user_id).with_for_update())
    mine = SavedFilter.user_id == user_id
    row = db.session.scalar(select(SavedFilter).where(mine, SavedFilter.name == name))
    if row is not None:
        row.query = filters.dump()
        return row.id
    count = db.session.scalar(select(func.count()).select_from(SavedFilter).where(mine)) or 0
    if count >= MOST_FILTERS:
        raise TooManyFilters
    row = SavedFilter(user_id=user_id, name=name, query=filters.dump())
    db.session.add(row)
    db.session.flush()
    return row.id


@transactional
def delete_filter(filter_id: int, *, user_id: int) -> None:
    """Delete one of one's own filters; one that is not there is gone already."""
    db.session.execute(
        delete(SavedFilter).where(SavedFilter.id == filter_id, SavedFilter.user_id == user_id)
    )
