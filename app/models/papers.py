"""Papers: assembled, frozen sets of question versions."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Paper(Base):
    """One paper of an exam. seed: gives the same paper again over the same pool."""

    __tablename__ = "papers"

    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exams.id"), index=True)
    seed: Mapped[int] = mapped_column(BigInteger)
    frozen_at: Mapped[datetime]


class PaperQuestion(Base):
    """One place on a paper; never updated."""

    __tablename__ = "paper_questions"
    __table_args__ = (Index("ix_paper_questions_version", "version_id", "paper_id"),)

    paper_id: Mapped[int] = mapped_column(ForeignKey("papers.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id"))
    module_id: Mapped[str] = mapped_column(String(40))
    points: Mapped[Fraction]
    section: Mapped[int] = mapped_column(default=1)
