"""Pictures on disk: whole or not at all, once, and found again by their names."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from app.domain.media import Medium as Picture
from app.models import workshop
from app.queries.media import picture_path, read_pictures
from app.services import media
from app.services.trail import Actor
from tests import factories

ONE = Picture.of(b"\x89PNG\r\n\x1a\none")
TWO = Picture.of(b"\xff\xd8\xfftwo")


def store(folder, *pictures, by=None):
    media.store_pictures(pictures, instance=folder, actor=Actor(by), now=factories.NOW)


def files(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_pictures_are_kept_under_their_names(app, session, tmp_path):
    user_id = factories.user()

    store(tmp_path, ONE, TWO, by=user_id)

    assert read_pictures([ONE.name, TWO.name], instance=tmp_path) == {
        ONE.name: ONE,
        TWO.name: TWO,
    }
    rows = {row.name: row for row in session.scalars(select(workshop.Medium))}
    assert rows.keys() == {ONE.name, TWO.name}
    assert (rows[ONE.name].size, rows[ONE.name].added_by) == (len(ONE.data), user_id)


def test_storing_a_picture_again_changes_nothing(app, session, tmp_path):
    store(tmp_path, ONE, ONE)
    before = picture_path(tmp_path, ONE.name).stat().st_mtime_ns

    store(tmp_path, ONE, by=factories.user())

    assert picture_path(tmp_path, ONE.name).stat().st_mtime_ns == before
    assert session.scalars(select(workshop.Medium)).one().added_by is None


def test_a_file_that_was_lost_is_written_again(app, tmp_path):
    store(tmp_path, ONE)
    picture_path(tmp_path, ONE.name).unlink()

    store(tmp_path, ONE)

    assert read_pictures([ONE.name], instance=tmp_path) == {ONE.name: ONE}


def test_a_write_that_fails_leaves_neither_file_nor_row(app, session, tmp_path, monkeypatch):
    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", fail)

    with pytest.raises(OSError, match="disk full"):
        store(tmp_path, ONE)

    assert files(tmp_path) == []
    assert session.scalars(select(workshop.Medium)).all() == []


def test_a_picture_that_is_not_there_is_left_out(tmp_path):
    assert read_pictures([ONE.name], instance=tmp_path) == {}


@pytest.mark.parametrize("name", ["", "../secrets.json", f"{'0' * 64}.svg", f"{'0' * 64}.png/x"])
def test_only_names_of_pictures_lead_to_a_file(tmp_path, name):
    with pytest.raises(ValueError, match="not the name"):
        picture_path(tmp_path, name)
