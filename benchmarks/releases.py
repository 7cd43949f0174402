"""How long 2,000 exams take from handed in to graded, released, certified and told.

Everybody has answered every question of the theory exam over all modules (85 questions); about
four in five answers are right. Grading runs as the worker's sweep does it, one transaction each.
The release is proposed with its checks and figures, decided in one transaction, and followed up
in batches. Then a question is credited to everybody who had it.

    python -m benchmarks.releases [--candidates 2000] [--database sqlite postgresql]
"""

from __future__ import annotations

import argparse
import random
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update

from app.db import db, transaction
from app.domain.permissions import Role
from app.domain.rescores import Act
from app.domain.text import Text
from app.models.accounts import User
from app.models.attempts import Attempt, Save
from app.models.papers import PaperQuestion
from app.models.rescores import QuestionRescore
from app.models.results import Result
from app.models.sittings import Registration, SittingPaper
from app.queries.exams import closed_attempts, current_exam_id
from app.queries.versions import PaperSlot, paper_slots
from app.services import releases, rescores, sittings
from app.services.accounts import NewAccount, create_account
from app.services.certificates import Signer
from app.services.grading import grade
from app.services.mails import Letterhead
from app.services.trail import SYSTEM, Actor
from benchmarks.databases import KINDS
from benchmarks.server import PASSWORD, installation

SHARE_RIGHT = 0.8
_WRONG = {"single": "a", "multiple": ["a"], "true_false": False}


