"""Scenes about what comes late and what was noticed: held saves, answer files, signals."""

from __future__ import annotations

import itertools
import json
from datetime import timedelta

from joserfc import jwe
from joserfc.jwk import ECKey
from sqlalchemy import select

from app.db import db
from app.domain.answer_files import FORMAT
from app.domain.permissions import Role
from app.domain.receipts import tab_token
from app.models.attempts import Attempt, AttemptEvent, Save
from app.models.results import Result
from app.queries.accounts import user_id_of
from app.services import attempts, grading, held_saves, saves, trail
from app.services.answer_files import FileKeys, upload
from app.services.saves import IncomingEvent, IncomingSave
from app.services.trail import Actor
from tests import factories
from tests.services import scenes
from tests.services.scenes import KEY

_MOMENTS = itertools.count()
"""Milliseconds of a page: no two signals come in the same one."""

END = factories.NOW + timedelta(minutes=60)
LATE = END + timedelta(minutes=3)


def at_desk(user_id):
    """The candidate, at the one computer of these scenes."""
    return Actor(user_id, "10.0.0.1", "browser")


def started(app, **changes):
    """(attempt id, user id) of an exam whose first window is open."""
    user_id = factories.user()
    attempt_id = factories.attempt(app, user_id, **changes)
    attempts.claim_tab(attempt_id, user_id=user_id, actor=at_desk(user_id), now=factories.NOW)
    return attempt_id, user_id


def send(attempt_id, user_id, answers, *, now, epoch=1, first=1, events=()):
    """What a window sends: answers by position, numbered from `first` on."""
    return saves.save(
        attempt_id,
        user_id=user_id,
        token=tab_token(key=KEY, attempt_id=attempt_id, user_id=user_id, epoch=epoch),
        epoch=epoch,
        saves=[
            IncomingSave(position, seq, given, False, 100)
            for seq, (position, given) in enumerate(answers.items(), start=first)
        ],
        events=events,
        key=KEY,
        actor=at_desk(user_id),
        now=now,
    )


def close(app, attempt_id, *, now=LATE):
    """Let the time run out, and grade."""
    assert attempts.expire(attempt_id, now=now)
    grading.grade(attempt_id, signer=scenes.signer(app), now=now)


def came_late(app, **changes):
    """(attempt id, user id): nothing answered in time, graded, every right answer held."""
    attempt_id, user_id = started(app, **changes)
    close(app, attempt_id)
    send(attempt_id, user_id, scenes.right_answers(attempt_id), now=LATE)
    return attempt_id, user_id


def sitting_of(attempt_id):
    return db.session.get_one(Attempt, attempt_id).sitting_id


def held_ids(attempt_id, *positions):
    found = db.session.execute(
        select(Save.id, Save.position)
        .where(Save.attempt_id == attempt_id, Save.state == "held")
        .order_by(Save.id)
    )
    return {row.id for row in found if not positions or row.position in positions}


def decide(app, attempt_id, *, accepted=True, save_ids=None, by=None, **changes):
    """The proctor decides, about everything where nothing is chosen."""
    if by is None:
        by = user_id_of("proctor") or factories.user("proctor", Role.PROCTOR)
    return held_saves.decide(
        **{
            "sitting_id": sitting_of(attempt_id),
            "attempt_id": attempt_id,
            "save_ids": held_ids(attempt_id) if save_ids is None else save_ids,
            "accepted": accepted,
            "reason": "The network was away.",
            "signer": scenes.signer(app),
            "actor": Actor(by),
            "now": LATE + timedelta(minutes=5),
            **changes,
        }
    )


def results(attempt_id):
    """(version, current, score) of every result."""
    rows = db.session.execute(
        select(Result.version, Result.current, Result.score)
        .where(Result.attempt_id == attempt_id)
        .order_by(Result.version)
    )
    return [tuple(row) for row in rows]


def events(attempt_id, kind):
    return db.session.scalars(
        select(AttemptEvent)
        .where(AttemptEvent.attempt_id == attempt_id, AttemptEvent.kind == kind)
        .order_by(AttemptEvent.id)
    ).all()


# ── answer files ──────────────────────────────────────────────────────────────


def rows_of(attempt_id, user_id, answers, *, epoch=1, first=1, key=KEY):
    """Rows as the browser keeps them."""
    token = tab_token(key=key, attempt_id=attempt_id, user_id=user_id, epoch=epoch)
    return [
        {
            "token": token,
            "epoch": epoch,
            "position": position,
            "seq": seq,
            "answer": given,
            "flagged": False,
            "spent_ms": 100,
        }
        for seq, (position, given) in enumerate(answers.items(), start=first)
    ]


def answer_file(attempt_id, user_id, rows, **changes):
    """What the page encrypts, in clear."""
    return {
        "format": FORMAT,
        "attempt": attempt_id,
        "user": user_id,
        "made_at": "2026-11-02T05:00:00.000Z",
        "rows": rows,
        **changes,
    }


def sealed(app, file, **header):
    """The encrypted file, made with the public key alone, as a browser has it."""
    private = ECKey.import_key(dict(app.extensions["settings"].answer_file_key))
    public = ECKey.import_key(private.as_dict(private=False))
    plain = file if isinstance(file, bytes) else json.dumps(file).encode()
    return jwe.encrypt_compact(
        {"alg": "ECDH-ES", "enc": "A256GCM", **header}, plain, public
    ).encode()


def take_in(app, sitting_id, content, *, by=None, now=LATE):
    """The proctor uploads it."""
    keys = FileKeys(app.extensions["settings"].answer_file_key, KEY)
    return upload(sitting_id, content, keys=keys, actor=Actor(by), now=now)


# ── signals ───────────────────────────────────────────────────────────────────


def signal(attempt_id, user_id, kind="window_left", *, now=factories.NOW, **detail):
    """One signal, as the page sends it."""
    send(attempt_id, user_id, {}, now=now, events=[IncomingEvent(kind, next(_MOMENTS), detail)])


def note(attempt_id, kind, *, now=factories.NOW, by=None, **detail):
    """One event that no page sends."""
    trail.log_event(attempt_id, kind, actor=Actor(by, "10.0.0.9", "other"), now=now, **detail)
    db.session.commit()
