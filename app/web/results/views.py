"""HR's list of results, and an Excel file of it. HR sees scores, never answers."""

from __future__ import annotations

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.permissions import Permission
from app.queries import results
from app.queries.sitting_lists import sitting_titles
from app.services import exports
from app.web.access import actor, requires
from app.web.clock import now
from app.web.results.workbook import results_workbook


@requires(Permission.SEE_RESULTS)
def index() -> ResponseReturnValue:
    """The list, filtered, sorted and paged."""
    filters = _filters()
    return render_template(
        "results/index.html",
        page=results.results(filters, page=request.args.get("page", 1, type=int)),
        filters=filters,
        schemes=results.result_schemes(),
        sittings=sitting_titles(),
    )


@requires(Permission.EXPORT_RESULTS)
def excel() -> ResponseReturnValue:
    """The filtered list as an Excel file; the export is on record."""
    filters = _filters()
    content, rows = results_workbook(results.all_results(filters))
    exports.note_export("results", filters=filters, rows=rows, actor=actor(), now=now())
    response = make_response(content)
    response.headers["Content-Type"] = (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    name = f"results-{now():%Y%m%d-%H%M}.xlsx"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _filters() -> results.ResultFilter:
    args = request.args
    return results.ResultFilter(
        search=args.get("search", "").strip()[:100],
        exam=args.get("exam", ""),
        sitting=args.get("sitting", ""),
        passed=args.get("passed", ""),
        sort=args.get("sort", "newest"),
    )
