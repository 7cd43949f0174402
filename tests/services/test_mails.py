"""The outbox: what is written, in which language, and what becomes of it."""

from __future__ import annotations

import email
import email.policy
import os
import stat
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db import db, transaction
from app.domain.mails import MOST_TRIES, Letter
from app.domain.text import N_, Text
from app.models.accounts import User
from app.models.sittings import Sitting
from app.models.system import Mail
from app.queries.mails import outbox
from app.services import mails
from app.services.outbox import send_due
from app.services.post import FolderPost, MailRefused, PostClosed
from tests import factories

NOW = factories.NOW
MINUTE = timedelta(minutes=1)
LETTERHEAD = mails.Letterhead(Text("七诀学院", "Qijue Academy"), "Asia/Shanghai")
LETTER = Letter(N_("Accommodations for your exams"), (N_("Larger text"),))


def write(user_id, letter=LETTER, **changes):
    with transaction():
        return mails.write(user_id, letter, letterhead=replace(LETTERHEAD, **changes), now=NOW)


def all_mails():
    db.session.expire_all()
    return db.session.scalars(select(Mail).order_by(Mail.id)).all()


@pytest.fixture
def reader(app):
    """Somebody who reads English mails."""
    return factories.user(email="reader@example.org", language="en", name="Reader")


@pytest.fixture
def sitting(app):
    factories.syllabus()
    factories.bank(factories.exam_pool())
    row = db.session.get_one(Sitting, factories.sitting(factories.exam()))
    row.title = {"zh": "十一月考试", "en": "November exam"}
    row.room = "A101"
    db.session.commit()
    return row


# -- writing


def test_a_mail_waits_in_the_outbox_with_its_address(reader):
    assert write(reader) is True

    (mail,) = all_mails()
    assert (mail.user_id, mail.address) == (reader, "reader@example.org")
    assert (mail.created_at, mail.sent_at, mail.tries) == (NOW, None, 0)


def test_a_mail_of_a_transaction_that_failed_was_never_written(reader):
    with pytest.raises(ZeroDivisionError), transaction():
        mails.write(reader, LETTER, letterhead=LETTERHEAD, now=NOW)
        raise ZeroDivisionError

    assert all_mails() == []


def test_people_without_an_address_and_disabled_ones_get_none(app):
    nobody = factories.user("nobody")
    left = factories.user("left", email="left@example.org")
    db.session.get_one(User, left).active = False
    db.session.commit()

    assert [write(nobody), write(left), write(999_999)] == [False, False, False]
    assert all_mails() == []


def test_a_mail_greets_by_name_and_signs_for_the_organisation(reader):
    write(reader, base_url="https://exams.example.org")

    (mail,) = all_mails()
    assert mail.body.startswith("Dear Reader,\n\n")
    assert mail.body.endswith("\n\nQijue Academy\nhttps://exams.example.org\n")


def test_many_mails_are_written_in_two_statements(app, statements):
    users = [factories.user(f"u{n}", email=f"u{n}@example.org") for n in range(20)]
    statements.clear()

    with transaction():
        count = mails.write_all(dict.fromkeys(users, LETTER), letterhead=LETTERHEAD, now=NOW)

    assert count == 20
    assert len(statements) == 2


def test_a_subject_is_one_line_whatever_a_sitting_is_called(reader, sitting):
    sitting.title = {"zh": "x", "en": "x\r\nBcc: everybody@example.org" + "y" * 300}
    db.session.commit()

    with transaction():
        mails.sitting_places(sitting, {reader: "1"}, letterhead=LETTERHEAD, now=NOW)

    (mail,) = all_mails()
    assert "\n" not in mail.subject
    assert len(mail.subject) <= 200


def test_a_place_is_told_with_window_room_and_admission_number(reader, sitting):
    with transaction():
        sent = mails.sitting_places(sitting, {reader: "2026000007"}, letterhead=LETTERHEAD, now=NOW)

    (mail,) = all_mails()
    assert sent == 1
    assert "November exam" in mail.subject
    for told in ("2026-11-02 12:00", "2026-11-02 20:00", "A101", "2026000007"):
        assert told in mail.body


