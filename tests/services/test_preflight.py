"""The whole list: go where everything is ready, and for each check what turns it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from sqlalchemy import func, select, update

from app.db import db
from app.domain.permissions import Role
from app.domain.preflight.checks import Subject, Verdict, overall
from app.domain.preflight.machine import WORKER
from app.models.accounts import Enrolment, User
from app.models.audit import AuditEntry
from app.models.papers import Paper, PaperQuestion
from app.models.questions import QuestionVersion
from app.models.schemes import Exam
from app.models.sittings import Registration, Sitting, SittingPaper, SittingProctor
from app.models.system import Mail
from app.queries import machine
from app.services import accounts, attempts, preflight, registrations, starting
from app.services.beats import beat
from app.services.post import PostClosed
from app.services.trail import SYSTEM, Actor
from tests import factories
from tests.services import scenes
from tests.services.review_scenes import send

GO, WARN, NO_GO = Verdict.GO, Verdict.WARN, Verdict.NO_GO
NOW = factories.NOW
OPENS = NOW + timedelta(hours=2)
PLENTY = 100 * 1024**3


class Hall:
    """A sitting for which everything is ready, and the means to spoil it."""

    def __init__(self, app, tmp_path, monkeypatch) -> None:
        self._monkeypatch = monkeypatch
        self.equipment = replace(
            preflight.Equipment.of(app.extensions["settings"]), instance=tmp_path
        )
        self.machine(clock_is_synchronised=True, free_bytes=PLENTY, clock_offset=None)
        factories.syllabus()
        factories.bank(factories.exam_pool())
        self.exam = factories.exam()
        self.sitting_id = factories.sitting(self.exam, opens_at=OPENS)
        self.user_id = factories.user(email="trainee1@example.org")
        self.place_id = factories.registration(self.sitting_id, self.user_id)
        self.proctor_id = factories.user("proctor", Role.PROCTOR)
        self.add(SittingProctor(sitting_id=self.sitting_id, user_id=self.proctor_id))
        beat(WORKER, now=NOW)

    def machine(self, **readings):
        """What the instruments of this machine say from now on."""
        for name, value in readings.items():
            self._monkeypatch.setattr(machine, name, lambda *_, value=value: value)

    def add(self, *rows):
        db.session.add_all(rows)
        db.session.commit()

    def change(self, model, which, **values):
        db.session.execute(update(model).where(which).values(**values))
        db.session.commit()

    def rules(self, **values):
        """Change the sitting."""
        self.change(Sitting, Sitting.id == self.sitting_id, **values)

    def run(self, now=NOW, actor=SYSTEM):
        return preflight.run(self.sitting_id, equipment=self.equipment, actor=actor, now=now)

    def verdict(self, subject, now=NOW):
        """What one subject comes to."""
        return overall(check for check in self.run(now).checks if check.subject is subject)

    def one_paper(self):
        """Take the other paper away."""
        last = select(func.max(SittingPaper.paper_id)).scalar_subquery()
        db.session.execute(db.delete(SittingPaper).where(SittingPaper.paper_id == last))
        db.session.commit()

    def paper(self, version_ids, **changes):
        """Hand out a paper with these versions, two of 40 points and one of 20 by rights."""
        paper = Paper(exam_id=changes.get("exam_id", self.exam.id), seed=1, frozen_at=NOW)
        self.add(paper)
        self.add(
            SittingPaper(sitting_id=self.sitting_id, paper_id=paper.id),
            *(
                PaperQuestion(
                    paper_id=paper.id,
                    position=position,
                    version_id=version_id,
                    module_id="planning",
                    points=Fraction(points),
                )
                for position, (version_id, points) in enumerate(
                    zip(version_ids, (40, 40, 20), strict=False), start=1
                )
            ),
        )


@pytest.fixture
def hall(app, tmp_path, monkeypatch):
    return Hall(app, tmp_path, monkeypatch)


def whole_paper():
    """Versions of two single choices and a statement."""
    return [
        db.session.scalar(
            select(QuestionVersion.id).where(QuestionVersion.question_id == question_id)
        )
        for question_id in ("PL14-51", "PL14-52", "PL14-81")
    ]


def test_a_sitting_for_which_everything_is_ready_is_a_go(hall):
    done = hall.run()

    assert done.verdict is GO, [check for check in done.checks if check.verdict is not GO]
    assert {check.subject for check in done.checks} == set(Subject)


def test_the_list_is_in_the_order_of_the_subjects(hall):
    found = [check.subject for check in hall.run().checks]

    assert found == sorted(found, key=list(Subject).index)


def test_a_sitting_that_is_not_there_is_told(hall):
    hall.sitting_id = 999_999

    with pytest.raises(preflight.SittingMissing):
        hall.run()


def test_every_run_is_on_record_with_what_it_came_to(hall):
    hall.rules(cancelled_at=NOW)

    hall.run(actor=Actor(hall.proctor_id, "10.0.0.1"))

    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (entry.action, entry.subject) == ("sitting.preflight", f"sitting:{hall.sitting_id}")
    assert entry.actor_id == hall.proctor_id
    assert entry.detail == {"verdict": "no_go", "against": ["candidate", "window"], "warnings": []}


def test_nothing_but_the_audit_entry_is_left(hall):
    tables = [table for table in db.metadata.sorted_tables if table.name != "audit_entries"]

    def rows():
        db.session.expire_all()
        return {table.name: db.session.execute(select(table)).all() for table in tables}

    before = rows()
    hall.run()

    assert rows() == before


# -- the machine


@pytest.mark.parametrize(
    ("readings", "verdict"),
    [
        ({"clock_offset": timedelta(0)}, GO),
        ({"clock_offset": timedelta(seconds=2)}, WARN),
        ({"clock_offset": timedelta(seconds=9)}, NO_GO),
        ({"clock_is_synchronised": None}, WARN),
        ({"clock_is_synchronised": False}, WARN),
    ],
)
def test_the_clock(hall, readings, verdict):
    hall.machine(**readings)

    assert hall.verdict(Subject.CLOCK) is verdict


@pytest.mark.parametrize("log", ["audit", "registration", "attempt", "save"])
@pytest.mark.parametrize(("seconds", "verdict"), [(5, GO), (6, NO_GO)])
def test_entries_of_the_future_are_a_no_go(hall, log, seconds, verdict):
    later = OPENS + timedelta(seconds=seconds)
    start = {"user_id": hall.user_id, "seed": 1, "actor": Actor()}
    if log == "audit":
        accounts.set_email(hall.user_id, email="", actor=SYSTEM, now=later)
    elif log == "registration":
        registrations.admit(hall.place_id, actor=SYSTEM, now=later)
    elif log == "attempt":
        starting.start(hall.place_id, now=later, **start)
    else:
        attempt_id = starting.start(hall.place_id, now=OPENS, **start)
        attempts.claim_tab(attempt_id, user_id=hall.user_id, actor=Actor(), now=OPENS)
        send(attempt_id, hall.user_id, {1: None}, now=later)

    assert hall.verdict(Subject.CLOCK, OPENS) is verdict


def test_a_worker_that_went_silent_is_a_no_go(hall):
    assert hall.verdict(Subject.WORKER, NOW + timedelta(minutes=3)) is GO
    assert hall.verdict(Subject.WORKER, NOW + timedelta(minutes=4)) is NO_GO


def test_a_full_disk_is_a_no_go_and_a_disk_elsewhere_a_warning(hall):
    hall.machine(free_bytes=10**8)
    assert hall.verdict(Subject.DISK) is NO_GO
    hall.machine(free_bytes=None)
    assert hall.verdict(Subject.DISK) is WARN


def test_a_database_that_does_not_flush_is_a_no_go(hall, db_kind):
    kind, settings = machine.database_settings()
    hall.machine(database_settings=(kind, {**settings, "synchronous": "0", "fsync": "off"}))

    assert hall.verdict(Subject.DATABASE) is NO_GO


def test_tables_of_another_release_are_a_no_go(hall, monkeypatch):
    monkeypatch.setattr("app.queries.health.is_migrated", lambda: False)

    assert hall.verdict(Subject.DATABASE) is NO_GO


def test_mails_that_do_not_go_out_are_a_no_go(hall):
    class Closed:
        def check(self):
            raise PostClosed("refused")

    hall.equipment = replace(hall.equipment, post=Closed())

    assert hall.verdict(Subject.MAIL) is NO_GO


def test_no_transaction_waits_for_a_mail_server(hall):
    class Watching:
        def check(self):
            assert not db.session().in_transaction()

    hall.equipment = replace(hall.equipment, post=Watching())

    assert hall.verdict(Subject.MAIL) is GO


@pytest.mark.parametrize(
    ("tries", "minutes", "sent", "verdict"),
    [(0, 59, False, GO), (1, 61, False, WARN), (10, 1, False, WARN), (10, 61, True, GO)],
)
def test_mails_that_wait_or_were_given_up_are_a_warning(hall, tries, minutes, sent, verdict):
    at = NOW - timedelta(minutes=minutes)
    mail = {"address": "a@example.org", "subject": "x", "body": "x", "created_at": at}
    hall.add(Mail(user_id=hall.user_id, tries=tries, sent_at=NOW if sent else None, **mail))

    assert hall.verdict(Subject.MAIL) is verdict


# -- the sitting


def test_a_cancelled_sitting_is_a_no_go(hall):
    hall.rules(cancelled_at=NOW)

    assert hall.verdict(Subject.WINDOW) is NO_GO


def test_a_window_shorter_than_the_exam_is_a_no_go(hall):
    hall.rules(closes_at=OPENS + timedelta(minutes=59))

    assert hall.verdict(Subject.WINDOW) is NO_GO


def test_extra_time_beyond_the_window_is_a_warning_and_told_on_the_roster(hall):
    factories.accommodation(hall.user_id, factor=1.5)
    hall.rules(closes_at=OPENS + timedelta(minutes=80))

    done = hall.run()

    window = [check for check in done.checks if check.subject is Subject.WINDOW]
    assert overall(window) is WARN
    late = next(check for check in done.checks if "until" in check.parameters)
    assert late.parameters["until"] == OPENS + timedelta(minutes=110)


def test_an_accommodation_that_is_not_valid_on_the_day_changes_nothing(hall):
    day = OPENS.date() + timedelta(days=1)
    factories.accommodation(hall.user_id, factor=3.0, separate_room=True, valid_from=day)

    assert [c.sentence for c in hall.run().checks if c.subject is Subject.ROSTER] == [
        "People with a place: %(count)s"
    ]


def test_papers_of_a_sitting_that_has_none(hall):
    db.session.execute(db.delete(SittingPaper))
    db.session.commit()

    assert hall.verdict(Subject.PAPERS) is NO_GO


def test_a_paper_with_the_right_questions_is_a_go(hall):
    hall.paper(whole_paper())

    assert hall.verdict(Subject.PAPERS) is GO


def test_a_paper_with_a_question_too_few_is_a_no_go(hall):
    hall.paper(whole_paper()[:2])

    assert hall.verdict(Subject.PAPERS) is NO_GO


def test_a_paper_of_another_exam_is_a_no_go(hall):
    hall.paper(whole_paper(), exam_id=factories.exam(code="practical").id)

    assert hall.verdict(Subject.PAPERS) is NO_GO


@pytest.mark.parametrize("broken", ["content", "hash"])
def test_a_question_that_can_no_longer_be_read_is_a_no_go(hall, broken):
    known = db.session.get(QuestionVersion, whole_paper()[2])
    content = dict(known.content) | ({"type": "riddle"} if broken == "content" else {})
    version = QuestionVersion(
        question_id=known.question_id,
        number=9,
        content=content,
        content_hash="0" * 64 if broken == "hash" else known.content_hash,
        created_at=NOW,
    )
    hall.add(version)
    hall.paper([*whole_paper()[:2], version.id])

    found = [check for check in hall.run().checks if check.subject is Subject.PAPERS]

    assert overall(found) is NO_GO
    assert found[0].parameters["problem"].parameters == {"questions": "PL14-81"}


def test_fewer_papers_than_attempts_in_one_window_are_a_no_go(hall):
    hall.change(Exam, Exam.id == hall.exam.id, attempts=3, wait_hours=1)

    assert hall.verdict(Subject.PAPERS) is NO_GO


def test_somebody_who_has_had_every_paper_and_may_try_again_is_a_no_go(hall, app):
    hall.one_paper()
    assert hall.verdict(Subject.PAPERS) is GO

    attempt_id = starting.start(
        hall.place_id, user_id=hall.user_id, seed=1, actor=Actor(), now=OPENS
    )
    assert hall.verdict(Subject.PAPERS, OPENS) is GO
    scenes.finish(app, attempt_id, hall.user_id, right=False, now=OPENS)

    assert hall.verdict(Subject.PAPERS, OPENS) is NO_GO


def test_somebody_who_has_passed_needs_no_other_paper(hall, app):
    hall.change(Exam, Exam.id == hall.exam.id, attempts=2)
    hall.one_paper()
    attempt_id = starting.start(
        hall.place_id, user_id=hall.user_id, seed=1, actor=Actor(), now=OPENS
    )
    scenes.finish(app, attempt_id, hall.user_id, now=OPENS)

    assert hall.verdict(Subject.PAPERS, OPENS) is GO


def test_a_roster_that_decides_alone_and_is_empty_is_a_no_go(hall):
    hall.change(Registration, Registration.id == hall.place_id, state="voided")
    assert hall.verdict(Subject.ROSTER) is WARN

    hall.rules(open_to_enrolled=False)

    assert hall.verdict(Subject.ROSTER) is NO_GO


def test_more_people_than_places_are_a_no_go(hall):
    hall.rules(capacity=1)
    assert hall.verdict(Subject.ROSTER) is GO

    hall.rules(capacity=0)

    assert hall.verdict(Subject.ROSTER) is NO_GO


def test_somebody_without_an_address_is_a_warning(hall):
    hall.change(User, User.id == hall.user_id, email="")

    assert hall.verdict(Subject.ROSTER) is WARN


def test_a_disabled_account_on_the_roster_is_a_warning(hall):
    accounts.set_active(hall.user_id, active=False, actor=SYSTEM, now=NOW)

    assert hall.verdict(Subject.ROSTER) is WARN


def test_somebody_who_is_not_enrolled_is_a_no_go(hall):
    db.session.execute(db.delete(Enrolment))
    db.session.commit()

    assert hall.verdict(Subject.ROSTER) is NO_GO


def test_separate_rooms_are_told(hall):
    factories.accommodation(hall.user_id, separate_room=True)

    told = {check.sentence: check.parameters for check in hall.run().checks}
    assert told["People who sit in a separate room: %(count)s"] == {"count": 1}


def test_tickets_that_nobody_has_yet_are_a_no_go(hall):
    hall.rules(needs_ticket=True, open_to_enrolled=False)
    assert hall.verdict(Subject.DOOR) is NO_GO

    hall.change(Registration, Registration.id == hall.place_id, ticket_hash="0" * 64)

    assert hall.verdict(Subject.DOOR) is GO


def test_a_network_that_is_none_is_a_no_go_at_the_door_and_for_the_candidate(hall):
    hall.rules(networks=["exam room"])

    done = hall.run()

    against = {check.subject for check in done.checks if check.verdict is NO_GO}
    assert against == {Subject.DOOR, Subject.CANDIDATE}


def test_proctors_who_cannot_run_it_are_a_no_go_and_none_named_a_warning(hall):
    accounts.set_active(hall.proctor_id, active=False, actor=SYSTEM, now=NOW)
    assert hall.verdict(Subject.PROCTORS) is NO_GO

    db.session.execute(db.delete(SittingProctor))
    db.session.commit()
    assert hall.verdict(Subject.PROCTORS) is WARN

    hall.rules(needs_admission=True)
    assert hall.verdict(Subject.PROCTORS) is NO_GO


def test_a_candidate_who_is_stopped_is_a_no_go(hall):
    hall.change(Exam, Exam.id == hall.exam.id, scoring={"multiple": "by feeling"})

    assert hall.verdict(Subject.CANDIDATE) is NO_GO


def test_the_list_reads_no_more_often_because_there_are_more_people(hall, statements):
    hall.run()
    few = len(statements)
    for number in range(5):
        user_id = factories.user(f"more{number}")
        factories.registration(hall.sitting_id, user_id)
        factories.accommodation(user_id, factor=1.5)
    statements.clear()

    hall.run()

    assert len(statements) <= few + 1  # the first who has an accommodation
