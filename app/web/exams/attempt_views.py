"""The exam page and its JSON: what a candidate sees and sends while an attempt is open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.attempts import CLOSED_UNSCORED, OPEN_STATES, AttemptState, MoveRefused
from app.domain.entrance import check_address, check_browser
from app.domain.held_saves import told_to_candidate
from app.domain.pauses import PauseKind
from app.domain.permissions import Permission
from app.domain.questions.body import Layout
from app.domain.receipts import tab_token
from app.domain.saves import StoredSave, current_answers
from app.domain.timing import is_over, remaining
from app.queries import exams
from app.queries.appeals import own_appeals
from app.queries.notices import Notice, notices_since
from app.queries.saves import saves_of
from app.queries.transcripts import transcript
from app.queries.versions import paper_slots
from app.services import attempts, grading, saves
from app.services.certificates import Signer
from app.web.access import actor, me, requires, settings
from app.web.clock import now
from app.web.exams.batches import read_batch, read_section
from app.web.exams.entrance import seb_hash, seen_url
from app.web.headers import POLICY
from app.web.results import names


@requires(Permission.SIT_EXAMS)
def page(attempt_id: int) -> ResponseReturnValue:
    """The part of the paper that this candidate may see: stems and options, no key.

    All of it with free navigation, the open section otherwise, nothing during a pause.
    """
    attempt = _own(attempt_id)
    if attempt.state not in OPEN_STATES or is_over(attempt.deadline_at, now=now()):
        return redirect(url_for("exams.done", attempt_id=attempt_id))
    _check_door(attempt)
    if _is_paused(attempt):
        return render_template(
            "exams/paused.html",
            attempt=attempt,
            pause_ms=_milliseconds_until(attempt.pause_ends_at),
            remaining_ms=_milliseconds(attempt),
        )
    questions = []
    for slot in paper_slots(attempt.paper_id):
        if slot.section != attempt.section:
            continue
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
        break_left=_break_left(attempt),
        # Safe Exam Browser signs the requests of pages; those of a worker it may not.
        worker_url=None if attempt.seb_keys else url_for("system.offline_worker"),
        policy=POLICY,
        by_ticket=me().registration_id is not None,
    )


@requires(Permission.SIT_EXAMS)
def state(attempt_id: int) -> ResponseReturnValue:
    """Where the attempt stands: what a page that waits for the end of a pause asks for."""
    attempt = _own(attempt_id)
    is_closed = attempt.state not in OPEN_STATES or is_over(attempt.deadline_at, now=now())
    if is_closed and attempt.state in OPEN_STATES:
        shown = AttemptState.EXPIRED.value
    elif _is_paused(attempt):
        shown = AttemptState.PAUSED.value
    elif attempt.state == AttemptState.PAUSED:
        shown = AttemptState.IN_PROGRESS.value
    else:
        shown = attempt.state
    return {
        "attempt": shown,
        "remaining_ms": _milliseconds(attempt),
        "pause_ms": _milliseconds_until(attempt.pause_ends_at) if _is_paused(attempt) else None,
    }


@requires(Permission.SIT_EXAMS)
def claim(attempt_id: int) -> ResponseReturnValue:
    """Make the calling tab the one that writes; answers with what is saved so far."""
    _check_door(_own(attempt_id))
    epoch = attempts.claim_tab(attempt_id, user_id=me().user_id, actor=actor(), now=now())
    attempt = _own(attempt_id)
    # The first window of an exam finds no answers: nobody could save before it.
    answers = current_answers(saves_of(attempt_id)) if epoch > 1 else {}
    shown = {
        slot.position for slot in paper_slots(attempt.paper_id) if slot.section == attempt.section
    }
    return {
        "token": tab_token(
            key=_receipt_key(), attempt_id=attempt_id, user_id=me().user_id, epoch=epoch
        ),
        "epoch": epoch,
        "next_seq": 1,
        "remaining_ms": _milliseconds(attempt),
        "attempt": attempt.state,
        "section": attempt.section,
        "notices": [_notice(notice) for notice in _notices(attempt)],
        "answers": {
            str(position): _saved(save) for position, save in answers.items() if position in shown
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
        seen_notice=batch.seen_notice,
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
        "section": saved.section,
        "notices": [_notice(notice) for notice in saved.notices],
    }


@requires(Permission.SIT_EXAMS)
def close_section(attempt_id: int) -> ResponseReturnValue:
    """Leave the open section for the next one; there is no way back."""
    section, epoch = read_section(_json())
    attempts.close_section(
        attempt_id,
        user_id=me().user_id,
        section=section,
        epoch=epoch,
        actor=actor(),
        now=now(),
    )
    attempt = _own(attempt_id)
    return {"attempt": attempt.state, "section": attempt.section}


@requires(Permission.SIT_EXAMS)
def take_break(attempt_id: int) -> ResponseReturnValue:
    """Begin a break that the candidate's accommodation allows."""
    attempts.take_break(attempt_id, user_id=me().user_id, actor=actor(), now=now())
    return redirect(url_for("exams.page", attempt_id=attempt_id))


