"""Brings the syllabus, the lessons and the schemes from their files into the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.db import db, transactional
from app.domain.text import Text
from app.loader.schemes import Scheme as SchemeFile
from app.loader.tree import Tree
from app.models.content import ContentLoad, Lesson, LessonText, Module, Point
from app.models.schemes import Exam, Scheme, SchemeVersion


@dataclass(slots=True)
class ContentChanges:
    """How many rows a load wrote; all 0 where nothing had changed."""

    lessons: int = 0
    texts: int = 0
    schemes: int = 0


@transactional
def load_content(tree: Tree, *, now: datetime) -> ContentChanges:
    """Write what changed since the last load. Loading the same files twice changes nothing."""
    changes = ContentChanges()
    _load_syllabus(tree, changes)
    _load_texts(tree, changes)
    for scheme in tree.schemes:
        changes.schemes += _load_scheme(scheme, now=now)
    return changes


@transactional
def note_load(digest: str, *, now: datetime) -> None:
    """Note that the files with this digest are in the database."""
    db.session.add(ContentLoad(digest=digest, loaded_at=now))


def _load_syllabus(tree: Tree, changes: ContentChanges) -> None:
    modules = {row.id: row for row in db.session.scalars(select(Module))}
    lessons = {row.id: row for row in db.session.scalars(select(Lesson))}
    points = {row.id: row for row in db.session.scalars(select(Point))}
    lesson_place = point_place = 0
    for place, module in enumerate(tree.syllabus.modules, start=1):
        _put(
            Module,
            modules.get(module.id),
            id=module.id,
            place=place,
            title=module.title.dump(),
            weight=module.weight,
        )
        db.session.flush()
        for lesson in module.lessons:
            lesson_place += 1
            changes.lessons += _put(
                Lesson,
                lessons.get(lesson.id),
                id=lesson.id,
                module_id=module.id,
                place=lesson_place,
                title=lesson.title.dump(),
            )
            db.session.flush()
            for point in lesson.points:
                point_place += 1
                _put(
                    Point,
                    points.get(point.id),
                    id=point.id,
                    lesson_id=lesson.id,
                    place=point_place,
                    title=point.title.dump(),
                    source=point.source,
                    memory=point.memory,
                    key=point.key,
                    beyond=point.beyond,
                )
    db.session.flush()


def _load_texts(tree: Tree, changes: ContentChanges) -> None:
    known = {(row.lesson_id, row.language): row for row in db.session.scalars(select(LessonText))}
    for text, page in zip(tree.texts, tree.pages, strict=True):
        changes.texts += _put(
            LessonText,
            known.get((text.lesson_id, text.language.value)),
            lesson_id=text.lesson_id,
            language=text.language.value,
            title=text.title,
            minutes=text.minutes,
            html=page.html,
            toc=list(page.toc),
            hash=text.hash,
        )


def _load_scheme(file: SchemeFile, *, now: datetime) -> int:
    scheme = db.session.get(Scheme, file.id)
    if scheme is None:
        scheme = Scheme(id=file.id, current_version_id=None)
        db.session.add(scheme)
    current = (
        db.session.get(SchemeVersion, scheme.current_version_id)
        if scheme.current_version_id
        else None
    )
    if current is not None and current.content_hash == file.content_hash():
        return 0
    scheme.title, scheme.summary = file.title.dump(), file.summary.dump()
    scheme.modules, scheme.open = list(file.modules), file.open
    db.session.flush()
    version = SchemeVersion(
        scheme_id=file.id,
        number=(current.number if current else 0) + 1,
        content=file.dump(),
        content_hash=file.content_hash(),
        created_at=now,
    )
    db.session.add(version)
    db.session.flush()
    for exam in file.exams:
        db.session.add(
            Exam(
                scheme_version_id=version.id,
                scheme_id=file.id,
                code=exam.id,
                title=Text(exam.title.zh, exam.title.en).dump(),
                minutes=exam.minutes,
                pass_mark=exam.pass_mark,
                total=exam.plan.total,
                attempts=exam.attempts,
                wait_hours=exam.wait_hours,
                papers=exam.papers,
                release=exam.release.value,
                show_answers=exam.show_answers,
                scoring=exam.scoring.dump(),
                plan=exam.plan.dump(),
                sections=[title.dump() for title in exam.sections],
                marking=exam.marking.dump(),
                policy=exam.results.dump(),
            )
        )
    scheme.current_version_id = version.id
    return 1


def _put(kind: type, row: object | None, **values: object) -> int:
    """Insert or update one row; 1 where it changed."""
    if row is None:
        db.session.add(kind(**values))
        return 1
    changed = 0
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
            changed = 1
    return changed
