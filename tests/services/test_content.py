"""Loading the shipped files: once is enough, twice changes nothing."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from sqlalchemy import func, select

from app.config import ROOT
from app.domain.text import Text
from app.loader.tree import read_tree
from app.models.content import Lesson, LessonText, Point
from app.models.schemes import Exam, Scheme, SchemeVersion
from app.services.content import load_content
from tests import factories


@lru_cache(maxsize=1)
def shipped():
    return read_tree(ROOT / "content", ROOT / "questions")


def load(tree=None):
    return load_content(tree or shipped(), now=factories.NOW)


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


def test_everything_in_the_files_is_in_the_database(app, session):
    load()

    assert count(session, Lesson) == len(shipped().syllabus.lessons)
    assert count(session, Point) == len(shipped().syllabus.point_lessons)
    assert count(session, LessonText) == len(shipped().texts) >= 14
    assert count(session, Scheme) == len(shipped().schemes) == 2


def test_loading_twice_changes_nothing(app, session):
    load()

    again = load()

    assert (again.lessons, again.texts, again.schemes) == (0, 0, 0)
    assert count(session, SchemeVersion) == 2


def test_a_changed_lesson_is_counted_and_rendered_anew(app, session):
    load()
    first = shipped().pages[0]
    changed = replace(shipped(), pages=(replace(first, html="<p>新</p>"), *shipped().pages[1:]))

    assert load(changed).texts == 1

    assert "<p>新</p>" in session.scalars(select(LessonText.html)).all()


def test_a_changed_scheme_makes_a_version_and_keeps_the_old_exams(app, session):
    load()
    scheme = shipped().schemes[-1]
    before = count(session, Exam)
    changed = replace(scheme, title=Text("新名", "New name"))

    load(replace(shipped(), schemes=(*shipped().schemes[:-1], changed)))

    row = session.get_one(Scheme, scheme.id)
    assert row.title == {"zh": "新名", "en": "New name"}
    assert session.get_one(SchemeVersion, row.current_version_id).number == 2
    assert count(session, Exam) == before + len(scheme.exams)
