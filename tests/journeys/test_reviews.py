"""What comes late, in real browsers: held, decided, counted; answer files; statements."""

from __future__ import annotations

import json
import re

import pytest
from joserfc import jwe
from joserfc.jwk import ECKey
from playwright.sync_api import expect
from sqlalchemy import select

from app.domain.receipts import tab_token
from app.models.attempts import Attempt
from app.models.results import Result
from tests.journeys import pages
from tests.journeys.answers import right

pytestmark = pytest.mark.journey


@pytest.fixture
def begun(page, house):
    """A page with a running exam: (page, attempt id, right answers by position)."""
    pages.log_in(page, house.trainee("学员甲乙"))
    attempt_id = pages.begin_exam(page)
    return page, attempt_id, {p: right(q) for p, q in house.paper(attempt_id).items()}


@pytest.fixture
def proctor(windows, house):
    """Another computer, with a proctor at it."""
    desk = windows.open()
    pages.log_in(desk, house.demo("proctor"))
    return desk


def results(house, attempt_id):
    with house.database() as session:
        rows = session.execute(
            select(Result.version, Result.current, Result.passed)
            .where(Result.attempt_id == attempt_id)
            .order_by(Result.version)
        )
        return [tuple(row) for row in rows]


def owner(house, attempt_id):
    """(sitting, user) of an attempt."""
    with house.database() as session:
        attempt = session.get_one(Attempt, attempt_id)
        return attempt.sitting_id, attempt.user_id


def answer_offline(page, given):
    page.context.set_offline(True)
    for position, value in given.items():
        pages.answer(pages.question(page, position), value)
    pages.expect_offline(page)


def decide_all(desk, house, attempt_id, *, decision):
    """From the list of held answers to the decision about all of one candidate."""
    sitting_id, _ = owner(house, attempt_id)
    desk.goto(f"/sittings/{sitting_id}/held")
    desk.locator(f'a[href="/sittings/{sitting_id}/held/{attempt_id}"]').click()
    desk.check("#scope-all")
    desk.fill("#reason", "考场断网十分钟")
    desk.click(f'button[name="decision"][value="{decision}"]')
    expect(desk.locator(".notice-good").first).to_be_visible()
    expect(desk.locator('button[name="decision"]')).to_have_count(0)


def test_late_answers_are_held_accepted_and_change_the_result(begun, proctor, windows, house):
    page, attempt_id, given = begun
    windows.expect_outage()
    first, *others = given
    pages.answer(pages.question(page, first), given[first])
    pages.expect_saved(page)

    answer_offline(page, {position: given[position] for position in others})
    house.end_in(attempt_id, -15)
    page.context.set_offline(False)

    expect(page).to_have_url(re.compile(r"/done$"), timeout=60_000)
    expect(page.locator("#held-undecided")).to_be_visible()
    pages.expect_result(page, passed=False)
    assert results(house, attempt_id) == [(1, True, False)]

    decide_all(proctor, house, attempt_id, decision="accept")

    page.reload()
    expect(page.locator("#held-decided")).to_be_visible()
    expect(page.locator("#held-undecided")).to_have_count(0)
    assert pages.expect_result(page, passed=True) == 100
    assert results(house, attempt_id) == [(1, False, False), (2, True, True)]
    page.locator("#held-decided a").click()
    expect(page.locator("#held")).to_contain_text("考场断网十分钟")


def sealed_by_hand(page, house, attempt_id, given):
    """An answer file for the key that the exam page offers, made without the page."""
    _, user_id = owner(house, attempt_id)
    offered = page.locator("[data-answer-key]").first.get_attribute("data-answer-key")
    secrets = json.loads((house.folder / "secrets.json").read_text())
    key = bytes.fromhex(secrets["receipt_key"])
    token = tab_token(key=key, attempt_id=attempt_id, user_id=user_id, epoch=1)
    rows = [
        {
            "token": token,
            "epoch": 1,
            "position": position,
            "seq": 1000 + position,
            "answer": {"true": True, "false": False}.get(value, value)
            if isinstance(value, str)
            else value,
            "flagged": False,
            "spent_ms": 5,
        }
        for position, value in given.items()
    ]
    file = {
        "format": "qijue-answers/1",
        "attempt": attempt_id,
        "user": user_id,
        "made_at": "2026-11-02T05:00:00.000Z",
        "rows": rows,
    }
    header = {"alg": "ECDH-ES", "enc": "A256GCM"}
    return jwe.encrypt_compact(
        header, json.dumps(file).encode(), ECKey.import_key(json.loads(offered))
    ).encode()


def upload(desk, house, attempt_id, file):
    """Hand the file in; returns the counts of the report: new, known, refused."""
    sitting_id, _ = owner(house, attempt_id)
    desk.goto(f"/sittings/{sitting_id}/held/file")
    desk.set_input_files("#file", file)
    desk.click("form.panel .btn-primary")
    numbers = desk.locator(".stat-row dd")
    expect(numbers).to_have_count(3)
    return [int(number) for number in numbers.all_inner_texts()]


