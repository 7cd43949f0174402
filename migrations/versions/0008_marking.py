"""marking: scripts, markings, their events, the comment bank, and how an exam is marked"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)

FROZEN = ("marking_events",)
"""Written once, see 0001."""


def upgrade() -> None:
    op.add_column("exams", sa.Column("marking", JSON, nullable=False, server_default="{}"))
    _create_scripts()
    _create_markings()
    op.create_table(
        "marking_events",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("marking_id", sa.Integer(), sa.ForeignKey("markings.id"), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("actor_id", sa.Integer(), sa.ForeignKey("users.id")),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("detail", JSON, nullable=False),
    )
    op.create_index(op.f("ix_marking_events_marking_id"), "marking_events", ["marking_id"])
    op.create_table(
        "marking_comments",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("exam_id", sa.Integer(), sa.ForeignKey("exams.id"), nullable=False),
        sa.Column(
            "version_id", sa.Integer(), sa.ForeignKey("question_versions.id"), nullable=False
        ),
        sa.Column("text", sa.String(300), nullable=False),
        sa.Column("made_by", sa.Integer(), sa.ForeignKey("users.id"), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("retired_at", MOMENT),
    )
    op.create_index(
        "ix_marking_comments_exam_version", "marking_comments", ["exam_id", "version_id"]
    )
    _freeze()


def downgrade() -> None:
    for table in ("marking_comments", "marking_events", "markings", "scripts"):
        op.drop_table(table)
    op.drop_column("exams", "marking")


def _create_scripts() -> None:
    op.create_table(
        "scripts",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("number", sa.String(9), nullable=False),
        sa.Column("attempt_id", sa.Integer(), sa.ForeignKey("attempts.id")),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "version_id", sa.Integer(), sa.ForeignKey("question_versions.id"), nullable=False
        ),
        sa.Column("exam_id", sa.Integer(), sa.ForeignKey("exams.id"), nullable=False),
        sa.Column("maximum", sa.String(40), nullable=False),
        sa.Column("answer", JSON),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("shuffle", sa.BigInteger(), nullable=False),
        sa.Column("points", sa.String(40)),
        sa.Column("how", sa.String(10)),
        sa.Column("settled_at", MOMENT),
        sa.Column("agreed", sa.String(40)),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Integer(), sa.ForeignKey("users.id")),
        sa.Column("approved_by", sa.Integer(), sa.ForeignKey("users.id")),
        sa.Column("retired_at", MOMENT),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.UniqueConstraint("number", name=op.f("uq_scripts_number")),
        sa.UniqueConstraint("attempt_id", "position", name=op.f("uq_scripts_attempt_id_position")),
    )
    op.create_index("ix_scripts_exam_version", "scripts", ["exam_id", "version_id"])
    op.create_index(op.f("ix_scripts_version_id"), "scripts", ["version_id"])


def _create_markings() -> None:
    op.create_table(
        "markings",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("script_id", sa.Integer(), sa.ForeignKey("scripts.id"), nullable=False),
        sa.Column("exam_id", sa.Integer(), sa.ForeignKey("exams.id"), nullable=False),
        sa.Column(
            "version_id", sa.Integer(), sa.ForeignKey("question_versions.id"), nullable=False
        ),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("marker_id", sa.Integer(), sa.ForeignKey("users.id")),
        sa.Column("points", sa.String(40)),
        sa.Column("judgement", JSON, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("spent_seconds", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("taken_at", MOMENT),
        sa.Column("saved_at", MOMENT),
        sa.Column("done_at", MOMENT),
    )
    only = sa.text("state NOT IN ('handed_back', 'superseded') AND role <> 'check'")
    op.create_index(
        "ux_markings_role",
        "markings",
        ["script_id", "round", "role"],
        unique=True,
        sqlite_where=only,
        postgresql_where=only,
    )
    op.create_index(op.f("ix_markings_script_id"), "markings", ["script_id"])
    op.create_index("ix_markings_exam_state", "markings", ["exam_id", "version_id", "state"])
    op.create_index("ix_markings_marker", "markings", ["marker_id", "state"])


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
