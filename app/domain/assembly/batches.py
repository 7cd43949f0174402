"""The life of a batch of papers: queued → running → proposed → approved or rejected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import Any

from app.domain.assembly.collisions import Collision
from app.domain.assembly.demands import Demand, DemandKind
from app.domain.assembly.papers import MOST_PAPERS, Slot
from app.domain.errors import DomainError, ErrorKind
from app.domain.plans import ExamPlan
from app.domain.text import N_

LONGEST_REASON = 1000
MOST_TRIES = 3
"""How often the work on a batch begins before it is given up."""


class BatchState(StrEnum):
    """Where a batch stands. impossible: the plan cannot be met. failed: the work broke off."""

    QUEUED = "queued"
    RUNNING = "running"
    PROPOSED = "proposed"
    IMPOSSIBLE = "impossible"
    FAILED = "failed"
    APPROVED = "approved"
    REJECTED = "rejected"


WORKING = (BatchState.QUEUED, BatchState.RUNNING)
"""States in which the worker has something to do."""


class BatchMoved(DomainError):
    """The batch does not wait for a decision, or no longer."""

    def __init__(self) -> None:
        super().__init__(
            "batch-moved",
            N_("These papers do not wait for a decision, or no longer."),
            kind=ErrorKind.CONFLICT,
        )


class OwnBatch(DomainError):
    """Whoever asked for the papers never approves them."""

    def __init__(self) -> None:
        super().__init__(
            "own-batch",
            N_("You asked for these papers, so somebody else has to approve them."),
            kind=ErrorKind.FORBIDDEN,
        )


def check_count(count: int, *, attempts: int) -> None:
    """Whether so many papers can be asked for; raises DomainError."""
    if not 1 <= count <= MOST_PAPERS:
        raise DomainError("papers-count", N_("Ask for 1 to %(most)s papers."), most=MOST_PAPERS)
    if count < attempts:
        raise DomainError(
            "papers-too-few",
            N_("Everybody has %(attempts)s attempts, each on another paper: ask for as many."),
            attempts=attempts,
        )


def check_decision(
    state: BatchState, *, made_by: int, by: int | None, approves: bool, reason: str
) -> None:
    """Whether this person may decide so; raises BatchMoved, OwnBatch, DomainError."""
    if state is not BatchState.PROPOSED:
        raise BatchMoved
    if approves and (by is None or by == made_by):
        raise OwnBatch
    if not approves and not reason:
        raise DomainError("reason-missing", N_("Say why, in the reason."))
    if len(reason) > LONGEST_REASON:
        raise DomainError(
            "reason-long",
            N_("A reason has at most %(most)s characters."),
            most=LONGEST_REASON,
        )


def dump_papers(papers: Sequence[Sequence[Slot]]) -> list[list[dict[str, Any]]]:
    """The form that the database keeps of papers that are not approved yet."""
    return [
        [
            {
                "position": slot.position,
                "version": slot.version_id,
                "question": slot.question_id,
                "module": slot.module,
                "points": str(slot.points),
                "section": slot.section,
                "pilot": slot.is_pilot,
            }
            for slot in paper
        ]
        for paper in papers
    ]


def load_papers(raw: Sequence[Sequence[Mapping[str, Any]]]) -> tuple[tuple[Slot, ...], ...]:
    """What `dump_papers` made."""
    return tuple(
        tuple(
            Slot(
                position=slot["position"],
                version_id=slot["version"],
                question_id=slot["question"],
                module=slot["module"],
                points=Fraction(slot["points"]),
                section=slot["section"],
                is_pilot=slot["pilot"],
            )
            for slot in paper
        )
        for paper in raw
    )


def dump_collision(collision: Collision) -> dict[str, Any]:
    """The form that the database keeps."""
    return {
        "kind": collision.demand.kind.value,
        "name": collision.demand.name,
        "missing": collision.missing,
        "needed": collision.needed,
        "available": collision.available,
    }


def load_collision(raw: Mapping[str, Any], plan: ExamPlan) -> Collision:
    """What `dump_collision` made. plan: the one that was to be met, for its cells."""
    kind = DemandKind(raw["kind"])
    cells = {cell.name(): cell for cell in plan.cells} if kind is DemandKind.CELL else {}
    demand = Demand(kind, raw["name"], cells.get(raw["name"]))
    return Collision(demand, raw["missing"], raw["needed"], raw["available"])