def test_an_answer_file_is_taken_in_and_decided(begun, proctor, house):
    page, attempt_id, given = begun
    content = sealed_by_hand(page, house, attempt_id, given)
    file = {"name": "answers.qijue", "mimeType": "application/octet-stream", "buffer": content}
    house.end_in(attempt_id, -300)
    page.goto(f"/attempts/{attempt_id}/done")
    pages.expect_result(page, passed=False)

    counts = [upload(proctor, house, attempt_id, file) for _ in range(2)]

    assert counts == [[len(given), 0, 0], [0, len(given), 0]]
    decide_all(proctor, house, attempt_id, decision="accept")
    page.reload()
    assert pages.expect_result(page, passed=True) == 100
    assert results(house, attempt_id) == [(1, False, False), (2, True, True)]


def test_the_file_of_a_browser_whose_network_never_returns_is_taken_in(
    begun, proctor, windows, house, tmp_path
):
    page, attempt_id, given = begun
    windows.expect_outage()
    some = dict(list(given.items())[:4])

    answer_offline(page, some)
    button = page.locator("#rescue [data-answer-file]")
    expect(button).to_be_visible(timeout=60_000)
    with page.expect_download() as download:
        button.click()
    # The page stays open: a closing one would still get its last request through.
    download.value.save_as(tmp_path / "file")
    house.end_in(attempt_id, -300)
    house.command("sweep")

    new, known, refused = upload(proctor, house, attempt_id, tmp_path / "file")

    assert (new, known, refused) == (len(some), 0, 0)
    decide_all(proctor, house, attempt_id, decision="refuse")
    assert results(house, attempt_id) == [(1, True, False)]


def leave_window(page, milliseconds):
    """A browser without a screen never loses the focus: the page is told that it has."""
    page.evaluate("document.hasFocus = () => false; dispatchEvent(new Event('blur'))")
    page.wait_for_timeout(milliseconds)
    page.evaluate("delete document.hasFocus; dispatchEvent(new Event('focus'))")


def test_a_candidate_speaks_about_signals_and_a_reviewer_decides(begun, windows, house):
    page, attempt_id, given = begun
    sitting_id, _ = owner(house, attempt_id)
    leave_window(page, 4_500)
    pages.pass_exam(page, given)

    page.locator(f'a[href="/attempts/{attempt_id}/record"]').click()
    page.fill("#text", "接了一个电话。\n已经关机。")
    page.click('form[action$="/statements"] .btn-primary')
    expect(page.locator("#statements .statement-text")).to_have_text("接了一个电话。\n已经关机。")

    reviewer = windows.open()
    pages.log_in(reviewer, house.demo("hr"))
    reviewer.goto(f"/sittings/{sitting_id}/signals?reviewed=no")
    reviewer.locator(f'a[href="/sittings/{sitting_id}/signals/{attempt_id}"]').click()
    expect(reviewer.locator(".statement-text").first).to_contain_text("接了一个电话。")
    expect(reviewer.locator(".signal-history strong")).to_have_count(3)
    reviewer.check("#decision-noted")
    reviewer.fill("#note", "与监考员核实")
    reviewer.click('form[action$="/review"] .btn-primary')
    expect(reviewer.locator(".notice-good").first).to_be_visible()
    reviewer.goto(f"/sittings/{sitting_id}/signals?reviewed=no")
    expect(
        reviewer.locator(f'a[href="/sittings/{sitting_id}/signals/{attempt_id}"]')
    ).to_have_count(0)

    page.reload()
    expect(page.locator(".state-info")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("与监考员核实")
    assert results(house, attempt_id) == [(1, True, True)]


@pytest.mark.parametrize("width", [360, 1440])
def test_the_pages_keep_nobody_out(begun, windows, house, serious, photograph, width):
    page, attempt_id, given = begun
    windows.expect_outage()
    sitting_id, _ = owner(house, attempt_id)
    answer_offline(page, dict(list(given.items())[:3]))
    house.end_in(attempt_id, -15)
    page.context.set_offline(False)
    expect(page).to_have_url(re.compile(r"/done$"), timeout=60_000)
    page.goto(f"/attempts/{attempt_id}/record")
    page.fill("#text", "停电了。")
    page.click('form[action$="/statements"] .btn-primary')
    staff = windows.open(width=width)
    pages.log_in(staff, house.demo("proctor"))
    page.set_viewport_size({"width": width, "height": 900})
    base = f"/sittings/{sitting_id}"

    found = {}
    for number, (tab, path) in enumerate(
        [
            (page, f"/attempts/{attempt_id}/done"),
            (page, f"/attempts/{attempt_id}/record"),
            (staff, f"{base}/held"),
            (staff, f"{base}/held/{attempt_id}"),
            (staff, f"{base}/held/file"),
            (staff, f"{base}/signals"),
            (staff, f"{base}/signals/{attempt_id}"),
        ]
    ):
        tab.goto(path)
        photograph(tab, f"reviews-{number}-{width}")
        wider = tab.evaluate("document.documentElement.scrollWidth - innerWidth")
        found[path] = [*serious(tab), *([f"wider by {wider}"] if wider > 0 else [])]

    assert {path: problems for path, problems in found.items() if problems} == {}
