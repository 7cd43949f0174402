"""Style sheets, scripts and fonts, answered before Flask: an exam page loads some thirty of them.

Flask's own answer costs over a millisecond of one core, which at nine o'clock, with a thousand
first visits within a minute, is more than starting the exams takes. Here it is a look at the
file's time and a copy from memory. Flask still makes the addresses, and answers what is rare:
parts of files, and files that are not there.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.http import parse_etags
from werkzeug.security import safe_join

from app.web.headers import fixed_headers

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FILES_IN_MEMORY = 300


@dataclass(frozen=True, slots=True)
class _File:
    etag: str
    kind: str
    content: bytes


class StaticFiles:
    """A WSGI application in front of another one. folders: start of the address → folder."""

    def __init__(
        self,
        application: WSGIApplication,
        folders: Mapping[str, str],
        *,
        seconds: int,
        headers: Iterable[tuple[str, str]],
    ) -> None:
        self._application = application
        self._folders = tuple(folders.items())
        self._headers = [*headers, ("Cache-Control", f"public, max-age={seconds}")]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer for a file, or let the application do it."""
        file = self._file(environ)
        if file is None:
            return self._application(environ, start_response)
        headers = [*self._headers, ("ETag", f'"{file.etag}"')]
        if parse_etags(environ.get("HTTP_IF_NONE_MATCH")).contains_weak(file.etag):
            start_response("304 Not Modified", headers)
            return []
        size = ("Content-Length", str(len(file.content)))
        start_response("200 OK", [*headers, ("Content-Type", file.kind), size])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [file.content]

    def _file(self, environ: WSGIEnvironment) -> _File | None:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or "HTTP_RANGE" in environ:
            return None
        address: str = environ["PATH_INFO"]
        for start, folder in self._folders:
            if address.startswith(start):
                return _found(safe_join(folder, address[len(start) :]))
        return None


def register(app: Flask) -> None:
    """Put it in front of the application, for its own files and those of Bootstrap-Flask."""
    bootstrap = app.blueprints["bootstrap"]
    folders = {
        f"{url}/": folder
        for url, folder in (
            (app.static_url_path, app.static_folder),
            (bootstrap.static_url_path, bootstrap.static_folder),
        )
        if url and folder
    }
    app.wsgi_app = StaticFiles(  # type: ignore[method-assign]
        app.wsgi_app,
        folders,
        seconds=app.config["SEND_FILE_MAX_AGE_DEFAULT"],
        headers=fixed_headers(app.extensions["settings"]),
    )


def _found(path: str | None) -> _File | None:
    if path is None:
        return None
    file = Path(path)
    try:
        status = file.stat()
        return _read(file, status.st_mtime_ns, status.st_size)
    except (OSError, ValueError):  # not there, a folder, or no name that a file can have
        return None


@lru_cache(maxsize=FILES_IN_MEMORY)
def _read(file: Path, changed_ns: int, size: int) -> _File:
    """The file as it was at that time; a changed one is read again."""
    content = file.read_bytes()
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    if kind.startswith("text/"):
        kind += "; charset=utf-8"
    return _File(sha256(content).hexdigest()[:32], kind, content)
