"""Answer files: what is taken in, what is known, what is refused, and that twice is once."""

from __future__ import annotations

import hashlib

import pytest
from joserfc import jwe
from joserfc.jwk import ECKey, OctKey
from sqlalchemy import func, select

from app.domain.answer_files import LARGEST_FILE, AnswerFileBroken, AnswerFileTooLarge
from app.domain.receipts import receipt
from app.domain.saves import SaveState, current_answers
from app.models.attempts import Save
from app.models.audit import AuditEntry
from app.queries.saves import saves_of
from app.services import attempts
from app.services.answer_files import AnswerFileElsewhere, AnswerFileSealed
from app.services.trail import Actor
from tests import factories
from tests.services import review_scenes as late
from tests.services.scenes import KEY, right_answers


@pytest.fixture
def begun(app):
    return late.started(app)


def taken_in(app, begun, rows, **changes):
    content = late.sealed(app, late.answer_file(*begun, rows, **changes))
    return late.take_in(app, late.sitting_of(begun[0]), content)


def stored(session, attempt_id):
    return session.execute(
        select(Save.epoch, Save.seq, Save.position, Save.answer, Save.state)
        .where(Save.attempt_id == attempt_id)
        .order_by(Save.epoch, Save.seq)
    ).all()


def test_what_the_server_has_not_is_held_with_a_receipt(app, session, begun):
    report = taken_in(app, begun, late.rows_of(*begun, {1: "b", 3: True}))

    assert (report.new, report.known, report.refused, report.problems) == (2, 0, 0, ())
    assert stored(session, begun[0]) == [(1, 1, 1, "b", "held"), (1, 2, 3, True, "held")]
    row = session.scalars(select(Save).order_by(Save.id)).first()
    assert row.receipt == receipt(
        key=KEY,
        attempt_id=begun[0],
        position=1,
        epoch=1,
        seq=1,
        answer="b",
        state="held",
        received_at=late.LATE,
    )


def test_what_was_taken_in_counts_for_nothing_before_somebody_decides(app, begun):
    late.send(*begun, {1: "a"}, now=factories.NOW)

    taken_in(app, begun, late.rows_of(*begun, {1: "b"}, first=2))

    assert current_answers(saves_of(begun[0]))[1].answer == "a"


def test_the_same_file_twice_changes_nothing(app, session, begun):
    content = late.sealed(app, late.answer_file(*begun, late.rows_of(*begun, {1: "b", 2: "c"})))
    sitting_id = late.sitting_of(begun[0])
    late.take_in(app, sitting_id, content)
    before = stored(session, begun[0])

    again = late.take_in(app, sitting_id, content, now=late.LATE.replace(hour=9))

    assert (again.new, again.known, again.refused) == (0, 2, 0)
    assert stored(session, begun[0]) == before
    assert len(late.events(begun[0], "answer_file")) == 1


def test_what_had_arrived_already_is_known_and_stays_accepted(app, session, begun):
    late.send(*begun, {1: "b"}, now=factories.NOW)

    report = taken_in(app, begun, late.rows_of(*begun, {1: "b", 2: "c"}))

    assert (report.new, report.known) == (1, 1)
    assert [row.state for row in stored(session, begun[0])] == ["accepted", "held"]


def test_a_browser_that_comes_back_after_all_gets_the_receipt_of_the_file(app, begun):
    taken_in(app, begun, late.rows_of(*begun, {1: "b"}))

    saved = late.send(*begun, {1: "b", 2: "c"}, now=factories.NOW)

    assert [found.state for found in saved.receipts] == [SaveState.HELD, SaveState.ACCEPTED]


def test_a_closed_attempt_takes_a_file_too(app, session, begun):
    late.close(app, begun[0])

    report = taken_in(app, begun, late.rows_of(*begun, right_answers(begun[0])))

    assert report.new == 3
    assert late.results(begun[0])[0][2] == 0


