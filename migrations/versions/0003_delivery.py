"""delivery: proctors, tickets, pauses, accommodations, incidents, held saves, mails"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)

NEW_COLUMNS = {
    "attempts": (
        sa.Column("late_seconds", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("saved_at", MOMENT),
        sa.Column("address", sa.String(64), nullable=False, server_default=""),
        sa.Column("browser", sa.String(200), nullable=False, server_default=""),
        sa.Column("section", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("notice_id", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("pause_kind", sa.String(10)),
        sa.Column("pause_since", MOMENT),
        sa.Column("pause_ends_at", MOMENT),
        sa.Column("break_seconds", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("break_used_seconds", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("larger_text", sa.Boolean(), nullable=False, server_default=sa.false()),
    ),
    "exams": (sa.Column("sections", JSON, nullable=False, server_default="[]"),),
    "paper_questions": (sa.Column("section", sa.Integer(), nullable=False, server_default="1"),),
    "registrations": (
        sa.Column("admitted_at", MOMENT),
        sa.Column("ticket_hash", sa.String(64)),
        sa.Column("ticket_used_at", MOMENT),
    ),
    "sittings": (
        sa.Column("capacity", sa.Integer()),
        sa.Column("access_code", sa.String(20), nullable=False, server_default=""),
        sa.Column("networks", JSON, nullable=False, server_default="[]"),
        sa.Column("seb_keys", JSON, nullable=False, server_default="[]"),
        sa.Column("needs_admission", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("needs_ticket", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("cancelled_at", MOMENT),
    ),
    "users": (sa.Column("email", sa.String(200), nullable=False, server_default=""),),
}
NEW_TABLES = (
    "beats",
    "accommodations",
    "mails",
    "incidents",
    "sitting_proctors",
    "registration_events",
    "incident_attempts",
    "save_decisions",
)
FROZEN = ("registration_events", "save_decisions")
"""Of the new tables: written once, see 0001."""


def upgrade() -> None:
    _create_tables()
    for table, columns in NEW_COLUMNS.items():
        for column in columns:
            op.add_column(table, column)
    # Not by add_column: SQLite takes a reference only where the column is declared.
    op.execute(
        "ALTER TABLE login_sessions ADD COLUMN registration_id INTEGER "
        "CONSTRAINT fk_login_sessions_registration_id_registrations "
        "REFERENCES registrations (id)"
    )
    op.drop_column("registrations", "time_factor")
    op.create_index(
        "ix_saves_held",
        "saves",
        ["attempt_id"],
        sqlite_where=sa.text("state = 'held'"),
        postgresql_where=sa.text("state = 'held'"),
    )
    _freeze()


def downgrade() -> None:
    op.drop_index("ix_saves_held", "saves")
    op.add_column(
        "registrations", sa.Column("time_factor", sa.Float(), nullable=False, server_default="1")
    )
    op.drop_column("login_sessions", "registration_id")
    for table, columns in NEW_COLUMNS.items():
        for column in columns:
            op.drop_column(table, column.name)
    for table in reversed(NEW_TABLES):
        op.drop_table(table)


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


def _create_tables() -> None:
    op.create_table(
        "beats",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_beats")),
    )
    op.create_table(
        "accommodations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("time_factor", sa.Double(), nullable=False),
        sa.Column("break_minutes", sa.Integer(), nullable=False),
        sa.Column("larger_text", sa.Boolean(), nullable=False),
        sa.Column("separate_room", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_by", sa.Integer(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["users.id"], name=op.f("fk_accommodations_approved_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["revoked_by"], ["users.id"], name=op.f("fk_accommodations_revoked_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_accommodations_user_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accommodations")),
    )
    op.create_index(op.f("ix_accommodations_user_id"), "accommodations", ["user_id"])

    op.create_table(
        "mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_mails_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
    )
    op.create_index(op.f("ix_mails_sent_at"), "mails", ["sent_at"])
    op.create_index(op.f("ix_mails_user_id"), "mails", ["user_id"])

    op.create_table(
        "incidents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("remedy", sa.String(length=10), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["users.id"], name=op.f("fk_incidents_decided_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["users.id"], name=op.f("fk_incidents_proposed_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sittings.id"], name=op.f("fk_incidents_sitting_id_sittings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    op.create_index(op.f("ix_incidents_sitting_id"), "incidents", ["sitting_id"])

    op.create_table(
        "sitting_proctors",
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sittings.id"], name=op.f("fk_sitting_proctors_sitting_id_sittings")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_sitting_proctors_user_id_users")
        ),
        sa.PrimaryKeyConstraint("sitting_id", "user_id", name=op.f("pk_sitting_proctors")),
    )
    op.create_table(
        "registration_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("browser", sa.String(length=200), nullable=False),
        sa.Column("detail", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["users.id"], name=op.f("fk_registration_events_actor_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registrations.id"],
            name=op.f("fk_registration_events_registration_id_registrations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_events")),
    )
    op.create_index(
        op.f("ix_registration_events_registration_id"), "registration_events", ["registration_id"]
    )

    op.create_table(
        "incident_attempts",
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempts.id"], name=op.f("fk_incident_attempts_attempt_id_attempts")
        ),
        sa.ForeignKeyConstraint(
            ["incident_id"],
            ["incidents.id"],
            name=op.f("fk_incident_attempts_incident_id_incidents"),
        ),
        sa.PrimaryKeyConstraint("incident_id", "attempt_id", name=op.f("pk_incident_attempts")),
    )
    op.create_table(
        "save_decisions",
        sa.Column("save_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["users.id"], name=op.f("fk_save_decisions_decided_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["save_id"], ["saves.id"], name=op.f("fk_save_decisions_save_id_saves")
        ),
        sa.PrimaryKeyConstraint("save_id", name=op.f("pk_save_decisions")),
    )
