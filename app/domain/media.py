"""Pictures in questions. A picture's name is made from its bytes, so it never means another one."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from app.domain.errors import DomainError
from app.domain.text import N_

LARGEST_PICTURE = 2 * 1024 * 1024
"""Bytes of one picture."""

NAME = re.compile(r"[0-9a-f]{64}\.(?:png|jpg|gif|webp)")
"""What a picture is called: SHA-256 of its bytes, and its kind."""

_LINK = re.compile(rf"!\[[^\[\]]*\]\(medium:({NAME.pattern})\)")


class PictureKind(StrEnum):
    """Kinds of pictures that browsers show and that cannot carry scripts; the value is the ending.

    SVG is not among them: it can.
    """

    PNG = "png"
    JPEG = "jpg"
    GIF = "gif"
    WEBP = "webp"

    @property
    def mime(self) -> str:
        """The type that is sent with it."""
        return "image/jpeg" if self is PictureKind.JPEG else f"image/{self.value}"


class PictureRefused(DomainError):
    """This file is no picture that questions can have; the sentence tells why."""


@dataclass(frozen=True, slots=True)
class Medium:
    """A picture and its name. In a text it stands as `![what it shows](medium:<name>)`."""

    name: str
    data: bytes

    @property
    def kind(self) -> PictureKind:
        """PNG, JPEG, GIF or WebP."""
        return PictureKind(self.name.rpartition(".")[2])

    def link(self, alt: str) -> str:
        """The Markdown that shows it. alt: what it shows, for those who cannot see it."""
        shown = re.sub(r"[][\n\r]", " ", alt).strip()
        return f"![{shown}](medium:{self.name})"

    @classmethod
    def of(cls, data: bytes) -> Self:
        """Checked by its first bytes, whatever its file was called. Raises PictureRefused."""
        if len(data) > LARGEST_PICTURE:
            raise PictureRefused(
                "picture-too-large",
                N_("A picture has at most %(most)s MB."),
                most=LARGEST_PICTURE // 1024**2,
            )
        kind = _kind_of(data)
        if kind is None:
            raise PictureRefused(
                "not-a-picture", N_("Only PNG, JPEG, GIF and WebP pictures can be used.")
            )
        return cls(f"{hashlib.sha256(data).hexdigest()}.{kind}", data)


def media_names(text: str) -> tuple[str, ...]:
    """The names of the pictures that a text shows, each once, in their order."""
    return tuple(dict.fromkeys(_LINK.findall(text)))


def _kind_of(data: bytes) -> PictureKind | None:
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PictureKind.PNG
    if data.startswith(b"\xff\xd8\xff"):
        return PictureKind.JPEG
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return PictureKind.GIF
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return PictureKind.WEBP
    return None
