"""Instructors write questions: with a picture, at once with somebody else, without a log-in."""

from __future__ import annotations

import base64
import re
import struct
import zlib

import pytest
from playwright.sync_api import expect

from tests.journeys import pages

pytestmark = pytest.mark.journey

OPTIONS = [
    ("宏观环境", "macro"),
    ("行业环境", "industry"),
    ("内部环境", "inside"),
    ("天气", "weather"),
]


def png(width=60, height=40):
    """A picture of one colour."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    rows = b"".join(b"\x00" + b"\xc8\x50\x14" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def text(page, name):
    return page.locator(f'#question-form [name="{name}"]')


def open_editor(page, address):
    page.goto(address)
    page.wait_for_selector("#editor[data-ready]")


def expect_kept(page):
    """The server has everything: nothing is left in the browser."""
    expect(page.locator("#saved")).to_contain_text(re.compile(r"\d\d:\d\d"))
    expect_nothing_kept_here(page)


def expect_nothing_kept_here(page):
    page.wait_for_function(
        "() => !Object.keys(localStorage).some((k) => k.startsWith('qijue-editor-'))"
    )


def write_single(page):
    """Fill in everything that a single choice needs, but for the options' pictures."""
    text(page, "stem.zh").fill("下面哪一项**不属于**服务环境？")
    text(page, "stem.en").fill("Which of these is **not** part of the environment?")
    for number, (zh, en) in enumerate(OPTIONS):
        text(page, f"body.options.{number}.zh").fill(zh)
        text(page, f"body.options.{number}.en").fill(en)
    text(page, "body.options.3.right").check()
    text(page, "explanation.zh").fill("天气不是服务环境的一部分。")
    text(page, "explanation.en").fill("The weather is no part of it.")
    with page.expect_response("**/questions/check"):
        text(page, "source").fill("000 1.2; 004 Q1")


@pytest.fixture
def instructor(windows, house):
    page = windows.open()
    pages.log_in(page, house.demo("instructor"))
    return page


def test_a_question_with_a_picture_is_written_kept_shown_and_saved(instructor, serious, photograph):
    page = instructor
    open_editor(page, "/questions/new?type=single&pool=practice&point=PL03")
    write_single(page)
    expect(page.locator("[data-slot] li")).to_have_count(0)

    text(page, "stem.zh").press("Control+End")
    paste(page, png())
    page.fill("#picture-alt", "一张橙色的图")
    page.click("#picture-form button[value=insert]")

    expect(page.locator("#preview img[alt='一张橙色的图']")).to_be_visible()
    assert page.eval_on_selector("#preview img", "(image) => image.naturalWidth") == 60
    expect(page.locator("#preview .option")).to_have_count(4)
    page.check('input[name="preview_language"][value="en"]')
    expect(page.locator("#preview .question-stem")).to_contain_text("part of the environment")
    expect_kept(page)
    assert serious(page) == []
    photograph(page, "editor-new")
    page.reload()
    page.wait_for_selector("#editor[data-ready]")
    expect(text(page, "stem.zh")).to_have_value(re.compile(r"^下面.*\(medium:[0-9a-f]{64}\.png\)$"))
    expect(text(page, "body.options.3.right")).to_be_checked()

    page.keyboard.press("Control+Enter")

    page.wait_for_url(re.compile(r"/questions/PL03-\d+$"))
    expect(page.locator(".question-stem img").first).to_be_visible()


def paste(page, picture):
    """As if a picture had been copied from elsewhere."""
    page.evaluate(
        """(encoded) => {
          const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
          const clipboardData = new DataTransfer();
          clipboardData.items.add(new File([bytes], "x.png", { type: "image/png" }));
          document.activeElement.dispatchEvent(
            new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        }""",
        base64.b64encode(picture).decode(),
    )


def test_entries_are_added_moved_and_removed_by_keys_and_everything_is_undone(instructor):
    page = instructor
    open_editor(page, "/questions/new?type=single&pool=practice&point=PL03")
    write_single(page)
    rows = page.locator('[data-repeat="body.options"] > ol > li')

    text(page, "body.options.3.zh").press("Alt+ArrowUp")
    expect(text(page, "body.options.2.zh")).to_have_value("天气")
    expect(text(page, "body.options.2.zh")).to_be_focused()
    expect(text(page, "body.options.2.right")).to_be_checked()
    text(page, "body.options.0.zh").press("Alt+Enter")
    expect(rows).to_have_count(5)
    expect(text(page, "body.options.1.zh")).to_be_focused()
    page.keyboard.press("Alt+Delete")
    text(page, "body.options.0.zh").press("Alt+Delete")
    expect(rows).to_have_count(3)
    for _ in range(4):
        page.keyboard.press("Control+z")

    expect(rows).to_have_count(4)
    for number, (zh, en) in enumerate(OPTIONS):
        expect(text(page, f"body.options.{number}.zh")).to_have_value(zh)
        expect(text(page, f"body.options.{number}.en")).to_have_value(en)
    expect(text(page, "body.options.3.right")).to_be_checked()
    page.keyboard.press("Control+y")
    expect(text(page, "body.options.2.zh")).to_have_value("天气")


def test_one_option_alone_is_right_where_one_is_asked(instructor):
    page = instructor
    open_editor(page, "/questions/new?type=single&pool=practice&point=PL03")
    write_single(page)

    text(page, "body.options.0.right").check()

    expect(text(page, "body.options.3.right")).not_to_be_checked()
    page.keyboard.press("Control+z")
    expect(text(page, "body.options.3.right")).to_be_checked()
    expect(text(page, "body.options.0.right")).not_to_be_checked()


