"""The save path over HTTP: what is refused, what is kept unchanged, and what it costs."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from app.models.attempts import AttemptEvent, Save
from tests import factories
from tests.factories import log_in
from tests.services import scenes

PLAN = [
    {"module": "planning", "type": "single", "count": 1, "points": 50.0},
    {"module": "planning", "type": "fill_in", "count": 1, "points": 50.0},
]


class Tab:
    """A browser tab in a running exam: position 1 is a choice, position 2 a gap."""

    def __init__(self, client, attempt_id):
        self.client, self.attempt_id = client, attempt_id
        self.claimed = client.post(f"/attempts/{attempt_id}/tab").json
        self.url = f"/attempts/{attempt_id}/saves"

    def batch(self, *saves, **changes):
        items = [{"position": p, "seq": seq, "answer": answer} for p, seq, answer in saves]
        own = {"token": self.claimed["token"], "epoch": self.claimed["epoch"], "saves": items}
        return own | changes

    def save(self, *saves, **changes):
        return self.client.post(self.url, json=self.batch(*saves, **changes))

    def send(self, body):
        return self.client.post(self.url, data=body, content_type="application/json")

    def answers(self):
        found = self.client.post(f"/attempts/{self.attempt_id}/tab").json["answers"]
        return {int(position): save["answer"] for position, save in found.items()}


@pytest.fixture
def tab(app, client):
    factories.syllabus()
    factories.bank(scenes.every_type())
    attempt_id = factories.attempt(app, factories.user(), plan=PLAN, papers=1, attempts=1)
    return Tab(log_in(client), attempt_id)


def rows(session):
    return session.scalar(select(func.count()).select_from(Save))


def test_a_save_is_answered_with_its_receipt_and_the_time_left(tab):
    saved = tab.save((1, 1, "a"))

    assert saved.status_code == 200
    assert saved.json["remaining_ms"] == 60 * 60 * 1000
    (receipt,) = saved.json["receipts"]
    assert (receipt["position"], receipt["seq"], receipt["state"]) == (1, 1, "accepted")
    assert set(saved.json) == {"receipts", "remaining_ms", "tab", "attempt", "section", "notices"}


DEEP = '{"answer":' + "[" * 100_000


NOT_A_BATCH = ["", "{", "[]", "null", '"x"', "\xff", DEEP, '{"saves": 1}']


def test_what_is_not_a_batch_is_refused(tab, session):
    for body in NOT_A_BATCH:
        response = tab.send(body)

        assert (response.status_code, response.json["code"]) == (400, "broken-batch"), body[:20]
        assert response.json["message"]
    assert rows(session) == 0


ITEM = {"position": 1, "seq": 1, "answer": "a"}


BROKEN_ITEMS = [
    None,
    [],
    {},
    {"position": 1, "seq": 1},
    ITEM | {"position": "1"},
    ITEM | {"position": True},
    ITEM | {"seq": -1},
    ITEM | {"seq": 2**31},
    ITEM | {"seq": 1.5},
    ITEM | {"flagged": "yes"},
    ITEM | {"spent_ms": None},
]


def test_a_broken_save_refuses_the_whole_batch(tab, session):
    for item in BROKEN_ITEMS:
        response = tab.save(saves=[ITEM | {"seq": 9}, item])

        assert (response.status_code, response.json["code"]) == (400, "broken-batch"), item
    assert rows(session) == 0


UNFIT = [
    (3, "a"),
    (0, "a"),
    (1, "e"),
    (1, ["a"]),
    (1, 1),
    (1, "a\x00"),
    (2, "词"),
    (2, ["词", "词"]),
    (2, ["\x00"]),
    (2, [None]),
    (2, ["x" * 20_001]),
    (2, {"1": "词"}),
]


def test_an_answer_that_does_not_fit_the_question_is_refused(tab, session):
    for position, answer in UNFIT:
        response = tab.save((1, 1, "a"), (position, 2, answer))

        assert (response.status_code, response.json["code"]) == (400, "invalid-answer"), answer
        assert response.json["message"]
    assert rows(session) == 0


def test_half_an_emoji_becomes_a_sign_that_can_be_kept(tab):
    tab.save((2, 1, ["\ud83d"]))

    assert tab.answers() == {2: ["\ufffd"]}


@pytest.mark.parametrize("change", [{"token": None}, {"epoch": None}, {"token": "x" * 201}])
def test_a_batch_that_does_not_say_who_it_is_is_refused(tab, change):
    assert tab.save((1, 1, "a"), **change).json["code"] == "broken-batch"


@pytest.mark.parametrize("change", [{"token": "0" * 32}, {"token": "\ud800"}, {"epoch": 2}])
def test_a_token_that_was_not_given_to_the_tab_saves_nothing(tab, session, change):
    response = tab.save((1, 1, "a"), **change)

    assert (response.status_code, response.json["code"]) == (403, "tab-unknown")
    assert rows(session) == 0


def test_five_megabytes_are_too_large(tab, session):
    response = tab.save((2, 1, ["x" * 5_000_000]))

    assert (response.status_code, response.json["code"]) == (413, "http-413")
    assert rows(session) == 0


def test_more_than_two_hundred_saves_are_too_many(tab, session):
    items = [(2, seq, [str(seq)]) for seq in range(201)]

    assert tab.save(*items[:200]).status_code == 200
    response = tab.save(*items)

    assert (response.status_code, response.json["code"]) == (413, "batch-too-large")
    assert rows(session) == 200


@pytest.mark.parametrize("typed", ["😀👩‍👩‍👧", "䶮𬭎", "é", "a\u202eb", "<script>'\"", "\u3000"])
def test_what_was_typed_is_stored_and_returned_unchanged(tab, typed):
    tab.save((2, 1, [typed]))

    assert tab.answers() == ({2: [typed]} if typed.strip() else {2: None})


def test_the_same_save_again_gets_the_same_receipt(tab, clock):
    first = tab.save((1, 1, "a"))
    clock.forward(seconds=9)

    again = tab.save((1, 1, "b"))

    assert again.json["receipts"] == first.json["receipts"]
    assert tab.answers() == {1: "a"}


def test_a_heartbeat_says_how_much_time_is_left(tab, clock):
    left = []
    for _ in range(2):
        clock.forward(minutes=25)
        left.append(tab.save().json["remaining_ms"])

    assert left == [35 * 60 * 1000, 10 * 60 * 1000]


def test_the_older_tab_is_told_that_it_is_read_only(tab):
    Tab(tab.client, tab.attempt_id)

    saved = tab.save((1, 1, "a")).json

    assert (saved["tab"], saved["receipts"][0]["state"]) == ("read_only", "superseded")


def test_a_save_after_the_end_is_held_and_the_attempt_is_over(tab, clock):
    clock.forward(minutes=25)
    tab.save()
    clock.forward(minutes=25)
    tab.save()
    clock.forward(minutes=10, seconds=11)

    saved = tab.save((1, 1, "a")).json

    assert (saved["attempt"], saved["receipts"][0]["state"]) == ("expired", "held")


def test_an_ended_log_in_is_told_in_json(tab):
    tab.client.post("/logout")

    response = tab.save((1, 1, "a"))

    assert (response.status_code, response.json) == (401, {"code": "signed-out"})


def test_saving_keeps_the_log_in_alive(tab, clock):
    for seq in range(4):
        clock.forward(minutes=14)
        assert tab.save((1, seq, "a")).status_code == 200


EVENT = {"kind": "window_left", "at_ms": 5, "detail": {"seconds": 3}}


def test_signals_are_kept_and_others_are_not(tab, session):
    tab.save(events=[EVENT, EVENT | {"kind": "release"}])

    kinds = session.scalars(select(AttemptEvent.kind)).all()
    assert kinds.count("window_left") == 1
    assert "release" not in kinds


@pytest.mark.parametrize(
    "detail",
    [
        {"now": 1, "actor": 1},
        {"a\x00": 1},
        {"\ud800": 1},
        {"x": float("nan")},
        {"x": float("inf")},
        {"x": 10**400},
    ],
)
def test_a_signal_with_nonsense_in_it_stops_no_answer(tab, session, detail):
    body = json.dumps(tab.batch((1, 1, "a"), events=[EVENT | {"detail": detail}]))

    assert tab.send(body).status_code == 200
    assert rows(session) == 1


@pytest.fixture
def commits():
    seen = []

    def note(session):
        seen.append(session)

    event.listen(Session, "after_commit", note)
    yield seen
    event.remove(Session, "after_commit", note)


@pytest.mark.parametrize("earlier", [1, 300])
def test_a_save_is_three_statements_and_one_commit_however_many_came_before(
    tab, statements, commits, earlier
):
    for start in range(0, earlier, 150):
        tab.save(*((2, seq, ["词"]) for seq in range(start, min(start + 150, earlier))))
    statements.clear()
    commits.clear()

    tab.save((1, 5000, "a"), (2, 5001, ["词"]))

    assert len(statements) == 3, statements
    assert len(commits) == 1


def test_a_heartbeat_is_two_statements(tab, statements):
    tab.save()
    statements.clear()

    tab.save()

    assert len(statements) == 2, statements


def test_nobody_saves_after_handing_in(tab):
    tab.client.post(f"/attempts/{tab.attempt_id}/submit")

    saved = tab.save((1, 1, "a")).json

    assert (saved["attempt"], saved["receipts"][0]["state"]) == ("released", "held")
