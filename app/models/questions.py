"""The question bank: questions, and their versions that never change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Question(Base):
    """A question through all its versions. id: the author's, such as PL05-01.

    file_hash: content hash of what was last loaded from a file; None where it was written in
    the browser. So a file that has not changed never overwrites an edit made in the browser.
    current_version: the newest; state: where that one stands, since state_since. live_version:
    the approved one that practice and papers use, None where there is none: while a live
    question is changed, its newest version is a draft and its live version stays in use.
    Type, level, difficulty, point and stem are those of the current version, kept here so
    that lists need no join into JSON. author_id: who wrote the first version, None for a file.
    """

    __tablename__ = "questions"
    __table_args__ = (
        Index("ix_questions_pool_state_lesson", "pool", "state", "lesson_id"),
        Index("ix_questions_point", "point_id", "pool", "state"),
        Index("ix_questions_live", "pool", "lesson_id", "live_version"),
        Index("ix_questions_state_since", "state", "state_since"),
    )

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    lesson_id: Mapped[str] = mapped_column(ForeignKey("lessons.id"), index=True)
    point_id: Mapped[str] = mapped_column(ForeignKey("points.id"))
    pool: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(20))
    type: Mapped[str] = mapped_column(String(20))
    level: Mapped[str] = mapped_column(String(20))
    difficulty: Mapped[int]
    stem_zh: Mapped[str]
    stem_en: Mapped[str]
    current_version: Mapped[int]
    live_version: Mapped[int | None]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    state_since: Mapped[datetime]
    file_hash: Mapped[str | None] = mapped_column(String(64))
    updated_at: Mapped[datetime]


class QuestionVersion(Base):
    """One version: the whole content as the author's schema dumps it. Never updated."""

    __tablename__ = "question_versions"
    __table_args__ = (UniqueConstraint("question_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[str] = mapped_column(ForeignKey("questions.id"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]]
    content_hash: Mapped[str] = mapped_column(String(64))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    note: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime]
