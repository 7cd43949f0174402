"""What was loaded from the files, and when."""

from __future__ import annotations

from sqlalchemy import select

from app.db import db
from app.models.content import ContentLoad


def last_digest() -> str | None:
    """The digest of the files that were loaded last; None before the first load."""
    return db.session.scalar(select(ContentLoad.digest).order_by(ContentLoad.id.desc()).limit(1))
