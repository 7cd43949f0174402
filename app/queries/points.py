"""The points of the syllabus, to choose from."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from app.db import AnyRow, db
from app.models.content import Lesson, Module, Point


def syllabus_points() -> Sequence[AnyRow]:
    """(id, title, key, lesson_place, lesson_title, module_title) of every point, in order."""
    return db.session.execute(
        select(
            Point.id,
            Point.title,
            Point.key,
            Lesson.place.label("lesson_place"),
            Lesson.title.label("lesson_title"),
            Module.title.label("module_title"),
        )
        .join(Lesson, Lesson.id == Point.lesson_id)
        .join(Module, Module.id == Lesson.module_id)
        .order_by(Lesson.place, Point.place, Point.id)
    ).all()


def sources_of_points() -> dict[str, str]:
    """Every point of the syllabus with the places that it comes from."""
    return dict(db.session.execute(select(Point.id, Point.source)).all())
