"""The pages as their readers use them: what to fill in, press and look at.

Pages are found by structure, never by words, so that the same stories hold in both languages.
"""

from __future__ import annotations

import re

from playwright.sync_api import expect

PASSWORD = "nine-lanterns-4"

# ── coming in ─────────────────────────────────────────────────────────────────


def log_in(page, person):
    """From the log-in page to the first page; a first password is changed on the way."""
    page.goto("/login")
    page.fill("#username", person.username)
    page.fill("#password", person.password)
    page.click(".form-actions .btn-primary")
    if person.first:
        change_password(page, person.password)
    expect(page).to_have_url(re.compile(r"/$"))


def change_password(page, old, new=PASSWORD):
    expect(page).to_have_url(re.compile(r"/account/password$"))
    page.fill("#current", old)
    page.fill("#new", new)
    page.fill("#again", new)
    page.click("form:has(#current) .btn-primary")


def log_out(page):
    page.click(".menu summary")
    page.click('form[action="/logout"] button')
    expect(page).to_have_url(re.compile(r"/login"))


def switch_language(page, language):
    page.click(f'form[action="/language"] button[value="{language}"]')
    expect_language(page, language)


def expect_language(page, language):
    expect(page.locator("html")).to_have_attribute("lang", {"zh": "zh-CN", "en": "en"}[language])


# ── learning ──────────────────────────────────────────────────────────────────


def open_first_lesson(page):
    """From the course page into its first lesson; returns the lesson's address."""
    page.goto("/course")
    with page.expect_response("**/time"):  # the page tells that it was opened
        page.locator("a.lesson-title").first.click()
    expect(page.locator("article .prose h2").first).to_be_visible()
    return page.url.partition("#")[0]


def mark_as_done(page):
    page.click('.lesson-done button[name="done"][value="yes"]')
    expect(page.locator('.lesson-done button[value="no"]')).to_be_visible()


def lesson_state(page, lesson_url):
    """new, started or done, as the course page shows it."""
    page.goto("/course")
    path = re.sub(r"^https?://[^/]+", "", lesson_url)
    item = page.locator(".lesson-item", has=page.locator(f'a[href="{path}"]').first)
    return item.get_attribute("data-state")


# ── answering ─────────────────────────────────────────────────────────────────


def answer(section, given):
    """Give an answer as a hand would: click, tick, type, choose, press the arrows."""
    match section.get_attribute("data-widget"):
        case "choice":
            section.locator(f'.options input[value="{given}"]').check()
        case "choices":
            for value in given:
                section.locator(f'.options input[value="{value}"]').check()
        case "texts":
            for number, line in enumerate(given):
                section.locator("[data-blank]").nth(number).fill(line)
        case "map":
            for left, right in given.items():
                section.locator(f'select[data-left="{left}"]').select_option(right)
        case "order":
            _put_in_order(section, given)
        case "text":
            section.locator("[data-text]").fill(given)
        case "parts":
            for part, line in given.items():
                section.locator(f'[data-part="{part}"]').fill(line)


def shown_answer(section):
    """What the page shows as the answer, in the form that `answer` takes; None where none."""
    match section.get_attribute("data-widget"):
        case "choice":
            return next(iter(_ticked(section)), None)
        case "choices":
            return sorted(_ticked(section)) or None
        case "texts":
            lines = [field.input_value() for field in section.locator("[data-blank]").all()]
            return lines if any(lines) else None
        case "map":
            fields = section.locator("select[data-left]").all()
            chosen = {field.get_attribute("data-left"): field.input_value() for field in fields}
            return {left: right for left, right in chosen.items() if right} or None
        case "order":
            given = section.locator("[data-order]").get_attribute("data-given")
            return _order(section) if given == "true" else None
        case "text":
            return section.locator("[data-text]").input_value() or None
        case "parts":
            fields = section.locator("[data-part]").all()
            written = {field.get_attribute("data-part"): field.input_value() for field in fields}
            return written if any(written.values()) else None
    raise AssertionError("a widget that no exam has")


def _ticked(section):
    return section.locator(".options input").evaluate_all(
        "inputs => inputs.filter(input => input.checked).map(input => input.value)"
    )


def _order(section):
    return section.locator("[data-order] li").evaluate_all("li => li.map(item => item.dataset.id)")


