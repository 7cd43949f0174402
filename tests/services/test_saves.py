"""The save path: receipts, last write, late and superseded saves."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.domain.receipts import tab_token
from app.domain.saves import SaveState, current_answers
from app.models.attempts import Save
from app.queries.saves import saves_of
from app.services import attempts, saves
from app.services.saves import IncomingSave
from app.services.trail import Actor
from tests import factories

KEY = b"k" * 32


def store(attempt_id, user_id, *items, epoch=1, now=factories.NOW):
    token = tab_token(key=KEY, attempt_id=attempt_id, user_id=user_id, epoch=epoch)
    return saves.save(
        attempt_id,
        user_id=user_id,
        token=token,
        epoch=epoch,
        saves=[IncomingSave(p, seq, answer, False, 100) for p, seq, answer in items],
        events=[],
        key=KEY,
        actor=Actor(user_id),
        now=now,
    )


@pytest.fixture
def started(app):
    user_id = factories.user()
    attempt_id = factories.attempt(app, user_id)
    attempts.claim_tab(attempt_id, user_id=user_id, actor=Actor(user_id), now=factories.NOW)
    return attempt_id, user_id


def test_a_save_is_answered_with_a_signed_receipt(started):
    saved = store(*started, (1, 1, "b"))

    (receipt,) = saved.receipts
    assert receipt.state is SaveState.ACCEPTED
    assert len(receipt.receipt) == 64


def test_the_same_seq_twice_is_the_same_row(started, session):
    first = store(*started, (1, 1, "b"))
    second = store(*started, (1, 1, "c"), (2, 2, "a"))

    assert second.receipts[0] == first.receipts[0]
    assert session.scalar(select(Save.answer).where(Save.seq == 1)) == "b"
    assert len(second.receipts) == 2


def test_the_last_write_counts(started):
    store(*started, (1, 2, "c"))
    store(*started, (1, 1, "b"))

    assert current_answers(saves_of(started[0]))[1].answer == "c"


def test_an_older_tab_is_stored_but_overwrites_nothing(started):
    store(*started, (1, 1, "b"))
    attempts.claim_tab(started[0], user_id=started[1], actor=Actor(), now=factories.NOW)
    late = store(*started, (1, 9, "a"), epoch=1)

    assert not late.writing
    assert late.receipts[0].state is SaveState.SUPERSEDED
    assert current_answers(saves_of(started[0]))[1].answer == "b"


def test_a_late_save_is_held(started, clock):
    late = store(*started, (1, 1, "b"), now=clock.forward(minutes=60, seconds=11))

    assert late.receipts[0].state is SaveState.HELD
    assert current_answers(saves_of(started[0])) == {}


def test_the_database_itself_refuses_to_change_a_save(started, session):
    store(*started, (1, 1, "b"))

    with pytest.raises(DBAPIError, match="never changed"):
        session.execute(text("UPDATE saves SET answer = NULL"))


def test_an_error_of_the_database_names_no_answer(started, session):
    store(*started, (1, 1, "b"))

    with pytest.raises(DBAPIError) as refused:
        session.execute(text("UPDATE saves SET receipt = :secret"), {"secret": "the answer is b"})

    assert "the answer is b" not in str(refused.value)
