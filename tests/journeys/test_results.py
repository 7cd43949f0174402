"""A release, an appeal and a re-score, in real browsers, by the people who do them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.models.results import Result
from tests.journeys import candidates, pages
from tests.journeys.answers import right, wrong
from tests.journeys.result_steps import (
    POLICY,
    answer_appeal,
    decide,
    file_appeal,
    independent,
    propose_release,
    propose_rescore,
    release,
)

pytestmark = pytest.mark.journey

PLAN = [
    {"module": "planning", "type": "single", "count": 2, "points": 40.0},
    {"module": "planning", "type": "true_false", "count": 1, "points": 20.0},
]


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
