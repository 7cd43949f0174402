"""When a knowledge point is mastered."""

from __future__ import annotations

import pytest

from app.domain.mastery import Mastery, PointRecord, mastery

M = Mastery


@pytest.mark.parametrize(
    ("answers", "share", "days", "usual", "key"),
    [
        (0, 0.0, 0, M.NEW, M.NEW),
        (1, 0.0, 1, M.LEARNING, M.LEARNING),
        (9, 0.79, 3, M.LEARNING, M.LEARNING),
        (5, 0.8, 2, M.MASTERED, M.LEARNING),
        (10, 0.89, 2, M.MASTERED, M.LEARNING),
        (10, 0.9, 2, M.MASTERED, M.MASTERED),
        (5, 1.0, 2, M.MASTERED, M.MASTERED),
        (4, 1.0, 2, M.NEARLY, M.NEARLY),
        (5, 1.0, 1, M.NEARLY, M.NEARLY),
        (1, 1.0, 1, M.NEARLY, M.NEARLY),
    ],
)
def test_mastery_takes_share_answers_and_days(answers, share, days, usual, key):
    record = PointRecord(answers, share, days)

    assert mastery(record, key=False) is usual
    assert mastery(record, key=True) is key
