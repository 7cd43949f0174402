"""Attempts, their append-only saves and their event log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Json


class Attempt(Base):
    """One person working on one paper.

    epoch: number of the tab that may write; address and browser are that tab's. layout:
    position → how this candidate sees the question. seen_at: when the page last spoke to the
    server; it also keeps a log-in alive. saved_at: when an answer last arrived. granted_seconds
    and late_seconds go into `domain/timing`, accommodations and pauses included. pause_*: the
    pause that is on; while it lasts, deadline_at stands as if it lasted to its end. notice_id:
    the last event of the log that the page has to show. section: the one that is open.
    The partial index lets a person have one open attempt at a time (promise 3).
    """

    __tablename__ = "attempts"
    __table_args__ = (
        UniqueConstraint("registration_id", "number"),
        UniqueConstraint("user_id", "paper_id"),
        Index("ix_attempts_state_deadline", "state", "deadline_at"),
        Index(
            "ux_attempts_open",
            "user_id",
            unique=True,
            sqlite_where=text("state IN ('in_progress', 'paused')"),
            postgresql_where=text("state IN ('in_progress', 'paused')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id"))
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"), index=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exams.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("papers.id"), index=True)
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(20))
    seed: Mapped[int] = mapped_column(BigInteger)
    layout: Mapped[dict[str, Any]]
    started_at: Mapped[datetime]
    limit_seconds: Mapped[int]
    time_factor: Mapped[float] = mapped_column(default=1.0)
    granted_seconds: Mapped[int] = mapped_column(default=0)
    late_seconds: Mapped[int] = mapped_column(default=0)
    deadline_at: Mapped[datetime]
    epoch: Mapped[int] = mapped_column(default=0)
    seen_at: Mapped[datetime]
    saved_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(String(64), default="")
    browser: Mapped[str] = mapped_column(String(200), default="")
    section: Mapped[int] = mapped_column(default=1)
    notice_id: Mapped[int] = mapped_column(default=0)
    pause_kind: Mapped[str | None] = mapped_column(String(10))
    pause_since: Mapped[datetime | None]
    pause_ends_at: Mapped[datetime | None]
    break_seconds: Mapped[int] = mapped_column(default=0)
    break_used_seconds: Mapped[int] = mapped_column(default=0)
    larger_text: Mapped[bool] = mapped_column(default=False)
    closed_at: Mapped[datetime | None]


class Save(Base):
    """One answer as stored: inserted, never updated, never deleted (triggers see to it)."""

    __tablename__ = "saves"
    __table_args__ = (
        UniqueConstraint("attempt_id", "epoch", "seq"),
        # So that the few that wait for a person are found among millions.
        Index(
            "ix_saves_held",
            "attempt_id",
            sqlite_where=text("state = 'held'"),
            postgresql_where=text("state = 'held'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"))
    epoch: Mapped[int]
    seq: Mapped[int]
    position: Mapped[int]
    answer: Mapped[Any] = mapped_column(Json, nullable=True)
    flagged: Mapped[bool]
    spent_ms: Mapped[int]
    state: Mapped[str] = mapped_column(String(12))
    received_at: Mapped[datetime]
    receipt: Mapped[str] = mapped_column(String(64))


class SaveDecision(Base):
    """What a person decided about a held save; once decided, never changed."""

    __tablename__ = "save_decisions"

    save_id: Mapped[int] = mapped_column(ForeignKey("saves.id"), primary_key=True)
    accepted: Mapped[bool]
    decided_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class AttemptEvent(Base):
    """One thing that happened in an attempt: a move between states, a tab, a signal."""

    __tablename__ = "attempt_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), index=True)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(40))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    address: Mapped[str] = mapped_column(String(64), default="")
    browser: Mapped[str] = mapped_column(String(200), default="")
    detail: Mapped[dict[str, Any]]
