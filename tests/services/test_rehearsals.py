"""In a rehearsal everything happens, and nothing of it has happened."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from time import perf_counter

import pytest
from sqlalchemy import func, select, update

from app import create_app
from app.db import db, is_rehearsing, rehearsal, transaction, transactional
from app.domain.preflight.candidate import Step
from app.models.accounts import User
from app.models.attempts import Attempt, Save
from app.models.audit import AuditEntry
from app.models.schemes import Exam
from app.models.sittings import Registration, Sitting, SittingPaper
from app.queries.versions import paper_slots
from app.services import accounts
from app.services.attempts import MoveRefused
from app.services.rehearsals import rehearse
from app.services.trail import SYSTEM
from tests import factories
from tests.conftest import make_settings
from tests.services import scenes


def everything(session):
    """Table → its rows."""
    session.expire_all()
    return {table.name: session.execute(select(table)).all() for table in db.metadata.sorted_tables}


@pytest.fixture
def sitting_id(app):
    factories.syllabus()
    factories.bank(factories.exam_pool())
    return factories.sitting(factories.exam())


def walk(app, sitting_id, now=factories.NOW):
    return rehearse(sitting_id, signer=scenes.signer(app), key=scenes.KEY, now=now)


def people():
    return db.session.scalar(select(func.count()).select_from(User))


def test_what_services_wrote_is_seen_inside_and_gone_outside(app, session):
    before = everything(session)

    with rehearsal():
        factories.user()
        inside = people()

    assert inside == 1
    assert everything(session) == before


def test_an_error_in_it_rolls_everything_back_and_comes_through(app, session):
    with pytest.raises(ZeroDivisionError), rehearsal():
        factories.user()
        raise ZeroDivisionError

    assert people() == 0
    assert not is_rehearsing()


def test_a_service_that_fails_takes_back_its_own_part_alone(app):
    with rehearsal():
        factories.user("first")
        with pytest.raises(accounts.UsernameTaken):
            factories.user("first")
        factories.user("second")

        assert people() == 2


def test_a_service_is_still_refused_inside_another(app):
    @transactional
    def outer():
        factories.user()

    with rehearsal(), pytest.raises(RuntimeError):
        outer()


def test_a_rehearsal_inside_a_transaction_or_another_one_is_refused(app):
    with transaction(), pytest.raises(RuntimeError), rehearsal():
        pass
    with rehearsal(), pytest.raises(RuntimeError), rehearsal():
        pass


def test_after_it_services_write_again(app, session):
    with rehearsal():
        factories.user("gone")

    factories.user("kept")

    assert session.scalars(select(User.username)).all() == ["kept"]


def test_a_paper_that_was_rolled_back_is_not_remembered(sitting_id, session):
    exam = session.scalars(select(Exam)).one()
    with rehearsal():
        other = factories.sitting(exam)
        paper_id = session.scalars(
            select(SittingPaper.paper_id).where(SittingPaper.sitting_id == other)
        ).first()
        assert paper_slots(paper_id)

    assert paper_slots(paper_id) == ()


@pytest.fixture
def real_database(tmp_path):
    """An application on a file of its own, outside any transaction of a test."""
    path = tmp_path / "real.sqlite3"
    application = create_app(make_settings(f"sqlite:///{path}", tmp_path))
    with application.app_context():
        db.create_all()
        yield path
        db.session.remove()
        db.engine.dispose()


def test_on_sqlite_it_holds_the_write_lock_and_gives_it_back(real_database):
    other = sqlite3.connect(real_database, timeout=0, isolation_level=None)

    with rehearsal():
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        factories.user()

    other.execute("BEGIN IMMEDIATE")
    assert other.execute("SELECT count(*) FROM users").fetchone() == (0,)
    assert other.execute("SELECT count(*) FROM audit_entries").fetchone() == (0,)
    other.close()


def test_the_synthetic_candidate_gets_full_marks_and_leaves_nothing(app, sitting_id, session):
    before = everything(session)

    found = walk(app, sitting_id)

    assert (found.stopped, found.score, found.maximum, found.receipts) == (None, 100, 100, 3)
    assert [timing.step for timing in found.timings] == list(Step)
    assert everything(session) == before


def test_the_time_the_database_was_held_covers_every_step(app, sitting_id):
    began = perf_counter()

    found = walk(app, sitting_id)

    steps = sum(timing.ms for timing in found.timings)
    assert 0 < steps <= found.held_ms <= (perf_counter() - began) * 1000


def test_every_type_of_question_is_answered_right(app):
    factories.syllabus()
    factories.bank(scenes.every_type())
    sitting_id = factories.sitting(factories.exam(plan=scenes.plan_of_every_type(), papers=1))

    found = walk(app, sitting_id)

    assert (found.stopped, found.score, found.receipts) == (None, 100, 7)


def test_sections_are_worked_through_one_after_the_other(app):
    factories.syllabus()
    factories.bank(factories.exam_pool())
    exam = factories.exam(plan=factories.IN_SECTIONS, sections=factories.SECTIONS)

    found = walk(app, factories.sitting(exam))

    assert (found.stopped, found.score, found.receipts) == (None, 100, 3)


def test_where_people_mark_the_candidate_gets_as_far_as_them(app):
    written = {
        "type": "short_answer",
        "key_points": [scenes.text("倾听"), scenes.text("回访")],
        "model_answer": scenes.text("先倾听，再回访。"),
    }
    factories.syllabus()
    factories.bank([factories.content("PL14-51", pool="exam", **written)])
    plan = [{"module": "planning", "type": "short_answer", "count": 1, "points": 100.0}]

    found = walk(app, factories.sitting(factories.exam(plan=plan, papers=1)))

    assert (found.stopped, found.score, found.receipts) == (None, None, 1)


def change(model, row_id, **values):
    db.session.execute(update(model).where(model.id == row_id).values(**values))
    db.session.commit()


DOORS = [
    {"access_code": "K7QM2P"},
    {"networks": ["10.1.0.0/16", "10.2.2.2"]},
    {"networks": ["2001:db8::/32"]},
    {"seb_keys": ["a" * 64, "b" * 64]},
    {"needs_admission": True},
    {"needs_ticket": True},
    {"open_to_enrolled": False, "capacity": 0},
]


@pytest.mark.parametrize("rules", DOORS, ids=str)
def test_the_candidate_gets_through_every_door_that_can_be_opened(app, sitting_id, rules):
    change(Sitting, sitting_id, **rules)

    assert walk(app, sitting_id).stopped is None


@pytest.mark.parametrize("hours", [-24, 0, 7.99, 24])
def test_it_is_done_as_of_a_moment_in_which_the_sitting_is_open(app, sitting_id, hours):
    found = walk(app, sitting_id, now=factories.NOW + timedelta(hours=hours))

    assert found.stopped is None


def stopped_at(found):
    return list(Step)[len(found.timings)]


def test_a_cancelled_sitting_stops_the_candidate_at_the_start(app, sitting_id):
    change(Sitting, sitting_id, cancelled_at=factories.NOW)

    found = walk(app, sitting_id)

    assert stopped_at(found) is Step.START
    assert found.stopped.sentence == "This exam is not open at this time."


def test_a_sitting_without_papers_stops_the_candidate_at_the_start(app, session):
    factories.syllabus()
    exam = factories.exam()
    sitting = Sitting(
        exam_id=exam.id,
        title={"zh": "场次", "en": "Sitting"},
        opens_at=factories.NOW,
        closes_at=factories.NOW + timedelta(hours=2),
        created_at=factories.NOW,
    )
    session.add(sitting)
    session.commit()

    assert stopped_at(walk(app, sitting.id)) is Step.START


def test_a_network_that_is_none_stops_the_candidate_at_the_door(app, sitting_id, session):
    change(Sitting, sitting_id, networks=["exam room"])
    before = everything(session)

    found = walk(app, sitting_id)

    assert stopped_at(found) is Step.ENTER
    assert found.stopped.parameters == {"error": "ValueError"}
    assert everything(session) == before


def test_scoring_rules_that_cannot_be_read_stop_the_candidate_at_grading(app, sitting_id, session):
    change(Exam, session.scalar(select(Exam.id)), scoring={"multiple": "by feeling"})
    before = everything(session)

    found = walk(app, sitting_id)

    assert stopped_at(found) is Step.GRADE
    assert everything(session) == before


def test_real_candidates_are_not_touched(app, session):
    attempt_id = factories.attempt(app)
    sitting_id = session.get_one(Attempt, attempt_id).sitting_id
    before = everything(session)

    assert walk(app, sitting_id).stopped is None

    assert everything(session) == before
    assert session.scalar(select(func.count()).select_from(Registration)) == 1
    assert session.scalar(select(func.count()).select_from(Save)) == 0


def test_the_chain_of_the_audit_log_goes_on_as_if_nothing_had_been(app, sitting_id, session):
    last = session.scalar(select(AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1))
    walk(app, sitting_id)

    accounts.set_email(factories.user(), email="a@example.org", actor=SYSTEM, now=factories.NOW)

    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(2)).all()
    assert entries[1].previous_hash == last


def test_a_move_that_is_refused_is_told_in_its_own_words(app, sitting_id, monkeypatch):
    def refuse(*args, **kwargs):
        raise MoveRefused

    monkeypatch.setattr("app.services.attempts.submit", refuse)

    found = walk(app, sitting_id)

    assert stopped_at(found) is Step.SUBMIT
    assert found.stopped.sentence == MoveRefused().sentence
