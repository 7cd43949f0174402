"""flask demo marking: written answers to try marking with."""

from __future__ import annotations

import random
import secrets
from datetime import UTC, datetime, timedelta

import click
from flask import current_app
from flask.cli import with_appcontext

from app.cli.output import plain_errors
from app.config import Settings
from app.domain.permissions import Role
from app.domain.questions.body import Answer
from app.domain.questions.question import Question
from app.domain.questions.written import Case, ShortAnswer
from app.domain.receipts import tab_token
from app.domain.text import Text
from app.queries.exams import current_exam_id
from app.queries.versions import paper_of
from app.services import attempts, grading, registrations, saves, starting
from app.services.accounts import NewAccount, create_account, enrol
from app.services.certificates import Signer
from app.services.passwords import first_password
from app.services.sittings import SittingRules, open_sitting
from app.services.trail import SYSTEM, Actor

SCHEME, EXAM = "service-manager", "skills"


@click.command("marking")
@with_appcontext
@click.option("--candidates", default=6, show_default=True, type=click.IntRange(1, 50))
def answers_to_mark(candidates: int) -> None:
    """Hand in written answers of invented candidates to a skills exam of its own sitting."""
    with plain_errors():
        sitting_id = create_answers(
            current_app.extensions["settings"], candidates=candidates, now=datetime.now(UTC)
        )
    click.echo(f"sitting {sitting_id}: {candidates} candidates have handed in")


def create_answers(settings: Settings, *, candidates: int, now: datetime) -> int:
    """A sitting of the skills exam whose candidates have answered more or less; its id."""
    exam_id = current_exam_id(SCHEME, EXAM)
    if exam_id is None:
        raise click.ClickException(f"{SCHEME} has no exam {EXAM}")
    sitting_id = open_sitting(
        exam_id,
        title=Text("专业能力考试（阅卷体验）", "Professional skills exam (to try marking)"),
        opens_at=now,
        closes_at=now + timedelta(days=1),
        seed=secrets.randbits(31),
        actor=SYSTEM,
        now=now,
        rules=SittingRules(),
    )
    people = [_candidate(number, now=now) for number in range(1, candidates + 1)]
    for user_id in people:
        _hand_in(settings, sitting_id, user_id, now=now)
    return sitting_id


def _candidate(number: int, *, now: datetime) -> int:
    username = f"written-{secrets.token_hex(4)}"
    user_id = create_account(
        NewAccount(
            username=username,
            name=f"体验考生 {number}",
            department="客户服务部",
            roles=frozenset({Role.TRAINEE}),
            password=first_password(username),
        ),
        actor=SYSTEM,
        now=now,
    )
    enrol(user_id, scheme_id=SCHEME, due_at=None, actor=SYSTEM, now=now)
    return user_id


def _hand_in(settings: Settings, sitting_id: int, user_id: int, *, now: datetime) -> None:
    """Take a place, agree, start, answer everything, hand in, and let the rules grade."""
    who = Actor(user_id)
    place = registrations.register(sitting_id, user_id=user_id, now=now)
    registrations.agree(place, user_id=user_id, agreement="", now=now)
    seed = secrets.randbits(31)
    attempt_id = starting.start(place, user_id=user_id, seed=seed, actor=who, now=now)
    epoch = attempts.claim_tab(attempt_id, user_id=user_id, actor=who, now=now)
    key = bytes.fromhex(settings.receipt_key)
    draw = secrets.SystemRandom()  # what a made-up candidate remembers
    saves.save(
        attempt_id,
        user_id=user_id,
        token=tab_token(key=key, attempt_id=attempt_id, user_id=user_id, epoch=epoch),
        epoch=epoch,
        saves=[
            saves.IncomingSave(position, position, _written(question, draw), False, 60_000)
            for position, question in paper_of(attempt_id)
        ],
        events=[],
        key=key,
        actor=who,
        now=now,
    )
    attempts.submit(attempt_id, user_id=user_id, actor=who, now=now)
    grading.grade(attempt_id, signer=Signer.of(settings), now=now)


def _written(question: Question, draw: random.Random) -> Answer | None:
    """Some of the key points, or the beginnings of the model answers."""
    body = question.body
    if isinstance(body, ShortAnswer):
        known = [point for point in body.key_points if draw.random() < 0.65]
        said = [draw.choice([point.text.zh, *point.zh]) for point in known]
        return "；".join(said) + "。" if said else "记不清了。"
    if isinstance(body, Case):
        parts = enumerate(body.parts, start=1)
        return {str(n): _beginning(part.model_answer.zh, draw) for n, part in parts}
    return None


def _beginning(model: str, draw: random.Random) -> str:
    sentences = [sentence for sentence in model.split("。") if sentence]
    return "。".join(sentences[: draw.randint(1, len(sentences))]) + "。"
