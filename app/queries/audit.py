"""The audit log."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select

from app.db import AnyRow, db
from app.domain.audit import Entry
from app.models.accounts import User
from app.models.audit import AuditEntry
from app.queries.paging import Page, contains, paged


def entries(*, search: str, action: str, sort: str = "newest", page: int) -> Page[AnyRow]:
    """Entries, newest or oldest first; search looks at subject and actor's user name."""
    statement = select(
        AuditEntry.id,
        AuditEntry.at,
        AuditEntry.action,
        AuditEntry.subject,
        AuditEntry.detail,
        AuditEntry.address,
        User.username,
    ).outerjoin(User, User.id == AuditEntry.actor_id)
    if search:
        pattern = contains(search)
        statement = statement.where(
            AuditEntry.subject.ilike(pattern, escape="\\")
            | User.username.ilike(pattern, escape="\\")
        )
    if action:
        statement = statement.where(AuditEntry.action == action)
    order = AuditEntry.id if sort == "oldest" else AuditEntry.id.desc()
    return paged(statement.order_by(order), number=page)


def actions() -> list[str]:
    """Every action that occurs."""
    return list(
        db.session.scalars(select(AuditEntry.action).distinct().order_by(AuditEntry.action))
    )


def entry_count() -> int:
    """How many entries there are."""
    return db.session.scalar(select(func.count()).select_from(AuditEntry)) or 0


def chain() -> Iterator[tuple[int, Entry, str, str]]:
    """The whole chain in order, read in batches: (id, entry, previous hash, hash)."""
    rows = db.session.scalars(
        select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=1000)
    )
    for row in rows:
        entry = Entry(row.at, row.actor_id, row.action, row.subject, row.detail, row.address)
        yield row.id, entry, row.previous_hash, row.hash
