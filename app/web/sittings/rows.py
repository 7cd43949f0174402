"""The sitting that a request of the staff is about."""

from __future__ import annotations

from werkzeug.exceptions import NotFound

from app.domain.permissions import Permission
from app.queries.sittings import SittingView, visible_sitting
from app.web.access import me


def manages() -> bool:
    """Whether whoever asks may change sittings, and sees them all."""
    return Permission.MANAGE_SITTINGS in me().permissions


def sitting_of_mine(sitting_id: int) -> SittingView:
    """The sitting, where it is this person's to see; NotFound otherwise."""
    found = visible_sitting(sitting_id, user_id=me().user_id, manages=manages())
    if found is None:
        raise NotFound
    return found
