"""Works out the statistics of papers whose results have changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from app.domain.statistics.papers import paper_figures
from app.domain.statistics.tallies import item_tallies
from app.queries.statistics import paper_scores, stale_papers
from app.services.statistics import keep


def refresh_statistics(*, clock: Callable[[], datetime]) -> int:
    """Work out what is stale; returns how many papers. Done again, it changes nothing."""
    papers = stale_papers()
    for paper_id in papers:
        read_at = clock()  # a result that comes meanwhile makes the paper stale again
        scores = paper_scores(paper_id)
        keep(paper_id, paper_figures(scores), item_tallies(scores), now=read_at)
    return len(papers)