def test_rows_of_several_windows_stay_apart(app, session, begun):
    attempt_id, user_id = begun
    attempts.claim_tab(attempt_id, user_id=user_id, actor=Actor(), now=factories.NOW)
    rows = late.rows_of(*begun, {1: "a"}) + late.rows_of(*begun, {1: "b"}, epoch=2)

    assert taken_in(app, begun, rows).new == 2
    assert [(row.epoch, row.answer) for row in stored(session, attempt_id)] == [(1, "a"), (2, "b")]


def refusals(report):
    return [(problem.place, problem.sentence) for problem in report.problems]


def test_a_row_with_a_token_that_no_window_was_given_is_refused(app, session, begun):
    good, forged, other = late.rows_of(*begun, {1: "b", 2: "c", 3: True})
    forged["token"] = "0" * 32
    other["epoch"] = 2

    report = taken_in(app, begun, [good, forged, other])

    assert (report.new, report.refused) == (1, 2)
    assert [place for place, _ in refusals(report)] == ["2", "3"]
    assert all("window" in sentence for _, sentence in refusals(report))
    assert len(stored(session, begun[0])) == 1


def test_an_answer_that_does_not_fit_its_question_is_reported_and_the_others_are_kept(
    app, session, begun
):
    report = taken_in(app, begun, late.rows_of(*begun, {1: "z", 2: ["a"], 3: True, 99: "a"}))

    assert (report.new, report.refused) == (1, 3)
    assert [place for place, _ in refusals(report)] == ["1", "2", "4"]
    assert [row.position for row in stored(session, begun[0])] == [3]


def test_a_question_of_a_part_that_was_not_open_is_refused(app, session):
    begun = late.started(app, plan=factories.IN_SECTIONS, sections=factories.SECTIONS)

    report = taken_in(app, begun, late.rows_of(*begun, {1: "b", 3: True}))

    assert (report.new, report.refused) == (1, 1)
    assert [row.position for row in stored(session, begun[0])] == [1]


def test_a_row_that_is_stored_with_another_content_changes_nothing(app, session, begun):
    late.send(*begun, {1: "b"}, now=factories.NOW)

    report = taken_in(app, begun, late.rows_of(*begun, {1: "c"}))

    assert (report.new, report.known, report.refused) == (0, 0, 1)
    assert "another content" in refusals(report)[0][1]
    assert [row.answer for row in stored(session, begun[0])] == ["b"]


def test_the_same_row_twice_in_one_file_is_one_row(app, session, begun):
    rows = late.rows_of(*begun, {1: "b"})

    report = taken_in(app, begun, [*rows, *rows, rows[0] | {"answer": "c"}])

    assert (report.new, report.known, report.refused) == (1, 1, 1)


def test_a_broken_row_is_reported_among_the_others_by_its_number(app, session, begun):
    rows = late.rows_of(*begun, {1: "z", 2: "b", 3: True})
    rows[1]["seq"] = "2"

    report = taken_in(app, begun, rows)

    assert [place for place, _ in refusals(report)] == ["1", "2 › seq"]
    assert (report.new, report.refused) == (1, 2)


def test_taking_in_a_file_is_on_record_with_its_fingerprint(app, session, begun):
    content = late.sealed(app, late.answer_file(*begun, late.rows_of(*begun, {1: "b", 2: "z"})))
    by = factories.user("proctor")

    late.take_in(app, late.sitting_of(begun[0]), content, by=by)

    (event,) = late.events(begun[0], "answer_file")
    assert event.actor_id == by
    assert event.detail == {
        "sha256": hashlib.sha256(content).hexdigest(),
        "made_at": "2026-11-02T05:00:00+00:00",
        "new": 1,
        "known": 0,
        "refused": 1,
    }
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "answer_file.taken_in")
    ).one()
    assert entry.detail["sha256"] == event.detail["sha256"]


def test_another_file_without_anything_new_is_on_record_once(app, begun):
    rows = late.rows_of(*begun, {1: "b"})
    taken_in(app, begun, rows)

    taken_in(app, begun, rows)

    assert [event.detail["new"] for event in late.events(begun[0], "answer_file")] == [1, 0]