def test_times_are_those_of_the_organisation(reader, sitting):
    there = replace(LETTERHEAD, time_zone="Europe/London")
    with transaction():
        mails.sitting_places(sitting, {reader: "1"}, letterhead=there, now=NOW)

    assert "2026-11-02 04:00" in all_mails()[0].body


def test_everybody_reads_their_own_language(reader, sitting):
    other = factories.user("zh", email="zh@example.org", language="zh")
    numbers = {reader: "1", other: "2"}

    with transaction():
        mails.sitting_places(sitting, numbers, letterhead=LETTERHEAD, now=NOW)

    bodies = {mail.user_id: mail.body for mail in all_mails()}
    assert "November exam" in bodies[reader]
    assert "十一月考试" in bodies[other]
    assert "七诀学院" in bodies[other]
    assert "1" in bodies[reader]
    assert "2" in bodies[other]


@pytest.mark.parametrize("reason", ["", "The room is flooded."])
def test_a_place_that_is_gone_is_told_with_the_reason(reader, sitting, reason):
    with transaction():
        mails.places_cancelled(sitting, [reader], letterhead=LETTERHEAD, now=NOW, reason=reason)

    (mail,) = all_mails()
    assert "cancelled" in mail.subject
    assert ("Reason:" in mail.body) is bool(reason)
    assert reason in mail.body


# -- sending


class Office:
    """A post that remembers what it delivered, and fails as told."""

    def __init__(self) -> None:
        self.delivered: list[str] = []
        self.refused: set[str] = set()
        self.closed_after: int | None = None
        self.opened = 0

    def open(self):
        self.opened += 1
        if self.closed_after == 0:
            raise PostClosed("connection refused")
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def deliver(self, parcel):
        if self.closed_after is not None and len(self.delivered) >= self.closed_after:
            raise PostClosed("connection lost")
        if parcel.address in self.refused:
            raise MailRefused("550 no such user")
        self.delivered.append(parcel.address)


@pytest.fixture
def office():
    return Office()


@pytest.fixture
def three(app):
    for name in ("a", "b", "c"):
        write(factories.user(name, email=f"{name}@example.org"))


def states():
    return [(mail.address[0], mail.sent_at is not None, mail.tries) for mail in all_mails()]


def test_what_is_due_is_sent_once(three, office):
    first, second = send_due(office, now=NOW), send_due(office, now=NOW + MINUTE)

    assert (first.sent, second.sent) == (3, 0)
    assert office.delivered == ["a@example.org", "b@example.org", "c@example.org"]
    assert {mail.sent_at for mail in all_mails()} == {NOW}


def test_an_empty_outbox_opens_no_connection(app, office):
    send_due(office, now=NOW)

    assert office.opened == 0


def test_one_that_is_refused_does_not_stop_the_others(three, office):
    office.refused = {"b@example.org"}

    done = send_due(office, now=NOW)

    assert (done.sent, done.failed, done.problem) == (2, 1, "")
    assert states() == [("a", True, 1), ("b", False, 1), ("c", True, 1)]
    assert all_mails()[1].problem == "550 no such user"


def test_a_refused_one_is_tried_again_with_growing_waits_and_given_up_in_the_end(three, office):
    office.refused = {"b@example.org"}
    tried = []

    for minute in range(600):
        before = all_mails()[1].tries
        send_due(office, now=NOW + minute * MINUTE)
        if all_mails()[1].tries > before:
            tried.append(minute)

    assert tried == [0, 1, 3, 7, 15, 31, 63, 127, 255, 511]
    assert all_mails()[1].tries == MOST_TRIES
    assert (outbox().waiting, outbox().given_up) == (0, 1)


def test_one_that_goes_through_in_the_end_has_no_problem_any_more(three, office):
    office.refused = {"b@example.org"}
    send_due(office, now=NOW)
    office.refused = set()

    send_due(office, now=NOW + MINUTE)

    assert (states()[1], all_mails()[1].problem) == (("b", True, 2), "")


