"""A trainee's way from the first log-in to a certificate that anybody can verify."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys import pages
from tests.journeys.answers import right

pytestmark = pytest.mark.journey
WIDGETS = {"choice", "choices", "texts", "map", "order", "text", "parts"}


def test_a_trainee_reads_a_lesson_and_practises_every_kind_of_question(page, house):
    pages.log_in(page, house.trainee())
    lesson = pages.open_first_lesson(page)
    before = pages.lesson_state(page, lesson)

    page.goto(lesson)
    pages.mark_as_done(page)

    assert (before, pages.lesson_state(page, lesson)) == ("started", "done")
    seen = set()
    page.goto("/practice/swot")
    for _ in range(200):
        question_id, version, widget = pages.practice_question(page)
        if widget in seen:
            page.click(".practice-actions .btn-link")
            continue
        question = house.question(question_id, version)
        pages.check_practice_answer(page, right(question))
        kind = "good" if question.body.SCORED_BY_RULE else "partial"
        expect(page.locator(f".feedback-{kind}")).to_be_visible()
        seen.add(widget)
        if seen == WIDGETS:
            break
        page.click(".practice-actions .btn-primary")
    assert seen == WIDGETS
    assert page.locator(".meter-value").inner_text().startswith("5 /")


def test_a_trainee_passes_and_anybody_can_verify_the_certificate(windows, house, tmp_path):
    page = windows.open()
    person = house.trainee("学员䶮")
    pages.log_in(page, person)
    attempt_id = pages.begin_exam(page)
    given = {position: right(question) for position, question in house.paper(attempt_id).items()}
    last = max(given)

    pages.answer_all(page, {p: given[p] for p in given if p != last})
    pages.flag(page, 3)
    pages.expect_saved(page)
    page.reload()
    pages.expect_saved(page)

    assert page.locator('[data-goto="3"]').get_attribute("data-flagged") == "true"
    shown = {p: pages.shown_answer(pages.question(page, p)) for p in given}
    assert shown == {**given, last: None}

    assert pages.open_summary(page) == (last - 1, 1, 1)
    page.locator("[data-blank-list] a").click()
    pages.answer(pages.question(page, last), given[last])
    assert pages.open_summary(page) == (last, 0, 1)
    pages.hand_in(page)

    assert pages.expect_result(page, passed=True) == 100
    page.locator('.notice-good a[href^="/certificates/"]').click()
    expect(page.locator(".certificate-name")).to_have_text(person.name)
    with page.expect_download() as download:
        page.click('a[href$=".pdf"]')
    download.value.save_as(tmp_path / "certificate.pdf")
    assert Path(tmp_path / "certificate.pdf").read_bytes().startswith(b"%PDF-")

    number = page.locator(".certificate-number").inner_text()
    link = page.locator(".certificate-foot a").get_attribute("href")
    stranger = windows.open()
    stranger.goto(link)
    expect(stranger.locator(".verify-good")).to_be_visible()
    expect(stranger.locator("main")).to_contain_text(person.name)
    stranger.goto(f"/verify/{number}")
    expect(stranger.locator(".verify-good")).to_be_visible()
    expect(stranger.locator("main")).not_to_contain_text(person.name)
