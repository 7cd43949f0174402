"""URL table: exam plans, batches of papers, papers."""

from __future__ import annotations

from flask import Blueprint

from app.web.papers import batch_views, names, paper_views, plan_views

blueprint = Blueprint("papers", __name__)
blueprint.context_processor(names.known)
blueprint.add_url_rule("/plans", view_func=plan_views.plans)
blueprint.add_url_rule("/plans/<int:exam_id>", view_func=plan_views.plan)
blueprint.add_url_rule("/plans/<int:exam_id>", view_func=plan_views.save, methods=["POST"])
blueprint.add_url_rule(
    "/plans/<int:exam_id>/versions/<int:plan_number>", view_func=plan_views.version
)
blueprint.add_url_rule("/plans/<int:exam_id>/papers", view_func=batch_views.ask, methods=["POST"])
blueprint.add_url_rule("/papers/batches", view_func=batch_views.batches)
blueprint.add_url_rule("/papers/batches/<int:batch_id>", view_func=batch_views.batch)
blueprint.add_url_rule("/papers/batches/<int:batch_id>/progress", view_func=batch_views.progress)
blueprint.add_url_rule(
    "/papers/batches/<int:batch_id>/approve", view_func=batch_views.approve, methods=["POST"]
)
blueprint.add_url_rule(
    "/papers/batches/<int:batch_id>/reject", view_func=batch_views.reject, methods=["POST"]
)
blueprint.add_url_rule(
    "/papers/batches/<int:batch_id>/<int:paper_number>", view_func=paper_views.proposed
)
blueprint.add_url_rule("/papers/<int:paper_id>", view_func=paper_views.paper)
