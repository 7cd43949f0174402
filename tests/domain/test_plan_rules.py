"""Targets and rules of a plan: read as written, refused where they cannot be, and compared."""

from __future__ import annotations

import pytest

from app.domain.plan_differences import Part, plan_differences
from app.domain.plan_rules import PlanRules
from app.domain.plans import ExamPlan
from app.domain.problems import Problems
from app.domain.reading import Reader

CELL = {"module": "planning", "type": "single", "level": "apply", "count": 4, "points": 2.5}
WHOLE = {
    "cells": [CELL],
    "targets": {"difficulty": 2.8, "minutes": 70},
    "rules": {
        "must_appear": ["PL05"],
        "excludes": ["PL05-51 PL05-52"],
        "together": [["PL06-51", "PL06-52", "PL06-53"]],
        "pilots": 2,
        "max_exposure": 0.25,
        "max_overlap": 0.3,
    },
}


def read(plan):
    problems = Problems()
    found = ExamPlan.read_at(Reader({"plan": plan}, place="", problems=problems), "plan")
    return found, [str(problem) for problem in problems]


def with_rules(**changes):
    return {**WHOLE, "rules": {**WHOLE["rules"], **changes}}


def test_a_plan_with_targets_and_rules_is_read_and_written_back():
    plan, problems = read(WHOLE)

    assert not problems
    assert plan.rules.excludes == (("PL05-51", "PL05-52"),)
    assert plan.targets.minutes == 70
    assert ExamPlan.load(plan.dump()) == plan


def test_a_plan_of_cells_alone_stays_a_list():
    plan, _ = read([CELL])

    assert plan.dump() == [CELL]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"max_overlap": 1.5}, "max_overlap: must be between 0 and 1"),
        ({"max_exposure": 0}, "max_exposure: must be between 0 and 1"),
        ({"pilots": -1}, "pilots: must be between 0 and 50"),
        ({"excludes": ["PL05-51"]}, "excludes 1: must name at least two questions"),
        ({"excludes": "PL05-51"}, "excludes: must be a list of groups"),
        ({"together": ["PL05-51 PL05-52"]}, "exclude each other and cannot stand together"),
        ({"sometimes": 1}, "sometimes: is not a known key"),
    ],
)
def test_a_rule_that_cannot_be_is_noted(changes, problem):
    _, problems = read(with_rules(**changes))

    assert len(problems) == 1
    assert problem in problems[0]


@pytest.mark.parametrize("target", [{"difficulty": 6}, {"minutes": 0}])
def test_a_target_that_cannot_be_is_noted(target):
    _, problems = read({**WHOLE, "targets": target})

    assert len(problems) == 1
    assert "must be between" in problems[0]


@pytest.mark.parametrize(
    ("share", "papers", "uses"),
    [(1.0, 6, 6), (0.5, 6, 3), (0.25, 6, 1), (0.1, 6, 1), (1 / 3, 6, 2)],
)
def test_a_question_may_always_be_on_one_paper(share, papers, uses):
    assert PlanRules(max_exposure=share).uses_per_question(papers) == uses


def test_the_differences_of_two_plans_are_told_cell_by_cell_and_rule_by_rule():
    old, _ = read(WHOLE)
    new, _ = read(
        {
            "cells": [{**CELL, "count": 3}, {**CELL, "module": "crm", "count": 1}],
            "targets": {"difficulty": 2.8},
            "rules": {"must_appear": ["PL06"], "pilots": 2, "max_overlap": 0.2},
        }
    )

    told = {
        (c.part, c.cell.module if c.cell else "", c.old, c.new) for c in plan_differences(old, new)
    }

    assert told == {
        (Part.CELL, "planning", "4 × 2.5", "3 × 2.5"),
        (Part.CELL, "crm", "", "1 × 2.5"),
        (Part.MINUTES, "", "70", ""),
        (Part.MAX_EXPOSURE, "", "25%", ""),
        (Part.MAX_OVERLAP, "", "30%", "20%"),
        (Part.MUST_APPEAR, "", "PL05", ""),
        (Part.MUST_APPEAR, "", "", "PL06"),
        (Part.EXCLUDES, "", "PL05-51 PL05-52", ""),
        (Part.TOGETHER, "", "PL06-51 PL06-52 PL06-53", ""),
    }


def test_a_plan_does_not_differ_from_itself():
    plan, _ = read(WHOLE)

    assert plan_differences(plan, plan) == []
