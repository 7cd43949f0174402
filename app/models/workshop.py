"""The workshop around the bank: autosaves, reviews, pictures, filters, bulk changes, imports."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Json


class QuestionDraft(Base):
    """What somebody has typed and not yet saved as a version. id: the editor's own UUID.

    question_id: None for a question that does not exist yet. raw: like `Question.dump`, perhaps
    incomplete; None once it was saved or discarded, and the row stays, so that an autosave that
    arrives late does not bring it back. seq: counts the changes; an older one is never stored
    over a newer one. from_version: the version that the editor had opened, 0 for a new question.
    """

    __tablename__ = "question_drafts"
    __table_args__ = (UniqueConstraint("question_id", "user_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    question_id: Mapped[str | None] = mapped_column(ForeignKey("questions.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    raw: Mapped[Any] = mapped_column(Json, nullable=True)
    from_version: Mapped[int]
    seq: Mapped[int] = mapped_column(BigInteger)
    updated_at: Mapped[datetime]


class QuestionMove(Base):
    """One step in a question's life: written once, never changed. user_id None: the system."""

    __tablename__ = "question_moves"
    __table_args__ = (Index("ix_question_moves_question", "question_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[str] = mapped_column(ForeignKey("questions.id"))
    version: Mapped[int]
    step: Mapped[str] = mapped_column(String(20))
    from_state: Mapped[str] = mapped_column(String(20))
    to_state: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]


class QuestionComment(Base):
    """What somebody said about a version. place: the field, such as "options 2", or ""."""

    __tablename__ = "question_comments"
    __table_args__ = (Index("ix_question_comments_question", "question_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[str] = mapped_column(ForeignKey("questions.id"))
    version: Mapped[int]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    place: Mapped[str] = mapped_column(String(80), default="")
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class Medium(Base):
    """A picture of questions; its bytes are in the folder `media` of the instance.

    name: SHA-256 of the bytes and the kind, see `domain/media`.
    """

    __tablename__ = "media"

    name: Mapped[str] = mapped_column(String(70), primary_key=True)
    size: Mapped[int]
    added_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]


class SavedFilter(Base):
    """A filter of the bank that somebody kept under a name."""

    __tablename__ = "saved_filters"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str] = mapped_column(String(100))
    query: Mapped[dict[str, Any]]


class BulkChange(Base):
    """One change of many questions. what: what was asked. undo: what takes it back."""

    __tablename__ = "bulk_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    at: Mapped[datetime]
    what: Mapped[dict[str, Any]]
    undo: Mapped[dict[str, Any]]
    count: Mapped[int]
    undone_at: Mapped[datetime | None]


class ImportRun(Base):
    """One upload of questions, from its dry run to its end. id: a UUID.

    progress and total: elements, for the bar. report: what was or will be made.
    """

    __tablename__ = "import_runs"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    format: Mapped[str] = mapped_column(String(20))
    file_name: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(20))
    progress: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    options: Mapped[dict[str, Any]]
    report: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
