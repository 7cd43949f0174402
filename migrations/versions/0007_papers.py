"""papers: versions of exam plans, assemblies that a person approves, pilot questions"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)

FROZEN = ("plan_versions",)
"""Of the new tables: written once, see 0001."""


def upgrade() -> None:
    op.create_table(
        "plan_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        _references("plan_versions", "exam_id", "exams"),
        _references("plan_versions", "author_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_versions")),
        sa.UniqueConstraint("exam_id", "number", name=op.f("uq_plan_versions_exam_id_number")),
    )
    op.create_table(
        "paper_batches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("plan_number", sa.Integer(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("proposal", JSON, nullable=False),
        sa.Column("figures", JSON, nullable=False),
        sa.Column("collisions", JSON, nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("begun_at", MOMENT, nullable=True),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        _references("paper_batches", "exam_id", "exams"),
        _references("paper_batches", "made_by", "users"),
        _references("paper_batches", "decided_by", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_batches")),
    )
    op.create_index(op.f("ix_paper_batches_exam_id"), "paper_batches", ["exam_id"])
    op.create_index("ix_paper_batches_state", "paper_batches", ["state", "made_at"])
    # Not by add_column: SQLite takes a reference only where the column is declared.
    op.execute(
        "ALTER TABLE papers ADD COLUMN batch_id INTEGER "
        "CONSTRAINT fk_papers_batch_id_paper_batches REFERENCES paper_batches (id)"
    )
    op.create_index(op.f("ix_papers_batch_id"), "papers", ["batch_id"])
    op.add_column(
        "papers", sa.Column("plan_number", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column(
        "paper_questions",
        sa.Column("pilot", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    _freeze()


def downgrade() -> None:
    op.drop_column("paper_questions", "pilot")
    op.drop_column("papers", "plan_number")
    op.drop_index(op.f("ix_papers_batch_id"), "papers")
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("fk_papers_batch_id_paper_batches", "papers", type_="foreignkey")
    op.drop_column("papers", "batch_id")
    op.drop_table("paper_batches")
    op.drop_table("plan_versions")


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


def _references(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}")
    )
