"""Whether the database can be used."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.db import db

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def is_migrated() -> bool:
    """Whether the tables are those of this release."""
    context = MigrationContext.configure(db.session.connection())
    return context.get_current_heads() == _heads()


@lru_cache(maxsize=1)
def _heads() -> tuple[str, ...]:
    return tuple(ScriptDirectory(str(MIGRATIONS)).get_heads())
