"""Sittings on offer, their papers, and people's places in them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Sitting(Base):
    """An exam on offer in a window. open_to_enrolled: whoever is enrolled may register."""

    __tablename__ = "sittings"

    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exams.id"), index=True)
    title: Mapped[dict[str, Any]]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    room: Mapped[str] = mapped_column(String(100), default="")
    open_to_enrolled: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class SittingPaper(Base):
    """A paper that a sitting hands out."""

    __tablename__ = "sitting_papers"

    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"), primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("papers.id"), primary_key=True)


class Registration(Base):
    """One person's place in a sitting (报名).

    time_factor, granted_seconds and late_seconds are what accommodations and the proctor
    gave; attempts copy them when they start.
    """

    __tablename__ = "registrations"
    __table_args__ = (UniqueConstraint("sitting_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    admission_number: Mapped[str] = mapped_column(String(30), unique=True)
    state: Mapped[str] = mapped_column(String(20))
    agreed_at: Mapped[datetime | None]
    agreement_hash: Mapped[str | None] = mapped_column(String(64))
    time_factor: Mapped[float] = mapped_column(default=1.0)
    late_seconds: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
