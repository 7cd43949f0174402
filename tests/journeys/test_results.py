"""A release, an appeal and a re-score, in real browsers, by the people who do them."""

from __future__ import annotations

import re
import uuid

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.models.results import Result
from tests.journeys import candidates, pages
from tests.journeys.answers import right, wrong
from tests.journeys.servers import Person

pytestmark = pytest.mark.journey

PLAN = [
    {"module": "planning", "type": "single", "count": 2, "points": 40.0},
    {"module": "planning", "type": "true_false", "count": 1, "points": 20.0},
]
POLICY = {
    "show": ["score", "profile", "own_answers", "right_answers", "explanations"],
    "cut": {
        "method": "Angoff",
        "rationale": {"zh": "八位专家两轮评定。", "en": "Eight judges, two rounds."},
        "panel": 8,
        "decided_on": "2026-10-01",
    },
}


@pytest.fixture
def sat(page, house):
    """A page of somebody who answered the second question wrongly and handed in; the seat."""
    seated = candidates.seat(house, candidates.offer(house, PLAN, policy=POLICY))
    pages.open_exam(page, seated)
    paper = house.paper(seated.attempt_id)
    given = {p: wrong(q) if p == 2 else right(q) for p, q in paper.items()}
    pages.answer_all(page, given)
    pages.open_summary(page)
    pages.hand_in(page)
    expect(page.locator(".result-verdict-wait")).to_be_visible()
    return page, seated, paper


@pytest.fixture
def desk(windows, house):
    """Opens a window with somebody of the demonstration at it."""

    def open_(username, **settings):
        window = windows.open(**settings)
        pages.log_in(window, house.demo(username))
        return window

    return open_


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


def test_a_result_is_released_appealed_and_scored_again(sat, desk, windows, house, tmp_path):
    page, seated, paper = sat

    certifier = release(desk, seated)
    page.reload()
    assert pages.expect_result(page, passed=True) == 60
    page.click(f'a[href="/attempts/{seated.attempt_id}/transcript"]')
    expect(page.locator("main")).to_contain_text("Angoff")
    expect(page.locator(".results-part")).to_have_count(3)
    with page.expect_download() as download:
        page.click('a[href$="/transcript.pdf"]')
    download.value.save_as(tmp_path / "transcript.pdf")
    assert (tmp_path / "transcript.pdf").read_bytes().startswith(b"%PDF-")

    appeal_id = file_appeal(page, seated)
    answer_appeal(independent(windows, house), appeal_id)
    page.reload()
    expect(page.locator("#letter")).to_contain_text("均无误")
    with page.expect_download() as download:
        page.click('a[href$=".pdf"]')
    download.value.save_as(tmp_path / "letter.pdf")
    assert (tmp_path / "letter.pdf").read_bytes().startswith(b"%PDF-")

    address = propose_rescore(desk("instructor"), paper[2], wrong(paper[2]))
    decide(certifier, address, reason="同意，两个选项均可")
    page.goto(f"/attempts/{seated.attempt_id}/done")
    expect(page.locator("#result-changed")).to_contain_text("两个选项都可接受")
    assert pages.expect_result(page, passed=True) == 100
    page.goto(f"/attempts/{seated.attempt_id}/transcript")
    expect(page.locator("#versions tbody tr")).to_have_count(2)
    with house.database() as session:
        found = session.execute(
            select(Result.version, Result.current, Result.score)
            .order_by(Result.version)
            .where(Result.attempt_id == seated.attempt_id)
        )
        assert [tuple(row) for row in found] == [(1, False, 60), (2, True, 100)]


@pytest.mark.parametrize(
    ("width", "theme", "language"), [(360, "light", "en"), (1440, "dark", "zh")]
)
def test_the_pages_keep_nobody_out(
    sat, desk, windows, house, serious, photograph, width, theme, language
):
    page, seated, paper = sat
    hr, certifier, teacher = desk("hr"), desk("certifier"), desk("instructor")
    waiting = propose_release(hr, seated)
    decide(certifier, waiting, reason="同意")
    appeal_id = file_appeal(page, seated)
    handler = independent(windows, house)
    handler.goto(f"/appeals/{appeal_id}")
    handler.click('form[action$="/take"] .btn-primary')
    letter = [letter for letter in "abcd" if letter != right(paper[1])][0]
    rescore = propose_rescore(teacher, paper[1], letter)
    attempt = f"/attempts/{seated.attempt_id}"
    looks = [
        (page, f"{attempt}/done"),
        (page, f"{attempt}/transcript"),
        (page, f"{attempt}/appeal"),
        (page, f"/my/appeals/{appeal_id}"),
        (hr, "/releases"),
        (hr, f"/sittings/{seated.sitting_id}/release"),
        (certifier, waiting),
        (hr, "/rescores"),
        (teacher, "/rescores/new"),
        (teacher, f"/rescores/new?search={paper[2].id}"),
        (certifier, rescore),
        (handler, "/appeals"),
        (handler, f"/appeals/{appeal_id}"),
        (certifier, "/certification"),
        (certifier, "/certification/reviews"),
        (hr, "/trainers"),
    ]

    found = {}
    for number, (tab, path) in enumerate(looks):
        if tab.locator("html").get_attribute("lang") != {"zh": "zh-CN", "en": "en"}[language]:
            pages.switch_language(tab, language)
        tab.set_viewport_size({"width": width, "height": 900})
        tab.context.add_cookies([{"name": "theme", "value": theme, "url": house.url}])
        tab.goto(path)
        photograph(tab, f"results-{number:02}-{width}-{theme}")
        wider = tab.evaluate("document.documentElement.scrollWidth - innerWidth")
        found[path] = [*serious(tab), *([f"wider by {wider}"] if wider > 0 else [])]

    assert {path: problems for path, problems in found.items() if problems} == {}
