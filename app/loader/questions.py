"""questions/<module>/<lesson>.yaml → the question bank."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.domain.problems import Problem, Problems
from app.domain.questions.question import Question
from app.domain.text import N_
from app.loader.files import read_yaml
from app.loader.syllabus import Syllabus


@dataclass(frozen=True, slots=True)
class BankEntry:
    """A question and the lesson whose file holds it."""

    lesson_id: str
    question: Question


def read_bank(folder: Path, *, syllabus: Syllabus) -> tuple[list[BankEntry], list[Problem]]:
    """Every question below `folder`, and every problem in any of the files."""
    entries: list[BankEntry] = []
    problems: list[Problem] = []
    first_seen: dict[str, str] = {}
    for path in sorted(folder.glob("*/*.yaml")):
        name = path.relative_to(folder).as_posix()
        found = Problems(f"questions/{name}")
        lesson_id = path.stem
        if syllabus.lesson_modules.get(lesson_id) != path.parent.name:
            found.add("", N_("is not named after a lesson of the syllabus (module/lesson.yaml)"))
        for question in _read_file(path, found):
            if question.id in first_seen:
                found.add(
                    question.id,
                    N_("this id is already used in %(file)s"),
                    file=first_seen[question.id],
                )
                continue
            first_seen[question.id] = name
            _check_points(question, lesson_id, syllabus, found)
            entries.append(BankEntry(lesson_id, question))
        problems.extend(found)
    return entries, problems


def _read_file(path: Path, problems: Problems) -> list[Question]:
    raw = read_yaml(path, problems=problems)
    if raw is None:
        return []
    if not isinstance(raw, list):
        problems.add("", N_("must be a list of questions"))
        return []
    questions = []
    for number, item in enumerate(raw, start=1):
        question = Question.read(item, problems=problems, place=f"question {number}")
        if question is not None:
            questions.append(question)
    return questions


def _check_points(
    question: Question, lesson_id: str, syllabus: Syllabus, problems: Problems
) -> None:
    for point in question.points:
        if point not in syllabus.point_lessons:
            problems.add(question.id, N_("point %(point)s is not in the syllabus"), point=point)
    main = question.points[0] if question.points else ""
    if syllabus.point_lessons.get(main, lesson_id) != lesson_id:
        problems.add(
            question.id, N_("its first point %(point)s belongs to another lesson"), point=main
        )
    if not question.id.startswith(main):
        problems.add(
            question.id, N_("the id must begin with its first point, %(point)s"), point=main
        )
