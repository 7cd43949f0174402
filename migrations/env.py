"""Alembic's environment: the application's engine and metadata; SQLite alters in batches."""

from __future__ import annotations

from alembic import context
from flask import current_app

from app.db import Base
from app.models.question_search import is_beyond_the_models

target_metadata = Base.metadata


def run_migrations() -> None:
    """Run on the application's own engine."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=target_metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
            compare_server_default=False,
            include_object=lambda _object, name, *_rest: not is_beyond_the_models(name),
        )
        with context.begin_transaction():
            context.run_migrations()
        if connection.in_transaction():
            connection.commit()


if context.is_offline_mode():
    raise SystemExit("migrations run on a database, not offline")
run_migrations()
