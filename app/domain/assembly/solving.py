"""Solves a programme with HiGHS: one thread, a fixed seed and limits that are no clock.

So the same programme gives the same answer on every machine. The clock is only the last resort,
and an answer that it cut short says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import highspy
import numpy as np

from app.domain.assembly.programme import Programme


class Verdict(StrEnum):
    """How a solve ended. LIMITED: with an answer, but the proof was broken off."""

    OPTIMAL = "optimal"
    LIMITED = "limited"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Limits:
    """When a solve ends. gap: absolute, in units of the objective. seconds: the last resort."""

    gap: float = 0.5
    nodes: int = 20
    seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class Solution:
    """values: of every column; () without an answer. bound: no answer can be below it.

    by_clock: the clock ended it, so another machine might come to another answer.
    """

    verdict: Verdict
    values: tuple[float, ...] = ()
    objective: float = 0.0
    bound: float = 0.0
    by_clock: bool = False


_M = highspy.HighsModelStatus
_LIMITED = (_M.kSolutionLimit, _M.kTimeLimit, _M.kIterationLimit, _M.kInterrupt)


def solve(programme: Programme, *, seed: int, limits: Limits) -> Solution:
    """The best answer found within the limits."""
    solver = highspy.Highs()
    options: dict[str, bool | int | float | str] = {
        "output_flag": False,
        "threads": 1,
        "parallel": "off",
        "random_seed": seed % (2**31 - 1),
        "mip_detect_symmetry": False,  # all papers are alike: finding that out does not pay
        "mip_rel_gap": 0.0,
        "mip_abs_gap": limits.gap,
        "mip_max_nodes": limits.nodes,
        "time_limit": limits.seconds,
    }
    for name, value in options.items():
        solver.setOptionValue(name, value)
    solver.passModel(_model(programme))
    solver.run()
    status, info = solver.getModelStatus(), solver.getInfo()
    by_clock = status == _M.kTimeLimit
    if status == _M.kInfeasible:
        return Solution(Verdict.INFEASIBLE)
    has_answer = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    if status not in (_M.kOptimal, *_LIMITED) or not has_answer:
        return Solution(Verdict.UNKNOWN, by_clock=by_clock)
    values = solver.getSolution().col_value
    return Solution(
        Verdict.OPTIMAL if status == _M.kOptimal else Verdict.LIMITED,
        tuple(
            float(round(value)) if whole else value
            for value, whole in zip(values, programme.integer, strict=True)
        ),
        objective=info.objective_function_value,
        bound=info.mip_dual_bound if any(programme.integer) else info.objective_function_value,
        by_clock=by_clock,
    )


def _model(programme: Programme) -> highspy.HighsLp:
    model = highspy.HighsLp()
    rows = programme.rows
    model.num_col_, model.num_row_ = len(programme.costs), len(rows)
    model.sense_ = highspy.ObjSense.kMinimize
    model.col_cost_ = np.array(programme.costs, dtype=np.double)
    model.col_lower_ = np.array(programme.lower, dtype=np.double)
    model.col_upper_ = np.array(programme.upper, dtype=np.double)
    model.row_lower_ = np.array([row.lower for row in rows], dtype=np.double)
    model.row_upper_ = np.array([row.upper for row in rows], dtype=np.double)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.cumsum([0, *(len(row.columns) for row in rows)], dtype=np.int32)
    model.a_matrix_.index_ = np.array([c for row in rows for c in row.columns], dtype=np.int32)
    model.a_matrix_.value_ = np.array([v for row in rows for v in row.values], dtype=np.double)
    kinds = highspy.HighsVarType
    model.integrality_ = [
        kinds.kInteger if whole else kinds.kContinuous for whole in programme.integer
    ]
    return model
