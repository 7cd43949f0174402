"""Keeps the figures of papers and question versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, insert

from app.db import db, transactional
from app.domain.statistics.choices import options_of
from app.domain.statistics.items import figures, flags
from app.domain.statistics.papers import PaperFigures
from app.domain.statistics.tallies import ItemTally
from app.models.statistics import PaperItemTally, PaperStatistics, VersionFlag, VersionStatistics
from app.queries.statistics import marked_places, questions_of_versions, tallies_of


@transactional
def keep(
    paper_id: int, found: PaperFigures, tallies: Sequence[ItemTally], *, now: datetime
) -> None:
    """Keep what a paper tells, in place of what it told before.

    found, tallies: worked out before, so that nobody waits for that; the tallies in the order
    of `marked_places`, or none where nobody has a result any more. now: when the results
    were read.
    """
    db.session.execute(delete(PaperStatistics).where(PaperStatistics.paper_id == paper_id))
    db.session.execute(delete(PaperItemTally).where(PaperItemTally.paper_id == paper_id))
    values = asdict(found)
    people = values.pop("n")
    db.session.add(PaperStatistics(paper_id=paper_id, people=people, computed_at=now, **values))
    slots = marked_places(paper_id)
    if tallies:
        rows = [
            {"paper_id": paper_id, "version_id": slot.version_id, "tally": tally.dump()}
            for slot, tally in zip(slots, tallies, strict=True)
        ]
        db.session.execute(insert(PaperItemTally), rows)
    _add_up({slot.version_id for slot in slots}, now=now)


def _add_up(version_ids: set[int], *, now: datetime) -> None:
    """The figures and flags of these versions over all their papers."""
    db.session.execute(delete(VersionFlag).where(VersionFlag.version_id.in_(version_ids)))
    db.session.execute(
        delete(VersionStatistics).where(VersionStatistics.version_id.in_(version_ids))
    )
    questions = questions_of_versions(version_ids)
    for version_id, tally in sorted(tallies_of(version_ids).items()):
        found = figures(tally, options_of(questions[version_id].body))
        db.session.add(
            VersionStatistics(
                version_id=version_id,
                people=found.n,
                facility=found.facility,
                discrimination=found.discrimination,
                correlation=found.correlation,
                computed_at=now,
            )
        )
        db.session.add_all(VersionFlag(version_id=version_id, flag=flag) for flag in flags(found))
