"""results: releases, re-scores, appeals, decisions on certificates; released results are frozen"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)
POINTS = sa.Numeric(6, 1, asdecimal=False)

FROZEN = ("appeal_events", "certificate_decisions", "rescore_attempts")
"""Of the new tables: written once, see 0001."""

TOLD = (
    *("attempt_id", "version", "exam_id", "user_id", "score", "maximum", "pass_mark"),
    *("passed", "scaled", "modules", "created_at", "released_at"),
)
"""What a released result never changes; a new version takes its place."""


def upgrade() -> None:
    op.add_column("exams", sa.Column("policy", JSON, nullable=False, server_default="{}"))
    op.add_column("results", sa.Column("scaled", POINTS))
    _releases()
    _rescores()
    _appeals()
    _certification()
    _freeze()
    _freeze_released()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER results_released_frozen ON results")
        op.execute("DROP TRIGGER results_released_kept ON results")
    else:
        op.execute("DROP TRIGGER results_released_frozen")
        op.execute("DROP TRIGGER results_released_kept")
    for table in (
        "certificate_reviews",
        "certificate_decisions",
        "appeal_events",
        "appeals",
        "rescore_attempts",
        "question_rescores",
        "release_attempts",
        "releases",
    ):
        op.drop_table(table)
    op.drop_column("results", "scaled")
    op.drop_column("exams", "policy")


def _to(target: str) -> sa.ForeignKey:
    return sa.ForeignKey(f"{target}.id")


def _releases() -> None:
    op.create_table(
        "releases",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("sitting_id", sa.Integer(), _to("sittings"), nullable=False),
        sa.Column("exam_id", sa.Integer(), _to("exams"), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("checks", JSON, nullable=False),
        sa.Column("statistics", JSON, nullable=False),
        sa.Column("statistics_seen_by", sa.Integer(), _to("users"), nullable=False),
        sa.Column("statistics_seen_at", MOMENT, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), _to("users"), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("decided_by", sa.Integer(), _to("users")),
        sa.Column("decided_at", MOMENT),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("finished_at", MOMENT),
    )
    op.create_index(op.f("ix_releases_sitting_id"), "releases", ["sitting_id"])
    op.create_index(op.f("ix_releases_exam_id"), "releases", ["exam_id"])
    op.create_table(
        "release_attempts",
        sa.Column("release_id", sa.Integer(), _to("releases"), primary_key=True),
        sa.Column("attempt_id", sa.Integer(), _to("attempts"), primary_key=True),
        sa.Column("done_at", MOMENT),
    )
    op.create_index("ix_release_attempts_attempt", "release_attempts", ["attempt_id"])


def _rescores() -> None:
    op.create_table(
        "question_rescores",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("exam_id", sa.Integer(), _to("exams"), nullable=False),
        sa.Column("version_id", sa.Integer(), _to("question_versions"), nullable=False),
        sa.Column("act", sa.String(12), nullable=False),
        sa.Column("key", JSON),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("proposed_by", sa.Integer(), _to("users"), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("decided_by", sa.Integer(), _to("users")),
        sa.Column("decided_at", MOMENT),
        sa.Column("decision_reason", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("counts", JSON, nullable=False),
        sa.Column("applied_at", MOMENT),
    )
    op.create_index(op.f("ix_question_rescores_version_id"), "question_rescores", ["version_id"])
    op.create_index("ix_question_rescores_exam_state", "question_rescores", ["exam_id", "state"])
    op.create_table(
        "rescore_attempts",
        sa.Column("rescore_id", sa.Integer(), _to("question_rescores"), primary_key=True),
        sa.Column("attempt_id", sa.Integer(), _to("attempts"), primary_key=True),
        sa.Column("score_before", POINTS),
        sa.Column("score_after", POINTS),
        sa.Column("passed_before", sa.Boolean()),
        sa.Column("passed_after", sa.Boolean()),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_index("ix_rescore_attempts_attempt", "rescore_attempts", ["attempt_id"])


def _appeals() -> None:
    op.create_table(
        "appeals",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("attempt_id", sa.Integer(), _to("attempts"), nullable=False),
        sa.Column("user_id", sa.Integer(), _to("users"), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("position", sa.Integer()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("filed_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("handler_id", sa.Integer(), _to("users")),
        sa.Column("checked", JSON, nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("letter", JSON, nullable=False),
        sa.Column("decided_at", MOMENT),
    )
    op.create_index(op.f("ix_appeals_attempt_id"), "appeals", ["attempt_id"])
    op.create_index(op.f("ix_appeals_user_id"), "appeals", ["user_id"])
    op.create_index(op.f("ix_appeals_handler_id"), "appeals", ["handler_id"])
    op.create_index("ix_appeals_state_due", "appeals", ["state", "due_at"])
    op.create_table(
        "appeal_events",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("appeal_id", sa.Integer(), _to("appeals"), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("step", sa.String(20), nullable=False),
        sa.Column("actor_id", sa.Integer(), _to("users")),
        sa.Column("detail", JSON, nullable=False),
    )
    op.create_index(op.f("ix_appeal_events_appeal_id"), "appeal_events", ["appeal_id"])


def _certification() -> None:
    op.create_table(
        "certificate_decisions",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("user_id", sa.Integer(), _to("users"), nullable=False),
        sa.Column("scheme_version_id", sa.Integer(), _to("scheme_versions"), nullable=False),
        sa.Column("verdict", sa.String(10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Integer(), _to("users"), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_index(
        "ix_certificate_decisions_user", "certificate_decisions", ["user_id", "scheme_version_id"]
    )
    op.create_table(
        "certificate_reviews",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("certificate_id", sa.Integer(), _to("certificates"), nullable=False),
        sa.Column("attempt_id", sa.Integer(), _to("attempts"), nullable=False),
        sa.Column("cause", sa.String(40), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Integer(), _to("users")),
        sa.Column("decided_at", MOMENT),
    )
    for column in ("certificate_id", "attempt_id"):
        op.create_index(
            op.f(f"ix_certificate_reviews_{column}"), "certificate_reviews", [column]
        )
    op.create_index("ix_certificate_reviews_outcome", "certificate_reviews", ["outcome"])


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


def _freeze_released() -> None:
    """A released result may stop being the current one, and nothing else."""
    if op.get_bind().dialect.name == "postgresql":
        differs = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in TOLD)
        op.execute(
            "CREATE TRIGGER results_released_frozen BEFORE UPDATE ON results FOR EACH ROW "
            f"WHEN (OLD.released_at IS NOT NULL AND ({differs})) "
            "EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            "CREATE TRIGGER results_released_kept BEFORE DELETE ON results FOR EACH ROW "
            "WHEN (OLD.released_at IS NOT NULL) EXECUTE FUNCTION refuse_change()"
        )
        return
    differs = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in TOLD)
    refuse = "BEGIN SELECT RAISE(ABORT, 'released results are never changed'); END"
    op.execute(
        "CREATE TRIGGER results_released_frozen BEFORE UPDATE ON results "
        f"WHEN OLD.released_at IS NOT NULL AND ({differs}) {refuse}"
    )
    op.execute(
        "CREATE TRIGGER results_released_kept BEFORE DELETE ON results "
        f"WHEN OLD.released_at IS NOT NULL {refuse}"
    )
