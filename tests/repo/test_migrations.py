"""The migrations give the tables of the models, on both databases, up and down."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import flask_migrate
import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, select, text

from app import create_app
from app.db import Base, db
from app.models.question_search import is_beyond_the_models
from app.models.questions import Question
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


def upgrade(revision="head"):
    flask_migrate.upgrade(directory=str(ROOT / "migrations"), revision=revision)


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


BANK = """
INSERT INTO modules VALUES ('planning', 1, '{}', 100);
INSERT INTO lessons (id, module_id, place, title) VALUES ('swot', 'planning', 1, '{}');
INSERT INTO points (id, lesson_id, place, title, source, memory, key, beyond)
    VALUES ('PL14', 'swot', 1, '{}', '', '', true, false);
INSERT INTO users (id, username, name, department, password_hash, must_change_password, active,
    language, email, created_at)
    VALUES (7, 'writer', 'W', '', '', false, true, 'zh', '', '2026-11-01 00:00:00');
INSERT INTO questions (id, lesson_id, point_id, pool, state, type, level, difficulty, stem_zh,
    stem_en, current_version, updated_at)
    VALUES ('PL14-01', 'swot', 'PL14', 'exam', 'live', 'single', 'apply', 2, '题', 'Q', 2,
        '2026-11-02 04:00:00'),
    ('PL14-02', 'swot', 'PL14', 'exam', 'retired', 'single', 'apply', 2, '题', 'Q', 1,
        '2026-11-02 04:00:00');
INSERT INTO question_versions (question_id, number, content, content_hash, author_id, note,
    created_at)
    VALUES ('PL14-01', 1, '{}', '', 7, '', '2026-11-01 00:00:00'),
    ('PL14-01', 2, '{}', '', NULL, '', '2026-11-02 04:00:00'),
    ('PL14-02', 1, '{}', '', NULL, '', '2026-11-02 04:00:00')
"""


def test_live_questions_of_before_are_in_use_in_their_newest_version(empty):
    with empty.app_context():
        upgrade("0003")
        for statement in BANK.split(";"):
            db.session.execute(text(statement))
        db.session.commit()
        db.session.remove()

        upgrade()

        rows = db.session.execute(
            select(
                Question.id, Question.live_version, Question.author_id, Question.state_since
            ).order_by(Question.id)
        ).all()
        moment = datetime(2026, 11, 2, 4, tzinfo=UTC)
        assert [tuple(row) for row in rows] == [
            ("PL14-01", 2, 7, moment),
            ("PL14-02", None, None, moment),
        ]
        db.session.remove()
        db.engine.dispose()
