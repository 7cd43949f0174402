"""The worker's part of imports and exports: what waits is done; what breaks off begins again."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from huey import SqliteHuey

from app.domain.permissions import Role
from app.domain.questions.bank_filter import BankFilter
from app.domain.questions.import_reading import ImportOptions
from app.domain.questions.import_runs import ImportState
from app.jobs.exporting import work_on_exports
from app.jobs.importing import work_on_imports
from app.jobs.queue import ASSEMBLY, EXCHANGE, call_worker, make_queue
from app.loader.exchange import formats
from app.loader.exchange.yaml_files import text_of
from app.models.questions import Question
from app.queries.export_questions import read_export
from app.queries.import_runs import import_run, report_lines
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


@pytest.mark.parametrize("failure", [MemoryError, TypeError, RecursionError])
def test_an_import_that_breaks_off_for_whatever_reason_does_not_stop_the_others(
    waiting, tmp_path, monkeypatch, failure
):
    run_id, actor = waiting
    other = str(uuid.uuid4())
    question_imports.start(
        other,
        Upload(text_of([factories.content("PL14-03")]).encode(), "b.yaml"),
        options=ImportOptions(),
        actor=actor,
        now=NOW,
        instance=tmp_path,
    )
    real = import_work.dry_run

    def dry_run(one, **given):
        if one == run_id:
            raise failure
        return real(one, **given)

    monkeypatch.setattr(import_work, "dry_run", dry_run)

    for _ in range(4):
        work(tmp_path)

    assert import_run(other).state is ImportState.PLANNED
    assert import_run(run_id).state is ImportState.FAILED


def test_a_formula_without_end_is_refused_and_the_rest_of_its_file_is_read(waiting, tmp_path):
    _, actor = waiting
    run_id = str(uuid.uuid4())
    endless = factories.content("PL14-10", type="numeric", answer="1").dump()
    endless["answer"] = "-" * 6000 + "1"
    question_imports.start(
        run_id,
        Upload(json.dumps([endless]).encode(), "c.yaml", "yaml"),
        options=ImportOptions(),
        actor=actor,
        now=NOW,
        instance=tmp_path,
    )

    work(tmp_path)

    assert import_run(run_id).state is ImportState.PLANNED
    (line,) = report_lines(run_id)
    assert [problem.sentence for problem in line.reasons] == ["has more than %(count)s characters"]


def test_an_export_that_breaks_off_for_whatever_reason_does_not_stop_the_others(
    app, tmp_path, monkeypatch
):
    factories.syllabus()
    factories.bank([factories.content("PL14-01")])
    actor = Actor(factories.user("writer1", Role.INSTRUCTOR))
    broken, good = str(uuid.uuid4()), str(uuid.uuid4())
    for number, (export_id, code) in enumerate([(broken, "gift"), (good, "yaml")]):
        at = NOW + timedelta(seconds=number)
        question_exports.start(
            export_id, Order(BankFilter(), code), actor=actor, now=at, instance=tmp_path
        )

    def write(*_):
        raise MemoryError

    gift = replace(formats.WRITABLE["gift"], write=write)
    monkeypatch.setitem(formats.WRITABLE, "gift", gift)

    work_on_exports(instance=tmp_path, zone=UTC, clock=lambda: NOW)

    assert read_export(tmp_path, good).state == question_exports.DONE
    assert read_export(tmp_path, broken).state == question_exports.FAILED


def test_an_export_that_takes_the_worker_with_it_is_given_up_in_the_end(app, tmp_path, monkeypatch):
    actor, export_id = Actor(factories.user("writer1", Role.INSTRUCTOR)), str(uuid.uuid4())
    question_exports.start(
        export_id, Order(BankFilter(), "yaml"), actor=actor, now=NOW, instance=tmp_path
    )

    class Killed(BaseException):
        pass

    def killed(*_, **__):
        raise Killed

    monkeypatch.setattr(question_exports, "make", killed)
    for _ in range(3):
        with pytest.raises(Killed):
            work_on_exports(instance=tmp_path, zone=UTC, clock=lambda: NOW)

    work_on_exports(instance=tmp_path, zone=UTC, clock=lambda: NOW)

    assert read_export(tmp_path, export_id).state == question_exports.FAILED


def test_waking_the_worker_puts_tasks_into_its_queue_that_it_knows(app):
    queue = make_queue(app)
    before = len(queue)

    call_worker(app)

    assert len(queue) == before + 2
    assert [queue.dequeue().name for _ in range(2)] == [EXCHANGE, ASSEMBLY]
    assert isinstance(queue, SqliteHuey)
