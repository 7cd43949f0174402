"""One result from the written answer to its second version, and everybody who had a part in it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.models.results import Result
from tests.journeys import pages
from tests.journeys.answers import wrong
from tests.journeys.marking_steps import hand_in, mark_by_keys, script, sit_down
from tests.journeys.result_steps import (
    POLICY,
    answer_appeal,
    decide,
    file_appeal,
    independent,
    propose_release,
    propose_rescore,
)

pytestmark = pytest.mark.journey

PLAN = [
    {"module": "planning", "type": "single", "count": 1, "points": 40.0},
    {"module": "planning", "type": "case", "count": 1, "points": 60.0},
]


def test_a_result_stands_before_two_markers_a_third_a_release_an_appeal_and_a_rescore(
    page, windows, house, desk
):
    exam_id, seated = hand_in(
        house,
        PLAN,
        lambda paper: {1: wrong(paper[1]), 2: {"1": "先分析环境。", "2": "再设计组织。"}},
        policy=POLICY,
    )
    for username, level in (("marker", "1"), ("marker2", "3"), ("marker3", "1")):
        marker = sit_down(windows, house, username, exam_id, type_="case")
        mark_by_keys(marker, level)
    settled = script(house, seated.attempt_id, 2)
    assert (settled.points, settled.how) == (60, "pair")

    certifier = desk("certifier")
    decide(certifier, propose_release(desk("hr"), seated), reason="检查完毕，同意发布")
    pages.log_in(page, seated.person)
    page.goto(f"/attempts/{seated.attempt_id}/done")
    assert pages.expect_result(page, passed=True) == 60

    appeal_id = file_appeal(page, seated)
    answer_appeal(independent(windows, house), appeal_id)
    page.reload()
    expect(page.locator("#letter")).to_contain_text("均无误")

    question = house.paper(seated.attempt_id)[1]
    address = propose_rescore(desk("instructor"), question, wrong(question))
    decide(certifier, address, reason="同意，两个选项均可")
    page.goto(f"/attempts/{seated.attempt_id}/done")
    assert pages.expect_result(page, passed=True) == 100
    with house.database() as session:
        found = session.execute(
            select(Result.version, Result.current, Result.score)
            .order_by(Result.version)
            .where(Result.attempt_id == seated.attempt_id)
        )
        assert [tuple(row) for row in found] == [(1, False, 60), (2, True, 100)]
