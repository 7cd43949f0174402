"""What trainees have read and practised."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Json


class LessonProgress(Base):
    """One person's way through one lesson. seconds: time with the page in view."""

    __tablename__ = "lesson_progress"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    lesson_id: Mapped[str] = mapped_column(ForeignKey("lessons.id"), primary_key=True)
    opened_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    seconds: Mapped[int] = mapped_column(default=0)


class PracticeAnswer(Base):
    """One answer given in practice. day: the answer's day in the organisation's time zone."""

    __tablename__ = "practice_answers"
    __table_args__ = (
        Index("ix_practice_answers_user_point", "user_id", "point_id"),
        Index("ix_practice_answers_user_question", "user_id", "question_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    question_id: Mapped[str] = mapped_column(ForeignKey("questions.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id"))
    point_id: Mapped[str] = mapped_column(String(10))
    answer: Mapped[Any] = mapped_column(Json, nullable=True)
    layout: Mapped[dict[str, Any]]
    share: Mapped[float | None]
    spent_ms: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime]
    day: Mapped[date]
