"""statistics: how papers and question versions did"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)
TABLES = ("paper_statistics", "paper_item_tallies", "version_statistics", "version_flags")


def upgrade() -> None:
    op.create_table(
        "paper_statistics",
        _key("paper_id", "papers.id"),
        sa.Column("people", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Double()) for name in ("mean", "deviation", "alpha", "standard_error")),
        sa.Column("computed_at", MOMENT, nullable=False),
    )
    op.create_table(
        "paper_item_tallies",
        _key("paper_id", "papers.id"),
        _key("version_id", "question_versions.id"),
        sa.Column("tally", JSON, nullable=False),
    )
    op.create_index(op.f("ix_paper_item_tallies_version_id"), "paper_item_tallies", ["version_id"])
    op.create_table(
        "version_statistics",
        _key("version_id", "question_versions.id"),
        sa.Column("people", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Double()) for name in ("facility", "discrimination", "correlation")),
        sa.Column("computed_at", MOMENT, nullable=False),
    )
    op.create_table(
        "version_flags",
        _key("version_id", "question_versions.id"),
        sa.Column("flag", sa.String(30), primary_key=True),
    )
    op.create_index(op.f("ix_version_flags_flag"), "version_flags", ["flag"])


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _key(name: str, points_to: str) -> sa.Column:
    return sa.Column(name, sa.Integer(), sa.ForeignKey(points_to), primary_key=True)
