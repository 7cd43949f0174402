"""What the pages of plans and papers call states, demands and parts of a plan."""

from __future__ import annotations

from typing import Any

from app.domain.assembly.batches import BatchState
from app.domain.assembly.collisions import Collision
from app.domain.assembly.demands import DemandKind
from app.domain.plan_differences import Part
from app.domain.plans import Cell
from app.queries.plans import module_titles
from app.web.languages import translated as _
from app.web.templating import level_name, local, type_name


def known() -> dict[str, Any]:
    """For the templates of this area."""
    return {
        "batch_state_name": batch_state_name,
        "batch_looks": BATCH_LOOKS,
        "cell_words": cell_words,
        "collision_words": collision_words,
        "part_name": part_name,
        "level_or_any": level_or_any,
    }


BATCH_LOOKS = {
    BatchState.QUEUED: ("quiet", "hourglass-split"),
    BatchState.RUNNING: ("info", "gear"),
    BatchState.PROPOSED: ("warn", "clipboard-check"),
    BatchState.IMPOSSIBLE: ("bad", "x-circle"),
    BatchState.FAILED: ("bad", "exclamation-octagon"),
    BatchState.APPROVED: ("good", "check-circle"),
    BatchState.REJECTED: ("quiet", "slash-circle"),
}


def batch_state_name(value: str) -> str:
    """The name of a state of a batch."""
    names: dict[str, str] = {
        BatchState.QUEUED: _("Waiting"),
        BatchState.RUNNING: _("Being assembled"),
        BatchState.PROPOSED: _("Waits for approval"),
        BatchState.IMPOSSIBLE: _("Impossible"),
        BatchState.FAILED: _("Failed"),
        BatchState.APPROVED: _("Approved"),
        BatchState.REJECTED: _("Rejected"),
    }
    return names[BatchState(value)]


def level_or_any(value: str | None) -> str:
    """The name of a level; without one, any."""
    return level_name(value) if value else _("Any level")


def cell_words(cell: Cell, titles: dict[str, dict[str, Any]] | None = None) -> str:
    """A cell in words. titles: of the modules; read where they are not at hand."""
    title = (titles if titles is not None else module_titles()).get(cell.module)
    name = local(title) if title else cell.module
    return f"{name} × {level_or_any(cell.level)} × {type_name(cell.type)}"


def part_name(value: str) -> str:
    """The name of a part of a plan."""
    names: dict[str, str] = {
        Part.CELL: _("Cell"),
        Part.DIFFICULTY: _("Target of mean difficulty"),
        Part.MINUTES: _("Target of expected minutes"),
        Part.MUST_APPEAR: _("Points that must appear"),
        Part.EXCLUDES: _("Questions that exclude each other"),
        Part.TOGETHER: _("Questions that stand together"),
        Part.PILOTS: _("Pilot questions"),
        Part.MAX_EXPOSURE: _("Largest exposure"),
        Part.MAX_OVERLAP: _("Largest overlap of two papers"),
    }
    return names[Part(value)]


def collision_words(found: Collision, titles: dict[str, dict[str, Any]]) -> tuple[str, str]:
    """(what it is, what is the matter with it)."""
    return _demand(found, titles), _matter(found)


def _demand(found: Collision, titles: dict[str, dict[str, Any]]) -> str:
    if found.cell is not None:
        return cell_words(found.cell, titles)
    name = found.demand.name
    sentences: dict[DemandKind, str] = {
        DemandKind.CELL: name,
        DemandKind.MUST_APPEAR: _("Point %(name)s must appear", name=name),
        DemandKind.EXCLUDES: _("Exclude each other: %(name)s", name=name),
        DemandKind.TOGETHER: _("Stand together: %(name)s", name=name),
        DemandKind.PILOTS: _("Pilot questions"),
        DemandKind.EXPOSURE: _("Largest exposure"),
        DemandKind.OVERLAP: _("Largest overlap of two papers"),
    }
    return sentences[found.demand.kind]


def _matter(found: Collision) -> str:
    if found.demand.kind is DemandKind.OVERLAP and found.missing:
        return _("two papers would share %(count)s questions too many", count=found.missing)
    if found.needed and found.missing:
        return _(
            "%(available)s in the pool, %(needed)s needed: %(missing)s missing",
            available=found.available,
            needed=found.needed,
            missing=found.missing,
        )
    if found.needed:
        return _(
            "%(available)s in the pool; %(needed)s would be needed to share nothing",
            available=found.available,
            needed=found.needed,
        )
    if found.missing:
        return _("missed by %(count)s questions at least", count=found.missing)
    return _("stands in the way")
