"""Facts and figures of the sources stand in their lessons, exact, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

CONTENT = Path(__file__).resolve().parents[2] / "content"

FACTS = {
    "excellence/complaints": ["96%", "24"],
    "excellence/service-and-mission": ["56%", "25%", "12%", "33%", "46%", "16%"],
    "customer-value/customer-equity": ["100", "650", "200"],
    "service-cost/logistics-operations": ["99%", "98%", "0.1%"],
}
"""Lesson → figures: silent customers and those behind one complaint; GE's shares of revenue;
a customer's lifetime value; the targets of the warehouse."""


def bare(text: str) -> str:
    """The text with figures and their per cent sign written one way."""
    return text.replace("％", "%").replace(" %", "%").replace("\u00a0%", "%")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("lesson", FACTS)
def test_a_lesson_has_the_figures_of_its_sources(lesson, language):
    text = bare((CONTENT / f"{lesson}.{language}.md").read_text("utf-8"))

    missing = [fact for fact in FACTS[lesson] if fact not in text]

    assert missing == []
