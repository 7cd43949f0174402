"""Exam plans written in the browser, assemblies of papers, and papers: frozen question versions."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Json


class PlanVersion(Base):
    """One version of an exam's plan that was written in the browser; never updated.

    The newest one is in force; without any, the exam's own from its scheme's file, number 0.
    content: as `ExamPlan.dump`.
    """

    __tablename__ = "plan_versions"
    __table_args__ = (UniqueConstraint("exam_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exams.id"))
    number: Mapped[int]
    content: Mapped[Any] = mapped_column(Json, nullable=False)
    note: Mapped[str] = mapped_column(String(500), default="")
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]


class PaperBatch(Base):
    """One assembly of several papers, from the wish to the decision.

    plan_number: of the plan version, 0 for the file's. state: see `domain/assembly/batches`.
    tries: how often the work on it has begun. proposal: the papers as assembled, which become
    papers only when somebody approves them. figures, collisions, problem: what the assembly told.
    """

    __tablename__ = "paper_batches"
    __table_args__ = (Index("ix_paper_batches_state", "state", "made_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exams.id"), index=True)
    plan_number: Mapped[int]
    seed: Mapped[int] = mapped_column(BigInteger)
    count: Mapped[int]
    state: Mapped[str] = mapped_column(String(20))
    tries: Mapped[int] = mapped_column(default=0)
    proposal: Mapped[list[Any]] = mapped_column(default=list)
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    collisions: Mapped[list[Any]] = mapped_column(default=list)
    problem: Mapped[str] = mapped_column(Text, default="")
    made_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(1000), default="")


class Paper(Base):
    """One paper of an exam. seed: of its assembly, which gives it again over the same pool.

    batch_id: None for one that was assembled with its sitting. plan_number: of the plan that it
    meets, see PlanVersion.
    """

    __tablename__ = "papers"

    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exams.id"), index=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("paper_batches.id"), index=True)
    plan_number: Mapped[int] = mapped_column(default=0)
    seed: Mapped[int] = mapped_column(BigInteger)
    frozen_at: Mapped[datetime]


class PaperQuestion(Base):
    """One place on a paper; never updated. pilot: it counts for nobody's score."""

    __tablename__ = "paper_questions"
    __table_args__ = (Index("ix_paper_questions_version", "version_id", "paper_id"),)

    paper_id: Mapped[int] = mapped_column(ForeignKey("papers.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id"))
    module_id: Mapped[str] = mapped_column(String(40))
    points: Mapped[Fraction]
    section: Mapped[int] = mapped_column(default=1)
    pilot: Mapped[bool] = mapped_column(default=False)
