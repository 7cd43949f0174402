"""Filters that somebody keeps under a name."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import DomainError
from app.domain.permissions import Permission
from app.domain.questions.bank_filter import BankFilter
from app.services import saved_filters as writes
from app.web.access import me, requires
from app.web.bank.list_views import list_page
from app.web.errors import STATUS, sentence
from app.web.forms import typed


@requires(Permission.SEE_QUESTIONS)
def save_filter() -> ResponseReturnValue:
    """Keep the filter of the address under a name; the same name again replaces it."""
    filters, name = BankFilter.read(request.args), typed("name")
    try:
        writes.save_filter(name, filters, user_id=me().user_id)
    except DomainError as error:
        return list_page(problem=sentence(error), name=name), STATUS[error.kind]
    flash(_("The filter is kept under “%(name)s”.", name=name.strip()), "good")
    return redirect(url_for("bank.index", **filters.dump()))


@requires(Permission.SEE_QUESTIONS)
def delete_filter(filter_id: int) -> ResponseReturnValue:
    """Forget one of one's own filters."""
    writes.delete_filter(filter_id, user_id=me().user_id)
    flash(_("The filter has been deleted."), "good")
    return redirect(url_for("bank.index", **BankFilter.read(request.args).dump()))
