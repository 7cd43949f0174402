"""From an Excel file to a reviewed question on a paper; and a file that takes the worker longer."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from app.domain.questions.kinds import Level, Pool
from app.domain.scoring.rules import ScoringRules
from app.domain.text import Text
from app.loader.exchange import sheet_template
from app.loader.exchange.yaml_files import text_of
from app.models.content import Lesson, Point
from app.models.papers import PaperQuestion
from app.models.questions import Question, QuestionVersion
from app.models.schemes import Exam, Scheme
from app.models.workshop import QuestionDraft
from app.services import sittings
from app.services.trail import SYSTEM
from tests import factories
from tests.journeys import candidates, pages
from tests.journeys.test_review import decide, open_from_queue, staff, state, submit

pytestmark = pytest.mark.journey
MANY = 260


def empty_cell(house):
    """(module, a point of it, level) for which the exam pool has no true-or-false question yet."""
    with house.database() as session:
        known = set(
            session.execute(
                select(Lesson.module_id, Question.level)
                .join(Lesson, Lesson.id == Question.lesson_id)
                .where(Question.type == "true_false", Question.pool == Pool.EXAM.value)
            ).all()
        )
        points = session.execute(
            select(Lesson.module_id, func.min(Point.id))
            .join(Lesson, Lesson.id == Point.lesson_id)
            .group_by(Lesson.module_id)
        ).all()
    return next(
        (module, point, level.value)
        for (module, point), level in product(points, Level)
        if (module, level.value) not in known
    )


def workbook(path, point, level):
    """A whole exam question, and the same once more."""
    statement = {"pool": "exam", "points": [point], "level": level, "type": "true_false"}
    whole = factories.content(f"{point}-901", **statement, answer=True)
    written = sheet_template.write([whole, replace(whole, id=f"{point}-903")], {})
    path.write_bytes(written.data)
    return path


def upload(page, path):
    page.goto("/questions")
    page.click('.page-actions a[href="/questions/import"]')
    page.set_input_files("#file", path)
    page.click('form[enctype="multipart/form-data"] .btn-primary')


def used_on_a_paper(house, question_id, module, level):
    """Whether a sitting whose exam asks for one such question has this one on its paper."""
    now = datetime.now(UTC)
    plan = {"module": module, "type": "true_false", "level": level, "count": 1, "points": 100.0}
    with house.database() as session:
        scheme = session.scalars(select(Scheme)).first()
        row = Exam(
            scheme_version_id=candidates.version_of_its_own(session, scheme.current_version_id),
            scheme_id=scheme.id,
            code="imported",
            title={"zh": "导入题考试", "en": "Exam of imported questions"},
            minutes=30,
            pass_mark=60,
            total=100,
            attempts=1,
            wait_hours=0,
            papers=1,
            release="immediately",
            show_answers=False,
            scoring=ScoringRules().dump(),
            plan=[plan],
            sections=[],
        )
        session.add(row)
        session.commit()
        sittings.open_sitting(
            row.id,
            title=Text("导入题场次", "Sitting of imported questions"),
            opens_at=now + timedelta(days=30),
            closes_at=now + timedelta(days=31),
            seed=7,
            actor=SYSTEM,
            now=now,
            rules=sittings.SittingRules(),
        )
        return question_id in session.scalars(
            select(QuestionVersion.question_id).join(
                PaperQuestion, PaperQuestion.version_id == QuestionVersion.id
            )
        )


def test_an_excel_upload_becomes_a_reviewed_question_on_a_paper(
    windows, house, tmp_path, photograph, serious
):
    author, first, second = windows.open(), windows.open(), windows.open()
    pages.log_in(author, house.demo("instructor"))
    pages.log_in(first, staff(house, "reviewer-c"))
    pages.log_in(second, staff(house, "reviewer-d"))
    module, point, level = empty_cell(house)

    upload(author, workbook(tmp_path / "题目.xlsx", point, level))
    lines = author.locator(".exchange-lines tbody tr")
    expect(lines).to_have_count(2)
    expect(lines.nth(0).locator(".state-good")).to_be_visible()
    expect(lines.nth(1).locator(".state-bad")).to_be_visible()
    assert serious(author) == []
    photograph(author, "import-dry-run")
    with house.database() as session:
        assert session.get(Question, f"{point}-901") is None

    author.click('form[action$="/confirm"] button')
    expect(author.locator(".notice-good")).to_be_visible()
    question_id = lines.nth(0).locator('a[href^="/questions/"]').inner_text()
    assert state(house, question_id) == "draft"
    photograph(author, "import-done")

    submit(author, question_id)
    open_from_queue(first, question_id)
    decide(first, "approve")
    open_from_queue(second, question_id)
    decide(second, "approve")
    open_from_queue(second, question_id)
    decide(second, "promote")

    assert state(house, question_id) == "live"
    assert used_on_a_paper(house, question_id, module, level)


def test_pasted_chinese_text_waits_as_a_draft_for_its_translation(windows, house):
    page = windows.open()
    pages.log_in(page, house.demo("instructor"))
    page.goto("/questions/import")

    page.fill("#text", "1. 先做哪一步？\nA. 倾听\nB. 推销\nC. 争辩\nD. 沉默\n答案：A\n解析：先听。")
    page.select_option("#point", "PL01")
    page.select_option("#level", "remember")
    page.select_option("#difficulty", "2")
    page.click('form[enctype="multipart/form-data"] .btn-primary')
    page.click('form[action$="/confirm"] button')
    page.click('.exchange-lines a[href*="draft="]')

    expect(page.locator('[name="stem.zh"]')).to_have_value("先做哪一步？")
    with house.database() as session:
        assert session.scalar(select(func.count()).select_from(QuestionDraft)) > 0


def test_many_questions_are_imported_by_the_worker_with_a_bar(windows, house, tmp_path, photograph):
    page = windows.open(width=360, height=740)
    pages.log_in(page, house.demo("instructor"))
    path = tmp_path / "many.yaml"
    texts = ({"zh": f"第{n}题？", "en": f"Question {n}?"} for n in range(MANY))
    path.write_text(
        text_of(
            [
                factories.content(f"PL01-{1000 + n}", points=["PL01"], stem=stem)
                for n, stem in enumerate(texts)
            ]
        ),
        encoding="utf-8",
    )

    upload(page, path)
    expect(page.locator('form[action$="/confirm"] button')).to_be_visible(timeout=60_000)
    photograph(page, "import-many")
    page.click('form[action$="/confirm"] button')
    expect(page.locator(".notice-good")).to_be_visible(timeout=60_000)

    with house.database() as session:
        count = session.scalar(
            select(func.count()).select_from(Question).where(Question.id.startswith("PL01-1"))
        )
    assert count == MANY
    expect(page.locator(".pager-where")).to_have_text(re.compile(str(MANY)))
