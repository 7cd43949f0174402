"""Every lesson page, in both languages, at the width of a phone and of a desk."""

from __future__ import annotations

import pytest

from tests.journeys import pages

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_lesson_scrolls_sideways_and_every_figure_is_drawn(windows, house, language):
    page = windows.open()
    pages.log_in(page, house.trainee("读者"))
    if language == "en":
        pages.switch_language(page, language)
    page.goto("/course")
    links = page.locator("a.lesson-title").evaluate_all("links => links.map(a => a.pathname)")

    wrong = []
    for link in links:
        page.goto(link)
        for width in (1440, 360):
            page.set_viewport_size({"width": width, "height": 800})
            if page.evaluate("document.scrollingElement.scrollWidth") > width:
                wrong.append(f"{link} scrolls sideways at {width}")
        if page.locator(".prose figure:not(:has(svg))").count():
            wrong.append(f"{link} has an empty figure")

    assert links
    assert wrong == []
