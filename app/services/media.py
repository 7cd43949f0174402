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


def store_pictures(
    pictures: Iterable[Picture], *, instance: Path, actor: Actor, now: datetime
) -> None:
    """Keep pictures on disk and know them; those that are there already stay as they are."""
    every = list(pictures)
    put_pictures(every, instance=instance)
    _know(every, actor=actor, now=now)


def put_pictures(pictures: Iterable[Picture], *, instance: Path) -> None:
    """Keep pictures on disk, before the transaction that knows them: nobody waits for the disk.

    One without a row is a few bytes too many, a row without its file would be a hole in a
    question.
    """
    for picture in pictures:
        _put(picture_path(instance, picture.name), picture.data)


@transactional
def _know(pictures: Iterable[Picture], *, actor: Actor, now: datetime) -> None:
    know_pictures(pictures, actor=actor, now=now)


def know_pictures(pictures: Iterable[Picture], *, actor: Actor, now: datetime) -> None:
    """Know pictures that are on disk, inside the transaction of another act; commits nothing."""
    wanted = {picture.name: picture for picture in pictures}
    if not wanted:
        return
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
