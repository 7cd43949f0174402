"""Scenes of results: exams that wait for a release, released ones, people who decide."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from app.db import db
from app.domain.appeals import AppealKind
from app.domain.permissions import Role
from app.models.attempts import Attempt
from app.models.content import Module
from app.models.papers import PaperQuestion
from app.models.rescores import QuestionRescore
from app.models.results import Result
from app.models.schemes import SchemeVersion
from app.services import appeals, attempts, grading, releases, rescores, starting
from app.services.mails import Letterhead
from app.services.trail import Actor
from tests import factories
from tests.factories import NOW
from tests.services import scenes

LATER = NOW + timedelta(hours=2)


def letterhead(app):
    return Letterhead.of(app.extensions["settings"])


def exam(**changes):
    """An exam whose results a person releases, with its questions; one paper."""
    if db.session.scalar(select(Module.id)) is None:
        factories.syllabus()
        factories.bank(changes.pop("bank", None) or factories.exam_pool())
    policy = changes.pop("policy", {})
    row = factories.exam(**{"release": "by_person", "papers": 1, "attempts": 1, **changes})
    row.policy = policy
    db.session.commit()
    return row


def sat(app, sitting_id, username, *, right=(1, 2, 3), name="学员甲", email=""):
    """Somebody who answered these positions rightly and handed in; returns the attempt's id."""
    user_id = factories.user(username, name=name, email=email)
    return sat_by(app, sitting_id, user_id, right=right)


def sat_by(app, sitting_id, user_id, *, right=(1, 2, 3)):
    place = factories.registration(sitting_id, user_id)
    attempt_id = starting.start(place, user_id=user_id, seed=1, actor=Actor(user_id), now=NOW)
    if right:
        known = scenes.right_answers(attempt_id)
        scenes.answer(attempt_id, user_id, {position: known[position] for position in right})
    attempts.submit(attempt_id, user_id=user_id, actor=Actor(user_id), now=NOW)
    grading.grade(attempt_id, signer=scenes.signer(app), now=NOW)
    return attempt_id


def staff():
    """(proposer, decider): HR and a certifier who had no part in anything."""
    return (
        factories.user("hr", Role.HR, name="人事"),
        factories.user("certifier", Role.CERTIFIER, name="评定人"),
    )


def release(app, sitting_id, hr, certifier, *, now=NOW):
    """Propose, approve, follow up; returns the release's id."""
    release_id = releases.propose(
        sitting_id, note="", statistics_seen=True, actor=Actor(hr), now=now
    )
    releases.decide(release_id, approve=True, reason="ok", actor=Actor(certifier), now=now)
    follow_up(app, release_id, now=now)
    return release_id


def follow_up(app, release_id, *, now=NOW, size=100):
    return releases.follow_up(
        release_id, signer=scenes.signer(app), letterhead=letterhead(app), now=now, size=size
    )


def version_at(attempt_id, position):
    paper_id = db.session.get_one(Attempt, attempt_id).paper_id
    return db.session.scalar(
        select(PaperQuestion.version_id).where(
            PaperQuestion.paper_id == paper_id, PaperQuestion.position == position
        )
    )


def propose_rescore(attempt_id, position, act, *, by, key=None):
    """A proposal for the question at a position of an attempt's paper; returns its id."""
    exam_id = db.session.get_one(Attempt, attempt_id).exam_id
    return rescores.propose(
        exam_id,
        version_at(attempt_id, position),
        act=act,
        key=key,
        reason="两个选项都对",
        actor=Actor(by),
        now=LATER,
    )


def approve_rescore(rescore_id, *, by):
    digest = rescores.preview_of(db.session.get_one(QuestionRescore, rescore_id)).digest
    rescores.decide(
        rescore_id, approve=True, reason="同意", digest=digest, actor=Actor(by), now=LATER
    )


def apply(app, rescore_id, *, size=100):
    return rescores.apply(
        rescore_id,
        signer=scenes.signer(app),
        letterhead=letterhead(app),
        now=LATER,
        size=size,
    )


def rescored(app, attempt_id, position, act, *, proposer, decider, key=None):
    """All the way; returns the re-score's id."""
    rescore_id = propose_rescore(attempt_id, position, act, by=proposer, key=key)
    approve_rescore(rescore_id, by=decider)
    apply(app, rescore_id)
    return rescore_id


def results(attempt_id):
    """(version, current, score, passed) of every version."""
    rows = db.session.execute(
        select(Result.version, Result.current, Result.score, Result.passed)
        .where(Result.attempt_id == attempt_id)
        .order_by(Result.version)
    )
    return [tuple(row) for row in rows]


def owner(attempt_id):
    return db.session.get_one(Attempt, attempt_id).user_id


def appeal(app, attempt_id, *, kind=AppealKind.APPEAL, now=LATER, text="请复核第一题"):
    return appeals.file(
        attempt_id,
        kind=kind,
        text=text,
        position=1,
        letterhead=letterhead(app),
        actor=Actor(owner(attempt_id)),
        now=now,
    )


def scheme_version():
    return db.session.scalar(select(SchemeVersion.id))
