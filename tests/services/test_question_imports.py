"""Imports of questions: a dry run that changes nothing, then everything or nothing."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from app.domain.permissions import Role
from app.domain.questions.import_plan import Outcome
from app.domain.questions.import_reading import ImportOptions
from app.domain.questions.import_runs import ImportState
from app.loader.exchange.contract import LARGEST_IMPORT, Unreadable
from app.loader.exchange.yaml_files import text_of
from app.models.audit import AuditEntry
from app.models.question_search import question_search
from app.models.questions import Question, QuestionVersion
from app.models.workshop import ImportRun, QuestionDraft, QuestionMove
from app.queries.import_runs import import_folder, import_run, import_runs, report_lines
from app.services import import_rows, import_work, question_imports
from app.services.import_files import ImportFolder
from app.services.import_run_rows import RunMissing
from app.services.question_imports import KEPT, RunMoved, Upload
from app.services.trail import Actor
from tests import factories

NOW = factories.NOW
OPTIONS = ImportOptions()


@pytest.fixture
def scene(app, tmp_path):
    """A syllabus and somebody who imports."""
    factories.syllabus()
    return Scene(factories.user("writer1", Role.INSTRUCTOR), tmp_path)


class Scene:
    def __init__(self, user_id, instance):
        self.user_id, self.instance = user_id, instance
        self.actor = Actor(user_id)

    def start(self, *questions, data=None, run_id=None, options=OPTIONS):
        run_id = run_id or str(uuid.uuid4())
        data = text_of(questions).encode() if data is None else data
        question_imports.start(
            run_id,
            Upload(data, "题目.yaml"),
            options=options,
            actor=self.actor,
            now=NOW,
            instance=self.instance,
        )
        return run_id

    def planned(self, *questions, **changes):
        run_id = self.start(*questions, **changes)
        import_work.dry_run(run_id, instance=self.instance, now=NOW)
        return run_id

    def confirm(self, run_id):
        report = import_run(run_id)
        assert report.state is ImportState.PLANNED, report
        question_imports.confirm(
            run_id, note="导入：题目.yaml", digest=report.digest, actor=self.actor
        )

    def apply(self, run_id):
        self.confirm(run_id)
        import_work.apply(run_id, instance=self.instance, now=NOW)
        return import_run(run_id)

    def imported(self, *questions, **changes):
        run_id = self.planned(*questions, **changes)
        return self.apply(run_id)


def counts(session):
    return [
        session.scalar(select(func.count()).select_from(table))
        for table in (Question, QuestionVersion, QuestionMove, QuestionDraft, question_search)
    ]


def outcomes(run_id):
    return [line.outcome for line in report_lines(run_id)]


def chinese(question):
    return replace(question, explanation=replace(question.explanation, en=""))


def test_a_dry_run_changes_nothing(scene, session):
    factories.bank([factories.content("PL14-01")])
    before = counts(session)

    run_id = scene.planned(factories.content("PL14-01", difficulty=5), factories.content("PL14-02"))

    assert counts(session) == before
    assert outcomes(run_id) == [Outcome.VERSION, Outcome.NEW]
    assert import_run(run_id).counts["new"] == 1


def test_new_questions_are_drafts_of_the_importer(scene, session):
    scene.imported(factories.content("PL14-02"))

    row = session.get_one(Question, "PL14-02")
    assert (row.state, row.live_version, row.author_id) == ("draft", None, scene.user_id)
    assert session.scalar(select(QuestionVersion.note)) == "导入：题目.yaml"


def test_a_question_without_an_id_gets_the_next_free_one(scene, session):
    raw = text_of([factories.content("PL14-08")]).replace("- id: PL14-08\n  ", "- ")
    factories.bank([factories.content("PL14-07")])

    run_id = scene.planned(data=raw.encode())
    scene.apply(run_id)

    assert report_lines(run_id)[0].question_id == "PL14-08"
    assert session.get_one(Question, "PL14-08").state == "draft"


def test_a_live_question_stays_in_use_while_its_new_version_is_a_draft(scene, session):
    factories.bank([factories.content("PL14-01")])

    scene.imported(factories.content("PL14-01", difficulty=5))

    row = session.get_one(Question, "PL14-01")
    assert (row.state, row.current_version, row.live_version) == ("draft", 2, 1)
    move = session.scalars(select(QuestionMove)).one()
    assert (move.step, move.to_state, move.user_id) == ("write", "draft", scene.user_id)


def test_what_was_imported_is_found(scene, session):
    factories.bank([factories.content("PL14-01")])

    scene.imported(factories.content("PL14-01", difficulty=5), factories.content("PL14-02"))

    found = set(session.scalars(select(question_search.c.question_id)))
    assert found == {"PL14-01", "PL14-02"}


def test_a_question_in_chinese_alone_is_kept_as_a_draft_of_the_importer(scene, session):
    run = scene.imported(chinese(factories.content("PL14-02")), data=None)

    draft = session.scalars(select(QuestionDraft)).one()
    assert (draft.user_id, draft.question_id) == (scene.user_id, None)
    assert draft.raw["stem"]["zh"] == "题干 PL14-02？"
    assert report_lines(run.id)[0].draft_id == draft.id
    assert session.scalar(select(func.count()).select_from(Question)) == 0


def test_the_same_unfinished_question_is_kept_once(scene, session):
    question = chinese(factories.content("PL14-02"))

    scene.imported(question, replace(question, id="PL14-03"))
    again = scene.imported(question)

    assert session.scalar(select(func.count()).select_from(QuestionDraft)) == 1
    assert again.counts["unchanged"] == 1


def test_an_unfinished_change_becomes_a_draft_of_the_question(scene, session):
    factories.bank([factories.content("PL14-01")])

    scene.imported(chinese(factories.content("PL14-01")))

    draft = session.scalars(select(QuestionDraft)).one()
    assert (draft.question_id, draft.from_version, draft.seq) == ("PL14-01", 1, 1)


def test_applying_twice_writes_once(scene, session):
    run_id = scene.planned(factories.content("PL14-02"))
    scene.apply(run_id)
    before = counts(session)

    import_work.apply(run_id, instance=scene.instance, now=NOW)

    assert counts(session) == before


def test_importing_the_same_file_again_changes_nothing(scene, session):
    questions = [factories.content(f"PL14-{number:02d}") for number in range(1, 4)]
    scene.imported(*questions)
    before = counts(session)

    run = scene.imported(*questions)

    assert counts(session) == before
    assert run.counts["unchanged"] == 3


def test_a_failure_in_the_middle_leaves_nothing(scene, session, monkeypatch):
    factories.bank([factories.content("PL14-01")])
    questions = [
        factories.content("PL14-01", difficulty=5),
        *(factories.content(f"PL14-{number}") for number in range(20, 30)),
        chinese(factories.content("PL14-40")),
    ]
    run_id = scene.planned(*questions)
    scene.confirm(run_id)
    before = counts(session)
    monkeypatch.setattr(import_rows, "BATCH", 4)

    def broken(values, **_):
        raise OSError("the disk is full")

    monkeypatch.setattr(import_rows, "put_draft", broken)
    with pytest.raises(OSError, match="full"):
        import_work.apply(run_id, instance=scene.instance, now=NOW)

    session.rollback()
    assert counts(session) == before
    assert import_run(run_id).state is ImportState.CONFIRMED


def test_what_broke_off_is_finished_the_next_time(scene, session, monkeypatch):
    run_id = scene.planned(factories.content("PL14-02"))
    scene.confirm(run_id)
    with monkeypatch.context() as broken:
        broken.setattr(import_work, "write_lines", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            import_work.apply(run_id, instance=scene.instance, now=NOW)

    import_work.apply(run_id, instance=scene.instance, now=NOW)

    assert import_run(run_id).state is ImportState.DONE
    assert session.get(Question, "PL14-02") is not None


def test_what_breaks_off_again_and_again_is_given_up(scene):
    run_id = scene.planned(factories.content("PL14-02"))
    scene.confirm(run_id)

    begun = [import_work.begin(run_id, instance=scene.instance, now=NOW) for _ in range(4)]

    assert begun == [True, True, True, False]
    assert import_run(run_id).state is ImportState.FAILED


def test_an_import_that_is_stopped_while_it_is_written_leaves_nothing(scene, session, monkeypatch):
    questions = [factories.content(f"PL14-{number}") for number in range(20, 30)]
    run_id = scene.planned(*questions)
    scene.confirm(run_id)
    monkeypatch.setattr(import_rows, "BATCH", 4)
    real, written = import_rows.insert_questions, []

    def slow(new, **given):
        real(new, **given)
        written.extend(new)
        ImportFolder.of(scene.instance, run_id).stop()

    monkeypatch.setattr(import_rows, "insert_questions", slow)

    import_work.apply(run_id, instance=scene.instance, now=NOW)

    assert len(written) == 4
    assert session.scalar(select(func.count()).select_from(Question)) == 0
    assert import_run(run_id).state is ImportState.CANCELLED


def test_a_bank_that_changed_since_the_dry_run_is_looked_at_again(scene, session):
    run_id = scene.planned(factories.content("PL14-02"))
    scene.confirm(run_id)
    factories.bank([factories.content("PL14-02", difficulty=5)])

    import_work.apply(run_id, instance=scene.instance, now=NOW)

    run = import_run(run_id)
    assert (run.state, run.is_outdated) == (ImportState.PLANNED, True)
    assert outcomes(run_id) == [Outcome.VERSION]
    assert session.get_one(Question, "PL14-02").current_version == 1


def test_only_the_report_that_was_looked_at_can_be_confirmed(scene):
    run_id = scene.planned(factories.content("PL14-02"))

    with pytest.raises(RunMoved):
        question_imports.confirm(run_id, note="", digest="another", actor=scene.actor)


def test_an_import_is_on_record(scene, session):
    run = scene.imported(factories.content("PL14-02", pool="exam"))

    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "questions.imported")
    ).one()
    assert (entry.subject, entry.actor_id) == (run.id, scene.user_id)
    assert (entry.detail["counts"]["new"], entry.detail["counts"]["exam"]) == (1, 1)


def test_the_same_upload_sent_twice_is_one_import(scene):
    run_id = scene.start(factories.content("PL14-02"))
    scene.start(factories.content("PL14-02"), run_id=run_id)

    assert import_runs(scene.user_id).total == 1


def test_nobody_touches_the_import_of_another(scene, session):
    run_id = scene.planned(factories.content("PL14-02"))
    stranger = Actor(factories.user("stranger", Role.INSTRUCTOR))
    digest = import_run(run_id).digest

    with pytest.raises(RunMissing):
        question_imports.confirm(run_id, note="", digest=digest, actor=stranger)
    with pytest.raises(RunMissing):
        question_imports.cancel(run_id, actor=stranger, now=NOW, instance=scene.instance)

    assert import_run(run_id).state is ImportState.PLANNED


def test_a_cancelled_import_leaves_nothing_behind(scene, session):
    run_id = scene.planned(factories.content("PL14-02"))

    question_imports.cancel(run_id, actor=scene.actor, now=NOW, instance=scene.instance)
    import_work.apply(run_id, instance=scene.instance, now=NOW)

    assert session.get(Question, "PL14-02") is None
    assert import_run(run_id).state is ImportState.CANCELLED
    assert not import_folder(scene.instance, run_id).exists()


def test_what_is_written_cannot_be_cancelled(scene):
    run = scene.imported(factories.content("PL14-02"))

    with pytest.raises(RunMoved):
        question_imports.cancel(run.id, actor=scene.actor, now=NOW, instance=scene.instance)


def test_old_uploads_are_removed_and_what_nobody_confirmed_with_them(scene):
    done, waiting = scene.imported(factories.content("PL14-02")).id, scene.planned()

    question_imports.forget(instance=scene.instance, now=NOW + KEPT * 2)

    assert import_run(done).state is ImportState.DONE
    assert import_run(waiting).state is ImportState.CANCELLED
    assert not any((scene.instance / "imports").iterdir())


@pytest.mark.parametrize("data", [b"", b" \n", b"\x00\x01\x02", b"PK\x03\x04cut off"])
def test_what_is_no_file_with_questions_is_refused_at_once(scene, session, data):
    with pytest.raises(Unreadable):
        scene.start(data=data)

    assert session.scalar(select(func.count()).select_from(ImportRun)) == 0


def test_a_file_that_is_too_large_is_refused_unread(scene):
    with pytest.raises(Unreadable, match="50 MB"):
        scene.start(data=b"-" * (LARGEST_IMPORT + 1))


def test_a_broken_file_says_where_it_is_broken(scene):
    run_id = scene.planned(data=b"- id: PL14-01\n  stem: {zh: [\n")

    run = import_run(run_id)
    assert run.state is ImportState.UNREADABLE
    assert run.problem.place.startswith("line")


def test_many_questions_are_not_read_while_somebody_waits(scene):
    run_id = scene.start(*(factories.content(f"PL14-{number}") for number in range(20, 25)))

    assert not import_work.dry_run(run_id, instance=scene.instance, now=NOW, most=4)

    assert import_run(run_id).state is ImportState.WAITING


def test_a_thousand_questions_take_few_statements(scene, statements):
    questions = [
        factories.content(f"PL14-{number}", stem={"zh": f"第{number}题", "en": f"No. {number}"})
        for number in range(1000, 2000)
    ]
    run_id = scene.planned(*questions)
    scene.confirm(run_id)
    statements.clear()

    import_work.apply(run_id, instance=scene.instance, now=NOW)

    assert import_run(run_id).counts["new"] == 1000
    assert len(statements) < 120
