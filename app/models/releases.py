"""Releases of results: proposed by one person, decided by another."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Release(Base):
    """One release of the results of a sitting.

    checks: the checks as they stood at the proposal. statistics: what was looked at, by
    statistics_seen_by. state: "proposed", "approved", "rejected". finished_at: when every
    certificate that follows was issued and everybody was told.
    """

    __tablename__ = "releases"

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"), index=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exams.id"), index=True)
    state: Mapped[str] = mapped_column(String(10))
    checks: Mapped[dict[str, Any]]
    statistics: Mapped[dict[str, Any]]
    statistics_seen_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    statistics_seen_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(Text, default="")
    proposed_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    proposed_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    finished_at: Mapped[datetime | None]


class ReleaseAttempt(Base):
    """An attempt that a release is about. done_at: when what follows from it was done."""

    __tablename__ = "release_attempts"
    __table_args__ = (Index("ix_release_attempts_attempt", "attempt_id"),)

    release_id: Mapped[int] = mapped_column(ForeignKey("releases.id"), primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    done_at: Mapped[datetime | None]
