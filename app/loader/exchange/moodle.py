"""Moodle XML, in and out."""

from __future__ import annotations

from app.domain.text import Text
from app.loader.exchange.contract import Format
from app.loader.exchange.moodle_reading import read
from app.loader.exchange.moodle_writing import write

FORMAT = Format(
    code="moodle",
    name=Text("Moodle XML", "Moodle XML"),
    ending="xml",
    mime="application/xml",
    read=read,
    write=write,
)
