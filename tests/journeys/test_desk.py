"""The proctor's desk while candidates work: it keeps itself fresh, and its acts arrive."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from app.db import transaction
from app.domain.permissions import Role
from app.models.sittings import Sitting
from app.services import registrations
from app.services.accounts import NewAccount, create_account, enrol
from app.services.trail import SYSTEM
from tests.journeys import candidates, pages
from tests.journeys.pages import PASSWORD
from tests.journeys.servers import Person

pytestmark = pytest.mark.journey

WITHIN = 20_000
"""Milliseconds in which a desk or an exam page has to know."""


@pytest.fixture(scope="module")
def sitting(house):
    """A sitting in which nobody starts before a proctor has seen them."""
    sitting_id = candidates.offer(house)
    with house.database() as session:
        session.get_one(Sitting, sitting_id).needs_admission = True
        session.commit()
    return sitting_id


@pytest.fixture
def waiting(house, sitting):
    """Somebody who has agreed and waits to be admitted: (person, id of their place)."""
    now = datetime.now(UTC)
    person = Person(f"w{uuid.uuid4().hex[:10]}", PASSWORD, f"考生{uuid.uuid4().hex[:4]}")
    with house.database() as session:
        user_id = create_account(
            NewAccount(
                username=person.username,
                name=person.name,
                roles=frozenset({Role.TRAINEE}),
                password=PASSWORD,
                must_change_password=False,
            ),
            actor=SYSTEM,
            now=now,
        )
        enrol(user_id, scheme_id=candidates.SCHEME, due_at=None, actor=SYSTEM, now=now)
        with transaction():
            row = session.get_one(Sitting, sitting)
            place = registrations.take_place(row, user_id, actor=SYSTEM, now=now)
        registrations.agree(place, user_id=user_id, agreement="agreed", now=now)
    return person, place


@pytest.fixture
def proctor(windows, house):
    page = windows.open()
    pages.log_in(page, house.demo("proctor"))
    return page


def open_desk(page, sitting, place, person):
    """The desk of one candidate; returns their row."""
    page.goto(f"/sittings/{sitting}/desk?search={person.username}")
    page.evaluate("window.neverReloaded = true")
    return page.locator(f"#place-{place}")


def act(page, row, name, **fields):
    """One act out of the row's menu, in its dialog."""
    row.locator(".desk-menu summary").click()
    row.locator(f'button[formaction$="/{name}"]').click()
    dialog = page.locator("#act-dialog")
    expect(dialog).to_be_visible()
    for field, value in fields.items():
        dialog.locator(f'[name="{field}"]').fill(value)
    dialog.locator(".form-actions button").click()
    expect(dialog).not_to_be_visible()
    expect(page.locator("#desk-notices .notice-good")).to_be_visible()


def expect_presence(row, presence):
    expect(row).to_have_attribute("data-presence", presence, timeout=WITHIN)


def write(page, words):
    """Something that is saved, and answered with the news."""
    pages.question(page, 8).locator("[data-text]").fill(words)


def test_from_the_door_to_a_pause_and_back_without_reloading_the_desk(
    windows, house, proctor, sitting, waiting
):
    person, place = waiting
    row = open_desk(proctor, sitting, place, person)
    expect_presence(row, "registered")
    candidate = windows.open()
    pages.log_in(candidate, person)

    act(proctor, row, "admit", text="已查验工牌")
    expect_presence(row, "ready")
    candidate.goto(f"/exams/{sitting}")
    candidate.click('form[action$="/start"] button')
    pages.expect_saved(candidate)
    expect_presence(row, "working")

    act(proctor, row, "message", text="请注意保持安静")
    write(candidate, "倾听")
    expect(pages.expect_notice(candidate, "message", timeout=WITHIN)).to_contain_text(
        "请注意保持安静"
    )
    before = pages.milliseconds_left(candidate)
    act(proctor, row, "minutes", minutes="7", text="设备故障")
    write(candidate, "倾听客户")
    pages.expect_notice(candidate, "time_added", timeout=WITHIN)
    assert pages.milliseconds_left(candidate) - before > 5 * 60_000
    expect(row.locator("td.cell-number").first).to_have_text("1 / 9", timeout=WITHIN)

    act(proctor, row, "pause", text="火警")
    expect_presence(row, "paused")
    write(candidate, "倾听客户并道歉")
    expect(candidate.locator("[data-paused]")).to_be_visible(timeout=WITHIN)
    act(proctor, row, "resume", text="解除")
    expect(candidate.locator("#exam")).to_be_visible(timeout=WITHIN)
    expect_presence(row, "working")
    assert proctor.evaluate("window.neverReloaded")


