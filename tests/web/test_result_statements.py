"""The lists about results run no more statements because there are more rows."""

from __future__ import annotations

import itertools

import pytest

from app.domain.permissions import Role
from app.models.appeals import Appeal
from app.models.attempts import Attempt
from app.models.certification import CertificateReview
from app.models.releases import Release, ReleaseAttempt
from app.models.rescores import QuestionRescore
from app.models.trainers import Trainer
from app.queries import certificates
from tests import factories
from tests.factories import NOW, log_in
from tests.services import result_scenes

MOST = 12
LISTS = [
    "/releases",
    "/rescores",
    "/rescores/new",
    "/appeals?state=all",
    "/certification?state=all",
    "/certification/reviews?state=all",
    "/trainers",
]


@pytest.fixture
def world(app, client, session):
    """Somebody with every role; returns a function that adds a row to every list."""
    sitting_id = factories.sitting(result_scenes.exam(decision="person"))
    first = factories.sitting(result_scenes.exam(code="first", release="immediately"))
    person = factories.user("person", *Role)
    numbers = itertools.count(1)

    def grow(times):
        for _ in range(times):
            number = next(numbers)
            attempt_id = result_scenes.sat(app, sitting_id, f"user{number}")
            user_id = result_scenes.owner(attempt_id)
            result_scenes.sat_by(app, first, user_id)
            add(session, attempt_id, user_id, person)
            session.commit()

    return log_in(client, "person"), grow


def add(session, attempt_id, user_id, person):
    attempt = session.get_one(Attempt, attempt_id)
    release = Release(
        sitting_id=attempt.sitting_id,
        exam_id=attempt.exam_id,
        state="approved",
        checks={},
        statistics={},
        statistics_seen_by=person,
        statistics_seen_at=NOW,
        proposed_by=person,
        proposed_at=NOW,
        decided_by=person,
        decided_at=NOW,
    )
    session.add(release)
    session.flush()
    session.add(ReleaseAttempt(release_id=release.id, attempt_id=attempt_id))
    session.add(
        QuestionRescore(
            exam_id=attempt.exam_id,
            version_id=result_scenes.version_at(attempt_id, 1),
            act="drop",
            reason="x",
            state="rejected",
            proposed_by=person,
            proposed_at=NOW,
            counts={"attempts": 1},
        )
    )
    session.add(
        Appeal(
            attempt_id=attempt_id,
            user_id=user_id,
            kind="appeal",
            text="x",
            state="filed",
            filed_at=NOW,
            due_at=NOW,
        )
    )
    session.add(Trainer(trainer_id=person, user_id=user_id, scheme_id="unit", since=NOW))
    found = certificates.certificates_of(user_id)
    for certificate in found:
        session.add(
            CertificateReview(
                certificate_id=certificate.id,
                attempt_id=attempt_id,
                cause="x",
                opened_at=NOW,
                outcome="open",
            )
        )


@pytest.mark.parametrize("address", LISTS)
def test_a_list_runs_as_many_statements_with_many_rows(world, statements, address):
    client, grow = world
    grow(1)
    client.get(address)
    statements.clear()
    assert client.get(address).status_code == 200
    with_one = len(statements)

    grow(4)
    statements.clear()
    page = client.get(address)

    assert page.status_code == 200
    assert len(statements) == with_one <= MOST
