"""From a draft into use: sent back, reviewed by two people, compared, retired; many at once."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.models.accounts import User
from app.models.questions import Question
from app.services import questions
from app.services.trail import Actor
from tests import factories
from tests.journeys import pages
from tests.journeys.servers import Person

pytestmark = pytest.mark.journey


def staff(house, username):
    """A new instructor; the password is still the first one."""
    password = house.command("accounts", "create", username, "审题人", "--role", "instructor")
    return Person(username, password.splitlines()[-1], "审题人", first=True)


def write(house, username, **changes):
    """A new question, or a new version of one: written by the services, as the editor does."""
    with house.database() as session:
        author = Actor(session.scalar(select(User.id).where(User.username == username)))
        known = session.get(Question, changes.get("id_", ""))
        content = factories.content(changes.pop("id_", "PL01-01"), points=["PL01"], **changes)
        now = datetime.now(UTC)
        if known is None:
            return questions.create_question(content, note="新写", actor=author, now=now)
        questions.edit_question(
            content, from_version=known.current_version, note="改写", actor=author, now=now
        )
        return content.id


def open_from_queue(page, question_id):
    page.goto("/questions/review")
    page.locator("table.table-list").get_by_role("link", name=question_id, exact=True).click()
    expect(page.locator("h1")).to_contain_text(question_id)


def decide(page, decision, note=""):
    page.fill("#note", note)
    page.click(f'button[name="decision"][value="{decision}"]')
    expect(page.locator(".notice-good").first).to_be_visible()


def state(house, question_id):
    with house.database() as session:
        return session.get_one(Question, question_id).state


def submit(page, question_id):
    page.goto(f"/questions/{question_id}")
    page.click('form[action*="/submit"] button.btn-primary')
    expect(page.locator(".notice-good").first).to_be_visible()


def test_a_question_goes_its_way_from_a_draft_into_use_and_out_of_it(windows, house):
    author, first, second = windows.open(), windows.open(), windows.open()
    pages.log_in(author, house.demo("instructor"))
    pages.log_in(first, staff(house, "reviewer-a"))
    pages.log_in(second, staff(house, "reviewer-b"))
    question_id = write(house, "instructor")

    submit(author, question_id)
    expect(author.locator('button[value="approve"]')).to_have_count(0)

    open_from_queue(first, question_id)
    first.select_option("#place", "options 3")
    first.fill("#comment", "这个选项有歧义")
    first.click('form[action*="/comments"] .form-actions button')
    decide(first, "send_back", "第三个选项请改写")
    assert state(house, question_id) == "draft"

    author.goto("/questions/mine")
    expect(author.locator(".sent-back").first).to_contain_text("第三个选项请改写")
    author.get_by_role("link", name=question_id, exact=True).click()
    expect(author.locator(".comment")).to_contain_text("这个选项有歧义")
    author.locator('.comment button[name="resolved"]').click()
    expect(author.locator(".comment[data-resolved]")).to_have_count(1)
    write(house, "instructor", id_=question_id, difficulty=4)
    submit(author, question_id)

    open_from_queue(first, question_id)
    decide(first, "approve")
    open_from_queue(second, question_id)
    decide(second, "approve")
    open_from_queue(second, question_id)
    decide(second, "promote")
    assert state(house, question_id) == "live"

    write(
        house, "instructor", id_=question_id, difficulty=4, stem={"zh": "新的题干？", "en": "New?"}
    )
    author.goto(f"/questions/{question_id}")
    expect(author.locator(".differences ins").first).to_contain_text("新的")
    author.goto(f"/questions/{question_id}/differences?old=1&new=3")
    expect(author.locator(".differences dt")).to_have_count(5)

    second.goto(f"/questions/{question_id}/retire")
    second.fill("#note", "内容已经过时")
    second.click(".btn-danger")
    expect(second.locator(".moves li").first).to_contain_text("内容已经过时")
    assert state(house, question_id) == "retired"


def test_retiring_explains_what_uses_a_question(windows, house):
    candidate, keeper = windows.open(), windows.open()
    pages.log_in(candidate, house.trainee("学员庚"))
    paper = house.paper(pages.begin_exam(candidate))
    question_id = next(iter(paper.values())).id
    pages.log_in(keeper, house.demo("instructor"))

    keeper.goto(f"/questions/{question_id}/retire")

    expect(keeper.locator(".facts dd").nth(0)).not_to_have_text("0")
    expect(keeper.locator(".use-list li").first).to_be_visible()


def test_the_list_is_worked_through_by_keyboard(windows, house):
    page = windows.open()
    pages.log_in(page, house.demo("instructor"))
    page.goto("/questions?type=single")
    rows = page.locator("table.bank-list tbody tr")
    second = rows.nth(1).locator("th a").inner_text()

    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("j?x")
    expect(page.locator("#search")).to_have_value("j?x")
    expect(page.locator("#keys")).not_to_be_visible()

    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator(".cell-pick input[name='id']:checked")).to_have_count(2)
    expect(page.locator("[data-ticked]")).to_have_text("(2)")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(rf"/questions/{re.escape(second)}\?"))


def test_two_questions_are_changed_together_and_taken_back(windows, house):
    page = windows.open()
    pages.log_in(page, house.demo("instructor"))
    page.goto("/questions?type=multiple&pool=practice&sort=id")
    boxes = page.locator("table.bank-list tbody .cell-pick input")
    ids = [boxes.nth(place).get_attribute("value") for place in (0, 1)]
    boxes.nth(0).check()
    boxes.nth(1).check()

    page.click("#bulk .btn-secondary")
    page.fill("#source", "004 Q1（集体修订）")
    page.click(".form-actions .btn-primary")
    expect(page.locator("table ins")).to_have_count(4)
    page.click("form[data-busy] .btn-primary")

    expect(page.locator(".notice-good form")).to_be_visible()
    assert {sources(house, id_) for id_ in ids} == {"004 Q1（集体修订）"}
    page.click(".notice-good form button")
    expect(page.locator(".undo-form")).to_have_count(0)
    assert "004 Q1（集体修订）" not in {sources(house, id_) for id_ in ids}


def sources(house, question_id):
    with house.database() as session:
        number = session.get_one(Question, question_id).current_version
    return house.question(question_id, number).source
