"""An exam without a network: nothing that was typed is lost, and no minute is gained."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
from pathlib import Path

import pytest
from joserfc import jwe
from joserfc.jwk import ECKey
from playwright.sync_api import expect

from app.domain.attempts import AttemptState
from app.domain.saves import SaveState
from tests.journeys import candidates, pages
from tests.journeys.answers import right
from tests.journeys.cable import Cable
from tests.journeys.candidates import stored
from tests.journeys.conftest import CHROMIUM, Windows

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def sitting(house):
    return candidates.offer(house)


@pytest.fixture
def seated(house, sitting):
    return candidates.seat(house, sitting)


@pytest.fixture
def given(house, seated):
    return {p: right(question) for p, question in house.paper(seated.attempt_id).items()}


@pytest.fixture
def cable(house):
    """All that connects the browser with the server."""
    made = Cable(house.port)
    yield made
    made.close()


@pytest.fixture
def page(browser, cable):
    """A window that will lose its network."""
    opened = Windows(browser, cable)
    opened.expect_outage()
    opened.expect_problem("409")
    yield opened.open()
    opened.close()
    assert opened.problems == []


def go_offline(page, cable):
    cable.cut()
    page.context.set_offline(True)  # the browser notices at once


def go_online(page, cable):
    cable.mend()
    page.context.set_offline(False)


def answer(page, given, *positions):
    for position in positions:
        pages.answer(pages.question(page, position), given[position])


def shown(page, given, *positions):
    return {
        position: pages.shown_answer(pages.question(page, position))
        for position in positions or given
    }


def test_a_page_reloaded_without_a_network_shows_everything_and_sends_it_later(
    page, cable, house, seated, given
):
    pages.open_exam(page, seated)
    pages.expect_copied(page)
    answer(page, given, 1, 2, 3)
    pages.expect_saved(page)
    go_offline(page, cable)
    answer(page, given, 4, 5)
    pages.flag(page, 2)
    pages.expect_offline(page)

    page.reload()
    pages.expect_offline(page)
    assert shown(page, given, 1, 2, 3, 4, 5) == {p: given[p] for p in (1, 2, 3, 4, 5)}
    expect(page.locator('[data-goto="2"]')).to_have_attribute("data-flagged", "true")
    answer(page, given, 6, 7)
    before = stored(house, seated)
    page.reload()
    go_online(page, cable)
    pages.expect_saved(page)

    assert before == {p: given[p] for p in (1, 2, 3)}
    assert shown(page, given, *range(1, 8)) == {p: given[p] for p in range(1, 8)}
    assert stored(house, seated) == {p: given[p] for p in range(1, 8)}


def test_typing_goes_on_through_an_outage_with_several_failed_tries(page, cable, house, seated):
    pages.open_exam(page, seated)
    field = pages.question(page, 8).locator("[data-text]")
    requests = []
    page.on("requestfailed", lambda request: requests.append(request.url))
    field.press_sequentially("先倾听")

    go_offline(page, cable)
    for word in ("，再道歉", "，然后解决", "，最后回访"):
        field.press_sequentially(word)
        page.wait_for_timeout(1200)
    page.wait_for_timeout(1500)
    failed = len([url for url in requests if url.endswith("/saves")])
    go_online(page, cable)
    pages.expect_saved(page)

    assert failed >= 2
    assert stored(house, seated) == {8: "先倾听，再道歉，然后解决，最后回访"}


def test_the_time_goes_on_in_a_page_that_was_opened_without_a_network(page, cable, house, seated):
    pages.open_exam(page, seated)
    pages.expect_copied(page)
    before = pages.milliseconds_left(page)
    go_offline(page, cable)
    page.wait_for_timeout(2500)

    page.reload()
    pages.expect_offline(page)

    assert before - 15_000 < pages.milliseconds_left(page) <= before - 2000


def test_answers_of_an_exam_that_ended_meanwhile_are_held_for_the_proctor(
    page, cable, house, seated, given
):
    pages.open_exam(page, seated)
    answer(page, given, 1)
    pages.expect_saved(page)
    go_offline(page, cable)
    answer(page, given, 2)
    pages.expect_offline(page)
    house.end_in(seated.attempt_id, -15)

    go_online(page, cable)

    expect(page).to_have_url(re.compile(r"/done$"), timeout=20_000)
    assert states(house, seated) == {1: SaveState.ACCEPTED, 2: SaveState.HELD}
    assert left_in_browser(page) == 0


def states(house, seated):
    return {save.position: save.state for save in house.saves(seated.attempt_id)}


def left_in_browser(page):
    """Rows without a receipt that the browser still keeps."""
    return page.evaluate("""() => new Promise((resolve) => {
      const opening = indexedDB.open("qijue-exam");
      opening.onsuccess = () => {
        const rows = opening.result.transaction("rows").objectStore("rows").count();
        rows.onsuccess = () => resolve(rows.result);
      };
    })""")


def test_the_end_that_comes_without_a_network_stops_the_writing(page, cable, house, seated, given):
    pages.open_exam(page, seated)
    house.end_in(seated.attempt_id, 6)
    answer(page, given, 1)
    pages.expect_saved(page)
    go_offline(page, cable)
    answer(page, given, 2)

    expect(page.locator("#rescue")).to_be_visible(timeout=15_000)
    expect(pages.question(page, 3).locator("input").first).to_be_disabled()
    expect(page.locator("#rescue [data-answer-file]")).to_be_visible()
    house.end_in(seated.attempt_id, -15)
    go_online(page, cable)

    expect(page).to_have_url(re.compile(r"/done$"), timeout=20_000)
    assert states(house, seated) == {1: SaveState.ACCEPTED, 2: SaveState.HELD}


def test_a_page_opened_from_the_copy_after_the_end_hands_over_what_it_has(
    page, cable, house, seated, given
):
    pages.open_exam(page, seated)
    pages.expect_copied(page)
    go_offline(page, cable)
    answer(page, given, 1, 2)
    pages.expect_offline(page)
    page.reload()
    house.end_in(seated.attempt_id, -15)

    go_online(page, cable)

    expect(page).to_have_url(re.compile(r"/done$"), timeout=20_000)
    assert states(house, seated) == {1: SaveState.HELD, 2: SaveState.HELD}
    assert left_in_browser(page) == 0


def test_the_page_after_the_exam_hands_over_what_a_closed_browser_had(
    page, cable, house, seated, given
):
    pages.open_exam(page, seated)
    go_offline(page, cable)
    answer(page, given, 1, 2)
    pages.expect_offline(page)
    context = page.context
    page.close()
    house.end_in(seated.attempt_id, -15)
    cable.mend()
    context.set_offline(False)

    back = context.new_page()
    back.goto(seated.url)

    expect(back).to_have_url(re.compile(r"/done$"))
    expect(back.locator("#left-overs")).to_be_visible()
    expect(back.locator("#left-overs [data-answer-file]")).to_be_hidden()
    expect_nothing_left(back)
    assert states(house, seated) == {1: SaveState.HELD, 2: SaveState.HELD}


def expect_nothing_left(page):
    for _ in range(50):
        if left_in_browser(page) == 0:
            return
        page.wait_for_timeout(100)
    raise AssertionError("rows are left in the browser")


def test_what_no_window_had_a_token_for_is_not_left_behind_silently(
    page, house, seated, given, tmp_path
):
    page.route("**/tab", lambda route: route.abort())
    pages.log_in(page, seated.person)
    page.goto(seated.url)
    answer(page, given, 1)
    pages.expect_offline(page)
    house.end_in(seated.attempt_id, -15)
    page.unroute("**/tab")
    page.evaluate("window.dispatchEvent(new Event('focus'))")

    dialog = page.locator("#left-over-dialog")
    expect(dialog).to_be_visible(timeout=20_000)
    with page.expect_download() as download:
        dialog.locator("[data-answer-file]").click()
    (row,) = opened(house, Path(download.value.path()).read_text())["rows"]
    assert (row["position"], row["answer"], row["token"]) == (1, given[1], None)
    dialog.locator("[data-leave]").click()
    expect(page).to_have_url(re.compile(r"/done$"))
    expect(page.locator("#left-overs [data-answer-file]")).to_be_visible()
    assert house.saves(seated.attempt_id) == []


WITHOUT_ENCRYPTION = """
Object.defineProperty(crypto, "subtle", { value: undefined });
delete window.caches;
delete Navigator.prototype.serviceWorker;
"""


def test_where_the_browser_allows_no_encryption_the_page_says_what_to_do(
    page, cable, house, seated, given
):
    page.add_init_script(WITHOUT_ENCRYPTION)
    page.clock.install()
    pages.open_exam(page, seated)
    go_offline(page, cable)
    answer(page, given, 1)
    pages.expect_offline(page)
    page.clock.fast_forward(21_000)

    expect(page.locator("#rescue")).to_contain_text("联系监考员")
    expect(page.locator("[data-answer-file]:visible")).to_have_count(0)
    go_online(page, cable)
    pages.expect_saved(page)
    expect(page.locator("#rescue")).to_be_hidden()
    assert stored(house, seated) == {1: given[1]}


def test_a_killed_browser_has_everything_when_it_is_started_again(
    browser, cable, house, seated, given, tmp_path
):
    profile = tmp_path / "profile"
    start = {
        "executable_path": shutil.which("chromium"),
        "args": list(CHROMIUM),
        "base_url": cable.url,
        "locale": "zh-CN",
    }
    context = browser.browser_type.launch_persistent_context(str(profile), **start)
    page = context.new_page()
    pages.open_exam(page, seated)
    answer(page, given, 1)
    pages.expect_saved(page)
    go_offline(page, cable)
    answer(page, given, 2, 4)
    pages.expect_offline(page)

    kill(profile)
    cable.mend()
    again = browser.browser_type.launch_persistent_context(str(profile), **start)
    page = again.new_page()
    pages.open_exam(page, seated)

    assert shown(page, given, 1, 2, 4) == {p: given[p] for p in (1, 2, 4)}
    assert stored(house, seated) == {p: given[p] for p in (1, 2, 4)}
    again.close()


def kill(profile):
    """No warning for the browser that works in this folder."""
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            words = (entry / "cmdline").read_bytes().decode().split("\0")
        except OSError:
            continue
        is_main = not any(word.startswith("--type=") for word in words)
        if is_main and f"--user-data-dir={profile}" in words:
            os.kill(int(entry.name), signal.SIGKILL)
            return
    raise AssertionError("the browser is not running")


def test_the_answer_file_holds_everything_unsent_and_only_the_server_can_open_it(
    page, cable, house, seated, given
):
    page.clock.install()
    pages.open_exam(page, seated)
    answer(page, given, 1)
    pages.expect_saved(page)
    go_offline(page, cable)
    answer(page, given, 3, 4)
    expect(page.locator("#rescue")).to_be_hidden()
    pages.expect_offline(page)
    page.clock.fast_forward(21_000)

    expect(page.locator("#rescue")).to_be_visible()
    with page.expect_download() as download:
        page.click("#rescue [data-answer-file]")

    assert download.value.suggested_filename == f"qijue-{seated.attempt_id}-{seated.user_id}.qijue"
    sealed = Path(download.value.path()).read_text()
    assert given[4][0] not in sealed
    content = opened(house, sealed)
    rows = {row["position"]: row for row in content.pop("rows")}
    assert {position: row["answer"] for position, row in rows.items()} == {3: given[3], 4: given[4]}
    assert all(row["token"] and row["epoch"] == 1 for row in rows.values())
    assert set(rows[3]) == {"token", "epoch", "position", "seq", "answer", "flagged", "spent_ms"}
    assert (content["format"], content["attempt"], content["user"]) == (
        "qijue-answers/1",
        seated.attempt_id,
        seated.user_id,
    )


def opened(house, sealed):
    key = ECKey.import_key(dict(house.app.extensions["settings"].answer_file_key))
    algorithms = ["ECDH-ES", "A256GCM"]
    return json.loads(jwe.decrypt_compact(sealed, key, algorithms=algorithms).plaintext)


def test_without_a_network_the_receipts_tell_what_is_not_sent(page, cable, house, seated, given):
    pages.open_exam(page, seated)
    answer(page, given, 1)
    pages.expect_saved(page)
    go_offline(page, cable)
    answer(page, given, 2)
    pages.expect_offline(page)

    page.click("[data-open-receipts]")

    rows = page.locator("[data-receipts] tr")
    (save,) = house.saves(seated.attempt_id)
    expect(rows.nth(0).locator("code")).to_have_text(save.receipt[:12])
    expect(rows.nth(1).locator("code")).to_have_count(0)
    expect(page.locator("#receipts-dialog [data-answer-file]")).to_be_visible()


def test_the_copy_is_gone_after_the_exam_and_after_logging_out(page, house, seated, sitting):
    pages.open_exam(page, seated)
    pages.expect_copied(page)
    copies = "caches.keys()"
    assert len(page.evaluate(copies)) == 1

    pages.open_summary(page)
    pages.hand_in(page)
    assert page.evaluate(copies) == []
    pages.log_out(page)
    other = candidates.seat(house, sitting)
    pages.open_exam(page, other)
    pages.expect_copied(page)
    page.goto("/account")
    assert len(page.evaluate(copies)) == 1
    pages.log_out(page)

    assert page.evaluate(copies) == []
    assert house.attempt(seated.attempt_id).state != AttemptState.IN_PROGRESS
