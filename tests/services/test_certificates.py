"""Certificates: issued once, numbered, and verified without this server."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from sqlalchemy import func, select

from app.domain.certificates import is_number
from app.models.audit import AuditEntry
from app.models.certificates import Certificate
from app.models.schemes import Exam
from app.services import starting
from app.services.certificates import issue_if_due
from app.services.trail import Actor
from tests import factories
from tests.services import scenes


def public_key(app):
    key = OKPKey.import_key(dict(app.extensions["settings"].certificate_key))
    return OKPKey.import_key(key.as_dict(private=False))


def count(session):
    return session.scalar(select(func.count()).select_from(Certificate))


def second_exam(session):
    """Another exam of the same scheme version."""
    first = session.scalar(select(Exam))
    columns = {c.key: getattr(first, c.key) for c in Exam.__table__.columns if c.key != "id"}
    exam = Exam(**columns | {"code": "skills"})
    session.add(exam)
    session.commit()
    return exam


def sit(app, exam, user_id):
    place = factories.registration(factories.sitting(exam), user_id)
    attempt_id = starting.start(
        place, user_id=user_id, seed=3, actor=Actor(user_id), now=factories.NOW
    )
    return scenes.finish(app, attempt_id, user_id)


def test_passing_the_only_exam_issues_the_certificate(app, session):
    _, user_id = scenes.passed(app, name="欧阳䶮")

    row = session.scalar(select(Certificate))

    assert (row.user_id, row.holder, row.number[:10]) == (user_id, "欧阳䶮", "QJ-2026-U1")
    assert is_number(row.number)
    assert row.results == [
        {"title": {"zh": "理论", "en": "Theory"}, "score": 100.0, "pass_mark": 60.0}
    ]


def test_the_certificate_is_on_record(app, session):
    scenes.passed(app)

    actions = session.scalars(select(AuditEntry.action)).all()

    assert actions.count("certificate.issued") == 1


def test_failing_issues_nothing(app, session):
    user_id = factories.user()

    scenes.finish(app, factories.attempt(app, user_id), user_id, right=False)

    assert count(session) == 0


def test_every_exam_of_the_scheme_is_asked_for(app, session):
    factories.syllabus()
    factories.bank(factories.exam_pool())
    user_id, theory = factories.user(), factories.exam()
    skills = second_exam(session)

    sit(app, theory, user_id)
    assert count(session) == 0
    sit(app, skills, user_id)

    assert len(session.scalar(select(Certificate.results))) == 2


def test_a_certificate_is_issued_once(app, session):
    _, user_id = scenes.passed(app)
    version_id = session.scalar(select(Certificate.scheme_version_id))

    again = issue_if_due(user_id, version_id, signer=scenes.signer(app), now=factories.NOW)

    assert again is None
    assert count(session) == 1


def test_where_a_person_decides_no_rule_issues_anything(app, session):
    scenes.passed(app, decision="person")

    assert count(session) == 0


def test_numbers_count_up_without_a_gap(app, session):
    scenes.passed(app)
    exam = session.scalar(select(Exam))
    for number in (2, 3):
        sit(app, exam, factories.user(f"trainee{number}"))

    assert session.scalars(select(Certificate.serial).order_by(Certificate.id)).all() == [1, 2, 3]


def test_the_first_day_is_the_organisations_day(app, session):
    user_id = factories.user()
    place = late_evening(app, user_id)
    now = factories.NOW + timedelta(hours=12)
    attempt_id = starting.start(place, user_id=user_id, seed=1, actor=Actor(), now=now)
    scenes.finish(app, attempt_id, user_id, now=now)

    row = session.scalar(select(Certificate))

    assert (row.valid_from.isoformat(), row.valid_until.isoformat()) == ("2026-11-03", "2028-11-02")


def late_evening(app, user_id):
    """A place in a sitting that is open at half past midnight in Shanghai (16:00 UTC)."""
    factories.syllabus()
    factories.bank(factories.exam_pool())
    return factories.registration(factories.sitting(factories.exam(), hours=20), user_id)


def test_the_signature_is_verified_with_the_public_key_alone(app, session):
    scenes.passed(app, name="𬭎先生")
    row = session.scalar(select(Certificate))

    found = jws.deserialize_compact(row.token, public_key(app), algorithms=["Ed25519"])

    statement = json.loads(found.payload)
    assert (statement["number"], statement["holder"]) == (row.number, "𬭎先生")
    assert statement["valid_until"] == row.valid_until.isoformat()


@pytest.mark.parametrize("part", [0, 1, 2])
def test_a_changed_statement_does_not_verify(app, session, part):
    scenes.passed(app)
    parts = session.scalar(select(Certificate.token)).split(".")
    parts[part] = parts[part][:10] + ("A" if parts[part][10] != "A" else "B") + parts[part][11:]

    with pytest.raises((JoseError, ValueError)):
        jws.deserialize_compact(".".join(parts), public_key(app), algorithms=["Ed25519"])


def test_the_public_key_holds_no_secret(app):
    assert "d" not in public_key(app).as_dict()
