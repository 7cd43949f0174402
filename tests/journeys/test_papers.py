"""From a plan to a sitting: edited, assembled by the worker, compared, approved, handed out."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.models.papers import Paper
from app.models.sittings import SittingPaper
from tests.journeys import pages

pytestmark = pytest.mark.journey
EXAM = "专业能力"


def edit_plan(page):
    """Two short answers on planning instead of one on excellence; the totals follow."""
    page.goto("/plans")
    page.get_by_role("link", name=EXAM).click()
    page.fill('[data-count="0-0"]', "2")
    expect(page.locator("[data-verdict]")).to_have_attribute("data-is-bad", "")
    expect(page.locator("[data-all-points]").first).to_have_text("110")
    page.fill('[data-count="1-0"]', "")
    expect(page.locator("[data-verdict]")).not_to_have_attribute("data-is-bad", "")
    page.fill("#max_overlap", "60")
    page.fill("#note", "服务策划多考一题")
    page.click('button[name="do"][value="save"]')
    expect(page.locator(".notice-good")).to_be_visible()


def assemble(page):
    """Three papers; returns the address of their batch, which shows them side by side."""
    page.fill("#count", "3")
    page.fill("#seed", "2026")
    page.click('form[action$="/papers"] button')
    expect(page.locator(".stat-row")).to_be_visible(timeout=30_000)
    expect(page.locator(".overlap-table").first.locator("tbody tr")).to_have_count(3)
    return re.sub(r"^https?://[^/]+", "", page.url)


def open_sitting(page):
    """HR puts the exam on offer; returns the sitting's id."""
    here = datetime.now(ZoneInfo("Asia/Shanghai"))
    page.goto("/sittings/new")
    labels = page.locator("#exam option").all_inner_texts()
    page.locator("#exam").select_option(label=next(label for label in labels if EXAM in label))
    page.fill("#title_zh", "技能场次")
    page.fill("#title_en", "Skills sitting")
    page.fill("#opens_at", f"{here + timedelta(days=40):%Y-%m-%dT%H:%M}")
    page.fill("#closes_at", f"{here + timedelta(days=41):%Y-%m-%dT%H:%M}")
    page.check('input[name="access"][value="roster"]')
    page.click("form .form-actions .btn-primary")
    expect(page).to_have_url(re.compile(r"/sittings/\d+$"))
    return int(page.url.rpartition("/")[2])


def test_papers_go_from_a_plan_through_a_second_person_into_a_sitting(
    windows, house, photograph, serious
):
    teacher, keeper, hr = windows.open(), windows.open(), windows.open()
    pages.log_in(teacher, house.demo("instructor"))
    pages.log_in(keeper, house.demo("keeper"))
    pages.log_in(hr, house.demo("hr"))

    edit_plan(teacher)
    assert serious(teacher) == []
    photograph(teacher, "plan")
    address = assemble(teacher)
    assert serious(teacher) == []
    photograph(teacher, "papers-side-by-side")
    expect(teacher.locator('button[formaction$="/approve"]')).to_have_count(0)

    keeper.goto(address)
    keeper.fill("#reason", "三份试卷难度一致")
    keeper.click('button[formaction$="/approve"]')
    expect(keeper.locator(".notice-good")).to_be_visible()
    keeper.locator("table a", has_text="试卷 1").click()
    expect(keeper.locator("table.table-list tbody tr")).to_have_count(7)
    assert serious(keeper) == []

    sitting_id = open_sitting(hr)
    batch_id = int(address.rpartition("/")[2])
    with house.database() as session:
        batches = session.scalars(
            select(Paper.batch_id)
            .join(SittingPaper, SittingPaper.paper_id == Paper.id)
            .where(SittingPaper.sitting_id == sitting_id)
        ).all()
    assert batches == [batch_id] * 3
