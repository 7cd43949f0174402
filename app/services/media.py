"""Pictures of questions: the bytes in a folder beside the data, a row for each in the database."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from app.db import db, transactional
from app.domain.media import Medium as Picture
from app.models.workshop import Medium
from app.queries.media import picture_path
from app.services.trail import Actor


@transactional
def store_pictures(
    pictures: Iterable[Picture], *, instance: Path, actor: Actor, now: datetime
) -> None:
    """Keep pictures on disk and know them; those that are there already stay as they are."""
    keep_pictures(pictures, instance=instance, actor=actor, now=now)


def keep_pictures(
    pictures: Iterable[Picture], *, instance: Path, actor: Actor, now: datetime
) -> None:
    """As `store_pictures`, inside the transaction of another act; commits nothing.

    The files come first: one without a row is a few bytes too many, a row without its file
    would be a hole in a question.
    """
    wanted = {picture.name: picture for picture in pictures}
    if not wanted:
        return
    for picture in wanted.values():
        _put(picture_path(instance, picture.name), picture.data)
    known = set(db.session.scalars(select(Medium.name).where(Medium.name.in_(wanted))))
    db.session.add_all(
        Medium(name=name, size=len(picture.data), added_by=actor.user_id, at=now)
        for name, picture in sorted(wanted.items())
        if name not in known
    )
    db.session.flush()


def _put(path: Path, data: bytes) -> None:
    """Whole or not at all, and on disk before anything refers to it."""
    if path.is_file() and path.stat().st_size == len(data):
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, suffix=".draft")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
