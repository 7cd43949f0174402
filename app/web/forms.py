"""What was typed into a form, as the database can keep it."""

from __future__ import annotations

from flask import request
from wtforms import StringField


def typed(name: str) -> str:
    """A text of the form: its line ends are one character."""
    return request.form.get(name, "").replace("\r\n", "\n").replace("\x00", "")


def stripped(field: StringField) -> str:
    """The text of a field without blanks around it; "" where nothing was sent."""
    return (field.data or "").strip()
