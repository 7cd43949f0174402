"""Appeals and complaints, and everything that was done about them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Appeal(Base):
    """One appeal or complaint about an attempt.

    kind: "appeal", "complaint". position: the question that it is about, None for the whole.
    due_at: until when it has to be answered. checked: what was looked at, with what was found.
    outcome: "upheld", "partly", "rejected", "" before. letter: the answer, {zh, en}.
    """

    __tablename__ = "appeals"
    __table_args__ = (Index("ix_appeals_state_due", "state", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    position: Mapped[int | None]
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))
    filed_at: Mapped[datetime]
    due_at: Mapped[datetime]
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    checked: Mapped[dict[str, Any]] = mapped_column(default=dict)
    outcome: Mapped[str] = mapped_column(String(10), default="")
    letter: Mapped[dict[str, Any]] = mapped_column(default=dict)
    decided_at: Mapped[datetime | None]


class AppealEvent(Base):
    """One thing that was done about an appeal; append-only."""

    __tablename__ = "appeal_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeals.id"), index=True)
    at: Mapped[datetime]
    step: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    detail: Mapped[dict[str, Any]]
