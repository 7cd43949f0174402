"""bank: the life cycle of questions, drafts, reviews, pictures, filters, bulk changes, imports"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)

NEW_TABLES = (
    "question_drafts",
    "question_moves",
    "question_comments",
    "media",
    "saved_filters",
    "bulk_changes",
    "import_runs",
)
FROZEN = ("question_moves",)
"""Of the new tables: written once, see 0001."""


def upgrade() -> None:
    _add_columns()
    _create_tables()
    _freeze()
    _create_search()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE question_search_vocab")
        op.execute("DROP TABLE question_search_fts")
    op.drop_table("question_search")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION question_search_words")
    op.create_index(op.f("ix_paper_questions_version_id"), "paper_questions", ["version_id"])
    op.drop_index("ix_paper_questions_version", "paper_questions")
    for table in reversed(NEW_TABLES):
        op.drop_table(table)
    op.drop_index("ix_questions_state_since", "questions")
    op.drop_index("ix_questions_live", "questions")
    op.drop_index(op.f("ix_questions_author_id"), "questions")
    op.drop_column("questions", "author_id")
    op.drop_column("questions", "state_since")
    op.drop_column("questions", "live_version")


def _add_columns() -> None:
    op.add_column("questions", sa.Column("live_version", sa.Integer()))
    op.add_column(
        "questions",
        sa.Column("state_since", MOMENT, nullable=False, server_default="2000-01-01 00:00:00"),
    )
    # Not by add_column: SQLite takes a reference only where the column is declared.
    op.execute(
        "ALTER TABLE questions ADD COLUMN author_id INTEGER "
        "CONSTRAINT fk_questions_author_id_users REFERENCES users (id)"
    )
    op.execute(
        "UPDATE questions SET state_since = updated_at, "
        "live_version = CASE WHEN state = 'live' THEN current_version END, "
        "author_id = (SELECT author_id FROM question_versions "
        "WHERE question_id = questions.id AND number = 1)"
    )
    op.create_index(op.f("ix_questions_author_id"), "questions", ["author_id"])
    op.create_index("ix_questions_live", "questions", ["pool", "lesson_id", "live_version"])
    op.create_index("ix_questions_state_since", "questions", ["state", "state_since"])


def _freeze() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in FROZEN:
            op.execute(
                f"CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
        return
    for table in FROZEN:
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed'); END"
            )


def _create_search() -> None:
    """See app/models/question_search; `flask setup` fills it."""
    op.create_index("ix_paper_questions_version", "paper_questions", ["version_id", "paper_id"])
    op.drop_index(op.f("ix_paper_questions_version_id"), "paper_questions")
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    op.create_table(
        "question_search",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.String(length=20), nullable=False),
        sa.Column("words", postgresql.TSVECTOR() if is_postgresql else sa.Text(), nullable=True),
        _references("question_search", "question_id", "questions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_search")),
        sa.UniqueConstraint("question_id", name=op.f("uq_question_search_question_id")),
    )
    if is_postgresql:
        # The planner knows nothing of what it costs to unpack a row's words, and would read them
        # all for a common word. A function that costs something keeps it to the index; one that
        # is not parallel keeps it from starting processes for what takes a few milliseconds.
        op.execute(
            "CREATE FUNCTION question_search_words(words tsvector) RETURNS tsvector "
            "LANGUAGE plpgsql IMMUTABLE STRICT COST 10 AS "
            "$$ BEGIN RETURN words; END $$"
        )
        op.execute(
            "CREATE INDEX question_search_gin ON question_search "
            "USING gin (question_search_words(words))"
        )
        return
    op.execute(
        "CREATE VIRTUAL TABLE question_search_fts USING fts5(words, tokenize = 'ascii')"
    )
    op.execute(
        "CREATE VIRTUAL TABLE question_search_vocab USING fts5vocab(question_search_fts, 'row')"
    )


def _references(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}")
    )


def _create_tables() -> None:
    op.create_table(
        "question_drafts",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("question_id", sa.String(length=20), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("raw", JSON, nullable=True),
        sa.Column("from_version", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        _references("question_drafts", "question_id", "questions"),
        _references("question_drafts", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_drafts")),
        sa.UniqueConstraint(
            "question_id", "user_id", name=op.f("uq_question_drafts_question_id_user_id")
        ),
    )
    op.create_index(op.f("ix_question_drafts_user_id"), "question_drafts", ["user_id"])

    op.create_table(
        "question_moves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("from_state", sa.String(length=20), nullable=False),
        sa.Column("to_state", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        _references("question_moves", "question_id", "questions"),
        _references("question_moves", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_moves")),
    )
    op.create_index("ix_question_moves_question", "question_moves", ["question_id", "version"])

    op.create_table(
        "question_comments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("resolved_at", MOMENT, nullable=True),
        sa.Column("resolved_by", sa.Integer(), nullable=True),
        _references("question_comments", "question_id", "questions"),
        _references("question_comments", "user_id", "users"),
        _references("question_comments", "resolved_by", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_comments")),
    )
    op.create_index(
        "ix_question_comments_question", "question_comments", ["question_id", "version"]
    )

    op.create_table(
        "media",
        sa.Column("name", sa.String(length=70), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        _references("media", "added_by", "users"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_media")),
    )

    op.create_table(
        "saved_filters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("query", JSON, nullable=False),
        _references("saved_filters", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filters")),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_saved_filters_user_id_name")),
    )

    op.create_table(
        "bulk_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("what", JSON, nullable=False),
        sa.Column("undo", JSON, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("undone_at", MOMENT, nullable=True),
        _references("bulk_changes", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_changes")),
    )
    op.create_index(op.f("ix_bulk_changes_user_id"), "bulk_changes", ["user_id"])

    op.create_table(
        "import_runs",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("options", JSON, nullable=False),
        sa.Column("report", JSON, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        _references("import_runs", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_runs")),
    )
    op.create_index(op.f("ix_import_runs_user_id"), "import_runs", ["user_id"])
