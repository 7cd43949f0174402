"""The exam page, its JSON, and what comes after it."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from app.domain.attempts import CLOSED_UNSCORED, OPEN_STATES
from app.domain.permissions import Permission
from app.domain.questions.body import Layout
from app.domain.receipts import tab_token
from app.domain.saves import current_answers
from app.domain.timing import is_over, remaining
from app.queries import exams, results
from app.queries.saves import saves_of
from app.queries.versions import paper_slots
from app.services import attempts, grading, saves
from app.services.certificates import Signer
from app.web.access import actor, me, requires, settings
from app.web.clock import now
from app.web.exams.batches import read_batch


@requires(Permission.SIT_EXAMS)
def page(attempt_id: int) -> ResponseReturnValue:
    """The whole paper as this candidate sees it: stems and options, no key."""
    attempt = _own(attempt_id)
    if attempt.state not in OPEN_STATES or is_over(attempt.deadline_at, now=now()):
        return redirect(url_for("exams.done", attempt_id=attempt_id))
    questions = []
    for slot in paper_slots(attempt.paper_id):
        layout = Layout.load(attempt.layout[str(slot.position)])
        questions.append(
            {
                "position": slot.position,
                "type": slot.question.type.value,
                "points": slot.points,
                "stem": slot.question.stem,
                "values": layout.values,
                "prompt": slot.question.body.prompt(layout),
            }
        )
    return render_template(
        "exams/attempt.html",
        attempt=attempt,
        questions=questions,
        remaining_ms=_milliseconds(attempt),
    )


@requires(Permission.SIT_EXAMS)
def claim(attempt_id: int) -> ResponseReturnValue:
    """Make the calling tab the one that writes; answers with what is saved so far."""
    attempt = _own(attempt_id)
    epoch = attempts.claim_tab(attempt_id, user_id=me().user_id, actor=actor(), now=now())
    answers = current_answers(saves_of(attempt_id))
    return {
        "token": tab_token(
            key=_receipt_key(), attempt_id=attempt_id, user_id=me().user_id, epoch=epoch
        ),
        "epoch": epoch,
        "next_seq": 1,
        "remaining_ms": _milliseconds(attempt),
        "attempt": attempt.state,
        "answers": {
            str(position): {
                "answer": save.answer,
                "flagged": save.flagged,
                "epoch": save.epoch,
                "seq": save.seq,
            }
            for position, save in answers.items()
        },
    }


@requires(Permission.SIT_EXAMS)
def save(attempt_id: int) -> ResponseReturnValue:
    """Store a batch of answers and hand out receipts."""
    batch = read_batch(_json())
    saved = saves.save(
        attempt_id,
        user_id=me().user_id,
        token=batch.token,
        epoch=batch.epoch,
        saves=batch.saves,
        events=batch.events,
        key=_receipt_key(),
        actor=actor(),
        now=now(),
    )
    return {
        "receipts": [
            {
                "position": receipt.position,
                "seq": receipt.seq,
                "at": receipt.at.isoformat(timespec="milliseconds"),
                "state": receipt.state.value,
                "receipt": receipt.receipt,
            }
            for receipt in saved.receipts
        ],
        "remaining_ms": int(saved.remaining.total_seconds() * 1000),
        "tab": "writing" if saved.writing else "read_only",
        "attempt": saved.attempt.value,
        "notices": [],
    }


@requires(Permission.SIT_EXAMS)
def submit(attempt_id: int) -> ResponseReturnValue:
    """Close the attempt, then grade it: two transactions, so that grading cannot undo closing."""
    attempts.submit(attempt_id, user_id=me().user_id, actor=actor(), now=now())
    grading.grade(attempt_id, signer=Signer.of(settings()), now=now())
    return redirect(url_for("exams.done", attempt_id=attempt_id))


@requires(Permission.SIT_EXAMS)
def done(attempt_id: int) -> ResponseReturnValue:
    """What became of an attempt: the result where it is released."""
    attempt = _own(attempt_id)
    if attempt.state in OPEN_STATES and not is_over(attempt.deadline_at, now=now()):
        return redirect(url_for("exams.page", attempt_id=attempt_id))
    if attempt.state in OPEN_STATES | CLOSED_UNSCORED:
        attempts.expire(attempt_id, now=now())
        grading.grade(attempt_id, signer=Signer.of(settings()), now=now())
    return render_template(
        "exams/done.html",
        attempt=_own(attempt_id),
        result=results.own_result(attempt_id, user_id=me().user_id),
        types=_by_type(attempt_id),
        receipts=len(saves_of(attempt_id)),
    )


def _by_type(attempt_id: int) -> list[tuple[str, float, float]]:
    sums: dict[str, list[float]] = {}
    for mark in results.type_profile(attempt_id):
        total = sums.setdefault(mark.rule, [0.0, 0.0])
        total[0] += float(mark.points)
        total[1] += float(mark.maximum)
    return [(rule, points, maximum) for rule, (points, maximum) in sums.items()]


def _own(attempt_id: int) -> exams.AttemptView:
    attempt = exams.attempt_of(attempt_id, user_id=me().user_id)
    if attempt is None:
        raise NotFound
    return attempt


def _milliseconds(attempt: exams.AttemptView) -> int:
    return int(remaining(attempt.deadline_at, now=now()).total_seconds() * 1000)


def _json() -> object:
    """The request's JSON; None where it has none, or is nested beyond reading."""
    try:
        return request.get_json(silent=True)
    except RecursionError:
        return None


def _receipt_key() -> bytes:
    return bytes.fromhex(settings().receipt_key)
