"""Pictures of questions, as they lie in the folder `media` of the instance."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from app.domain.media import NAME, Medium


def picture_path(instance: Path, name: str) -> Path:
    """Where a picture lies; raises ValueError for what is no name of a picture."""
    if not NAME.fullmatch(name):
        raise ValueError("not the name of a picture")
    return instance / "media" / name[:2] / name


def read_pictures(names: Iterable[str], *, instance: Path) -> dict[str, Medium]:
    """The pictures with these names; those that are not there are left out."""
    found = {}
    for name in names:
        path = picture_path(instance, name)
        if path.is_file():
            found[name] = Medium(name, path.read_bytes())
    return found
