"""Figures of papers and questions, worked out again whenever results change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class PaperStatistics(Base):
    """How a paper did, see `domain/statistics/papers`; None: cannot be worked out."""

    __tablename__ = "paper_statistics"

    paper_id: Mapped[int] = mapped_column(ForeignKey("papers.id"), primary_key=True)
    people: Mapped[int]
    mean: Mapped[float | None]
    deviation: Mapped[float | None]
    alpha: Mapped[float | None]
    standard_error: Mapped[float | None]
    computed_at: Mapped[datetime]


class PaperItemTally(Base):
    """What one paper tells of one of its questions: sums that add up over papers."""

    __tablename__ = "paper_item_tallies"

    paper_id: Mapped[int] = mapped_column(ForeignKey("papers.id"), primary_key=True)
    version_id: Mapped[int] = mapped_column(
        ForeignKey("question_versions.id"), primary_key=True, index=True
    )
    tally: Mapped[dict[str, Any]]


class VersionStatistics(Base):
    """How a question version did on all its papers, see `domain/statistics/items`."""

    __tablename__ = "version_statistics"

    version_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id"), primary_key=True)
    people: Mapped[int]
    facility: Mapped[float | None]
    discrimination: Mapped[float | None]
    correlation: Mapped[float | None]
    computed_at: Mapped[datetime]


class VersionFlag(Base):
    """One thing that the figures of a version make somebody look at."""

    __tablename__ = "version_flags"

    version_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id"), primary_key=True)
    flag: Mapped[str] = mapped_column(String(30), primary_key=True, index=True)
