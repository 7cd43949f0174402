"""Exports: what left the system, who took it, when."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from app.db import transactional
from app.queries.results import ResultFilter
from app.services.trail import Actor, record


@transactional
def note_export(
    kind: str, *, filters: ResultFilter, rows: int, actor: Actor, now: datetime
) -> None:
    """Put an export on record: what was asked for, and how many rows went out."""
    record(f"{kind}.exported", kind, actor=actor, now=now, rows=rows, filters=asdict(filters))
