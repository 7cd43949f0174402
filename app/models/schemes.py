"""Certification schemes and their exams, versioned."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Json


class Scheme(Base):
    """A scheme through its versions; title and summary are those of the current one."""

    __tablename__ = "schemes"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    current_version_id: Mapped[int | None]
    title: Mapped[dict[str, Any]]
    summary: Mapped[dict[str, Any]]
    modules: Mapped[list[Any]]
    open: Mapped[bool]


class SchemeVersion(Base):
    """One version of a scheme, whole. Never updated."""

    __tablename__ = "scheme_versions"
    __table_args__ = (UniqueConstraint("scheme_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_id: Mapped[str] = mapped_column(ForeignKey("schemes.id"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]]
    content_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]


class Exam(Base):
    """An exam of one scheme version. scoring and plan as the scheme's file has them.

    sections: titles of the sections that are worked through one way; [] is free navigation.
    marking: `domain/marking/policy`; what it leaves out is as usual.
    policy: what candidates see of their results, as `domain/result_policies` dumps it.
    """

    __tablename__ = "exams"
    __table_args__ = (UniqueConstraint("scheme_version_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_version_id: Mapped[int] = mapped_column(ForeignKey("scheme_versions.id"))
    scheme_id: Mapped[str] = mapped_column(ForeignKey("schemes.id"), index=True)
    code: Mapped[str] = mapped_column(String(40))
    title: Mapped[dict[str, Any]]
    minutes: Mapped[int]
    pass_mark: Mapped[Fraction]
    total: Mapped[Fraction]
    attempts: Mapped[int]
    wait_hours: Mapped[int]
    papers: Mapped[int]
    release: Mapped[str] = mapped_column(String(20))
    show_answers: Mapped[bool]
    scoring: Mapped[dict[str, Any]]
    plan: Mapped[Any] = mapped_column(Json, nullable=False)
    sections: Mapped[list[Any]] = mapped_column(default=list)
    marking: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    policy: Mapped[dict[str, Any]] = mapped_column(default=dict)
