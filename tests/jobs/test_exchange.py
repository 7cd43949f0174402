"""The worker's part of imports and exports: what waits is done; what breaks off begins again."""

from __future__ import annotations

import uuid
from datetime import UTC

import pytest
from huey import SqliteHuey

from app.domain.permissions import Role
from app.domain.questions.bank_filter import BankFilter
from app.domain.questions.import_reading import ImportOptions
from app.domain.questions.import_runs import ImportState
from app.jobs.exporting import work_on_exports
from app.jobs.importing import work_on_imports
from app.jobs.queue import ASSEMBLY, EXCHANGE, call_worker, make_queue
from app.loader.exchange.yaml_files import text_of
from app.models.questions import Question
from app.queries.export_questions import read_export
from app.queries.import_runs import import_run
from app.services import import_work, question_exports, question_imports
from app.services.question_exports import Order
from app.services.question_imports import Upload
from app.services.trail import Actor
from tests import factories

NOW = factories.NOW


@pytest.fixture
def waiting(app, tmp_path):
    """An import that waits to be read."""
    factories.syllabus()
    actor, run_id = Actor(factories.user("writer1", Role.INSTRUCTOR)), str(uuid.uuid4())
    question_imports.start(
        run_id,
        Upload(text_of([factories.content("PL14-02")]).encode(), "题目.yaml"),
        options=ImportOptions(),
        actor=actor,
        now=NOW,
        instance=tmp_path,
    )
    return run_id, actor


def work(tmp_path):
    return work_on_imports(instance=tmp_path, clock=lambda: NOW)


def confirm(run_id, actor):
    question_imports.confirm(run_id, note="", digest=import_run(run_id).digest, actor=actor)


def test_what_was_uploaded_is_read_and_what_was_confirmed_is_written(waiting, tmp_path, session):
    run_id, actor = waiting

    work(tmp_path)
    assert import_run(run_id).state is ImportState.PLANNED
    confirm(run_id, actor)
    work(tmp_path)

    assert import_run(run_id).state is ImportState.DONE
    assert session.get(Question, "PL14-02") is not None
    assert work(tmp_path) == 0


def test_an_import_that_breaks_off_does_not_stop_the_worker_and_is_given_up_in_the_end(
    waiting, tmp_path, monkeypatch
):
    run_id, _ = waiting

    def broken(*_, **__):
        raise OSError("the disk is full")

    monkeypatch.setattr(import_work, "dry_run", broken)

    for _ in range(4):
        work(tmp_path)

    assert import_run(run_id).state is ImportState.FAILED
    assert work(tmp_path) == 0


def test_exports_that_wait_are_written_and_a_broken_one_is_given_up(app, tmp_path, monkeypatch):
    factories.syllabus()
    factories.bank([factories.content("PL14-01")])
    actor = Actor(factories.user("writer1", Role.INSTRUCTOR))
    good, broken = str(uuid.uuid4()), str(uuid.uuid4())
    for export_id in (good, broken):
        question_exports.start(
            export_id, Order(BankFilter(), "yaml"), actor=actor, now=NOW, instance=tmp_path
        )
    real = question_exports.make

    def make(export_id, **given):
        if export_id == broken:
            raise OSError("the disk is full")
        real(export_id, **given)

    monkeypatch.setattr(question_exports, "make", make)

    work_on_exports(instance=tmp_path, zone=UTC, clock=lambda: NOW)

    assert read_export(tmp_path, good).state == question_exports.DONE
    assert read_export(tmp_path, broken).state == question_exports.FAILED


def test_waking_the_worker_puts_tasks_into_its_queue_that_it_knows(app):
    queue = make_queue(app)
    before = len(queue)

    call_worker(app)

    assert len(queue) == before + 2
    assert [queue.dequeue().name for _ in range(2)] == [EXCHANGE, ASSEMBLY]
    assert isinstance(queue, SqliteHuey)
