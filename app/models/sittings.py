"""Sittings on offer, their papers and proctors, people's places in them, and incidents."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Sitting(Base):
    """An exam on offer in a window.

    open_to_enrolled: whoever is enrolled may take a place; otherwise the roster decides.
    capacity None: without a limit. access_code, networks, seb_keys (Safe Exam Browser Config
    Keys) and the two needs_ are what `domain/entrance` asks for at the door; empty asks nothing.
    """

    __tablename__ = "sittings"

    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exams.id"), index=True)
    title: Mapped[dict[str, Any]]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    room: Mapped[str] = mapped_column(String(100), default="")
    open_to_enrolled: Mapped[bool] = mapped_column(default=True)
    capacity: Mapped[int | None]
    access_code: Mapped[str] = mapped_column(String(20), default="")
    networks: Mapped[list[Any]] = mapped_column(default=list)
    seb_keys: Mapped[list[Any]] = mapped_column(default=list)
    needs_admission: Mapped[bool] = mapped_column(default=False)
    needs_ticket: Mapped[bool] = mapped_column(default=False)
    cancelled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class SittingPaper(Base):
    """A paper that a sitting hands out."""

    __tablename__ = "sitting_papers"

    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"), primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("papers.id"), primary_key=True)


class SittingProctor(Base):
    """A proctor of a sitting. A sitting that names none is open to every proctor."""

    __tablename__ = "sitting_proctors"

    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)


class Registration(Base):
    """One person's place in a sitting (报名).

    late_seconds: how far beyond the sitting's end this person may work, beside what an
    accommodation gives. admitted_at: when a proctor had seen who it is. ticket_hash: SHA-256
    of the one-time ticket that is out; a new one takes the place of the old.
    """

    __tablename__ = "registrations"
    __table_args__ = (UniqueConstraint("sitting_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    admission_number: Mapped[str] = mapped_column(String(30), unique=True)
    state: Mapped[str] = mapped_column(String(20))
    agreed_at: Mapped[datetime | None]
    agreement_hash: Mapped[str | None] = mapped_column(String(64))
    admitted_at: Mapped[datetime | None]
    ticket_hash: Mapped[str | None] = mapped_column(String(64))
    ticket_used_at: Mapped[datetime | None]
    late_seconds: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]


class RegistrationEvent(Base):
    """One thing that happened to a registration before or beside its attempts; append-only."""

    __tablename__ = "registration_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id"), index=True)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(40))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    address: Mapped[str] = mapped_column(String(64), default="")
    browser: Mapped[str] = mapped_column(String(200), default="")
    detail: Mapped[dict[str, Any]]


class Incident(Base):
    """Something that hit several candidates: one approved act gives them minutes or a resit.

    remedy: "minutes" or "resit". state: "proposed", "approved", "rejected".
    """

    __tablename__ = "incidents"

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"), index=True)
    description: Mapped[str] = mapped_column(Text)
    remedy: Mapped[str] = mapped_column(String(10))
    minutes: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(10))
    proposed_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    proposed_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")


class IncidentAttempt(Base):
    """An attempt that an incident affected. outcome: what the decision did to it, "" before."""

    __tablename__ = "incident_attempts"

    incident_id: Mapped[int] = mapped_column(ForeignKey("incidents.id"), primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(20), default="")
