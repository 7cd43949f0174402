"""Scenes that many tests begin with: a finished exam, questions of every type, right answers."""

from __future__ import annotations

from app.db import db
from app.domain.questions.body import Layout
from app.domain.receipts import tab_token
from app.models.attempts import Attempt
from app.queries.versions import paper_slots
from app.services import attempts, grading, saves
from app.services.certificates import Signer
from app.services.saves import IncomingSave
from app.services.trail import Actor
from tests import factories

KEY = b"k" * 32

RIGHT = {
    "single": lambda body, _: next(iter(body.key)),
    "multiple": lambda body, _: sorted(body.key),
    "true_false": lambda body, _: body.right,
    "fill_in": lambda body, _: [blank.zh[0] for blank in body.blanks],
    "numeric": lambda body, layout: str(body.expected(layout)),
    "matching": lambda body, _: body.key,
    "ordering": lambda body, _: list(body.key),
}

PAIRS = [("流程", "步骤"), ("标准", "尺度"), ("承诺", "保证")]
STEPS = ["倾听", "确认", "处理", "回访"]


def text(zh):
    return {"zh": zh, "en": f"en {zh}"}


def every_type(first=51, **changes):
    """One exam-pool question of every type that a rule scores; keys hold the word 机密."""
    options = [text(letter) | {"right": letter in "甲丙"} for letter in "甲乙丙丁"]
    fields = [
        {"type": "single"},
        {"type": "multiple", "options": options},
        {"type": "true_false", "answer": True},
        {
            "type": "fill_in",
            "stem": {"zh": "服务的____", "en": "The ____ of service"},
            "blanks": [{"zh": ["机密词"], "en": ["secretword"]}],
        },
        {
            "type": "numeric",
            "stem": {"zh": "{calls} 个电话要几分钟？", "en": "How long do {calls} calls take?"},
            "answer": "calls * 73",
            "variables": [{"name": "calls", "least": 2, "most": 9, "step": 1}],
        },
        {
            "type": "matching",
            "pairs": [{"left": text(left), "right": text(right)} for left, right in PAIRS],
        },
        {"type": "ordering", "items": [text(step) for step in STEPS]},
    ]
    return [
        factories.content(f"PL14-{first + n}", **{"pool": "exam", **own, **changes})
        for n, own in enumerate(fields)
    ]


def plan_of_every_type(points=14.0):
    """One question of every type, the last one filling up to 100 points."""
    types = list(RIGHT)
    return [
        {"module": "planning", "type": type_, "count": 1, "points": points} for type_ in types[:-1]
    ] + [{"module": "planning", "type": types[-1], "count": 1, "points": 100 - 6 * points}]


def right_answers(attempt_id):
    """Position → the right answer of this candidate's paper."""
    attempt = db.session.get_one(Attempt, attempt_id)
    return {
        slot.position: RIGHT[slot.question.type.value](
            slot.question.body, Layout.load(attempt.layout[str(slot.position)])
        )
        for slot in paper_slots(attempt.paper_id)
    }


def answer(attempt_id, user_id, answers, *, now=factories.NOW):
    """Claim the writing tab and store the answers."""
    epoch = attempts.claim_tab(attempt_id, user_id=user_id, actor=Actor(user_id), now=now)
    return saves.save(
        attempt_id,
        user_id=user_id,
        token=tab_token(key=KEY, attempt_id=attempt_id, user_id=user_id, epoch=epoch),
        epoch=epoch,
        saves=[
            IncomingSave(position, seq, given, False, 100)
            for seq, (position, given) in enumerate(answers.items(), start=1)
        ],
        events=[],
        key=KEY,
        actor=Actor(user_id),
        now=now,
    )


def signer(app):
    return Signer.of(app.extensions["settings"])


def finish(app, attempt_id, user_id, *, right=True, now=factories.NOW):
    """Answer everything (or nothing), hand in, grade."""
    if right:
        answer(attempt_id, user_id, right_answers(attempt_id), now=now)
    attempts.submit(attempt_id, user_id=user_id, actor=Actor(user_id), now=now)
    grading.grade(attempt_id, signer=signer(app), now=now)
    return attempt_id


def passed(app, username="trainee1", *, name="学员甲", **changes):
    """Somebody who has passed the exam of a new scheme; (attempt id, user id)."""
    user_id = factories.user(username, name=name)
    attempt_id = factories.attempt(app, user_id, **changes)
    return finish(app, attempt_id, user_id), user_id
