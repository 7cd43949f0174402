"""An exam in a proctored room, from the sitting that HR opens to the candidate's first question."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.models.accounts import User
from app.models.sittings import Registration
from app.services.registrations import admit
from app.services.trail import SYSTEM
from tests.journeys import pages

pytestmark = pytest.mark.journey
SCHEME = "服务策划"


def open_room(page, title, *, needs_ticket=False):
    """HR's form; returns the sitting's id and its access code."""
    here = datetime.now(ZoneInfo("Asia/Shanghai"))
    page.goto("/sittings/new")
    page.locator("#exam").select_option(label=offered(page))
    page.fill("#title_zh", title)
    page.fill("#title_en", title)
    page.fill("#opens_at", f"{here - timedelta(minutes=1):%Y-%m-%dT%H:%M}")
    page.fill("#closes_at", f"{here + timedelta(hours=3):%Y-%m-%dT%H:%M}")
    page.fill("#room", "三楼 302")
    page.check('input[name="access"][value="roster"]')
    page.check("#new_code")
    page.check("#needs_admission")
    if needs_ticket:
        page.check("#needs_ticket")
    page.click("form .form-actions .btn-primary")
    expect(page).to_have_url(re.compile(r"/sittings/\d+$"))
    return int(page.url.rpartition("/")[2]), page.locator("dd code").first.inner_text()


def offered(page):
    labels = page.locator("#exam option").all_inner_texts()
    return next(label for label in labels if SCHEME in label)


def put_on_roster(page, sitting_id, *usernames):
    page.goto(f"/sittings/{sitting_id}/roster/add")
    page.fill("#text", "\n".join(usernames))
    page.click(".form-stack .form-actions button")
    page.click('form:has(input[name="people"]) button')
    expect(page.locator("table.table-list tbody tr")).to_have_count(len(usernames))


def place_of(house, sitting_id, username):
    with house.database() as session:
        return session.scalar(
            select(Registration.id)
            .join(User, User.id == Registration.user_id)
            .where(Registration.sitting_id == sitting_id, User.username == username)
        )


def let_in(house, place):
    with house.database():
        admit(place, actor=SYSTEM, now=datetime.now(UTC))


def start_with(page, code):
    page.fill("#access-code", code)
    page.click('form[action$="/start"] button')


def expect_exam(page):
    pages.expect_saved(page)
    expect(page.locator("#exam")).to_be_visible()


def test_a_candidate_waits_to_be_admitted_and_starts_with_the_code(windows, house, serious):
    hr, candidate = windows.open(), windows.open()
    windows.expect_problem("403")
    person = house.trainee()
    pages.log_in(candidate, person)
    pages.log_in(hr, house.demo("hr"))

    sitting_id, code = open_room(hr, "十一月考场")
    put_on_roster(hr, sitting_id, person.username)
    candidate.goto("/exams")
    candidate.click(f'h2 a[href="/exams/{sitting_id}"]')
    with candidate.expect_download() as download:
        candidate.click('a[href$="/slip.pdf"]')
    candidate.check("#agree")
    candidate.click('form[action$="/agree"] button')
    waiting = candidate.locator("[data-waiting]")
    expect(waiting).to_be_visible()
    assert download.value.suggested_filename.startswith("slip-")
    assert serious(candidate) == []

    let_in(house, place_of(house, sitting_id, person.username))

    expect(candidate.locator("#access-code")).to_be_visible(timeout=15_000)
    expect(waiting).to_have_count(0)
    start_with(candidate, "WRONG7")
    expect(candidate.locator('.notice-bad[role="alert"]')).to_be_visible()
    expect(candidate.locator("#access-code")).to_have_value("WRONG7")
    start_with(candidate, code)
    expect_exam(candidate)


def test_a_ticket_opens_the_exam_and_no_other_page(windows, house, serious):
    hr, room = windows.open(), windows.open()
    person = house.trainee()
    pages.log_in(hr, house.demo("hr"))
    sitting_id, code = open_room(hr, "凭条考场", needs_ticket=True)
    put_on_roster(hr, sitting_id, person.username)
    place = place_of(house, sitting_id, person.username)

    hr.goto(f"/sittings/{sitting_id}/roster/{place}")
    hr.click('form[action$="/ticket"] button')
    ticket = hr.locator(".ticket-code").inner_text()
    number = hr.locator("dd.tabular").first.inner_text()
    room.goto("/ticket")
    assert serious(room) == []
    room.fill("#number", number)
    room.fill("#ticket", ticket.lower())
    room.click(".form-actions button")
    expect(room).to_have_url(re.compile(rf"/exams/{sitting_id}$"))
    room.goto("/course")
    expect(room).to_have_url(re.compile(rf"/exams/{sitting_id}$"))
    room.check("#agree")
    room.click('form[action$="/agree"] button')
    let_in(house, place)

    expect(room.locator("#access-code")).to_be_visible(timeout=15_000)
    start_with(room, code)
    expect_exam(room)


def staff_pages(page, house):
    """Every page of sittings, with a sitting that has people in it."""
    names = [house.trainee().username for _ in range(2)]
    pages.log_in(page, house.demo("hr"))
    page.goto("/sittings")
    yield "sittings"
    sitting_id, _ = open_room(page, "无障碍考场")
    yield "sitting"
    page.goto(f"/sittings/{sitting_id}/edit")
    yield "edit"
    page.goto(f"/sittings/{sitting_id}/roster/add")
    page.fill("#text", "\n".join([*names, "nobody"]))
    page.click(".form-stack .form-actions button")
    yield "preview"
    page.click('form:has(input[name="people"]) button')
    yield "roster"
    page.locator("table.table-list a").first.click()
    yield "place"


@pytest.mark.parametrize("width", [360, 1440])
def test_no_page_about_sittings_has_a_barrier_or_scrolls_sideways(
    windows, house, serious, photograph, width
):
    page = windows.open(width=width)

    findings, widths = {}, {}
    for name in staff_pages(page, house):
        page.wait_for_load_state()
        findings[name] = serious(page)
        widths[name] = page.evaluate("document.scrollingElement.scrollWidth")
        photograph(page, f"{width} {name}")

    assert {name: found for name, found in findings.items() if found} == {}
    assert {name: found for name, found in widths.items() if found > width} == {}
