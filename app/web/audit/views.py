"""The audit log, for auditors: read only."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.domain.permissions import Permission
from app.queries import audit
from app.web.access import requires


@requires(Permission.SEE_AUDIT)
def index() -> ResponseReturnValue:
    """The list, filtered and paged."""
    args = request.args
    filters = {"search": args.get("search", "").strip()[:100], "action": args.get("action", "")}
    return render_template(
        "audit/index.html",
        page=audit.entries(**filters, page=args.get("page", 1, type=int)),
        filters=filters,
        actions=audit.actions(),
    )
