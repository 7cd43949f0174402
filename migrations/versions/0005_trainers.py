"""trainers: who trained whom"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "trainers",
        sa.Column("trainer_id", sa.Integer(), sa.ForeignKey("users.id"), primary_key=True),
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id"), primary_key=True),
        sa.Column("scheme_id", sa.String(40), sa.ForeignKey("schemes.id"), primary_key=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_trainers_user", "trainers", ["user_id"])
    op.create_index(op.f("ix_trainers_scheme_id"), "trainers", ["scheme_id"])


def downgrade() -> None:
    op.drop_table("trainers")
