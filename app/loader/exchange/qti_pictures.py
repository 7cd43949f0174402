"""The pictures that items of a package show, found by their address inside it."""

from __future__ import annotations

import base64
import binascii
import posixpath
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes

from app.domain.media import LARGEST_PICTURE, Medium, PictureRefused, media_names
from app.domain.problems import Problems
from app.domain.text import N_
from app.loader.exchange.archives import Archive
from app.loader.exchange.qti_content import texts_in
from app.loader.exchange.qti_manifests import path_of

_REMOTE = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//|[a-z][a-z0-9+.-]+:", flags=re.IGNORECASE)
_DATA = re.compile(r"data:[^,;]*(?:;[^,;]*)*?(;base64)?,(.*)", flags=re.DOTALL | re.IGNORECASE)


class Pictures:
    """The pictures of a package. media: those that were asked for and found, by name."""

    def __init__(self, archive: Archive | None) -> None:
        self.media: dict[str, Medium] = {}
        self._archive = archive
        names = archive.names if archive else ()
        self._paths = {name: name for name in names}
        self._any_case = {name.casefold(): name for name in reversed(names)}
        self._known: dict[str, Medium | PictureRefused] = {}

    def of_item(self, item: str, notes: Problems) -> Callable[[str], str | None]:
        """For the texts of one item: the Markdown of a picture by its address, None without.

        item: the path of its file. Every picture that cannot be had is noted.
        """
        folder = posixpath.dirname(item)

        def link(source: str) -> str | None:
            medium = self._found(folder, source.strip(), item, notes)
            return medium.link("") if medium else None

        return link

    def keep_named(self, raw: dict[str, Any], *, folder: str) -> bool:
        """Take the pictures that a question of our own record names; False where one is missing
        or is not, byte for byte, the one that was meant."""
        found: dict[str, Medium] = {}
        for name in media_names("\n".join(texts_in(raw))):
            path = self._paths.get(posixpath.join(folder, "images", name))
            medium = self._medium(path) if path else None
            if not isinstance(medium, Medium) or medium.name != name:
                return False
            found[name] = medium
        self.media |= found
        return True

    def _found(self, folder: str, source: str, item: str, notes: Problems) -> Medium | None:
        shown = source if len(source) <= 100 else f"{source[:100]}…"
        if source.casefold().startswith("data:"):
            medium = _embedded(source)
        elif not source or _REMOTE.match(source) or source.startswith("/"):
            notes.add(item, N_("The picture %(name)s is not in the package."), name=shown)
            return None
        else:
            path = path_of(folder, source)
            path = self._paths.get(path) or self._any_case.get(path.casefold(), "")
            if not path:
                notes.add(item, N_("The picture %(name)s is not in the package."), name=shown)
                return None
            medium = self._medium(path)
        if isinstance(medium, PictureRefused):
            notes.add(f"{item} › {shown}", medium.sentence, **medium.parameters)
            return None
        self.media[medium.name] = medium
        return medium

    def _medium(self, path: str) -> Medium | PictureRefused:
        if path not in self._known:
            assert self._archive is not None
            self._known[path] = _checked(self._archive.read(path))
        return self._known[path]


def _checked(data: bytes) -> Medium | PictureRefused:
    try:
        return Medium.of(data)
    except PictureRefused as refused:
        return refused


def _embedded(source: str) -> Medium | PictureRefused:
    match = _DATA.match(source)
    if match is None or len(match[2]) > LARGEST_PICTURE * 2:
        return _checked(b"")
    data = unquote_to_bytes(match[2])
    if match[1]:
        try:
            data = base64.b64decode(re.sub(rb"\s+", b"", data), validate=True)
        except binascii.Error:
            data = b""
    return _checked(data)
