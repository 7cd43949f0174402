"""Who marks."""

from __future__ import annotations

from sqlalchemy import select

from app.db import db
from app.domain.permissions import ROLE_PERMISSIONS, Permission
from app.models.accounts import User, UserRole

_ROLES = [role.value for role, may in ROLE_PERMISSIONS.items() if Permission.MARK in may]


def markers() -> list[tuple[int, str]]:
    """(id, name) of everybody who may mark and whose account is in use."""
    rows = db.session.execute(
        select(User.id, User.name)
        .where(User.active, User.id.in_(select(UserRole.user_id).where(UserRole.role.in_(_ROLES))))
        .order_by(User.name, User.id)
    )
    return [(row.id, row.name) for row in rows]


def is_marker(user_id: int) -> bool:
    """Whether this person may mark."""
    found = db.session.scalar(
        select(User.id)
        .join(UserRole, UserRole.user_id == User.id)
        .where(User.id == user_id, User.active, UserRole.role.in_(_ROLES))
        .limit(1)
    )
    return found is not None
