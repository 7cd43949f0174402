"""A paper's own page, approved or only proposed. Whoever looks at it is put on record."""

from __future__ import annotations

from collections.abc import Sequence

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from app.domain.permissions import Permission
from app.queries import paper_batches
from app.queries import papers as reads
from app.queries.papers import Place
from app.queries.plans import module_titles
from app.services.question_views import note_seen
from app.web.access import actor, requires
from app.web.clock import now


@requires(Permission.SEE_PLANS)
def paper(paper_id: int) -> ResponseReturnValue:
    """A frozen paper."""
    found = reads.paper(paper_id)
    if found is None:
        raise NotFound
    _note(found.places, where=f"paper:{paper_id}")
    return render_template(
        "papers/paper.html",
        paper=found,
        batch=None,
        number=found.number,
        exam_title=found.exam_title,
        scheme_title=found.scheme_title,
        places=found.places,
        titles=module_titles(),
    )


@requires(Permission.SEE_PLANS)
def proposed(batch_id: int, paper_number: int) -> ResponseReturnValue:
    """A paper that waits for a decision, or was rejected."""
    number, view = paper_number, paper_batches.batch(batch_id)
    frozen = reads.papers_of_batch(batch_id)
    if 0 < number <= len(frozen):
        return redirect(url_for("papers.paper", paper_id=frozen[number - 1]))
    papers = paper_batches.proposed_papers(batch_id)
    if view is None or not 0 < number <= len(papers):
        raise NotFound
    places = reads.places_of(papers[number - 1])
    _note(places, where=f"batch:{batch_id}/{number}")
    return render_template(
        "papers/paper.html",
        paper=None,
        batch=view,
        number=number,
        exam_title=view.exam_title,
        scheme_title=view.scheme_title,
        places=places,
        titles=module_titles(),
    )


def _note(places: Sequence[Place], *, where: str) -> None:
    ids = [place.question.id for place in places]
    note_seen(ids, where=where, actor=actor(), now=now())