def test_commands_are_found_in_a_list_that_one_key_opens(instructor):
    page = instructor
    open_editor(page, "/questions/new?type=numeric&pool=practice")
    text(page, "stem.zh").press("Control+/")
    expect(page.locator("#help-dialog")).to_be_visible()

    page.keyboard.press("3")

    expect(page.locator("#help-dialog")).to_be_hidden()
    expect(text(page, "explanation.zh")).to_be_focused()
    page.keyboard.press("Control+/")
    page.keyboard.press("p")
    expect(page.locator("#side")).to_be_hidden()
    expect(page.locator('[data-slot="stem.zh"] li')).to_have_count(1)
    page.keyboard.press("Control+/")
    page.keyboard.press("g")
    expect(text(page, "stem.zh")).to_be_focused()


def test_two_people_at_one_question_lose_nothing_and_put_it_together(windows, house, instructor):
    windows.expect_problem("409")
    mine, theirs = instructor, windows.open()
    pages.log_in(theirs, house.demo("instructor2"))
    for page in (mine, theirs):
        open_editor(page, "/questions/PL05-01/edit")
    text(mine, "stem.en").fill("My own words: what is it?")
    expect_kept(mine)
    theirs.reload()
    expect(theirs.locator("#presence p")).to_have_count(1)
    text(theirs, "explanation.en").fill("Another explanation.")
    theirs.keyboard.press("Control+Enter")
    theirs.wait_for_url(re.compile(r"/questions/PL05-01$"))

    text(mine, "stem.en").press("Control+Enter")

    expect(mine.locator(".editor-conflict ins").first).to_be_visible()
    expect(text(mine, "stem.en")).to_have_value("My own words: what is it?")
    mine.click(".editor-conflict a.btn-primary")
    expect(text(mine, "explanation.en")).to_have_value("Another explanation.")
    expect(text(mine, "stem.en")).to_have_value("My own words: what is it?")
    mine.click('.editor-bar [data-command="save"]')
    mine.wait_for_url(re.compile(r"/questions/PL05-01$"))
    mine.goto("/questions/PL05-01/edit")
    expect(text(mine, "explanation.en")).to_have_value("Another explanation.")
    expect(text(mine, "stem.en")).to_have_value("My own words: what is it?")


def test_whoever_is_logged_out_logs_in_in_place_and_goes_on(windows, house, instructor):
    windows.expect_problem("400")
    page, person = instructor, house.demo("instructor")
    open_editor(page, "/questions/PL05-02/edit")
    page.context.clear_cookies()

    text(page, "stem.en").fill("Written without a log-in: what?")
    page.fill("#sign-in-password", person.password)
    page.click("#signed-out-dialog button.btn-primary")

    expect(page.locator("#signed-out-dialog")).to_be_hidden()
    expect_kept(page)
    page.reload()
    expect(text(page, "stem.en")).to_have_value("Written without a log-in: what?")


def test_what_had_not_reached_the_server_is_brought_back(windows, instructor):
    windows.expect_outage()
    page = instructor
    open_editor(page, "/questions/PL05-03/edit")
    page.context.set_offline(True)
    text(page, "stem.en").fill("Written without a network: what?")
    expect(page.locator('.editor-saved[data-state="bad"]')).to_be_visible()
    page.goto("about:blank")
    page.context.set_offline(False)

    open_editor(page, "/questions/PL05-03/edit")

    expect(text(page, "stem.en")).to_have_value("Written without a network: what?")
    # The parting page may have sent it already, or this one does: then nothing is kept here.
    expect_nothing_kept_here(page)
    page.reload()
    expect(text(page, "stem.en")).to_have_value("Written without a network: what?")


def hold_saves(page, address):
    """Saves wait until they are let go; returns what is held."""
    held = []

    def hold(route):
        if route.request.method == "POST":
            held.append(route)
        else:
            route.continue_()

    page.route(f"**{address}", hold)
    return held


def test_what_is_written_while_a_save_is_on_its_way_stays_and_is_saved_next(instructor):
    page = instructor
    open_editor(page, "/questions/PL05-04/edit")
    text(page, "source").fill("000 first")
    held = hold_saves(page, "/questions/PL05-04/edit")
    page.keyboard.press("Control+Enter")
    with page.expect_response("**/questions/autosave"):
        text(page, "explanation.en").fill("Written while it was being saved.")

    held[0].continue_()

    expect(text(page, "from_version")).to_have_value("2")
    expect(text(page, "explanation.en")).to_have_value("Written while it was being saved.")
    expect_kept(page)
    page.unroute("**/questions/PL05-04/edit")
    page.reload()
    page.wait_for_selector("#editor[data-ready]")
    expect(page.locator(".editor-conflict")).to_have_count(0)
    expect(text(page, "explanation.en")).to_have_value("Written while it was being saved.")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/questions/PL05-04$"))
    expect(page.locator(".versions li")).to_have_count(3)


def test_a_new_question_is_gone_on_with_where_more_is_written_while_it_is_saved(instructor):
    page = instructor
    open_editor(page, "/questions/new?type=single&pool=practice&point=PL03")
    write_single(page)
    expect_kept(page)
    held = hold_saves(page, "/questions/new*")
    page.keyboard.press("Control+Enter")
    text(page, "explanation.en").fill("Written while it was being saved.")

    held[0].continue_()

    page.wait_for_url(re.compile(r"/questions/PL03-\d+/edit$"))
    expect_kept(page)
    page.reload()
    page.wait_for_selector("#editor[data-ready]")
    expect(text(page, "explanation.en")).to_have_value("Written while it was being saved.")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/questions/PL03-\d+$"))
    expect(page.locator(".versions li")).to_have_count(2)
