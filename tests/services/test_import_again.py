"""Imports that were given up, uploads that are old, and pictures that come before the writing."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest

from app.domain.media import Medium as Picture
from app.domain.permissions import Role
from app.domain.questions.import_reading import ImportOptions
from app.domain.questions.import_runs import ImportState
from app.loader.exchange.yaml_files import text_of
from app.queries.import_runs import import_folder, import_run
from app.queries.media import picture_path
from app.services import import_work, question_imports
from app.services.import_files import ImportFolder
from app.services.import_run_rows import RunMissing
from app.services.question_imports import KEPT, Upload
from tests import factories
from tests.services.test_question_imports import Scene

NOW = factories.NOW


@pytest.fixture
def scene(app, tmp_path):
    """A syllabus and somebody who imports."""
    factories.syllabus()
    return Scene(factories.user("writer1", Role.INSTRUCTOR), tmp_path)


def start(scene, run_id, *questions):
    return question_imports.start(
        run_id,
        Upload(text_of(questions).encode(), "题目.yaml"),
        options=ImportOptions(),
        actor=scene.actor,
        now=NOW,
        instance=scene.instance,
    )


def cancel(scene, run_id):
    question_imports.cancel(run_id, actor=scene.actor, now=NOW, instance=scene.instance)


def forget(scene, now):
    return question_imports.forget(instance=scene.instance, now=now)


def test_the_same_upload_after_a_cancel_is_another_import(scene):
    upload = factories.content("PL14-02")
    run_id = scene.planned(upload)
    cancel(scene, run_id)

    first, again = (start(scene, run_id, upload) for _ in range(2))

    assert first == again != run_id
    assert import_run(first).state is ImportState.WAITING
    assert not import_folder(scene.instance, run_id).exists()
    import_work.dry_run(first, instance=scene.instance, now=NOW)
    assert scene.apply(first).state is ImportState.DONE
    assert start(scene, run_id, upload) == first


def test_nobody_puts_a_file_into_the_import_of_another(scene):
    run_id = scene.planned(factories.content("PL14-02"))
    cancel(scene, run_id)
    stranger = Scene(factories.user("stranger", Role.INSTRUCTOR), scene.instance)

    with pytest.raises(RunMissing):
        start(stranger, run_id, factories.content("PL14-03"))

    assert not import_folder(scene.instance, run_id).exists()


def test_an_import_that_is_cancelled_while_it_is_read_stays_cancelled(scene, monkeypatch):
    run_id = scene.start(data=b"- id: PL14-01\n  type: [")
    real = import_work._read

    def read(run, folder):
        try:
            return real(run, folder)
        finally:
            cancel(scene, run_id)

    monkeypatch.setattr(import_work, "_read", read)

    import_work.dry_run(run_id, instance=scene.instance, now=NOW)

    assert import_run(run_id).state is ImportState.CANCELLED


def test_the_nightly_clean_up_looks_only_at_what_is_still_there(scene, statements):
    for number in range(3):
        scene.imported(factories.content(f"PL14-{10 + number}"))
    later = NOW + KEPT * 2

    removed = [forget(scene, later) for _ in range(2)]

    assert removed == [3, 0]
    statements.clear()
    forget(scene, later)
    assert not any("SELECT" in statement for statement in statements)


def test_an_upload_that_no_import_knows_is_removed_when_it_is_old(scene):
    folder = ImportFolder.of(scene.instance, str(uuid.uuid4()))
    folder.keep(b"x")
    written = folder.written_at()

    assert forget(scene, written + KEPT / 2) == 0
    assert forget(scene, written + KEPT * 2) == 1


def test_pictures_are_on_disk_before_the_import_is_written(scene, monkeypatch):
    picture = Picture.of(b"\x89PNG\r\n\x1a\none")
    stem = {"zh": f"看图![图](medium:{picture.name})", "en": f"![x](medium:{picture.name})"}
    run_id = scene.start(factories.content("PL14-02", stem=stem))
    real, on_disk = import_work._read, []

    def read(run, folder):
        return replace(real(run, folder), media={picture.name: picture})

    def lock(_candidates):
        on_disk.append(picture_path(scene.instance, picture.name).is_file())

    monkeypatch.setattr(import_work, "_read", read)
    import_work.dry_run(run_id, instance=scene.instance, now=NOW)
    monkeypatch.setattr(import_work, "lock_known", lock)

    run = scene.apply(run_id)

    assert (run.state, on_disk) == (ImportState.DONE, [True])
