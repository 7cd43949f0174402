"""content/<module>/<lesson>.<language>.md → lesson texts."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from app.domain.problems import Problem, Problems
from app.domain.reading import Reader
from app.domain.text import N_, Language
from app.loader.files import read_text_file, split_front_matter
from app.loader.syllabus import Syllabus

_FIGURE = re.compile(r"\bfigure:([a-z0-9-]+)")


@dataclass(frozen=True, slots=True)
class LessonText:
    """A lesson in one language. minutes: estimated reading time. hash: of text and figures."""

    lesson_id: str
    language: Language
    title: str
    minutes: int
    sources: tuple[str, ...]
    markdown: str
    hash: str


def read_lessons(folder: Path, *, syllabus: Syllabus) -> tuple[list[LessonText], list[Problem]]:
    """Every lesson text below `folder`, and every problem in any of them.

    A lesson may still be unwritten; one that is written must be there in every language.
    """
    texts: list[LessonText] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*/*.md")):
        name = path.relative_to(folder).as_posix()
        found = Problems(f"content/{name}")
        lesson_id, _, suffix = path.name.removesuffix(".md").rpartition(".")
        if suffix not in set(Language):
            found.add("", N_("must be named <lesson>.zh.md or <lesson>.en.md"))
        elif syllabus.lesson_modules.get(lesson_id) != path.parent.name:
            found.add("", N_("is not named after a lesson of the syllabus (module/lesson.zh.md)"))
        else:
            text = _read_lesson(path, lesson_id, Language(suffix), syllabus, found)
            if text is not None:
                texts.append(text)
        problems.extend(found)
    problems.extend(_missing_translations(folder, syllabus))
    return texts, problems


def _read_lesson(
    path: Path, lesson_id: str, language: Language, syllabus: Syllabus, problems: Problems
) -> LessonText | None:
    raw = read_text_file(path, problems=problems)
    if not raw:
        if not problems:
            problems.add("", N_("is empty"))
        return None
    head, markdown = split_front_matter(raw, problems=problems)
    reader = Reader(head, place="", problems=problems)
    id_ = reader.string("id", longest=40)
    title = reader.string("title", longest=120)
    points = reader.strings("points")
    minutes = reader.integer("minutes", least=1, most=240)
    sources = reader.strings("sources")
    reader.done()
    if id_ and id_ != lesson_id:
        reader.note("id", N_("must be %(id)s, like the file"), id=lesson_id)
    expected = tuple(point.id for point in syllabus.lessons[lesson_id].points)
    if sorted(points) != sorted(expected):
        reader.note("points", N_("must be %(points)s"), points=", ".join(expected))
    for point in expected:
        if not re.search(rf"^#+ .*\{{#{point}\}}\s*$", markdown, flags=re.MULTILINE):
            problems.add(point, N_("has no heading that ends in {#%(point)s}"), point=point)
    _check_figures(path, language, markdown, problems)
    return LessonText(
        lesson_id=lesson_id,
        language=language,
        title=title,
        minutes=minutes,
        sources=sources,
        markdown=markdown,
        hash=hashlib.sha256(raw.encode()).hexdigest(),
    )


def _check_figures(path: Path, language: Language, markdown: str, problems: Problems) -> None:
    for name in dict.fromkeys(_FIGURE.findall(markdown)):
        if not (path.parent.parent / "figures" / f"{name}.{language}.svg").is_file():
            problems.add(
                f"figure:{name}",
                N_("there is no content/figures/%(name)s.%(language)s.svg"),
                name=name,
                language=language.value,
            )


def _missing_translations(folder: Path, syllabus: Syllabus) -> list[Problem]:
    found = Problems()
    for lesson_id, module_id in syllabus.lesson_modules.items():
        present = {
            language
            for language in Language
            if (folder / module_id / f"{lesson_id}.{language}.md").is_file()
        }
        if present and present != set(Language):
            for language in sorted(set(Language) - present):
                found.file = f"content/{module_id}/{lesson_id}.{language}.md"
                found.add("", N_("is missing: every lesson is written in every language"))
    return list(found)
