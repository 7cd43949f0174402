"""Which rows a person may see on these pages; the sittings themselves are the desk's rule."""

from __future__ import annotations

from werkzeug.exceptions import NotFound

from app.queries.attempt_heads import AttemptHead, attempt_head


def head_or_404(sitting_id: int, attempt_id: int) -> AttemptHead:
    """An attempt of that sitting."""
    head = attempt_head(sitting_id, attempt_id)
    if head is None:
        raise NotFound
    return head
