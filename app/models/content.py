"""The syllabus and the lessons, as loaded from content/."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Module(Base):
    """A module of the syllabus; title is {zh, en}."""

    __tablename__ = "modules"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    place: Mapped[int]
    title: Mapped[dict[str, Any]]
    weight: Mapped[int]


class Lesson(Base):
    """A lesson. place: its number through the whole syllabus."""

    __tablename__ = "lessons"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    module_id: Mapped[str] = mapped_column(ForeignKey("modules.id"), index=True)
    place: Mapped[int]
    title: Mapped[dict[str, Any]]


class Point(Base):
    """A knowledge point. key: a key question of the outline."""

    __tablename__ = "points"

    id: Mapped[str] = mapped_column(String(10), primary_key=True)
    lesson_id: Mapped[str] = mapped_column(ForeignKey("lessons.id"), index=True)
    place: Mapped[int]
    title: Mapped[dict[str, Any]]
    source: Mapped[str] = mapped_column(String(500))
    memory: Mapped[str] = mapped_column(String(500))
    key: Mapped[bool]
    beyond: Mapped[bool]


class LessonText(Base):
    """A lesson in one language, rendered when it is loaded. toc: list of {id, title}."""

    __tablename__ = "lesson_texts"

    lesson_id: Mapped[str] = mapped_column(ForeignKey("lessons.id"), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    minutes: Mapped[int]
    html: Mapped[str]
    toc: Mapped[list[Any]]
    hash: Mapped[str] = mapped_column(String(64))


class ContentLoad(Base):
    """One load of all files at a start. digest: of the files and of what reads them."""

    __tablename__ = "content_loads"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    loaded_at: Mapped[datetime]
