"""GIFT, in and out."""

from __future__ import annotations

from app.domain.text import Text
from app.loader.exchange.contract import Format
from app.loader.exchange.gift_reading import read
from app.loader.exchange.gift_writing import write

FORMAT = Format(
    code="gift",
    name=Text("GIFT", "GIFT"),
    ending="txt",
    mime="text/plain",
    read=read,
    write=write,
)
