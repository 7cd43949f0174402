"""Who trained whom: a trainer neither marks nor decides on own trainees (promise 8)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Trainer(Base):
    """One person (trainer_id) trained another (user_id) for a scheme."""

    __tablename__ = "trainers"
    __table_args__ = (Index("ix_trainers_user", "user_id"),)

    trainer_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    scheme_id: Mapped[str] = mapped_column(
        String(40), ForeignKey("schemes.id"), primary_key=True, index=True
    )
    since: Mapped[datetime]
