"""Which sittings a person may look at and act in, and what was typed into the forms."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask import url_for
from werkzeug.exceptions import NotFound

from app.domain.permissions import Permission
from app.queries.sittings import SittingView, visible_sitting
from app.web.access import me

MOST_CHOSEN = 2000
"""Ids in one form."""


def sitting_to_see(sitting_id: int) -> SittingView:
    """A sitting that this person runs, or manages; anything else is a 404."""
    return _sitting(sitting_id, manages=Permission.MANAGE_SITTINGS in me().permissions)


def sitting_to_run(sitting_id: int) -> SittingView:
    """A sitting in which this person may act: whoever manages sittings alone looks on."""
    return _sitting(sitting_id, manages=False)


def may_run(sitting: SittingView) -> bool:
    """Whether this person may act in the sitting: its proctors, or any where it names none."""
    if Permission.RUN_SITTINGS not in me().permissions:
        return False
    named = {proctor.user_id for proctor in sitting.proctors}
    return not named or me().user_id in named


def ids(values: Sequence[str]) -> list[int]:
    """Row numbers out of a form or an address; what is none is left out."""
    numbers = [int(value) for value in values if re.fullmatch(r"[0-9]{1,9}", value)]
    return list(dict.fromkeys(numbers))[:MOST_CHOSEN]


def back_to(sitting_id: int, wanted: str) -> str:
    """Where a form returns to: a page of this sitting's desk, and nowhere else."""
    desk = url_for("proctoring.desk", sitting_id=sitting_id)
    if re.fullmatch(re.escape(desk) + r"(/[\w/]*)?(\?[!-~]*)?", wanted, re.ASCII):
        return wanted
    return desk


def _sitting(sitting_id: int, *, manages: bool) -> SittingView:
    sitting = visible_sitting(sitting_id, user_id=me().user_id, manages=manages)
    if sitting is None:
        raise NotFound
    return sitting
