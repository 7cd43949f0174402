"""The migrations give the tables of the models, on both databases, up and down."""

from __future__ import annotations

import uuid

import flask_migrate
import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from app import create_app
from app.db import Base, db
from app.models.question_search import is_beyond_the_models
from tests.conftest import POSTGRESQL, ROOT, make_settings


@pytest.fixture
def empty(db_kind, tmp_path):
    """An application on a database without a single table."""
    if db_kind == "sqlite":
        yield create_app(make_settings(f"sqlite:///{tmp_path / 'empty.sqlite3'}", tmp_path))
        return
    name = f"qijue_test_{uuid.uuid4().hex[:12]}"
    server = POSTGRESQL.rpartition("/")[0].replace("postgresql://", "postgresql+psycopg://")
    with psycopg.connect(POSTGRESQL, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield create_app(make_settings(f"{server}/{name}", tmp_path))
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def upgrade():
    flask_migrate.upgrade(directory=str(ROOT / "migrations"))


def differences():
    with db.engine.connect() as connection:
        options = {
            "compare_type": True,
            "include_object": lambda _object, name, *_rest: not is_beyond_the_models(name),
        }
        context = MigrationContext.configure(connection, opts=options)
        return compare_metadata(context, Base.metadata)


def tables():
    names = inspect(db.engine).get_table_names()
    return {name for name in names if not is_beyond_the_models(name)}


def test_the_migrations_give_the_tables_of_the_models(empty):
    with empty.app_context():
        upgrade()

        assert differences() == []
        assert tables() == {*Base.metadata.tables, "alembic_version"}
        db.engine.dispose()


def test_going_down_leaves_nothing_and_going_up_again_works(empty):
    with empty.app_context():
        upgrade()
        flask_migrate.downgrade(directory=str(ROOT / "migrations"), revision="base")
        assert tables() == {"alembic_version"}

        upgrade()

        assert differences() == []
        db.engine.dispose()


def test_upgrading_twice_changes_nothing(empty):
    with empty.app_context():
        upgrade()
        upgrade()

        assert differences() == []
        db.engine.dispose()