def rows_stored(session):
    return session.scalar(select(func.count()).select_from(Save))


def test_a_file_for_another_sitting_person_or_attempt_is_refused(app, session, begun):
    attempt_id, user_id = begun
    rows = late.rows_of(*begun, {1: "b"})
    stranger = factories.user("stranger")
    wrong = [
        (late.sitting_of(attempt_id) + 1, late.answer_file(attempt_id, user_id, rows)),
        (late.sitting_of(attempt_id), late.answer_file(attempt_id, stranger, rows)),
        (late.sitting_of(attempt_id), late.answer_file(attempt_id + 1, user_id, rows)),
    ]

    for sitting_id, file in wrong:
        with pytest.raises(AnswerFileElsewhere):
            late.take_in(app, sitting_id, late.sealed(app, file))

    assert rows_stored(session) == 0


def test_a_file_for_another_server_cannot_be_opened(app, session, begun):
    key = ECKey.generate_key("P-256", private=True)
    header = {"alg": "ECDH-ES", "enc": "A256GCM"}

    with pytest.raises(AnswerFileSealed):
        late.take_in(app, 1, jwe.encrypt_compact(header, b"{}", key).encode())


def damaged(content):
    """Every kind of damage that a file can take on its way."""
    head, _, rest = content.partition(b".")
    yield from (b"", b".", b"....", b"\xff" * 50, head, b"{}." + rest, rest)
    yield content[:-1] + (b"A" if content[-1:] != b"A" else b"B")
    yield content[:-30]
    yield content.replace(b"..", b".AAAA.")


def test_a_damaged_file_is_refused_in_a_sentence(app, begun):
    content = late.sealed(app, late.answer_file(*begun, late.rows_of(*begun, {1: "b"})))

    for broken in damaged(content):
        with pytest.raises(AnswerFileSealed):
            late.take_in(app, late.sitting_of(begun[0]), broken)


@pytest.mark.parametrize("header", [{"zip": "DEF"}, {"enc": "A128GCM"}, {"alg": "ECDH-ES+A256KW"}])
def test_no_other_envelope_is_opened(app, begun, header):
    content = late.sealed(app, b"{}", **header)

    with pytest.raises(AnswerFileSealed):
        late.take_in(app, late.sitting_of(begun[0]), content)


def test_an_envelope_with_a_password_is_not_opened(app):
    header = {"alg": "dir", "enc": "A256GCM"}
    content = jwe.encrypt_compact(header, b"{}", OctKey.generate_key(256)).encode()

    with pytest.raises(AnswerFileSealed):
        late.take_in(app, 1, content)


def test_what_is_no_answer_file_inside_its_envelope_is_refused(app, begun):
    with pytest.raises(AnswerFileBroken):
        late.take_in(app, late.sitting_of(begun[0]), late.sealed(app, b'{"format": "x"}'))


def test_a_large_file_is_taken_in_and_a_larger_one_refused(app, session, begun):
    rows = [
        row
        for first in range(1, 4000, 3)
        for row in late.rows_of(*begun, {1: "b", 2: "c", 3: True}, first=first)
    ]
    content = late.sealed(app, late.answer_file(*begun, rows))
    assert 600_000 < len(content) <= LARGEST_FILE

    report = late.take_in(app, late.sitting_of(begun[0]), content)

    assert report.new == len(rows) == rows_stored(session)
    with pytest.raises(AnswerFileTooLarge):
        late.take_in(app, late.sitting_of(begun[0]), b"x" * (LARGEST_FILE + 1))


def test_taking_in_costs_as_many_statements_for_many_rows_as_for_few(app, statements, begun):
    costs = []
    for first, count in ((1, 1), (10, 100)):
        rows = [
            row for n in range(count) for row in late.rows_of(*begun, {1: "b"}, first=first + n)
        ]
        content = late.sealed(app, late.answer_file(*begun, rows))
        statements.clear()
        late.take_in(app, late.sitting_of(begun[0]), content)
        costs.append(len(statements))

    assert costs[0] == costs[1]
