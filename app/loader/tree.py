"""The whole of content/ and questions/ in one read, for the start, the check and the load."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from app.domain.problems import InvalidContent, Problem
from app.domain.text import N_
from app.loader.lessons import LessonText, read_lessons
from app.loader.questions import BankEntry, read_bank
from app.loader.rendering import Rendered, UnsafeFigure, render_lesson
from app.loader.schemes import Scheme, read_schemes
from app.loader.syllabus import Syllabus, read_syllabus

_READ = frozenset({".yaml", ".md", ".svg", ".py"})


@dataclass(frozen=True, slots=True)
class Tree:
    """Everything that the files say, validated. pages: rendered texts, in the order of texts."""

    syllabus: Syllabus
    schemes: tuple[Scheme, ...]
    texts: tuple[LessonText, ...]
    pages: tuple[Rendered, ...]
    bank: tuple[BankEntry, ...]


def read_tree(content: Path, questions: Path) -> Tree:
    """The files of both folders; raises InvalidContent with every problem in them."""
    syllabus, found = read_syllabus(content / "syllabus.yaml")
    problems: list[Problem] = list(found)
    schemes, in_schemes = read_schemes(content / "schemes", syllabus=syllabus)
    texts, in_lessons = read_lessons(content, syllabus=syllabus)
    bank, in_bank = read_bank(questions, syllabus=syllabus)
    pages, in_figures = _render(texts, content, syllabus)
    problems += [*in_schemes, *in_lessons, *in_figures, *in_bank]
    if problems:
        raise InvalidContent(problems)
    return Tree(syllabus, tuple(schemes), tuple(texts), tuple(pages), tuple(bank))


def tree_digest(content: Path, questions: Path) -> str:
    """SHA-256 (hex) of every file of both folders and of the code that reads them.

    Equal digests mean that reading again would give the same tree.
    """
    code = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256()
    for folder in (content, questions, code / "loader", code / "domain"):
        for path in sorted(p for p in folder.rglob("*") if p.suffix in _READ):
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _render(
    texts: list[LessonText], content: Path, syllabus: Syllabus
) -> tuple[list[Rendered], list[Problem]]:
    pages: list[Rendered] = []
    problems: list[Problem] = []
    for text in texts:
        try:
            pages.append(
                render_lesson(text.markdown, figures=content / "figures", language=text.language)
            )
        except UnsafeFigure as error:
            module = syllabus.lesson_modules[text.lesson_id]
            problems.extend(
                Problem(
                    f"content/{module}/{text.lesson_id}.{text.language}.md",
                    f"figure:{name}",
                    N_("has something that a drawing may not have (script, style, reference)"),
                )
                for name in error.args
            )
    return pages, problems
