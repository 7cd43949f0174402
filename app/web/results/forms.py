"""What the forms of these areas send, read strictly."""

from __future__ import annotations

from flask import request
from werkzeug.exceptions import BadRequest


def typed(name: str) -> str:
    """A text of the form as the database can keep it: its line ends are one character."""
    return request.form.get(name, "").replace("\r\n", "\n").replace("\x00", "")


def chosen(name: str, among: tuple[str, ...]) -> str:
    """One of the values that the form offers; raises BadRequest for another one."""
    value = request.form.get(name, "")
    if value not in among:
        raise BadRequest
    return value


def approves() -> bool:
    """Whether the button said approve and not reject."""
    return chosen("decision", ("approve", "reject")) == "approve"


def page_number() -> int:
    """The asked page of a list, 1 where it is none."""
    return request.args.get("page", 1, type=int)
