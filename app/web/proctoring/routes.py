"""URL table: the proctor's desk and incidents."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from app.web.proctoring import act_views, desk_views, incident_views
from app.web.proctoring.acts import ACT_ICONS, Act, act_name, acts_for
from app.web.proctoring.event_wording import event_sentence, event_words
from app.web.proctoring.wording import (
    PRESENCE_MARKS,
    incident_state_name,
    irregularity_name,
    outcome_name,
    presence_name,
    remedy_name,
    span,
    time_of_day,
)

blueprint = Blueprint("proctoring", __name__)
blueprint.add_url_rule(
    "/sittings/<int:sitting_id>/desk", endpoint="desk", view_func=desk_views.index
)
blueprint.add_url_rule(
    "/sittings/<int:sitting_id>/desk/attempts/<int:attempt_id>", view_func=desk_views.candidate
)
blueprint.add_url_rule(
    "/sittings/<int:sitting_id>/desk/places/<int:registration_id>", view_func=desk_views.place
)
blueprint.add_url_rule("/sittings/<int:sitting_id>/desk/acts/<act>", view_func=act_views.act)
blueprint.add_url_rule(
    "/sittings/<int:sitting_id>/desk/acts/<act>", view_func=act_views.do_act, methods=["POST"]
)
blueprint.add_url_rule(
    "/sittings/<int:sitting_id>/incidents", endpoint="incidents", view_func=incident_views.index
)
blueprint.add_url_rule(
    "/sittings/<int:sitting_id>/incidents/new",
    endpoint="new_incident",
    view_func=incident_views.new,
)
blueprint.add_url_rule(
    "/sittings/<int:sitting_id>/incidents/new",
    endpoint="propose_incident",
    view_func=incident_views.propose,
    methods=["POST"],
)
blueprint.add_url_rule(
    "/sittings/<int:sitting_id>/incidents/<int:incident_id>", view_func=incident_views.incident
)
blueprint.add_url_rule(
    "/sittings/<int:sitting_id>/incidents/<int:incident_id>/decide",
    endpoint="decide_incident",
    view_func=incident_views.decide,
    methods=["POST"],
)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    """What the templates of this area call things."""
    return {
        "Act": Act,
        "act_icons": ACT_ICONS,
        "act_name": act_name,
        "acts_for": acts_for,
        "event_sentence": event_sentence,
        "event_words": event_words,
        "incident_state_name": incident_state_name,
        "irregularity_name": irregularity_name,
        "outcome_name": outcome_name,
        "presence_marks": PRESENCE_MARKS,
        "presence_name": presence_name,
        "remedy_name": remedy_name,
        "span": span,
        "time_of_day": time_of_day,
    }