@requires(Permission.SIT_EXAMS)
def end_break(attempt_id: int) -> ResponseReturnValue:
    """Come back from a break."""
    attempts.end_break(attempt_id, user_id=me().user_id, actor=actor(), now=now())
    return redirect(url_for("exams.page", attempt_id=attempt_id))


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
    stored = saves_of(attempt_id)
    return render_template(
        "exams/done.html",
        attempt=_own(attempt_id),
        result=transcript(attempt_id, user_id=me().user_id),
        appeals=own_appeals(attempt_id, user_id=me().user_id),
        names=names,
        receipts=len(stored),
        held=told_to_candidate(stored),
    )


def _notices(attempt: exams.AttemptView) -> Sequence[Notice]:
    return notices_since(attempt.id) if attempt.notice_id else ()


def _own(attempt_id: int) -> exams.AttemptView:
    attempt = exams.attempt_of(attempt_id, user_id=me().user_id)
    if attempt is None:
        raise attempts.AttemptMissing
    return attempt


def _check_door(attempt: exams.AttemptView) -> None:
    """The room's network and browser hold for the whole exam, not only for its start."""
    if attempt.state not in OPEN_STATES:
        raise MoveRefused
    check_address(attempt.networks, request.remote_addr or "")
    check_browser(attempt.seb_keys, url=seen_url(), sent=seb_hash())


def _is_paused(attempt: exams.AttemptView) -> bool:
    """Whether a pause is on that has not ended by itself."""
    return attempt.pause_ends_at is not None and now() < attempt.pause_ends_at


def _break_left(attempt: exams.AttemptView) -> int:
    """Seconds; a break that has ended by itself is used up, whether or not that is written."""
    if attempt.pause_kind != PauseKind.BREAK or not attempt.pause_since:
        return attempt.break_left
    assert attempt.pause_ends_at is not None
    return attempt.break_left - int((attempt.pause_ends_at - attempt.pause_since).total_seconds())


def _milliseconds(attempt: exams.AttemptView) -> int:
    """Working time that is left; it stands still during a pause."""
    at = attempt.pause_ends_at if _is_paused(attempt) and attempt.pause_ends_at else now()
    return int(remaining(attempt.deadline_at, now=at).total_seconds() * 1000)


def _milliseconds_until(moment: datetime | None) -> int:
    if moment is None:
        return 0
    return int(remaining(moment, now=now()).total_seconds() * 1000)


def _saved(save: StoredSave) -> dict[str, object]:
    """An answer that counts, with its receipt."""
    return {
        "answer": save.answer,
        "flagged": save.flagged,
        "epoch": save.epoch,
        "seq": save.seq,
        "at": save.received_at and save.received_at.isoformat(timespec="milliseconds"),
        "receipt": save.receipt,
    }


def _notice(notice: Notice) -> dict[str, object]:
    """What the page may know of a notice: never the reason of a pause, only a message's text."""
    told = {key: notice.detail[key] for key in ("text", "minutes") if key in notice.detail}
    return {
        "id": notice.id,
        "kind": notice.kind,
        "at": notice.at.isoformat(timespec="milliseconds"),
        **told,
    }


def _json() -> object:
    """The request's JSON; None where it has none, or is nested beyond reading."""
    try:
        return request.get_json(silent=True)
    except RecursionError:
        return None


def _receipt_key() -> bytes:
    return bytes.fromhex(settings().receipt_key)
