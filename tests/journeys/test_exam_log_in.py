"""The log-in ends in the middle of an exam: the password in place, and nothing lost."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from app.models.accounts import LoginSession
from tests.journeys import candidates, pages
from tests.journeys.candidates import stored

pytestmark = pytest.mark.journey
DIALOG = "#signed-out-dialog"


@pytest.fixture(scope="module")
def sitting(house):
    return candidates.offer(house)


@pytest.fixture
def seated(house, sitting):
    return candidates.seat(house, sitting)


@pytest.fixture
def page(windows):
    for words in ("401", "403", "404", "409", "ERR_FAILED"):
        windows.expect_problem(words)
    return windows.open()


def end_log_in(house, seated):
    with house.database() as session:
        session.execute(
            update(LoginSession)
            .where(LoginSession.user_id == seated.user_id)
            .values(revoked_at=datetime.now(UTC))
        )
        session.commit()


def type_in(page, words):
    pages.question(page, 8).locator("[data-text]").fill(words)


@contextmanager
def held_back(page):
    """No save leaves the page meanwhile, so that no dialog comes between the hands."""
    page.route("**/saves", lambda route: route.abort())
    yield
    page.unroute("**/saves")
    page.evaluate("window.dispatchEvent(new Event('focus'))")


def log_in_here(page, password=pages.PASSWORD):
    page.fill("#sign-in-password", password)
    page.click(f"{DIALOG} .btn-primary")


def test_the_password_is_asked_for_in_place_and_everything_arrives(page, house, seated):
    pages.open_exam(page, seated)
    loads = []
    page.on("load", lambda: loads.append(page.url))
    type_in(page, "倾听")
    pages.expect_saved(page)

    with held_back(page):
        type_in(page, "倾听，道歉")
        end_log_in(house, seated)
    expect(page.locator(DIALOG)).to_be_visible()
    expect(page.locator("#sign-in-username")).to_have_value(seated.person.username)
    log_in_here(page)
    expect(page.locator(DIALOG)).to_be_hidden()
    pages.expect_saved(page)

    assert stored(house, seated) == {8: "倾听，道歉"}
    assert loads == []
    pages.open_summary(page)
    pages.hand_in(page)


def test_a_wrong_password_is_told_and_the_right_one_still_works(page, house, seated):
    pages.open_exam(page, seated)
    with held_back(page):
        type_in(page, "倾听")
        end_log_in(house, seated)
    expect(page.locator(DIALOG)).to_be_visible()

    log_in_here(page, "wrong-lantern-9")
    expect(page.locator(f"{DIALOG} [data-problem]")).not_to_be_empty()
    log_in_here(page)

    pages.expect_saved(page)
    assert stored(house, seated) == {8: "倾听"}


def test_whoever_closes_the_dialog_goes_on_and_can_log_in_elsewhere(page, house, seated):
    pages.open_exam(page, seated)
    with held_back(page):
        type_in(page, "倾听")
        end_log_in(house, seated)
    page.click(f"{DIALOG} [data-close]")
    type_in(page, "倾听，道歉")

    other = page.context.new_page()
    pages.log_in(other, seated.person)
    other.close()
    page.evaluate("window.dispatchEvent(new Event('focus'))")

    pages.expect_saved(page)
    assert stored(house, seated) == {8: "倾听，道歉"}
    pages.expect_copied(page)


def test_somebody_else_who_logs_in_sees_nothing_and_saves_nothing(page, house, seated, sitting):
    pages.open_exam(page, seated)
    stranger = candidates.seat(house, sitting)
    type_in(page, "倾听")
    pages.expect_saved(page)
    other = page.context.new_page()

    with held_back(page):
        type_in(page, "倾听，道歉")
        other.goto("/account")
        pages.log_out(other)
        pages.log_in(other, stranger.person)
    expect(page.locator(f"{DIALOG} [data-stranger]")).to_be_visible()
    assert stored(house, seated) == {8: "倾听"}
    log_in_here(page)

    pages.expect_saved(page)
    assert stored(house, seated) == {8: "倾听，道歉"}
    assert stored(house, stranger) == {}
