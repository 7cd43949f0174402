"""Releasing results: checks, two people, one moment, and what follows from it."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from app.domain.certification import NotIndependent
from app.domain.permissions import Role
from app.domain.releases import (
    DecidedAlready,
    NothingToRelease,
    NotReady,
    ProposedAlready,
    SameProposer,
    StatisticsUnseen,
)
from app.models.attempts import Attempt, AttemptEvent
from app.models.audit import AuditEntry
from app.models.certificates import Certificate
from app.models.releases import Release
from app.models.results import Result
from app.models.system import Mail
from app.queries.releases import checklist
from app.services import accounts, releases, starting, trainers
from app.services.trail import SYSTEM, Actor
from tests import factories
from tests.factories import NOW
from tests.services import result_scenes, scenes


@pytest.fixture
def scene(app):
    """(sitting, attempts of two people, HR, certifier): the second one failed."""
    sitting_id = factories.sitting(result_scenes.exam())
    attempts = [
        result_scenes.sat(app, sitting_id, "one", email="one@example.org"),
        result_scenes.sat(app, sitting_id, "two", right=(1,)),
    ]
    return sitting_id, attempts, *result_scenes.staff()


def propose(sitting_id, by, *, seen=True):
    return releases.propose(sitting_id, note="", statistics_seen=seen, actor=Actor(by), now=NOW)


def decide(release_id, by, *, approve=True):
    return releases.decide(release_id, approve=approve, reason="已核对", actor=Actor(by), now=NOW)


def released(session, attempts):
    return list(
        session.scalars(
            select(Result.released_at).where(Result.attempt_id.in_(attempts), Result.current)
        )
    )


def test_a_decision_shows_every_result_at_one_moment(scene, session):
    sitting_id, attempts, hr, certifier = scene

    assert decide(propose(sitting_id, hr), certifier) == 2

    session.expire_all()
    assert released(session, attempts) == [NOW, NOW]
    assert set(session.scalars(select(Attempt.state))) == {"released"}
    kinds = session.scalars(select(AttemptEvent.actor_id).where(AttemptEvent.kind == "release"))
    assert list(kinds) == [certifier, certifier]


def test_nothing_is_seen_before_the_decision_or_after_a_refusal(scene, session):
    sitting_id, attempts, hr, certifier = scene

    release_id = propose(sitting_id, hr)
    assert released(session, attempts) == [None, None]
    decide(release_id, certifier, approve=False)

    assert released(session, attempts) == [None, None]
    assert propose(sitting_id, hr) != release_id


def test_whoever_proposes_never_decides(scene):
    sitting_id, _, hr, _ = scene

    with pytest.raises(SameProposer):
        decide(propose(sitting_id, hr), hr)


def test_a_decision_is_made_once(scene):
    sitting_id, _, hr, certifier = scene
    release_id = propose(sitting_id, hr)
    decide(release_id, certifier)

    with pytest.raises(DecidedAlready):
        decide(release_id, certifier)


def test_whoever_trained_a_candidate_is_told_how_many(scene):
    sitting_id, attempts, hr, certifier = scene
    trainers.name_trainer(
        certifier,
        user_id=result_scenes.owner(attempts[0]),
        scheme_id="unit",
        actor=SYSTEM,
        now=NOW,
    )

    with pytest.raises(NotIndependent) as refused:
        decide(propose(sitting_id, hr), certifier)

    assert refused.value.parameters == {"count": 1}


def test_nobody_decides_about_their_own_exam(app, scene):
    sitting_id, _, hr, certifier = scene
    accounts.set_roles(certifier, roles=[Role.CERTIFIER, Role.TRAINEE], actor=SYSTEM, now=NOW)
    result_scenes.sat_by(app, sitting_id, certifier)

    with pytest.raises(NotIndependent):
        decide(propose(sitting_id, hr), certifier)


def test_the_statistics_are_looked_at_by_somebody_by_name(scene, session):
    sitting_id, _, hr, _ = scene
    with pytest.raises(StatisticsUnseen):
        propose(sitting_id, hr, seen=False)

    release = session.get_one(Release, propose(sitting_id, hr))

    assert (release.statistics_seen_by, release.statistics["n"]) == (hr, 2)
    assert release.statistics["mean"] == pytest.approx(0.7)


def test_two_proposals_of_a_sitting_never_wait_at_once(scene):
    sitting_id, _, hr, _ = scene
    propose(sitting_id, hr)

    with pytest.raises(ProposedAlready):
        propose(sitting_id, hr)


def test_a_sitting_without_waiting_results_has_nothing_to_release(app, scene):
    sitting_id, _, hr, certifier = scene
    result_scenes.release(app, sitting_id, hr, certifier)

    with pytest.raises(NothingToRelease):
        propose(sitting_id, hr)


def in_progress(app, sitting_id):
    user_id = factories.user("three")
    place = factories.registration(sitting_id, user_id)
    return starting.start(place, user_id=user_id, seed=1, actor=Actor(user_id), now=NOW)


def submitted(app, sitting_id):
    attempt_id = in_progress(app, sitting_id)
    scenes.attempts.submit(
        attempt_id, user_id=result_scenes.owner(attempt_id), actor=SYSTEM, now=NOW
    )


@pytest.mark.parametrize(("make", "check"), [(in_progress, "in_progress"), (submitted, "unmarked")])
def test_what_is_open_stands_in_the_way(app, scene, make, check):
    sitting_id, _, hr, _ = scene
    make(app, sitting_id)

    with pytest.raises(NotReady):
        propose(sitting_id, hr)
    found = checklist(sitting_id, exam_id=1)
    assert [one.value for one in found.blocking] == [check]


def test_a_check_that_fails_meanwhile_stops_the_decision(app, scene):
    sitting_id, _, hr, certifier = scene
    release_id = propose(sitting_id, hr)
    in_progress(app, sitting_id)

    with pytest.raises(NotReady):
        decide(release_id, certifier)


def test_certificates_and_mails_follow_once_however_often_it_is_done(app, scene, session):
    sitting_id, _, hr, certifier = scene
    release_id = propose(sitting_id, hr)
    decide(release_id, certifier)

    left = [result_scenes.follow_up(app, release_id, size=1) for _ in range(4)]

    assert left == [1, 0, 0, 0]
    assert session.scalar(select(func.count()).select_from(Certificate)) == 1
    mail = session.scalars(select(Mail)).one()
    assert "80" not in mail.body and "100" not in mail.body
    assert session.get_one(Release, release_id).finished_at == NOW


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE results SET score = 99",
        "UPDATE results SET passed = NOT passed",
        "UPDATE results SET released_at = NULL",
        "DELETE FROM results",
    ],
)
def test_a_released_result_never_changes(app, scene, session, change):
    sitting_id, _, hr, certifier = scene
    result_scenes.release(app, sitting_id, hr, certifier)

    with pytest.raises(DBAPIError, match="never changed"), session.begin_nested():
        session.execute(text(change))


def test_everything_is_on_record(app, scene, session):
    sitting_id, _, hr, certifier = scene

    result_scenes.release(app, sitting_id, hr, certifier)

    acts = session.execute(
        select(AuditEntry.action, AuditEntry.actor_id).where(AuditEntry.action.like("release.%"))
    ).all()
    assert [tuple(act) for act in acts] == [
        ("release.proposed", hr),
        ("release.approved", certifier),
    ]
