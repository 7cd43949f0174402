"""A created account: the first password, and the language that is remembered."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import pages
from tests.journeys.servers import Person

pytestmark = pytest.mark.journey


def test_a_first_password_must_be_changed_before_anything_else(page, house):
    person = house.trainee()
    page.goto("/login")
    page.fill("#username", person.username)
    page.fill("#password", person.password)
    page.click(".form-actions .btn-primary")

    page.goto("/course")
    expect(page).to_have_url(re.compile(r"/account/password$"))
    pages.change_password(page, person.password)
    expect(page).to_have_url(re.compile(r"/$"))
    page.goto("/course")

    expect(page.locator(".lesson-list").first).to_be_visible()
    pages.log_out(page)
    pages.log_in(page, Person(person.username, pages.PASSWORD))


def test_a_weak_or_misspelt_new_password_is_refused(windows, house):
    page = windows.open()
    windows.expect_problem("400")
    person = house.trainee()
    page.goto("/login")
    page.fill("#username", person.username)
    page.fill("#password", person.password)
    page.click(".form-actions .btn-primary")

    pages.change_password(page, person.password, new=person.username + "1")
    expect(page.locator('[role="alert"], .invalid-feedback').first).to_be_visible()

    page.goto("/")
    expect(page).to_have_url(re.compile(r"/account/password$"))


def test_the_language_of_the_log_in_page_is_remembered(page):
    page.goto("/login")
    pages.expect_language(page, "zh")

    pages.switch_language(page, "en")
    page.goto("/verify")
    pages.expect_language(page, "en")
    page.goto("/login")

    pages.expect_language(page, "en")
    pages.switch_language(page, "zh")


def test_the_language_switch_works_on_a_lesson_and_is_kept_for_the_next_log_in(windows, house):
    page, elsewhere = windows.open(), windows.open()
    person = house.trainee()
    pages.log_in(page, person)
    lesson = pages.open_first_lesson(page)
    title = page.locator("main h1")
    chinese = title.inner_text()

    pages.switch_language(page, "en")
    assert page.url == lesson
    english = title.inner_text()
    pages.log_in(elsewhere, Person(person.username, pages.PASSWORD))

    assert re.search(r"[一-鿿]", chinese) and not re.search(r"[一-鿿]", english)
    pages.expect_language(elsewhere, "en")
    pages.switch_language(page, "zh")
    expect(title).to_have_text(chinese)


def test_the_language_switch_on_the_exam_page_keeps_every_answer(page, house):
    pages.log_in(page, house.trainee())
    paper = house.paper(pages.begin_exam(page))
    position = next(p for p, question in paper.items() if question.type == "fill_in")
    section = pages.question(page, position)
    given = ["第一"] * len(paper[position].body.blanks)
    pages.answer(section, given)

    pages.switch_language(page, "en")
    pages.expect_saved(page)

    expect(section.locator(".question-stem")).to_contain_text(paper[position].stem.en[:12])
    assert pages.shown_answer(section) == given
    pages.switch_language(page, "zh")
    pages.expect_saved(page)
    assert pages.shown_answer(section) == given
