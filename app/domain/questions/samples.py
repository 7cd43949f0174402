"""Layouts to look at or to write into a file: seeded, so that everybody sees the same ones."""

from __future__ import annotations

import random

from app.domain.questions.body import Body, Layout


def sample_layout(body: Body, *, seed: int = 0) -> Layout:
    """One order of the options, or one draw of the variables."""
    return body.arrange(random.Random(seed))


def sample_layouts(body: Body, count: int) -> list[Layout]:
    """`count` of them, one drawn after the other."""
    draw = random.Random(0)
    return [body.arrange(draw) for _ in range(count)]
