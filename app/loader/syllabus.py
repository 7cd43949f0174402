"""content/syllabus.yaml: modules, lessons and knowledge points, in their order."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from app.domain.problems import Problems
from app.domain.reading import Reader
from app.domain.text import N_, Text
from app.loader.files import read_yaml


@dataclass(frozen=True, slots=True)
class Point:
    """A knowledge point. key: a key question of the outline. beyond: not in the sources' text."""

    id: str
    title: Text
    source: str
    memory: str = ""
    key: bool = False
    beyond: bool = False


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson of the syllabus and the points that it teaches."""

    id: str
    title: Text
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Module:
    """A module. weight: its share of the theory paper, in percent."""

    id: str
    title: Text
    weight: int
    lessons: tuple[Lesson, ...]


@dataclass(frozen=True)
class Syllabus:
    """The body of knowledge."""

    modules: tuple[Module, ...]

    @cached_property
    def lesson_modules(self) -> dict[str, str]:
        """Lesson id → module id."""
        return {lesson.id: module.id for module in self.modules for lesson in module.lessons}

    @cached_property
    def lessons(self) -> dict[str, Lesson]:
        """Lesson id → lesson."""
        return {lesson.id: lesson for module in self.modules for lesson in module.lessons}

    @cached_property
    def point_lessons(self) -> dict[str, str]:
        """Point id → lesson id."""
        return {point.id: lesson.id for lesson in self.lessons.values() for point in lesson.points}


def read_syllabus(path: Path) -> tuple[Syllabus, Problems]:
    """The syllabus of `path`, and every problem in it."""
    found = Problems(f"content/{path.name}")
    raw = read_yaml(path, problems=found)
    if raw is None:
        if not found:
            found.add("", N_("is empty"))
        return Syllabus(()), found
    reader = Reader(raw, place="", problems=found)
    modules = tuple(_read_module(item) for item in reader.items("modules", least=1))
    reader.done()
    _refuse_repeats(modules, found)
    total = sum(module.weight for module in modules)
    if total != 100 and not found:
        found.add("modules", N_("the weights add up to %(total)s, not to 100"), total=total)
    return Syllabus(modules), found


def _read_module(reader: Reader) -> Module:
    module = Module(
        id=reader.string("id", longest=40),
        title=reader.own_text(),
        weight=reader.integer("weight", least=0, most=100),
        lessons=tuple(_read_lesson(item) for item in reader.items("lessons", least=1)),
    )
    reader.done()
    return module


def _read_lesson(reader: Reader) -> Lesson:
    lesson = Lesson(
        id=reader.string("id", longest=40),
        title=reader.own_text(),
        points=tuple(_read_point(item) for item in reader.items("points", least=1)),
    )
    reader.done()
    return lesson


def _read_point(reader: Reader) -> Point:
    point = Point(
        id=reader.string("id", longest=10),
        title=reader.own_text(),
        source=reader.string("source"),
        memory=reader.string("memory", required=False),
        key=reader.boolean("key", default=False),
        beyond=reader.boolean("beyond", default=False),
    )
    reader.done()
    return point


def _refuse_repeats(modules: tuple[Module, ...], problems: Problems) -> None:
    lessons = [lesson for module in modules for lesson in module.lessons]
    for ids in (
        [module.id for module in modules],
        [lesson.id for lesson in lessons],
        [point.id for lesson in lessons for point in lesson.points],
    ):
        for id_ in sorted({i for i in ids if ids.count(i) > 1}):
            problems.add(id_, N_("this id is given more than once"))
