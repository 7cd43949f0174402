"""The worker finishes releases and re-scores, and one that fails stops no other."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.domain.permissions import Role
from app.domain.rescores import Act
from app.jobs.settling import settle
from app.models.releases import Release
from app.models.rescores import QuestionRescore
from app.services import releases, rescores
from app.services.trail import Actor
from tests import factories
from tests.factories import NOW
from tests.services import result_scenes, scenes


@pytest.fixture
def approved(app):
    """A release and a re-score that are approved, and nothing of them done yet."""
    sitting_id = factories.sitting(result_scenes.exam())
    attempts = [result_scenes.sat(app, sitting_id, f"user{n}", right=(1,)) for n in range(3)]
    hr, certifier = result_scenes.staff()
    release_id = releases.propose(
        sitting_id, note="", statistics_seen=True, actor=Actor(hr), now=NOW
    )
    releases.decide(release_id, approve=True, reason="ok", actor=Actor(certifier), now=NOW)
    teacher = factories.user("teacher", Role.INSTRUCTOR)
    rescore_id = result_scenes.propose_rescore(attempts[0], 2, Act.CREDIT_ALL, by=teacher)
    result_scenes.approve_rescore(rescore_id, by=certifier)
    return attempts


def work(app):
    return settle(
        signer=scenes.signer(app), letterhead=result_scenes.letterhead(app), clock=lambda: NOW
    )


def test_everything_that_waits_is_finished_once(app, approved, session):
    assert work(app) == 0
    once = [result_scenes.results(attempt_id) for attempt_id in approved]

    assert work(app) == 0

    assert [result_scenes.results(attempt_id) for attempt_id in approved] == once
    assert once[0] == [(1, False, 40, False), (2, True, 80, True)]
    assert session.scalar(select(Release.finished_at)) == NOW
    assert session.scalar(select(QuestionRescore.applied_at)) == NOW


def test_one_that_fails_does_not_stop_the_rest(app, approved, session, monkeypatch):
    def fail(*_args, **_words):
        raise ValueError("broken")

    monkeypatch.setattr(rescores, "rescore", fail)

    assert work(app) == 1

    assert session.scalar(select(Release.finished_at)) == NOW
    assert session.scalar(select(QuestionRescore.applied_at)) is None
