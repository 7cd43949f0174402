"""Steps of stories about results: releases, appeals and re-scores, each by who does it."""

from __future__ import annotations

import re
import uuid

from playwright.sync_api import expect

from tests.journeys import pages
from tests.journeys.servers import Person

POLICY = {
    "show": ["score", "profile", "own_answers", "right_answers", "explanations"],
    "cut": {
        "method": "Angoff",
        "rationale": {"zh": "八位专家两轮评定。", "en": "Eight judges, two rounds."},
        "panel": 8,
        "decided_on": "2026-10-01",
    },
}


def propose_release(hr, seated):
    hr.goto("/releases")
    hr.click(f'a[href="/sittings/{seated.sitting_id}/release"]')
    expect(hr.locator(".state-bad")).to_have_count(0)
    hr.check("#seen")
    hr.click("form.form-stack .btn-primary")
    expect(hr).to_have_url(re.compile(r"/releases/\d+$"))
    return hr.url


def decide(window, address, *, reason):
    window.goto(address)
    window.fill("#reason", reason)
    window.click('button[value="approve"]')
    expect(window.locator(".notice-good").first).to_be_visible()


def release(desk, seated):
    certifier = desk("certifier")
    decide(certifier, propose_release(desk("hr"), seated), reason="检查完毕，同意发布")
    return certifier


def file_appeal(page, seated, text="请核对第二题"):
    page.goto(f"/attempts/{seated.attempt_id}/done")
    page.click(f'a[href="/attempts/{seated.attempt_id}/appeal"]')
    page.check("#kind-appeal")
    page.select_option("#position", "2")
    page.fill("#text", text)
    page.click("form.form-stack .btn-primary")
    expect(page).to_have_url(re.compile(r"/my/appeals/\d+$"))
    return int(page.url.rpartition("/")[2])


def answer_appeal(handler, appeal_id):
    handler.goto("/appeals")
    handler.click(f'a[href="/appeals/{appeal_id}"]')
    handler.click('form[action$="/take"] .btn-primary')
    expect(handler.locator("#checked .state-bad")).to_have_count(0)
    handler.check("#outcome-rejected")
    for look in ("missed_parts", "sums", "entries"):
        handler.fill(f"#{look}", "已核对，无误")
    handler.fill("#letter_zh", "经复核，漏判、合分、登分均无误。\n题目本身另行处理。")
    handler.click('form[action$="/answer"] .btn-primary')
    expect(handler.locator(".notice-good").first).to_be_visible()


def independent(windows, house):
    """A window with somebody who may handle appeals and had no part in any exam."""
    username = f"handler{uuid.uuid4().hex[:8]}"
    words = house.command("accounts", "create", username, "复核员", "--role", "hr")
    window = windows.open()
    pages.log_in(window, Person(username, words.splitlines()[-1], first=True))
    return window


def propose_rescore(teacher, question, letter):
    teacher.goto(f"/rescores/new?search={question.id}")
    teacher.locator("table.table-list a").last.click()
    teacher.check("#act-rekey")
    teacher.check(f"#right-{letter}")
    teacher.fill("#reason", "题干有歧义，两个选项都可接受")
    teacher.click('button[value="preview"]')
    expect(teacher.locator("#preview")).to_be_visible()
    teacher.click('button[value="propose"]')
    expect(teacher).to_have_url(re.compile(r"/rescores/\d+$"))
    return teacher.url
