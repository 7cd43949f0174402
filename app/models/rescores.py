"""Re-scores of questions, and what each did to each attempt."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Json


class QuestionRescore(Base):
    """A question version that is scored otherwise in one exam.

    act: "rekey", "credit_all", "drop"; key: the new key of the first. state: "proposed",
    "approved", "rejected". digest, counts: the preview that was approved. applied_at: when every
    attempt that was graded before had been graded again.
    """

    __tablename__ = "question_rescores"
    __table_args__ = (Index("ix_question_rescores_exam_state", "exam_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exams.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id"), index=True)
    act: Mapped[str] = mapped_column(String(12))
    key: Mapped[Any] = mapped_column(Json, nullable=True)
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))
    proposed_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    proposed_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[str] = mapped_column(Text, default="")
    digest: Mapped[str] = mapped_column(String(64), default="")
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    applied_at: Mapped[datetime | None]


class RescoreAttempt(Base):
    """What a re-score did to an attempt; written once. Scores are None before a result."""

    __tablename__ = "rescore_attempts"
    __table_args__ = (Index("ix_rescore_attempts_attempt", "attempt_id"),)

    rescore_id: Mapped[int] = mapped_column(ForeignKey("question_rescores.id"), primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    score_before: Mapped[float | None] = mapped_column(Numeric(6, 1, asdecimal=False))
    score_after: Mapped[float | None] = mapped_column(Numeric(6, 1, asdecimal=False))
    passed_before: Mapped[bool | None]
    passed_after: Mapped[bool | None]
    at: Mapped[datetime]
