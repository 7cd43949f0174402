"""The content and questions that come with the product."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest

from app.domain.assembly.candidates import Candidate
from app.domain.assembly.papers import assemble
from app.domain.questions.kinds import Level, Pool, QuestionType
from app.domain.text import Language
from app.loader.rendering import render_text
from app.loader.tree import read_tree

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def tree():
    """Everything that is shipped; reading it raises where it has a problem."""
    return read_tree(ROOT / "content", ROOT / "questions")


@pytest.fixture(scope="module")
def planning(tree):
    """The module that is complete."""
    return next(module for module in tree.syllabus.modules if module.id == "planning")


@pytest.fixture(scope="module")
def bank(tree, planning):
    """Its questions."""
    lessons = {lesson.id for lesson in planning.lessons}
    return [entry.question for entry in tree.bank if entry.lesson_id in lessons]


def test_the_syllabus_has_eight_modules_that_weigh_a_hundred(tree):
    assert len(tree.syllabus.modules) == 8
    assert sum(module.weight for module in tree.syllabus.modules) == 100


def test_planning_has_its_lessons_in_both_languages_and_its_points(tree, planning):
    written = {(text.lesson_id, text.language) for text in tree.texts}

    assert len(planning.lessons) == 7
    assert {
        (lesson.id, language) for lesson in planning.lessons for language in Language
    } <= written
    assert sum(len(lesson.points) for lesson in planning.lessons) == 22


def test_planning_has_enough_questions_of_enough_types(bank):
    pools = Counter(question.pool for question in bank)
    types = {question.type for question in bank}

    assert pools[Pool.PRACTICE] >= 110
    assert pools[Pool.EXAM] >= 70
    assert types >= {
        QuestionType.SINGLE,
        QuestionType.MULTIPLE,
        QuestionType.TRUE_FALSE,
        QuestionType.FILL_IN,
    }
    assert types & {QuestionType.MATCHING, QuestionType.ORDERING}


def test_every_planning_point_is_practised_and_examined(planning, bank):
    points = {point.id for lesson in planning.lessons for point in lesson.points}

    for pool in Pool:
        assert {point for q in bank if q.pool is pool for point in q.points} >= points


def test_no_question_is_asked_in_both_pools(tree):
    stems = Counter()
    for language in Language:
        for pool in Pool:
            stems.update(
                {
                    (question.stem.to(language), repr(question.body.dump()))
                    for question in (entry.question for entry in tree.bank)
                    if question.pool is pool
                }
            )

    assert [stem for stem, count in stems.items() if count > 1] == []


def test_every_exam_is_worth_a_hundred_points_and_passed_at_sixty(tree):
    for scheme in tree.schemes:
        for exam in scheme.exams:
            assert exam.plan.total == 100, (scheme.id, exam.id)
            assert exam.pass_mark == 60


def test_the_open_scheme_is_the_unit_certificate_over_planning(tree):
    (scheme,) = [scheme for scheme in tree.schemes if scheme.open]

    assert scheme.id == "service-planning"
    assert scheme.modules == ("planning",)
    assert len(scheme.exams) == 1


def test_the_whole_certification_has_theory_and_skills(tree):
    scheme = next(scheme for scheme in tree.schemes if scheme.id == "service-manager")

    assert [exam.id for exam in scheme.exams] == ["theory", "skills"]
    assert set(scheme.modules) == {module.id for module in tree.syllabus.modules}


def test_its_theory_follows_the_modules_weights(tree):
    scheme = next(scheme for scheme in tree.schemes if scheme.id == "service-manager")
    weights = {module.id: module.weight for module in tree.syllabus.modules}
    cells = scheme.exams[0].plan.cells

    sums = Counter()
    for cell in cells:
        sums[cell.module] += cell.count * cell.points
    counts = Counter()
    for cell in cells:
        counts[cell.type] += cell.count

    assert counts == {
        QuestionType.SINGLE: 50,
        QuestionType.MULTIPLE: 15,
        QuestionType.TRUE_FALSE: 20,
    }
    for module, weight in weights.items():
        assert abs(sums[module] - Fraction(weight)) <= 2, (module, sums[module])


def test_papers_can_be_assembled_for_the_open_exam(tree, bank):
    exam = next(scheme for scheme in tree.schemes if scheme.open).exams[0]
    pool = [
        Candidate(number, q.id, "planning", q.points[0], q.type, q.level)
        for number, q in enumerate(bank)
        if q.pool is Pool.EXAM
    ]

    papers = assemble(exam.plan, pool, count=exam.papers, seed=1).papers

    assert len(set(papers)) == exam.papers
    assert exam.papers >= exam.attempts


def test_every_level_is_asked_for(bank):
    for pool in Pool:
        assert {question.level for question in bank if question.pool is pool} == set(Level)


@pytest.mark.parametrize("language", Language)
def test_every_text_can_be_shown(tree, language):
    for entry in tree.bank:
        for text in (entry.question.stem, entry.question.explanation):
            html = render_text(text.to(language))

            assert html.strip(), entry.question.id
            assert "<script" not in html


def test_every_lesson_has_its_points_in_the_table_of_contents(tree):
    for text, page in zip(tree.texts, tree.pages, strict=True):
        ids = {entry["id"] for entry in page.toc}
        points = {point.id for point in tree.syllabus.lessons[text.lesson_id].points}

        assert points <= ids, (text.lesson_id, text.language)
