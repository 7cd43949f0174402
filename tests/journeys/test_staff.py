"""What instructors and HR do while and after candidates work."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from tests.journeys import pages
from tests.journeys.answers import right

pytestmark = pytest.mark.journey

STEM = '.shown-prompt[data-language="zh"] .question-stem'


def test_a_started_attempt_keeps_its_version_of_an_edited_question(windows, house):
    candidate, instructor = windows.open(), windows.open()
    pages.log_in(candidate, house.trainee())
    attempt_id = pages.begin_exam(candidate)
    position, question = next(iter(house.paper(attempt_id).items()))
    old = pages.question(candidate, position).locator(".question-stem").inner_text()
    pages.log_in(instructor, house.demo("instructor"))

    instructor.goto("/questions")
    instructor.fill("#search", question.id)
    instructor.click(".filter-actions .btn-primary")
    instructor.click(f'table a[href^="/questions/{question.id}?"]')
    instructor.click(f'a[href="/questions/{question.id}/edit"]')
    instructor.locator('[name="stem.zh"]').fill("改过的题干：下面哪一项最合适？")
    instructor.fill("#note", "题干更清楚")
    instructor.click("form[data-editor] .form-actions .btn-primary")

    expect(instructor.locator(STEM)).to_have_text("改过的题干：下面哪一项最合适？")
    expect(instructor.locator(".versions li")).to_have_count(2)
    candidate.reload()
    pages.expect_saved(candidate)
    expect(pages.question(candidate, position).locator(".question-stem")).to_have_text(old)
    instructor.click('.versions a[href*="version=1"]')
    expect(instructor.locator(STEM)).to_have_text(question.stem.zh)


def test_a_question_with_a_mistake_is_not_saved_and_nothing_typed_is_lost(windows, house):
    page = windows.open()
    windows.expect_problem("400")
    pages.log_in(page, house.demo("instructor"))
    page.goto("/questions?type=single")
    page.locator("table.table-list a").first.click()
    page.click('a[href$="/edit"]')
    page.locator('[name="stem.zh"]').fill("新的题干")
    page.locator('[name="stem.en"]').fill("")

    page.click("form[data-editor] .form-actions .btn-primary")

    expect(page.locator('[data-slot="stem.en"] li')).to_have_count(1)
    expect(page.locator('[name="stem.en"]')).to_be_focused()
    expect(page.locator('[name="stem.zh"]')).to_have_value("新的题干")


def test_hr_finds_a_result_and_opens_it_as_an_excel_file(windows, house, tmp_path):
    person = house.trainee("司徒䶮")
    candidate, hr = windows.open(), windows.open()
    pages.log_in(candidate, person)
    paper = house.paper(pages.begin_exam(candidate))
    pages.pass_exam(candidate, {position: right(question) for position, question in paper.items()})
    pages.log_in(hr, house.demo("hr"))

    hr.goto("/results")
    hr.fill("#search", "司徒")
    hr.click(".filter-actions .btn-primary")
    row = hr.locator("table.table-list tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text(person.name)
    with hr.expect_download() as download:
        hr.click('a[href*="/results.xlsx"]')
    download.value.save_as(tmp_path / "results.xlsx")

    sheet = CalamineWorkbook.from_path(tmp_path / "results.xlsx").get_sheet_by_index(0)
    head, *rows = sheet.to_python()
    assert [(line[0], line[1]) for line in rows] == [(person.username, person.name)]
    assert 100.0 in rows[0]
    assert re.match(r"QJ-\d{4}-U1-", rows[0][len(head) - 1])


def test_hr_sees_no_questions_and_a_trainee_no_results(windows, house):
    hr, trainee = windows.open(), windows.open()
    windows.expect_problem("403")
    pages.log_in(hr, house.demo("hr"))
    pages.log_in(trainee, house.demo("trainee1"))

    statuses = [hr.goto("/questions").status, trainee.goto("/results").status]

    assert statuses == [403, 403]
