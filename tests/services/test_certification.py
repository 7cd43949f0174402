"""Certificates on which a person decides: both papers, an independent decider, on record."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.domain.certification import CertificateVerdict, NotIndependent, ReviewOutcome
from app.domain.releases import DecidedAlready
from app.domain.rescores import Act
from app.models.audit import AuditEntry
from app.models.certificates import Certificate
from app.models.certification import CertificateDecision, CertificateReview
from app.queries.certification import DueFilter, due
from app.services import certification, trainers
from app.services.certification import NotDue
from app.services.remedies import ReasonMissing
from app.services.trail import SYSTEM, Actor, log_event
from tests import factories
from tests.factories import NOW
from tests.services import result_scenes, scenes
from tests.services.result_scenes import LATER


@pytest.fixture
def scene(app):
    """(user who passed theory, HR, certifier, sitting of the other paper)."""
    theory = factories.sitting(result_scenes.exam(decision="person"))
    skills = factories.sitting(result_scenes.exam(code="skills"))
    attempt_id = result_scenes.sat(app, theory, "one")
    hr, certifier = result_scenes.staff()
    result_scenes.release(app, theory, hr, certifier)
    return result_scenes.owner(attempt_id), hr, certifier, skills


@pytest.fixture
def complete(app, scene):
    """(user who passed both papers, certifier, attempt at the second)."""
    user_id, hr, certifier, skills = scene
    attempt_id = result_scenes.sat_by(app, skills, user_id, right=(1, 3))
    result_scenes.release(app, skills, hr, certifier)
    return user_id, certifier, attempt_id


def decide(app, user_id, by, *, verdict=CertificateVerdict.ISSUE, reason="材料齐全"):
    return certification.decide(
        user_id,
        result_scenes.scheme_version(),
        verdict=verdict,
        reason=reason,
        signer=scenes.signer(app),
        letterhead=result_scenes.letterhead(app),
        actor=Actor(by),
        now=NOW,
    )


def waiting():
    return [row.user_id for row in due(DueFilter(), page=1).rows]


def test_one_paper_certifies_nobody(app, scene):
    user_id, _, certifier, _ = scene

    assert waiting() == []
    with pytest.raises(NotDue):
        decide(app, user_id, certifier)


def test_both_papers_wait_for_a_person_and_no_rule_issues(app, complete, session):
    user_id, certifier, _ = complete
    assert waiting() == [user_id]
    assert session.scalars(select(Certificate)).all() == []

    decide(app, user_id, certifier)

    certificate = session.scalars(select(Certificate)).one()
    assert (certificate.user_id, certificate.decided_by) == (user_id, "person")
    assert [result["score"] for result in certificate.results] == [100, 60]
    assert waiting() == []


def test_an_unreleased_second_paper_does_not_count(app, scene):
    user_id, _, _, skills = scene
    result_scenes.sat_by(app, skills, user_id)

    assert waiting() == []


def test_whoever_trained_the_candidate_never_decides(app, complete):
    user_id, certifier, _ = complete
    trainers.name_trainer(certifier, user_id=user_id, scheme_id="unit", actor=SYSTEM, now=NOW)

    with pytest.raises(NotIndependent):
        decide(app, user_id, certifier)


def test_whoever_acted_in_the_exam_never_decides(app, complete, session):
    user_id, certifier, attempt_id = complete
    log_event(attempt_id, "irregularity", actor=Actor(certifier), now=NOW)
    session.commit()

    with pytest.raises(NotIndependent):
        decide(app, user_id, certifier)


def test_a_refusal_has_a_reason_and_can_be_followed_by_another_decision(app, complete, session):
    user_id, certifier, _ = complete
    with pytest.raises(ReasonMissing):
        decide(app, user_id, certifier, verdict=CertificateVerdict.REFUSE, reason=" ")
    decide(app, user_id, certifier, verdict=CertificateVerdict.REFUSE)
    assert waiting() == []
    assert session.scalars(select(Certificate)).all() == []

    decide(app, user_id, certifier)

    verdicts = session.scalars(select(CertificateDecision.verdict).order_by(CertificateDecision.id))
    assert list(verdicts) == ["refuse", "issue"]


def test_a_certificate_is_issued_once(app, complete):
    user_id, certifier, _ = complete
    decide(app, user_id, certifier)

    with pytest.raises(DecidedAlready):
        decide(app, user_id, certifier)


def test_decisions_are_never_changed(app, complete, session):
    user_id, certifier, _ = complete
    decide(app, user_id, certifier)

    with pytest.raises(DBAPIError, match="never changed"), session.begin_nested():
        session.execute(text("UPDATE certificate_decisions SET reason = 'x'"))


@pytest.mark.parametrize("outcome", ["kept", "suspended", "revoked"])
def test_a_person_decides_what_becomes_of_a_certificate_under_review(
    app, complete, session, outcome
):
    user_id, certifier, attempt_id = complete
    decide(app, user_id, certifier)
    teacher = factories.user("teacher", factories.Role.INSTRUCTOR)
    result_scenes.rescored(
        app, attempt_id, 1, Act.REKEY, key=["c"], proposer=teacher, decider=certifier
    )
    review = session.scalars(select(CertificateReview)).one()
    assert result_scenes.results(attempt_id)[-1][2:] == (20, False)

    certification.decide_review(
        review.id, outcome=ReviewOutcome(outcome), reason="x", actor=Actor(certifier), now=LATER
    )

    session.expire_all()
    certificate = session.scalars(select(Certificate)).one()
    assert (certificate.suspended_at is not None) is (outcome == "suspended")
    assert (certificate.revoked_at is not None) is (outcome == "revoked")
    assert f"certificate.{outcome}" in set(session.scalars(select(AuditEntry.action)))
    with pytest.raises(DecidedAlready):
        certification.decide_review(
            review.id, outcome=ReviewOutcome.KEPT, reason="x", actor=Actor(certifier), now=LATER
        )
