"""The list of plans and the editor, with and without scripts."""

from __future__ import annotations

import pytest

from app.domain.permissions import Role
from app.models.schemes import Exam
from app.queries.plans import plan_in_force
from tests import factories, paper_scenes
from tests.factories import log_in
from tests.paper_scenes import FORM


@pytest.fixture
def exam_id(app):
    return paper_scenes.an_exam()


@pytest.fixture
def teacher(exam_id, client):
    factories.user("teacher", Role.INSTRUCTOR, language="en")
    return log_in(client, "teacher")


def send(client, exam_id, do, **changes):
    return client.post(f"/plans/{exam_id}", data={**FORM, "based_on": "0", "do": do, **changes})


def in_force(session, exam_id):
    session.expire_all()
    return plan_in_force(session.get_one(Exam, exam_id))


def test_the_list_tells_what_the_pool_has_for_each_plan(teacher, exam_id):
    page = teacher.get("/plans").text

    assert f'href="/plans/{exam_id}"' in page
    assert "3 questions, 100 points" in page
    assert "Enough" in page


def test_the_list_can_be_filtered_by_supply(teacher):
    assert "Theory" in teacher.get("/plans?supply=enough").text
    assert "No plan to show" in teacher.get("/plans?supply=short").text
    assert "No plan to show" in teacher.get("/plans?search=nothing-like-it").text


def test_the_editor_shows_counts_totals_and_supply(teacher, exam_id):
    page = teacher.get(f"/plans/{exam_id}").text

    assert 'name="count-0-0" value="2"' in page
    assert "8 / 4" in page
    assert "4 / 2" in page
    assert "adds up" in page


def test_adding_up_without_scripts_keeps_what_was_typed_and_saves_nothing(
    teacher, exam_id, session
):
    page = send(teacher, exam_id, "calculate", **{"count-0-0": "3", "note": "half done"})

    assert page.status_code == 200
    assert "140" in page.text
    assert "does not add up" in page.text
    assert "half done" in page.text
    assert in_force(session, exam_id).number == 0


def test_a_row_and_a_column_come_and_go(teacher, exam_id):
    more = send(teacher, exam_id, "add_column").text
    fewer = send(teacher, exam_id, "drop_column-0").text
    rows = send(teacher, exam_id, "add_row").text

    assert 'name="type-2"' in more
    assert 'name="type-1"' not in fewer
    assert 'name="module-1"' in rows


def test_a_saved_plan_is_a_new_version_with_a_readable_difference(teacher, exam_id, session):
    answer = send(
        teacher, exam_id, "save", **{"count-0-0": "4", "points-0": "20", "max_overlap": "30"}
    )

    assert answer.status_code == 302
    found = in_force(session, exam_id)
    assert (found.number, found.plan.rules.max_overlap) == (1, 0.3)
    page = teacher.get(f"/plans/{exam_id}/versions/1").text
    assert "<del>2 × 40</del>" in page
    assert "<ins>4 × 20</ins>" in page
    assert "<ins>30%</ins>" in page


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"count-0-0": "3"}, "140 points, but results of this exam are out of 100"),
        ({"count-0-0": "two"}, "must be a whole number"),
        ({"module-0": ""}, "is empty"),
        ({"type-1": "single"}, "overlaps with an earlier cell"),
        ({"difficulty": "9"}, "must be between 1 and 5"),
        ({"excludes": "PL14-51"}, "must name at least two questions"),
        ({"must_appear": "PL99"}, "There are no such points: PL99"),
        ({"points-0": "40.0\x00"}, ""),
    ],
)
def test_what_cannot_be_is_told_and_not_saved(teacher, exam_id, session, changes, told):
    answer = send(teacher, exam_id, "save", **changes)

    if told:
        assert answer.status_code == 400
        assert told in answer.text
    assert in_force(session, exam_id).number == 0


def test_a_save_over_a_newer_version_is_refused(teacher, exam_id):
    send(teacher, exam_id, "save", pilots="1")

    answer = send(teacher, exam_id, "save", pilots="2")

    assert answer.status_code == 409
    assert "Somebody has saved version 1 meanwhile" in answer.text


def test_only_who_may_edit_plans_saves_one(exam_id, client):
    factories.user("hr", Role.HR)
    log_in(client, "hr")

    assert client.get(f"/plans/{exam_id}").status_code == 403
    assert send(client, exam_id, "save").status_code == 403


def test_what_is_not_there_is_not_found(teacher, exam_id):
    assert teacher.get("/plans/999").status_code == 404
    assert teacher.get(f"/plans/{exam_id}/versions/7").status_code == 404
