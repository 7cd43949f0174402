"""Security headers on every response. No inline script, no inline style, nothing from elsewhere."""

from __future__ import annotations

from flask import Flask, Response, request

from app.config import Settings
from app.web.access import settings

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)


def register(app: Flask) -> None:
    """Set the headers after every request."""
    app.after_request(_protect)


def fixed_headers(settings: Settings) -> list[tuple[str, str]]:
    """What every response has."""
    headers = [
        ("Content-Security-Policy", POLICY),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
    ]
    if settings.secure_cookies:
        headers.append(("Strict-Transport-Security", "max-age=31536000"))
    return headers


def _protect(response: Response) -> Response:
    headers = response.headers
    for name, value in fixed_headers(settings()):
        headers.setdefault(name, value)
    if not (request.endpoint or "").endswith("static"):
        headers.setdefault("Cache-Control", "no-store")
    return response