def _put_in_order(section, wanted):
    section.locator("[data-order-confirm]").check()
    for place, item in enumerate(wanted):
        for _ in range(_order(section).index(item) - place):
            section.locator(f'li[data-id="{item}"] [data-move="up"]').click()


# ── practising ────────────────────────────────────────────────────────────────


def practice_question(page):
    """(id, version, widget) of the question on the page."""
    form = page.locator("form[data-practice]")
    return (
        form.locator('input[name="question"]').get_attribute("value"),
        int(form.locator('input[name="version"]').get_attribute("value")),
        form.locator("[data-widget]").get_attribute("data-widget"),
    )


def check_practice_answer(page, given):
    answer(page.locator("form[data-practice] [data-widget]"), given)
    page.click(".practice-actions .btn-primary")
    expect(page.locator(".feedback")).to_be_visible()
    expect(page.locator(".explanation")).to_be_visible()


# ── sitting an exam ───────────────────────────────────────────────────────────


def open_rules(page):
    page.goto("/exams")
    # The demonstration's own sitting: other stories of the same house put more on offer.
    page.click('.exam-card-action a[href="/exams/1"]')
    expect(page.locator("ul.rules").first).to_be_visible()


def register(page):
    page.click('form[action$="/register"] button')
    expect(page.locator("#agree")).to_be_visible()


def start(page):
    """Agree and start; returns the attempt's id."""
    page.check("#agree")
    page.click('form[action$="/start"] button')
    expect_saved(page)
    return int(page.locator("#exam").get_attribute("data-attempt"))


def begin_exam(page):
    """All the way from the list of exams to the first question."""
    open_rules(page)
    register(page)
    return start(page)


def open_exam(page, seated):
    """Log in as somebody who has started, and open the exam."""
    log_in(page, seated.person)
    page.goto(seated.url)
    expect_saved(page)


def expect_copied(page):
    """The page can now be opened without a network."""
    expect(page.locator("#exam")).to_have_attribute("data-copied", "true")


def expect_offline(page):
    expect(page.locator("#saved")).to_have_attribute("data-state", "offline", timeout=20_000)


def expect_notice(page, kind, timeout=5_000):
    """What the candidate is told under the bar; kind as in the event log, or "time"."""
    notice = page.locator(f'#notices [data-kind="{kind}"]')
    expect(notice).to_be_visible(timeout=timeout)
    return notice


def milliseconds_left(page):
    """The remaining time that the page shows."""
    parts = [int(part) for part in page.locator("[data-timer]").inner_text().split(":")]
    return sum(part * 60**power for power, part in enumerate(reversed(parts))) * 1000


def question(page, position):
    return page.locator(f'#exam [data-position="{position}"]')


def expect_saved(page):
    expect(page.locator("#saved")).to_have_attribute("data-state", "saved", timeout=15_000)


def expect_read_only(page):
    expect(page.locator("#saved")).to_have_attribute("data-state", "read-only", timeout=20_000)
    expect(page.locator("#taken-over-dialog")).to_be_visible()


def flag(page, position):
    question(page, position).locator("[data-flag]").click()
    expect(page.locator(f'[data-goto="{position}"]')).to_have_attribute("data-flagged", "true")


def open_summary(page):
    """The dialog before handing in; returns (answered, blank, flagged)."""
    page.click('[data-open-handing="submit"]')
    expect(page.locator("#submit-dialog")).to_be_visible()
    counts = page.locator("#submit-dialog [data-count]")
    return tuple(int(counts.nth(n).inner_text()) for n in range(3))


def hand_in(page):
    page.click("#submit-form button:not([type=button])")
    expect(page).to_have_url(re.compile(r"/attempts/\d+/done$"), timeout=15_000)


def expect_result(page, *, passed):
    kind = "good" if passed else "bad"
    expect(page.locator(f".result-verdict-{kind}")).to_be_visible(timeout=15_000)
    return float(page.locator(".result-score").inner_text().split("/")[0])


def answer_all(page, given):
    """Every question of the paper, by position."""
    for position, value in given.items():
        answer(question(page, position), value)
    expect_saved(page)


def pass_exam(page, given):
    """The short way for stories about what comes after: choose, save, hand in."""
    answer_all(page, given)
    open_summary(page)
    hand_in(page)
    expect_result(page, passed=True)