def test_two_people_give_minutes_to_those_whom_an_incident_hit(windows, house, proctor, sitting):
    hit, spared = (seat(house, sitting) for _ in range(2))
    candidate, hr = windows.open(), windows.open()
    pages.open_exam(candidate, hit)
    pages.log_in(hr, house.demo("hr"))

    proctor.goto(f"/sittings/{sitting}/incidents/new")
    proctor.click('[data-tick="none"]')
    proctor.check(f"#affected-{hit.attempt_id}")
    proctor.fill("#description", "二号机房断网")
    proctor.fill("#minutes", "12")
    proctor.click(".form-actions .btn-primary")
    expect(proctor.locator(".notice-info")).to_be_visible()
    expect(proctor.locator('[name="decision"]')).to_have_count(0)
    hr.goto(proctor.url)
    hr.fill("#reason", "监控记录属实")
    hr.click('button[value="approve"]')
    expect(hr.locator(".notice-good")).to_be_visible()
    write(candidate, "倾听")

    pages.expect_notice(candidate, "time_added", timeout=WITHIN)
    granted = [house.attempt(one.attempt_id).granted_seconds for one in (hit, spared)]
    assert granted == [12 * 60, 0]


def test_ticks_and_an_open_menu_outlive_a_refresh(proctor, house, sitting):
    first, second = (seat(house, sitting) for _ in range(2))
    rows = [proctor.locator(f"#place-{place_of(house, one)}") for one in (first, second)]
    proctor.goto(f"/sittings/{sitting}/desk?sort=deadline")
    rows[0].locator(".desk-tick input").check()
    rows[0].locator(".desk-menu summary").click()

    candidates.pause(house, first)
    expect_presence(rows[0], "paused")

    expect(rows[0].locator(".desk-tick input")).to_be_checked()
    expect(rows[1].locator(".desk-tick input")).not_to_be_checked()
    expect(rows[0].locator(".menu-panel")).to_be_visible()
    expect(proctor.locator("[data-chosen-option]")).to_contain_text("1")
    assert (
        proctor.evaluate("document.activeElement.closest('tr').id")
        == f"place-{place_of(house, first)}"
    )


def test_a_desk_without_a_network_says_how_old_it_is_and_recovers(
    windows, house, proctor, sitting, waiting
):
    windows.expect_outage()
    person, place = waiting
    row = open_desk(proctor, sitting, place, person)
    live = proctor.locator("#desk-live")
    expect(live).to_have_attribute("data-state", "live")

    proctor.context.set_offline(True)
    expect(live).to_have_attribute("data-state", "lost", timeout=WITHIN)
    row.locator(".desk-menu summary").click()
    row.locator('button[formaction$="/admit"]').click()
    expect(proctor.locator("#desk-notices .notice-bad")).to_be_visible()
    proctor.context.set_offline(False)

    expect(live).to_have_attribute("data-state", "live", timeout=WITHIN)


def test_what_was_typed_stays_when_the_act_is_refused_or_cannot_be_sent(
    windows, house, proctor, sitting, waiting
):
    windows.expect_problem("400")
    windows.expect_outage()
    person, place = waiting
    row = open_desk(proctor, sitting, place, person)
    row.locator(".desk-menu summary").click()
    row.locator('button[formaction$="/irregularity"]').click()
    dialog = proctor.locator("#act-dialog")
    dialog.locator("textarea").fill("照片与本人不符")

    dialog.locator(".form-actions button").click()
    expect(dialog.locator('[role="alert"]')).to_be_visible()
    expect(dialog.locator("textarea")).to_have_value("照片与本人不符")
    dialog.locator("select").select_option("identity")
    proctor.context.set_offline(True)
    dialog.locator(".form-actions button").click()
    expect(dialog.locator('[role="alert"]')).to_be_visible()
    expect(dialog.locator("textarea")).to_have_value("照片与本人不符")
    proctor.context.set_offline(False)
    dialog.locator(".form-actions button").click()

    expect(dialog).not_to_be_visible()
    expect(proctor.locator("#desk-notices .notice-good")).to_be_visible()


def test_the_pages_of_the_desk_keep_nobody_out(windows, house, sitting, serious, photograph):
    seated = seat(house, sitting)
    findings = {}
    for width in (1440, 360):
        page = windows.open(width=width)
        pages.log_in(page, house.demo("proctor"))
        for name, path in (
            ("desk", "desk"),
            ("candidate", f"desk/attempts/{seated.attempt_id}"),
            ("act", "desk/acts/minutes?scope=all"),
            ("incidents", "incidents"),
            ("incident-new", "incidents/new"),
        ):
            page.goto(f"/sittings/{sitting}/{path}")
            photograph(page, f"{name}-{width}")
            findings[name, width] = serious(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name

    assert {place: found for place, found in findings.items() if found} == {}


def seat(house, sitting):
    """Somebody at work in the sitting, which admits nobody by itself."""
    with house.database() as session:
        session.get_one(Sitting, sitting).needs_admission = False
        session.commit()
    try:
        return candidates.seat(house, sitting)
    finally:
        with house.database() as session:
            session.get_one(Sitting, sitting).needs_admission = True
            session.commit()


def place_of(house, seated):
    return house.attempt(seated.attempt_id).registration_id
