"""Sending by SMTP, to a server that speaks it, and the job that does it every minute."""

from __future__ import annotations

import base64
import email
import email.policy
import logging
import socket
from datetime import timedelta
from time import monotonic

import pytest
from sqlalchemy import select

from app.config import MailServer
from app.db import db, transaction
from app.domain.mails import Letter
from app.domain.preflight.machine import WORKER
from app.domain.text import N_, Text
from app.jobs.mailing import send_mails
from app.jobs.queue import make_queue
from app.models.system import Beat, Mail
from app.services import mails, post
from app.services.post import PostClosed, ServerPost
from tests import factories
from tests.jobs.mail_host import MailHost, make_certificate

NOW = factories.NOW
PASSWORD = "s3cret/pa:ss"
LETTERHEAD = mails.Letterhead(Text("七诀学院", "Qijue Academy"), "Asia/Shanghai")
LETTER = Letter(N_("Accommodations for your exams"), (N_("Larger text"),))


@pytest.fixture
def host(tmp_path, monkeypatch):
    """Starts a mail server with a certificate that is trusted; it ends with the test."""
    context, path = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    started = []

    def start(**kind):
        started.append(MailHost(context, **kind))
        return started[-1]

    yield start
    for one in started:
        one.stop()


def post_to(host, **changes):
    return ServerPost(MailServer("127.0.0.1", host.port, **changes), "exams@example.org")


@pytest.fixture
def two(app):
    """Two mails in the outbox."""
    for name in ("a", "b"):
        user_id = factories.user(name, name="欧阳䶮", email=f"{name}@example.org")
        with transaction():
            mails.write(user_id, LETTER, letterhead=LETTERHEAD, now=NOW)


def all_mails():
    db.session.expire_all()
    return db.session.scalars(select(Mail).order_by(Mail.id)).all()


def test_mails_arrive_whole_over_one_connection(two, host):
    server = host()

    done = send_mails(post_to(server), now=NOW)

    assert (done.sent, done.failed, done.problem) == (2, 0, "")
    messages = [
        email.message_from_bytes(text, policy=email.policy.default) for text in server.received
    ]
    assert [message["To"] for message in messages] == ["a@example.org", "b@example.org"]
    assert all("欧阳䶮" in message.get_content() for message in messages)
    assert len(server.said("EHLO")) == 1
    assert {mail.sent_at for mail in all_mails()} == {NOW}


def test_a_recipient_that_is_refused_is_noted_and_the_next_one_gets_the_mail(two, host):
    server = host()
    server.refused = {"a@example.org"}

    done = send_mails(post_to(server), now=NOW)

    assert (done.sent, done.failed) == (1, 1)
    first, second = all_mails()
    assert (first.sent_at, first.problem) == (None, "550 5.1.1 no such user")
    assert second.sent_at == NOW


def test_a_server_that_hangs_up_leaves_everything_to_the_next_round(two, host):
    server = host()
    server.answers = {"MAIL": ""}

    done = send_mails(post_to(server), now=NOW)

    assert done.sent == 0
    assert done.problem
    server.answers = {}
    assert send_mails(post_to(server), now=NOW + timedelta(minutes=1)).sent == 2


@pytest.mark.parametrize("kind", [{"tls_from_start": True}, {"starttls": True}])
def test_name_and_password_travel_encrypted(two, host, kind):
    server = host(**kind)
    sender = post_to(
        server, user="exams", password=PASSWORD, tls_from_start="tls_from_start" in kind
    )

    assert send_mails(sender, now=NOW).sent == 2

    ((line, is_encrypted),) = server.said("AUTH")
    assert is_encrypted
    assert base64.b64decode(line.split()[-1]).decode() == f"\0exams\0{PASSWORD}"
    assert all(encrypted for _, encrypted in server.said("MAIL"))


def test_a_password_is_never_sent_to_a_server_without_tls(two, host):
    server = host()

    done = send_mails(post_to(server, user="exams", password=PASSWORD), now=NOW)

    assert done.problem == "the server offers no TLS for the password"
    assert server.said("AUTH") == []
    assert server.received == []


def test_a_certificate_that_nobody_vouches_for_is_refused(two, host, monkeypatch):
    server = host(tls_from_start=True)
    monkeypatch.delenv("SSL_CERT_FILE")

    done = send_mails(post_to(server, tls_from_start=True), now=NOW)

    assert done.sent == 0
    assert server.received == []
    assert "certificate" in done.problem.lower()


def test_what_is_noted_and_logged_about_a_refused_log_in_has_no_secret(two, host, caplog):
    server = host(starttls=True)
    server.answers = {"AUTH": f"535 wrong: exams {PASSWORD}"}

    with caplog.at_level(logging.DEBUG):
        send_mails(post_to(server, user="exams", password=PASSWORD), now=NOW)

    assert {mail.problem for mail in all_mails()} == {"535 log-in refused"}
    assert PASSWORD not in caplog.text
    assert "535 log-in refused" in caplog.text


def test_a_server_that_is_not_there_is_told(two):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    done = send_mails(ServerPost(MailServer("127.0.0.1", port), "exams@example.org"), now=NOW)

    assert done.problem == "Connection refused"
    assert [mail.tries for mail in all_mails()] == [0, 0]


def test_a_server_that_answers_is_ready_and_gets_no_mail(host):
    server = host()

    post_to(server).check()

    assert len(server.said("NOOP")) == 1
    assert server.said("MAIL") == []


@pytest.mark.parametrize("answer", ["", "421 shutting down", "500 what?"])
def test_a_server_that_does_not_answer_rightly_is_not_ready(host, answer):
    server = host()
    server.answers = {"NOOP": answer}

    with pytest.raises(PostClosed):
        post_to(server).check()


def test_a_server_that_says_nothing_is_waited_for_no_longer_than_allowed(host, monkeypatch):
    server = host()
    server.silent.set()
    monkeypatch.setattr(post, "CHECK_TIMEOUT", 0.3)
    began = monotonic()

    with pytest.raises(PostClosed):
        post_to(server).check()

    assert monotonic() - began < 3


def test_somebody_who_waits_for_the_check_waits_five_seconds_at_the_most():
    assert post.CHECK_TIMEOUT == 5


# -- every minute


@pytest.fixture
def jobs(app):
    """Name → the periodic job."""
    return {job.name: job for job in make_queue(app)._registry.periodic_tasks}


def test_the_worker_gives_a_sign_of_life(app, jobs, session):
    jobs["beat_every_minute"].execute()
    jobs["beat_every_minute"].execute()

    (beat,) = session.scalars(select(Beat)).all()
    assert beat.name == WORKER


def test_the_worker_sends_the_mails(app, two, jobs):
    jobs["mail_every_minute"].execute()

    assert all(mail.sent_at for mail in all_mails())
    folder = app.extensions["settings"].instance / "mails"
    assert {f"{mail.id:06d}.eml" for mail in all_mails()} <= {p.name for p in folder.iterdir()}


def test_the_command_sends_now_and_says_how_many(app, two):
    run = app.test_cli_runner().invoke

    first, second = run(args=["send-mails"]), run(args=["send-mails"])

    assert (first.exit_code, first.output) == (0, "2 sent, 0 refused\n")
    assert second.output == "0 sent, 0 refused\n"
