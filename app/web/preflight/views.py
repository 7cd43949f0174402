"""The pre-flight of a sitting: who ran it before, and running it now.

A run is shown by the answer to the request that made it and kept nowhere: only the audit log
knows that there was one, and what it came to.
"""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from app.domain.permissions import Permission
from app.domain.preflight.candidate import STEPS
from app.domain.preflight.checks import NAMES, OVERALL, Verdict
from app.queries.preflight import earlier_runs
from app.queries.sittings import SittingView, visible_sitting
from app.services import preflight
from app.translations import Voice
from app.web.access import Forbidden, actor, me, requires, settings
from app.web.clock import now
from app.web.languages import language


@requires(Permission.SEE_SITTINGS)
def show(sitting_id: int) -> ResponseReturnValue:
    """What it is, and the last runs."""
    return _page(_sitting(sitting_id))


@requires(Permission.SEE_SITTINGS)
def run(sitting_id: int) -> ResponseReturnValue:
    """Check everything now, and show the list."""
    sitting = _sitting(sitting_id)
    equipment = preflight.Equipment.of(settings())
    done = preflight.run(sitting_id, equipment=equipment, actor=actor(), now=now())
    return _page(sitting, done=done)


def _sitting(sitting_id: int) -> SittingView:
    """One's own sitting: whoever manages sittings has all of them, a proctor theirs."""
    permissions = me().permissions
    if not permissions & {Permission.MANAGE_SITTINGS, Permission.RUN_SITTINGS}:
        raise Forbidden
    found = visible_sitting(
        sitting_id,
        user_id=me().user_id,
        manages=Permission.MANAGE_SITTINGS in permissions,
    )
    if found is None:
        raise NotFound
    return found


def _page(sitting: SittingView, *, done: preflight.Run | None = None) -> ResponseReturnValue:
    voice = Voice(language(), settings().time_zone)
    return render_template(
        "preflight/preflight.html",
        sitting=sitting,
        done=done,
        earlier=earlier_runs(sitting.id),
        say=lambda item: voice.say(item.sentence, item.parameters),
        names=NAMES,
        steps=STEPS,
        overall=OVERALL,
        verdicts=Verdict,
        subject_names=lambda subjects: " · ".join(voice.say(NAMES[s]) for s in subjects),
    )
