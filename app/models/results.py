"""Marks per question and results per attempt, versioned."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import ForeignKey, Index, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Mark(Base):
    """Points for one question of one attempt, exact. share: the same as 0..1 for statistics."""

    __tablename__ = "marks"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id"), index=True)
    points: Mapped[Fraction]
    maximum: Mapped[Fraction]
    share: Mapped[float]
    rule: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime]


class Result(Base):
    """What an attempt came to. A re-score makes a new version; `current` marks the valid one.

    scaled: the score where the pass mark is told as 60, None where it is not. Once released, a
    version never changes but for `current` (triggers see to it).
    """

    __tablename__ = "results"
    __table_args__ = (
        UniqueConstraint("attempt_id", "version"),
        Index("ix_results_exam_released", "exam_id", "released_at"),
        Index("ix_results_user", "user_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"))
    version: Mapped[int]
    current: Mapped[bool]
    exam_id: Mapped[int] = mapped_column(ForeignKey("exams.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    score: Mapped[float] = mapped_column(Numeric(6, 1, asdecimal=False))
    maximum: Mapped[float] = mapped_column(Numeric(6, 1, asdecimal=False))
    pass_mark: Mapped[float] = mapped_column(Numeric(6, 1, asdecimal=False))
    passed: Mapped[bool]
    scaled: Mapped[float | None] = mapped_column(Numeric(6, 1, asdecimal=False))
    modules: Mapped[list[Any]]
    created_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
