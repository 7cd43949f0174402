"""Marking by people: scripts, their markings, what happened to them, and what markers share."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Json


class Script(Base):
    """One answer that people mark, without a name.

    number: drawn at random, all that a marker sees of whose it is. attempt_id None: a check
    script. answer: as it counted when the script was opened; where another save counts later,
    round goes up and marking begins anew. shuffle: the order in which scripts are handed out.
    points and how: what settled it (`domain/marking/adjudication`), None before. agreed, reason,
    made_by, approved_by, retired_at: of check scripts.
    """

    __tablename__ = "scripts"
    __table_args__ = (
        UniqueConstraint("attempt_id", "position"),
        Index("ix_scripts_exam_version", "exam_id", "version_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(9), unique=True)
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempts.id"))
    position: Mapped[int]
    version_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id"), index=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exams.id"))
    maximum: Mapped[Fraction]
    answer: Mapped[Any] = mapped_column(Json, nullable=True)
    round: Mapped[int] = mapped_column(default=1)
    shuffle: Mapped[int] = mapped_column(BigInteger)
    points: Mapped[Fraction | None]
    how: Mapped[str | None] = mapped_column(String(10))
    settled_at: Mapped[datetime | None]
    agreed: Mapped[Fraction | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    made_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    retired_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Marking(Base):
    """One person's marking of one script.

    role: see `domain/marking/roles`. state: open, taken, done, handed_back, superseded (the
    answer has changed). marker_id None: nobody has it yet; with an open one, it is kept for that
    person. judgement: `rubric.Judgement.dump`, a draft while it is taken; seq counts its
    changes, so that an older draft never replaces a newer one. spent_seconds: time at the desk.
    """

    __tablename__ = "markings"
    __table_args__ = (
        Index(
            "ux_markings_role",
            "script_id",
            "round",
            "role",
            unique=True,
            sqlite_where=text("state NOT IN ('handed_back', 'superseded') AND role <> 'check'"),
            postgresql_where=text("state NOT IN ('handed_back', 'superseded') AND role <> 'check'"),
        ),
        Index("ix_markings_exam_state", "exam_id", "version_id", "state"),
        Index("ix_markings_marker", "marker_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    script_id: Mapped[int] = mapped_column(ForeignKey("scripts.id"), index=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exams.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id"))
    round: Mapped[int] = mapped_column(default=1)
    role: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(12))
    marker_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    points: Mapped[Fraction | None]
    judgement: Mapped[dict[str, Any]] = mapped_column(default=dict)
    seq: Mapped[int] = mapped_column(BigInteger, default=0)
    spent_seconds: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
    saved_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]


class MarkingEvent(Base):
    """One thing that happened to a marking: written once, never changed (triggers see to it)."""

    __tablename__ = "marking_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    marking_id: Mapped[int] = mapped_column(ForeignKey("markings.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]
    detail: Mapped[dict[str, Any]]


class MarkingComment(Base):
    """A sentence of the comment bank, for one question of one exam. retired_at: out of use."""

    __tablename__ = "marking_comments"
    __table_args__ = (Index("ix_marking_comments_exam_version", "exam_id", "version_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exams.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id"))
    text: Mapped[str] = mapped_column(String(300))
    made_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
