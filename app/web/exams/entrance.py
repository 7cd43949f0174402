"""What a request shows at the door of an exam: its address and Safe Exam Browser's header."""

from __future__ import annotations

from flask import request

from app.services.starting import Entry
from app.web.access import settings

SEB_HEADER = "X-SafeExamBrowser-ConfigKeyHash"


def seen_url() -> str:
    """The address of this request as the browser sees it: QIJUE_BASE_URL where it is set."""
    base = settings().base_url
    if not base:
        return request.url
    return base + request.full_path.rstrip("?")


def seb_hash() -> str:
    """What Safe Exam Browser sent, "" from another browser."""
    return request.headers.get(SEB_HEADER, "")


def entry() -> Entry:
    """Everything that `services/starting` asks for."""
    return Entry(
        access_code=request.form.get("access_code", "")[:40], url=seen_url(), seb_hash=seb_hash()
    )
