"""Certificates: what was certified, for how long, and its signature."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Certificate(Base):
    """One certificate. token: the signed statement (JWS) that proves it without this server.

    code: a short secret on the document; with it the public page shows the full name.
    """

    __tablename__ = "certificates"
    __table_args__ = (UniqueConstraint("user_id", "scheme_version_id", "cycle"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    serial: Mapped[int]
    code: Mapped[str] = mapped_column(String(16))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    scheme_id: Mapped[str] = mapped_column(ForeignKey("schemes.id"), index=True)
    scheme_version_id: Mapped[int] = mapped_column(ForeignKey("scheme_versions.id"))
    cycle: Mapped[int] = mapped_column(default=1)
    holder: Mapped[str] = mapped_column(String(100))
    title: Mapped[dict[str, Any]]
    issuer: Mapped[dict[str, Any]]
    results: Mapped[list[Any]]
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    issued_at: Mapped[datetime]
    decided_by: Mapped[str] = mapped_column(String(40))
    suspended_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    token: Mapped[str]


class CertificateSerial(Base):
    """The last serial number given out for a prefix, year and level."""

    __tablename__ = "certificate_serials"

    series: Mapped[str] = mapped_column(String(30), primary_key=True)
    last: Mapped[int]
