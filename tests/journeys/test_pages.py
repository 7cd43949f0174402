"""Every page of the main stories: no barrier, no sideways scrolling, in Chinese, light and dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys import pages
from tests.journeys.answers import right, wrong
from tests.journeys.servers import Person

pytestmark = pytest.mark.journey


BANK = {
    "bank search": "?search=客户&type=single&papers_most=9",
    "nothing found": "?search=䶮䶮",
    "bulk change": "/bulk?scope=all&type=numeric",
    "bulk preview": "/bulk/preview?scope=all&type=numeric&set_difficulty=3",
    "bulk refusals": "/bulk/preview?scope=all&type=numeric&set_pool=exam&show=refused",
    "bulk changes": "/bulk/changes",
    "review queue": "/review",
    "own work": "/mine",
}


def trainee_pages(page, house):
    """The name of each page in turn, with the page open: from the log-in to the verification."""
    person = house.trainee("欧阳䶮")
    page.goto("/login")
    yield "log-in"
    pages.log_in(page, person)
    yield "overview"
    page.goto("/account/password")
    yield "password"
    page.goto("/course")
    yield "course"
    pages.open_first_lesson(page)
    yield "lesson"
    page.goto("/practice")
    yield "practice"
    page.goto("/practice/planning")
    yield "practice question"
    question = house.question(*pages.practice_question(page)[:2])
    pages.check_practice_answer(page, right(question))
    yield "practice feedback"
    page.goto("/certificates")
    yield "no certificate yet"
    pages.open_rules(page)
    pages.register(page)
    yield "exam rules"
    paper = house.paper(pages.start(page))
    pages.flag(page, 2)
    yield "exam"
    pages.answer_all(page, {position: right(question) for position, question in paper.items()})
    pages.open_summary(page)
    yield "hand-in dialog"
    pages.hand_in(page)
    pages.expect_result(page, passed=True)
    yield "result"
    page.goto("/exams")
    yield "exams"
    page.goto("/certificates")
    page.locator(".card-link a").first.click()
    yield "certificate"
    page.goto(page.locator(".certificate-foot a").get_attribute("href"))
    yield "verification"


def staff_pages(page, house):
    """What instructors, HR and administrators look at."""
    pages.log_in(page, house.demo("instructor"))
    page.goto("/questions")
    yield "question bank"
    for name, address in BANK.items():
        page.goto(f"/questions{address}")
        yield name
    for kind in ("single", "matching", "case"):
        page.goto(f"/questions?type={kind}")
        page.locator("table.table-list a").first.click()
        yield f"question {kind}"
        page.locator('a[href*="/retire"]').click()
        yield f"retire {kind}"
        page.go_back()
        page.click('a[href$="/edit"]')
        yield f"editor {kind}"
    pages.log_out(page)
    pages.log_in(page, house.demo("hr"))
    page.goto("/results")
    yield "results"
    page.goto("/sittings")
    yield "sittings"
    pages.log_out(page)
    pages.log_in(page, house.demo("admin"))
    page.goto("/people")
    yield "people"
    page.goto("/people/new")
    yield "new person"


def each(walk, page, house):
    """The names of the pages of a walk, each as soon as its page has loaded."""
    for name in walk(page, house):
        page.wait_for_load_state()
        yield name


def failed_exam(windows, house):
    """Somebody has a result, so that lists have a row."""
    page = windows.open()
    person = house.trainee("学员丁")
    pages.log_in(page, person)
    paper = house.paper(pages.begin_exam(page))
    pages.answer(pages.question(page, 1), wrong(paper[1]))
    pages.expect_saved(page)
    pages.open_summary(page)
    pages.hand_in(page)
    return Person(person.username, pages.PASSWORD)


def test_no_page_of_a_trainee_has_a_barrier(page, house, serious, photograph):
    findings = {}
    for name in each(trainee_pages, page, house):
        findings[name] = serious(page)
        photograph(page, f"1440 {name}")

    assert {name: found for name, found in findings.items() if found} == {}


def test_no_page_of_the_staff_has_a_barrier(windows, house, serious, photograph):
    failed_exam(windows, house)
    page = windows.open()

    findings = {}
    for name in each(staff_pages, page, house):
        findings[name] = serious(page)
        photograph(page, f"1440 {name}")

    assert {name: found for name, found in findings.items() if found} == {}


def test_the_exam_page_has_no_barrier_in_the_dark(windows, house, serious, photograph):
    page = windows.open(color_scheme="dark")
    pages.log_in(page, house.trainee())
    pages.begin_exam(page)
    pages.flag(page, 1)

    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    photograph(page, "dark exam")
    assert serious(page) == []


@pytest.mark.parametrize("walk", [trainee_pages, staff_pages])
def test_no_page_scrolls_sideways_on_a_phone(windows, house, photograph, walk):
    page = windows.open(width=360, height=740)

    widths = {}
    for name in each(walk, page, house):
        widths[name] = page.evaluate("document.scrollingElement.scrollWidth")
        photograph(page, f"360 {name}")

    assert {name: width for name, width in widths.items() if width > 360} == {}
