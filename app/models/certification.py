"""Decisions by people about certificates: to issue one, and whether one still holds."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class CertificateDecision(Base):
    """Whether somebody who has passed everything gets the certificate; append-only.

    verdict: "issue", "refuse". The last one counts.
    """

    __tablename__ = "certificate_decisions"
    __table_args__ = (Index("ix_certificate_decisions_user", "user_id", "scheme_version_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    scheme_version_id: Mapped[int] = mapped_column(ForeignKey("scheme_versions.id"))
    verdict: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime]


class CertificateReview(Base):
    """A certificate whose result fell below the pass mark: a person decides what becomes of it.

    cause: such as "rescore:7". outcome: "open" until decided, then "kept", "suspended",
    "revoked".
    """

    __tablename__ = "certificate_reviews"
    __table_args__ = (Index("ix_certificate_reviews_outcome", "outcome"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"), index=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), index=True)
    cause: Mapped[str] = mapped_column(String(40))
    opened_at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