def main() -> None:
    """Grade, release and re-score on every database, and print the seconds."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--candidates", type=int, default=2000)
    parser.add_argument("--database", nargs="+", choices=KINDS, default=list(KINDS))
    given = parser.parse_args()
    for kind in given.database:
        with installation(kind, candidates=given.candidates) as made, made.app.app_context():
            print(f"\n{kind}, {given.candidates:,} candidates", flush=True)
            config = made.app.extensions["settings"]
            _measure(Signer.of(config), Letterhead.of(config))
            db.session.remove()


def _measure(signer: Signer, letterhead: Letterhead) -> None:
    now = datetime.now(UTC)
    hr, certifier = (_person(role, now) for role in (Role.HR, Role.CERTIFIER))
    sitting_id = _hand_in(now)
    whole = began = _clocks()
    count = 0
    while waiting := closed_attempts(["submitted"]):
        for attempt_id in waiting:
            count += grade(attempt_id, signer=signer, now=now)
    _say(f"{count:,} graded", began)
    began = _clocks()
    release_id = releases.propose(
        sitting_id, note="", statistics_seen=True, actor=Actor(hr), now=now
    )
    _say("release proposed: checks, figures", began)
    began = _clocks()
    count = releases.decide(
        release_id, approve=True, reason="benchmark", actor=Actor(certifier), now=now
    )
    _say(f"{count:,} released by one decision", began)
    began = _clocks()
    while releases.follow_up(release_id, signer=signer, letterhead=letterhead, now=now):
        pass
    _say("certificates looked at, mails", began)
    _say("from handed in to released", whole)
    _rescore(hr, certifier, signer, letterhead, now)


def _rescore(
    hr: int, certifier: int, signer: Signer, letterhead: Letterhead, now: datetime
) -> None:
    attempt = db.session.scalars(select(Attempt).limit(1)).one()
    version_id = db.session.scalars(
        select(PaperQuestion.version_id).where(
            PaperQuestion.paper_id == attempt.paper_id, PaperQuestion.position == 1
        )
    ).one()
    began = _clocks()
    rescore_id = rescores.propose(
        attempt.exam_id,
        version_id,
        act=Act.CREDIT_ALL,
        key=None,
        reason="benchmark",
        actor=Actor(hr),
        now=now,
    )
    foreseen = rescores.preview_of(db.session.get_one(QuestionRescore, rescore_id))
    _say(f"two previews over {len(foreseen.changes):,} exams", began)
    rescores.decide(
        rescore_id,
        approve=True,
        reason="benchmark",
        digest=foreseen.digest,
        actor=Actor(certifier),
        now=now,
    )
    began = _clocks()
    while rescores.apply(rescore_id, signer=signer, letterhead=letterhead, now=now):
        pass
    newer = db.session.scalars(select(Result.id).where(Result.version == 2)).all()
    _say(f"applied, {len(newer):,} new versions", began)


def _hand_in(now: datetime) -> int:
    """A sitting whose every candidate has handed in; returns its id."""
    exam_id = current_exam_id("service-manager", "theory")
    assert exam_id is not None
    sitting_id = sittings.open_sitting(
        exam_id,
        title=Text("基准", "Benchmark"),
        opens_at=now - timedelta(hours=2),
        closes_at=now + timedelta(hours=2),
        seed=1,
        actor=SYSTEM,
        now=now,
    )
    with transaction():
        paper_ids = db.session.scalars(
            select(SittingPaper.paper_id)
            .where(SittingPaper.sitting_id == sitting_id)
            .order_by(SittingPaper.paper_id)
        ).all()
        db.session.execute(update(User).values(email=User.username + "@example.org"))
        users = db.session.scalars(select(User.id).order_by(User.id)).all()[:-2]
        draw = random.Random(1)
        for number, user_id in enumerate(users):
            paper_id = paper_ids[number % len(paper_ids)]
            _attempt(user_id, sitting_id, exam_id, paper_id, draw=draw, now=now)
    return sitting_id


def _attempt(
    user_id: int,
    sitting_id: int,
    exam_id: int,
    paper_id: int,
    *,
    draw: random.Random,
    now: datetime,
) -> None:
    slots = paper_slots(paper_id)
    place = Registration(
        sitting_id=sitting_id,
        user_id=user_id,
        admission_number=f"B{user_id:08}",
        state="ready",
        agreed_at=now,
        created_at=now,
    )
    db.session.add(place)
    db.session.flush()
    attempt = Attempt(
        registration_id=place.id,
        sitting_id=sitting_id,
        exam_id=exam_id,
        user_id=user_id,
        paper_id=paper_id,
        number=1,
        state="submitted",
        seed=1,
        layout={str(slot.position): slot.question.body.arrange(draw).dump() for slot in slots},
        started_at=now - timedelta(hours=1),
        limit_seconds=5400,
        deadline_at=now + timedelta(minutes=30),
        seen_at=now,
        closed_at=now,
        epoch=1,
    )
    db.session.add(attempt)
    db.session.flush()
    db.session.execute(
        insert(Save), [_save(attempt.id, slot, draw=draw, now=now) for slot in slots]
    )


def _save(
    attempt_id: int, slot: PaperSlot, *, draw: random.Random, now: datetime
) -> dict[str, Any]:
    body: Any = slot.question.body
    kind = slot.question.type.value
    right = {
        "single": lambda: next(iter(body.key)),
        "multiple": lambda: sorted(body.key),
        "true_false": lambda: body.right,
    }
    return {
        "attempt_id": attempt_id,
        "epoch": 1,
        "seq": slot.position,
        "position": slot.position,
        "answer": right[kind]() if draw.random() < SHARE_RIGHT else _WRONG[kind],
        "flagged": False,
        "spent_ms": 1000,
        "state": "accepted",
        "received_at": now,
        "receipt": "0" * 64,
    }


def _person(role: Role, now: datetime) -> int:
    return create_account(
        NewAccount(
            username=f"benchmark-{role.value}",
            name=role.value,
            roles=frozenset({role}),
            password=PASSWORD,
            must_change_password=False,
        ),
        actor=SYSTEM,
        now=now,
    )


def _clocks() -> tuple[float, float]:
    """Wall clock and CPU time of this process, in seconds."""
    return time.perf_counter(), time.process_time()


def _say(what: str, began: tuple[float, float]) -> None:
    wall, cpu = (now - then for now, then in zip(_clocks(), began, strict=True))
    print(f"  {what:<40}{wall:6.1f} s, CPU {cpu:5.1f} s", flush=True)


if __name__ == "__main__":
    main()