def test_a_server_that_is_away_uses_up_nobody_s_tries(three, office):
    office.closed_after = 0
    for minute in range(20):
        done = send_due(office, now=NOW + minute * MINUTE)

    assert done.problem == "connection refused"
    assert states() == [("a", False, 0), ("b", False, 0), ("c", False, 0)]
    assert {mail.problem for mail in all_mails()} == {"connection refused"}


def test_what_went_out_before_the_connection_was_lost_is_not_sent_again(three, office):
    office.closed_after = 1
    send_due(office, now=NOW)
    assert states() == [("a", True, 1), ("b", False, 1), ("c", False, 0)]
    office.closed_after = None

    send_due(office, now=NOW + MINUTE)

    assert office.delivered == ["a@example.org", "c@example.org", "b@example.org"]


def test_two_who_have_read_the_same_list_try_each_mail_once(three, office):
    class Second(Office):
        def open(self):
            send_due(office, now=NOW)  # somebody else is quicker
            return super().open()

    office.refused = {"b@example.org"}
    second = Second()
    send_due(second, now=NOW)

    assert office.delivered == ["a@example.org", "c@example.org"]
    assert second.delivered == []
    assert states() == [("a", True, 1), ("b", False, 1), ("c", True, 1)]


def test_a_round_ends_before_the_worker_is_missed(three, office, monkeypatch):
    ticks = iter([0.0, 1.0, 31.0])
    monkeypatch.setattr("app.services.outbox.monotonic", lambda: next(ticks))

    assert send_due(office, now=NOW).sent == 1
    assert [sent for _, sent, _ in states()] == [True, False, False]


def test_no_transaction_is_open_while_the_post_is_spoken_to(three):
    class Watching(Office):
        def open(self):
            assert not db.session().in_transaction()
            return super().open()

        def deliver(self, parcel):
            assert not db.session().in_transaction()
            super().deliver(parcel)

    assert send_due(Watching(), now=NOW).sent == 3


# -- the folder


@pytest.fixture
def folder(tmp_path):
    return FolderPost(tmp_path / "mails", "exams@example.org")


def test_into_the_folder_a_mail_is_written_as_a_file_for_its_owner_alone(reader, folder):
    write(reader)

    send_due(folder, now=NOW)

    (path,) = folder.folder.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert message["From"] == "exams@example.org"
    assert message["To"] == "reader@example.org"
    assert message["Subject"] == all_mails()[0].subject
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime == NOW
    assert message.get_content().splitlines() == all_mails()[0].body.splitlines()


def test_chinese_survives_the_way_through_the_file(app, folder):
    user_id = factories.user(name="欧阳䶮", email="zh@example.org")
    write(user_id)

    send_due(folder, now=NOW)

    (path,) = folder.folder.iterdir()
    assert path.read_bytes().isascii()
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert "欧阳䶮" in message.get_content()
    assert message["Subject"] == all_mails()[0].subject


def test_the_same_mail_has_the_same_message_id_at_every_try(reader, folder):
    write(reader)
    found = []
    for _ in range(2):
        send_due(folder, now=NOW)
        (path,) = folder.folder.iterdir()
        found.append(email.message_from_bytes(path.read_bytes())["Message-ID"])
        row = all_mails()[0]
        row.sent_at, row.tries = None, 0
        db.session.commit()

    assert found[0] == found[1]
    assert found[0].endswith("@example.org>")


def test_a_folder_that_can_be_written_is_ready(folder):
    folder.check()

    assert list(folder.folder.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_closed_and_tells_no_path(reader, tmp_path):
    (tmp_path / "file").write_text("in the way")
    closed = FolderPost(tmp_path / "file" / "mails", "exams@example.org")
    write(reader)

    with pytest.raises(PostClosed):
        closed.check()
    done = send_due(closed, now=NOW)

    assert done.problem
    assert os.sep not in done.problem
    assert states() == [("r", False, 0)]
