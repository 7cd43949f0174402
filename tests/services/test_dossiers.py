"""Dossiers go out signed and on record; what comes back is checked against keys and database."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from app.config import new_secrets
from app.db import db
from app.domain.dossiers import form
from app.domain.dossiers.findings import Level, Subject, Verdict
from app.domain.permissions import Role
from app.domain.receipts import tab_token
from app.domain.text import Text
from app.models.accommodations import Accommodation
from app.models.attempts import Attempt, Save
from app.models.audit import AuditEntry
from app.models.certificates import Certificate
from app.models.results import Mark
from app.models.schemes import Exam
from app.models.sittings import Sitting
from app.services import attempts, dossiers, grading, held_saves, proctoring, saves, starting
from app.services.certificates import Signer
from app.services.dossiers import DossierMissing, OwnInterest
from app.services.remedies import ReasonMissing
from app.services.saves import IncomingEvent, IncomingSave
from app.services.sitting_changes import change_sitting
from app.services.sittings import NO_RULES
from app.services.trail import Actor
from tests import factories, paper_scenes
from tests.conftest import ROOT
from tests.services import scenes

NOW = factories.NOW


def minutes(number):
    return NOW + timedelta(minutes=number)


@pytest.fixture
def staff(session):
    return Actor(factories.user("staff", Role.PROCTOR, name="监考员乙"), "10.0.0.2", "Firefox")


def started(app, username="trainee1", **changes):
    """Somebody in an exam with a question of every type; (attempt id, user id)."""
    user_id = factories.user(username)
    if "scheme" not in changes:
        factories.syllabus()
        factories.bank(scenes.every_type())
    changes.setdefault("plan", scenes.plan_of_every_type())
    return factories.attempt(app, user_id, **changes), user_id


def export(app, attempt_id, *, now=None, **changes):
    arguments = {"reason": "appeal 17", "kind": "json", "actor": Actor()} | changes
    return dossiers.export(
        attempt_id, signer=scenes.signer(app), now=now or minutes(600), **arguments
    )


def verify(app, content, **changes):
    arguments = {"signer": scenes.signer(app), "receipt_key": scenes.KEY} | changes
    return dossiers.verify(content, **arguments)


def wrong(verification):
    return {f.subject for f in verification.findings if f.level is Level.BROKEN}


def sitting_of(attempt_id):
    return db.session.get_one(Attempt, attempt_id).sitting_id


def send(attempt_id, user_id, epoch, rows, *, now, events=()):
    return saves.save(
        attempt_id,
        user_id=user_id,
        token=tab_token(key=scenes.KEY, attempt_id=attempt_id, user_id=user_id, epoch=epoch),
        epoch=epoch,
        saves=[IncomingSave(position, seq, answer, False, 5) for position, seq, answer in rows],
        events=list(events),
        key=scenes.KEY,
        actor=Actor(user_id, "10.0.0.1", "Chrome"),
        now=now,
    )


def eventful(app, staff):
    """An exam in which everything happens that can touch answers and time."""
    user_id = factories.user()
    db.session.add(
        Accommodation(
            user_id=user_id,
            time_factor=1.5,
            break_minutes=20,
            larger_text=True,
            separate_room=False,
            reason="a private matter",
            valid_from=NOW.date(),
            valid_until=None,
            approved_by=staff.user_id,
            approved_at=NOW - timedelta(days=1),
        )
    )
    factories.syllabus()
    factories.bank(scenes.every_type())
    attempt_id = factories.attempt(app, user_id, plan=scenes.plan_of_every_type())
    sitting_id, me = sitting_of(attempt_id), Actor(user_id, "10.0.0.1", "Chrome")
    right = scenes.right_answers(attempt_id)
    first = attempts.claim_tab(attempt_id, user_id=user_id, actor=me, now=minutes(1))
    send(
        attempt_id,
        user_id,
        first,
        [(position, position, answer) for position, answer in right.items()],
        now=minutes(2),
        events=[IncomingEvent("window_left", 5, {"seconds": 9})],
    )
    attempts.take_break(attempt_id, user_id=user_id, actor=me, now=minutes(5))
    attempts.end_break(attempt_id, user_id=user_id, actor=me, now=minutes(8))
    reason = {"reason": "fire drill", "actor": staff}
    proctoring.add_minutes(sitting_id, [attempt_id], minutes=5, now=minutes(9), **reason)
    proctoring.pause(sitting_id, [attempt_id], now=minutes(10), **reason)
    proctoring.add_minutes(
        sitting_id, [attempt_id], minutes=2, beyond_window=False, now=minutes(11), **reason
    )
    proctoring.resume(sitting_id, [attempt_id], now=minutes(13.5), **reason)
    second = attempts.claim_tab(
        attempt_id, user_id=user_id, actor=Actor(user_id, "10.0.0.9", "Safari"), now=minutes(14)
    )
    send(attempt_id, user_id, first, [(1, 90, None)], now=minutes(15))
    send(attempt_id, user_id, second, [(1, 1, None), (2, 2, ["a"])], now=minutes(16))
    attempts.submit(attempt_id, user_id=user_id, actor=me, now=minutes(20))
    grading.grade(attempt_id, signer=scenes.signer(app), now=minutes(20))
    send(attempt_id, user_id, second, [(1, 3, right[1]), (2, 4, right[2])], now=minutes(21))
    held = db.session.scalars(select(Save.id).where(Save.state == "held").order_by(Save.id)).all()
    held_saves.decide(
        sitting_id,
        attempt_id,
        save_ids=[held[0]],
        accepted=True,
        reason="the network was down",
        signer=scenes.signer(app),
        actor=staff,
        now=minutes(30),
    )
    return attempt_id


def test_whatever_happens_in_an_exam_its_dossier_is_genuine(app, session, staff):
    attempt_id = eventful(app, staff)

    exported = export(app, attempt_id, actor=staff)

    verification = verify(app, exported.content)
    assert [f.sentence for f in verification.findings if f.level is not Level.GOOD] == []
    assert verification.verdict is Verdict.GENUINE
    assert len(exported.dossier["saves"]) == 12
    assert [change["step"] for change in exported.dossier["time"]] == [
        "start",
        "accommodation",
        "pause",
        "resume",
        "time_added",
        "pause",
        "time_added",
        "resume",
        "close",
    ]
    assert [result["version"] for result in exported.dossier["results"]] == [1, 2]


def test_a_dossier_keeps_what_is_secret_to_itself(app, session, staff):
    attempt_id = eventful(app, staff)
    session.execute(
        update(Sitting).values(access_code="GEHEIM23", seb_keys=["a" * 64], room="Room 5")
    )
    session.commit()
    code = session.scalar(select(Certificate.code))

    content = export(app, attempt_id).content.decode()

    assert "Room 5" in content
    for secret in ("GEHEIM23", "a" * 64, "a private matter", scenes.KEY.hex(), code):
        assert secret is None or secret not in content


FREE = {"content", "detail", "plan", "scoring", "title", "issuer", "modules", "values"}
"""What has a form of its own elsewhere."""


def fields(value, part=""):
    """(part, field) of everything in the dossier that has a form of its own."""
    if isinstance(value, list):
        for item in value:
            yield from fields(item, part)
    elif isinstance(value, dict):
        for key, item in value.items():
            if not key.isdecimal():
                yield part, key
            if key not in FREE and (part, key) != ("registration", "events"):
                yield from fields(item, part or key)


def test_every_field_is_in_the_documentation(app, session, staff):
    dossier = export(app, eventful(app, staff)).dossier
    table, part = {}, ""
    page = (ROOT / "docs" / "recipes" / "dossier.md").read_text("utf-8")
    for name, field, meaning in re.findall(r"^\| (.*?) ?\| (.*?) \| (.*) \|$", page, re.MULTILINE):
        part = name.strip("`") or part
        table.setdefault(part, set()).update(re.findall(r"`(\w+)`", field + meaning))

    missing = {
        (part, field)
        for part, field in fields(dossier)
        if field not in (table.get(part, set()) if part else table.keys() | table["(top)"])
    }

    assert missing == set()
    assert len(set(fields(dossier))) > 130


def test_every_export_is_on_record_with_its_reason_and_fingerprint(app, session, staff):
    attempt_id, _ = started(app)

    exported = export(app, attempt_id, actor=staff, kind="pdf", reason="  appeal 17 ")

    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "dossier.exported")).one()
    assert (entry.subject, entry.actor_id) == (f"attempt:{attempt_id}", staff.user_id)
    assert entry.detail == {
        "kind": "pdf",
        "reason": "appeal 17",
        "sha256": form.digest(exported.dossier),
    }
    assert exported.dossier["made"]["reason"] == "appeal 17"


def test_without_a_reason_nothing_goes_out(app, session):
    attempt_id, _ = started(app)

    with pytest.raises(ReasonMissing):
        export(app, attempt_id, reason="  ")

    assert not session.scalars(
        select(AuditEntry).where(AuditEntry.action == "dossier.exported")
    ).all()


def test_nobody_takes_the_dossier_of_their_own_exam(app, session):
    attempt_id, user_id = scenes.passed(app)

    with pytest.raises(OwnInterest):
        export(app, attempt_id, actor=Actor(user_id))


def test_nobody_takes_a_dossier_while_in_an_exam(app, session):
    attempt_id, _ = scenes.passed(app)
    other = factories.user("other")
    place = factories.registration(sitting_of(attempt_id), other)
    starting.start(place, user_id=other, seed=1, actor=Actor(other), now=NOW)

    with pytest.raises(OwnInterest):
        export(app, attempt_id, actor=Actor(other))


def test_there_is_no_dossier_of_nothing(app, session):
    with pytest.raises(DossierMissing):
        export(app, 999_999)


def test_a_dossier_takes_as_many_statements_with_a_hundred_saves_as_with_one(
    app, session, staff, statements
):
    attempt_id, user_id = started(app)
    epoch = attempts.claim_tab(attempt_id, user_id=user_id, actor=staff, now=minutes(1))
    send(attempt_id, user_id, epoch, [(3, 1, True)], now=minutes(2))
    statements.clear()
    export(app, attempt_id)
    with_one = len(statements)
    for seq in range(2, 102):
        events = [IncomingEvent("paste", 1, {})]
        send(attempt_id, user_id, epoch, [(3, seq, False)], now=minutes(3), events=events)
    statements.clear()

    exported = export(app, attempt_id)

    assert len(exported.dossier["saves"]) == 101
    assert len(statements) == with_one <= 22


def test_the_name_of_the_file_tells_whose_it_is(app, session):
    attempt_id, _ = started(app)

    exported = export(app, attempt_id)

    number = exported.dossier["registration"]["admission_number"]
    assert exported.name == f"dossier-{number}-{attempt_id}"


# Whatever state an attempt is in


def test_an_exam_that_is_running_and_one_that_is_paused_have_genuine_dossiers(app, session, staff):
    attempt_id, _ = started(app)
    running = export(app, attempt_id, now=minutes(1))
    assert verify(app, running.content).verdict is Verdict.GENUINE

    proctoring.pause(
        sitting_of(attempt_id), [attempt_id], reason="drill", actor=staff, now=minutes(2)
    )

    paused = export(app, attempt_id, now=minutes(3))
    assert verify(app, paused.content).verdict is Verdict.GENUINE
    assert verify(app, running.content).verdict is Verdict.MOVED_ON


def test_an_exam_whose_time_ran_out_has_a_genuine_dossier(app, session):
    attempt_id, _ = started(app)
    attempts.expire(attempt_id, now=minutes(90))

    exported = export(app, attempt_id)

    assert exported.dossier["attempt"]["closed_at"] == minutes(60).isoformat()
    assert verify(app, exported.content).verdict is Verdict.GENUINE


def test_a_void_exam_has_a_genuine_dossier(app, session, staff):
    attempt_id, user_id = scenes.passed(app)
    before = export(app, attempt_id, now=minutes(5))
    arguments = {"reason": "identity", "actor": staff, "now": minutes(10)}
    proctoring.void(sitting_of(attempt_id), [attempt_id], **arguments)

    after = export(app, attempt_id)

    assert verify(app, after.content).verdict is Verdict.GENUINE
    assert verify(app, before.content).verdict is Verdict.MOVED_ON


@pytest.mark.parametrize("hours", [0.75, 12])
def test_a_sitting_whose_end_was_moved_leaves_the_dossier_genuine(app, session, staff, hours):
    user_id = factories.user()
    factories.syllabus()
    factories.bank(factories.exam_pool())
    exam = factories.exam()
    sitting_id = factories.sitting(exam, hours=2 / 3)
    place = factories.registration(sitting_id, user_id)
    attempt_id = starting.start(place, user_id=user_id, seed=1, actor=staff, now=minutes(1))
    change_sitting(
        sitting_id,
        exam_id=exam.id,
        title=Text("场次", "Sitting"),
        opens_at=NOW,
        closes_at=NOW + timedelta(hours=hours),
        rules=NO_RULES,
        seed=1,
        actor=staff,
        now=minutes(10),
    )
    attempts.submit(attempt_id, user_id=user_id, actor=staff, now=minutes(43))

    exported = export(app, attempt_id)

    assert verify(app, exported.content).verdict is Verdict.GENUINE
    ends = min(minutes(61), minutes(hours * 60))
    assert [(c["step"], c["deadline_at"]) for c in exported.dossier["time"]] == [
        ("start", minutes(40).isoformat()),
        ("window_moved", ends.isoformat()),
        ("close", ends.isoformat()),
    ]


# What comes back


def test_a_file_of_another_installation_is_broken(app, session):
    attempt_id, user_id = scenes.passed(app)
    other = Signer(new_secrets()["certificate_key"], Text("乙", "Other"), "Asia/Shanghai")

    verification = verify(app, export(app, attempt_id).content, signer=other)

    assert wrong(verification) == {Subject.SIGNATURE}
    assert verification.verdict is Verdict.BROKEN


def test_receipts_of_another_installation_are_not_genuine(app, session):
    attempt_id, _ = scenes.passed(app)

    verification = verify(app, export(app, attempt_id).content, receipt_key=b"x" * 32)

    assert wrong(verification) == {Subject.RECEIPTS}


@pytest.mark.parametrize("signature", ["", "x.y.z", "é", "a" * 5000, "e30.e30.e30"])
def test_a_signature_that_is_none_is_broken(app, session, signature):
    attempt_id, _ = scenes.passed(app)
    dossier = export(app, attempt_id).dossier

    verification = verify(app, form.write_file(dossier, signature))

    assert wrong(verification) == {Subject.SIGNATURE}


def test_a_certificate_is_no_signature_of_a_dossier(app, session):
    attempt_id, _ = scenes.passed(app)
    dossier, token = export(app, attempt_id).dossier, session.scalar(select(Certificate.token))

    verification = verify(app, form.write_file(dossier, token))

    assert wrong(verification) == {Subject.SIGNATURE}


def test_a_changed_answer_is_found_in_signature_receipt_and_marks(app, session):
    attempt_id, _ = scenes.passed(app)
    raw = json.loads(export(app, attempt_id).content)
    raw["dossier"]["saves"][0]["answer"] = "a"
    raw["dossier"]["answers"]["1"]["answer"] = "a"

    verification = verify(app, json.dumps(raw).encode())

    assert wrong(verification) == {Subject.SIGNATURE, Subject.RECEIPTS, Subject.MARKS}


def test_a_mark_that_was_changed_in_the_database_is_found(app, session):
    attempt_id, _ = scenes.passed(app)
    before = export(app, attempt_id).content
    session.execute(update(Mark).where(Mark.position == 1).values(points="0"))
    session.commit()
    session.expire_all()

    assert verify(app, before).verdict is Verdict.MOVED_ON
    assert wrong(verify(app, export(app, attempt_id).content)) == {Subject.MARKS, Subject.RESULTS}


def test_a_deadline_that_was_changed_in_the_database_is_found(app, session):
    attempt_id, _ = scenes.passed(app)
    session.execute(update(Attempt).values(deadline_at=minutes(100)))
    session.commit()
    session.expire_all()

    assert wrong(verify(app, export(app, attempt_id).content)) == {Subject.TIMES}


def test_a_save_that_is_gone_from_the_database_is_told(app, session, db_kind):
    attempt_id, user_id = started(app)
    scenes.answer(attempt_id, user_id, {3: True}, now=minutes(2))
    content = export(app, attempt_id, now=minutes(3)).content
    if db_kind == "postgresql":
        session.execute(text("ALTER TABLE saves DISABLE TRIGGER ALL"))
    else:
        session.execute(text("DROP TRIGGER saves_no_delete"))
    session.execute(text("DELETE FROM saves"))
    session.commit()

    verification = verify(app, content)

    told = [f for f in verification.findings if f.level is Level.MOVED]
    assert verification.verdict is Verdict.MOVED_ON
    assert [(f.parameters["part"], f.parameters["count"]) for f in told] == [("saves", 1)]
    assert "no longer has" in told[0].sentence


def test_checking_writes_nothing_and_takes_few_statements(app, session, statements):
    attempt_id, _ = scenes.passed(app)
    content = export(app, attempt_id).content
    statements.clear()

    verify(app, content)

    assert len(statements) <= 19
    assert all(statement.startswith("SELECT") for statement in statements)


# Receipts


def test_a_receipt_tells_which_answer_it_stands_for(app, session):
    attempt_id, user_id = started(app)
    given = scenes.answer(attempt_id, user_id, {3: True, 1: "b"}, now=minutes(2)).receipts

    claim = dossiers.claim(given[0].receipt, receipt_key=scenes.KEY, attempt_id=attempt_id)

    assert claim is not None
    assert (claim.genuine, claim.position, claim.answer) == (True, 3, True)
    assert (claim.received_at, claim.state, claim.decided) == (minutes(2), "accepted", None)


def test_a_receipt_is_found_without_knowing_the_attempt(app, session):
    attempt_id, user_id = started(app)
    given = scenes.answer(attempt_id, user_id, {3: True}, now=minutes(2)).receipts

    claim = dossiers.claim(given[0].receipt, receipt_key=scenes.KEY)

    assert claim is not None and claim.attempt_id == attempt_id


def test_a_receipt_that_nobody_gave_stands_for_nothing(app, session):
    attempt_id, user_id = started(app)
    given = scenes.answer(attempt_id, user_id, {3: True}, now=minutes(2)).receipts

    assert dossiers.claim("0" * 64, receipt_key=scenes.KEY) is None
    assert (
        dossiers.claim(given[0].receipt, receipt_key=scenes.KEY, attempt_id=attempt_id + 1) is None
    )


def test_a_row_that_was_changed_no_longer_fits_its_receipt(app, session, db_kind):
    attempt_id, user_id = started(app)
    given = scenes.answer(attempt_id, user_id, {3: True}, now=minutes(2)).receipts
    if db_kind == "postgresql":
        session.execute(text("ALTER TABLE saves DISABLE TRIGGER ALL"))
    else:
        session.execute(text("DROP TRIGGER saves_no_update"))
    session.execute(update(Save).values(answer=False))
    session.commit()

    claim = dossiers.claim(given[0].receipt, receipt_key=scenes.KEY)

    assert claim is not None and not claim.genuine


def test_the_result_of_a_paper_with_a_pilot_follows_from_its_marks(app, session):
    exam_id = paper_scenes.an_exam()
    paper_scenes.on_trial("PL14-71")
    paper_scenes.save(exam_id, paper_scenes.plan(pilots=1))
    user_id = factories.user()
    place = factories.registration(factories.sitting(session.get_one(Exam, exam_id)), user_id)
    attempt_id = starting.start(place, user_id=user_id, seed=1, actor=Actor(user_id), now=NOW)
    scenes.finish(app, attempt_id, user_id)

    content = export(app, attempt_id).content

    assert wrong(verify(app, content)) == set()
