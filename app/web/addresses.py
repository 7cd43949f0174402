"""What an address may hold: numbers that every database can keep, and no NUL character."""

from __future__ import annotations

from flask import Flask, request
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.routing import IntegerConverter

LARGEST_NUMBER = 2**31 - 1


class RowNumber(IntegerConverter):
    """`<int:…>`: plain digits, few enough to be a row's id; anything else is a 404."""

    regex = r"[0-9]{1,9}"


def register(app: Flask) -> None:
    """Bind the converter (before any route is added) and check every address."""
    app.url_map.converters["int"] = RowNumber
    app.before_request(_refuse_nul)


def _refuse_nul() -> None:
    if "\x00" in request.path:
        raise NotFound
    if any("\x00" in value for value in request.args.values()):
        raise BadRequest
