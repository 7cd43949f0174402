"""Signs of life of the parts of the program."""

from __future__ import annotations

from datetime import datetime

from app.db import db, transactional
from app.models.system import Beat


@transactional
def beat(name: str, *, now: datetime) -> None:
    """Note that the part `name` is alive."""
    db.session.merge(Beat(name=name, at=now))
