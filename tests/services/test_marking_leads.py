"""Lead markers: disputes decided, marks read again, work handed out, check scripts."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from app.domain.errors import DomainError
from app.domain.permissions import Role
from app.models.attempts import Attempt
from app.models.audit import AuditEntry
from app.models.marking import Marking, MarkingComment, Script
from app.models.results import Mark, Result
from app.queries.dossiers import dossier_of
from app.queries.marking_progress import progress_by_exam, stuck_attempts
from app.services import check_scripts, marking_comments, marking_leads, trainers
from app.services.marking_healing import heal
from app.services.trail import SYSTEM, Actor
from tests.factories import NOW
from tests.services import marking_scenes as desk
from tests.services import review_scenes, scenes
from tests.services.marking_scenes import CASE, SHORT


def code_of(call, *args, **kwargs):
    with pytest.raises(DomainError) as found:
        call(*args, **kwargs)
    return found.value.code


def lead():
    return desk.marker(role=Role.LEAD_MARKER)


def decide(app, number, judgement, by, *, reason="Both overlooked the second task."):
    return marking_leads.decide(
        number, judgement, reason=reason, signer=scenes.signer(app), actor=Actor(by), now=NOW
    )


def disputed(app, row, position=SHORT):
    """An answer on which three markers cannot agree; its number and they."""
    people = [desk.marker() for _ in range(3)]
    for person, points in zip(people, (0, 40, 20), strict=True):
        number = desk.mark(app, row, position, desk.own(points), person)
    return number, people


def settled(app, row, position=SHORT):
    people = [desk.marker(), desk.marker()]
    for person in people:
        number = desk.mark(app, row, position, desk.own(20), person)
    return number, people


def audited(session, action):
    return session.scalars(select(AuditEntry.detail).where(AuditEntry.action == action)).all()


def test_the_lead_decides_what_three_cannot_agree_on(app, session):
    row, _ = desk.in_marking(app)
    number, _ = disputed(app, row)

    decide(app, number, desk.own(25), lead())

    assert (desk.script(number).points, desk.script(number).how) == (25, "lead")
    assert audited(session, "marking.decided")[0]["points"] == "25"


def test_who_has_marked_an_answer_does_not_decide_about_it(app):
    row, _ = desk.in_marking(app)
    number, (first, *_) = disputed(app, row)

    assert code_of(decide, app, number, desk.own(25), first) == "not-for-you"


def test_who_trained_the_candidate_does_not_decide(app, session):
    row, (attempt_id,) = desk.in_marking(app)
    number, _ = disputed(app, row)
    boss = lead()
    candidate = session.get_one(Attempt, attempt_id).user_id
    trainers.name_trainer(boss, user_id=candidate, scheme_id="unit", actor=SYSTEM, now=NOW)

    assert code_of(decide, app, number, desk.own(25), boss) == "not-for-you"


def test_a_decision_needs_a_reason(app):
    row, _ = desk.in_marking(app)
    number, _ = disputed(app, row)

    assert code_of(decide, app, number, desk.own(25), lead(), reason=" ") == "reason-missing"


def test_the_lead_decides_again_and_the_first_decision_is_kept(app, session):
    row, _ = desk.in_marking(app)
    number, _ = disputed(app, row)
    decide(app, number, desk.own(25), lead())

    decide(app, number, desk.own(30), lead())

    assert desk.script(number).points == 30
    states = [state for role, state, _ in desk.roles(number) if role == "lead"]
    assert states == ["superseded", "done"]


def test_a_mark_found_wrong_before_the_release_makes_a_new_version_of_the_result(app):
    row, (attempt_id,) = desk.in_marking(app)
    number, people = settled(app, row)
    for person in people:
        desk.mark(app, row, CASE, desk.levels(1, 1), person)
    assert desk.results(attempt_id) == [(1, True, 50)]

    decide(app, number, desk.own(30), lead())

    assert desk.results(attempt_id) == [(1, False, 50), (2, True, 60)]


def test_after_the_release_marking_changes_nothing_any_more(app):
    row, (attempt_id,) = desk.in_marking(app, release="immediately")
    number, people = settled(app, row)
    for person in people:
        desk.mark(app, row, CASE, desk.levels(1, 1), person)

    assert code_of(decide, app, number, desk.own(30), lead()) == "after-release"
    assert desk.results(attempt_id) == [(1, True, 50)]


def test_a_decision_withdraws_what_is_still_to_be_done(app):
    row, _ = desk.in_marking(app)
    number = desk.mark(app, row, SHORT, desk.own(20), desk.marker())
    late = desk.marker()
    desk.take(row, SHORT, late)

    decide(app, number, desk.own(10), lead())

    assert desk.script(number).points == 10
    assert code_of(desk.give, app, number, desk.own(1), late) == "script-missing"


def test_reading_again_is_noted_once(app, session):
    row, _ = desk.in_marking(app)
    number, _ = settled(app, row)

    marking_leads.agree(number, actor=Actor(lead()), now=NOW)

    assert desk.roles(number)[-1] == ("back_read", "done", 20)
    assert audited(session, "marking.read_again") == [{}]
    again = code_of(marking_leads.agree, number, actor=Actor(lead()), now=NOW)
    assert again == "nothing-to-read-again"


def open_ids(session, row):
    return session.scalars(
        select(Marking.id).where(Marking.exam_id == row.id, Marking.state != "done")
    ).all()


def hand_out(ids, people, **changes):
    return marking_leads.hand_out(
        ids, people, **{"reason": "Evenly.", "seed": 1, "actor": Actor(), "now": NOW, **changes}
    )


def test_work_is_handed_out_evenly_and_kept_for_whom_it_is(app, session):
    row, _ = desk.in_marking(app, count=3)
    a, b, c = desk.marker(), desk.marker(), desk.marker()

    assert hand_out(open_ids(session, row), [a, b]) == 12

    assert desk.take(row, SHORT, c) is None
    assert desk.take(row, SHORT, a) is not None
    kept = session.scalars(select(Marking.marker_id)).all()
    assert (kept.count(a), kept.count(b)) == (6, 6)
    assert len(audited(session, "marking.handed_out")[0]["given"]) == 12


def test_what_lies_on_a_desk_is_taken_from_it(app, session):
    row, _ = desk.in_marking(app, marking={"double": False})
    a, b = desk.marker(), desk.marker()
    number = desk.take(row, SHORT, a)
    ids = session.scalars(select(Marking.id).where(Marking.marker_id == a)).all()

    hand_out(ids, [b])

    assert code_of(desk.give, app, number, desk.own(1), a) == "script-missing"
    assert desk.take(row, SHORT, b) == number


def test_trainers_get_nothing_of_their_trainees(app, session):
    row, (attempt_id,) = desk.in_marking(app)
    a = desk.marker()
    candidate = session.get_one(Attempt, attempt_id).user_id
    trainers.name_trainer(a, user_id=candidate, scheme_id="unit", actor=SYSTEM, now=NOW)

    assert code_of(hand_out, open_ids(session, row), [a]) == "nothing-to-hand-out"


def test_work_goes_to_people_who_mark(app, session):
    row, _ = desk.in_marking(app)
    hr = desk.marker(role=Role.HR)

    assert code_of(hand_out, open_ids(session, row), [hr]) == "not-a-marker"
    assert code_of(hand_out, open_ids(session, row), []) == "not-a-marker"


def check_script(row, by, *, points="20", answer="先沟通。", position=SHORT):
    return check_scripts.make(
        row.id,
        desk.version_of(row, position),
        answer,
        points=points,
        reason="One point of three.",
        actor=Actor(by),
        now=NOW,
    )


def test_a_check_script_comes_once_approved_by_another_and_settles_nothing(app, session):
    row, _ = desk.in_marking(app, marking={"checks": 0.5})
    maker, other, a = lead(), lead(), desk.marker()
    number = check_script(row, maker)
    assert code_of(check_scripts.approve, number, actor=Actor(maker), now=NOW) == (
        "own-check-script"
    )
    check_scripts.approve(number, actor=Actor(other), now=NOW)

    taken = [desk.mark(app, row, SHORT, desk.own(12), a) for _ in range(2)]

    assert number in taken
    assert desk.roles(number) == [("check", "done", 12)]
    assert desk.script(number).points is None
    assert desk.take(row, SHORT, a) is None
    assert code_of(decide, app, number, desk.own(1), lead()) == "script-missing"


def test_who_made_or_approved_a_check_script_never_gets_it(app):
    row, _ = desk.in_marking(app, count=3, marking={"checks": 0.5})
    maker, other = lead(), lead()
    number = check_script(row, maker)
    check_scripts.approve(number, actor=Actor(other), now=NOW)

    for person in (maker, other):
        taken = {desk.mark(app, row, SHORT, desk.own(12), person) for _ in range(3)}
        assert number not in taken


def test_a_check_script_needs_an_answer_points_and_a_question_that_is_marked(app):
    row, _ = desk.in_marking(app)

    assert code_of(check_script, row, lead(), answer=" ") == "answer-missing"
    assert code_of(check_script, row, lead(), points="41") == "points-outside"
    assert code_of(check_script, row, lead(), answer={"9": "x"}, position=CASE) == "invalid-answer"


def test_a_check_script_out_of_use_is_handed_out_no_more(app):
    row, _ = desk.in_marking(app, count=3, marking={"checks": 0.5})
    number = check_script(row, lead())
    check_scripts.approve(number, actor=Actor(lead()), now=NOW)
    check_scripts.retire(number, actor=Actor(lead()), now=NOW)
    a = desk.marker()

    assert number not in {desk.mark(app, row, SHORT, desk.own(1), a) for _ in range(3)}


def test_the_comment_bank_keeps_a_sentence_once_and_its_writer_takes_it_out(app, session):
    row, _ = desk.in_marking(app)
    a, b = desk.marker(), desk.marker()
    version = desk.version_of(row, SHORT)
    for _ in range(2):
        marking_comments.add(row.id, version, " 缺第二点。 ", actor=Actor(a), now=NOW)
    (comment_id,) = session.scalars(select(MarkingComment.id)).all()

    call = {"is_lead": False, "now": NOW}
    assert code_of(marking_comments.retire, comment_id, actor=Actor(b), **call) == (
        "comment-missing"
    )
    marking_comments.retire(comment_id, actor=Actor(a), **call)

    assert session.scalar(select(MarkingComment.retired_at)) == NOW


def test_a_late_answer_that_is_accepted_is_marked_anew(app, session):
    row, (attempt_id,) = desk.in_marking(app)
    user_id = session.get_one(Attempt, attempt_id).user_id
    number, _ = settled(app, row)
    review_scenes.send(
        attempt_id, user_id, {SHORT: "再加上考核。"}, now=review_scenes.LATE, first=50
    )

    review_scenes.decide(app, attempt_id)

    script = desk.script(number)
    assert (script.answer, script.round, script.points) == ("再加上考核。", 2, None)
    assert desk.roles(number) == [("first", "open", None), ("second", "open", None)]
    session.expire_all()
    assert desk.state(attempt_id) == "marking"


def test_a_late_answer_to_a_scored_attempt_makes_a_new_version_once_it_is_marked(app, session):
    _, (attempt_id,) = desk.in_marking(app, answers={})
    user_id = session.get_one(Attempt, attempt_id).user_id
    review_scenes.send(attempt_id, user_id, {SHORT: "沟通"}, now=review_scenes.LATE)
    review_scenes.decide(app, attempt_id)
    row = desk.exam_of(attempt_id)

    for person in (desk.marker(), desk.marker()):
        desk.mark(app, row, SHORT, desk.own(10), person)

    assert desk.results(attempt_id) == [(1, False, 0), (2, True, 10)]
    assert desk.state(attempt_id) == "scored"


def test_an_attempt_that_waited_before_is_put_to_the_markers(app, session):
    _, (attempt_id,) = desk.in_marking(app)
    session.query(Marking).delete()
    session.query(Script).delete()
    session.commit()
    assert list(stuck_attempts()) == [attempt_id]

    assert not heal(attempt_id, signer=scenes.signer(app), now=NOW)

    assert len(session.scalars(select(Marking.id)).all()) == 4
    assert list(stuck_attempts()) == []


def test_an_attempt_with_every_mark_that_was_not_finished_is_healed_once(app, session):
    row, (attempt_id,) = desk.in_marking(app)
    people = [desk.marker(), desk.marker()]
    for person in people:
        desk.mark(app, row, SHORT, desk.own(20), person)
        desk.mark(app, row, CASE, desk.levels(0, 0), person)
    session.execute(update(Attempt).where(Attempt.id == attempt_id).values(state="marking"))
    session.execute(update(Script).values(points=None, how=None, settled_at=None))
    session.commit()
    session.expire_all()
    session.query(Result).delete()
    session.query(Mark).delete()
    session.commit()
    assert list(stuck_attempts()) == [attempt_id]

    assert heal(attempt_id, signer=scenes.signer(app), now=NOW)
    assert not heal(attempt_id, signer=scenes.signer(app), now=NOW)

    assert desk.results(attempt_id) == [(1, True, 80)]


def test_progress_counts_answers_open_markings_and_disputes(app):
    row, _ = desk.in_marking(app)
    disputed(app, row)

    (found,) = progress_by_exam()

    assert (found.scripts, found.settled, found.open, found.disputes, found.attempts) == (
        2, 0, 3, 1, 1,
    )  # fmt: skip


def test_a_dossier_has_every_marking_with_its_log_and_the_markers_names(app):
    row, (attempt_id,) = desk.in_marking(app)
    number, people = settled(app, row)

    dossier = dossier_of(
        attempt_id,
        made={"at": NOW.isoformat(), "by": None, "reason": "x"},
        time_zone="Asia/Shanghai",
    )

    first = dossier["markings"][0]
    assert (first["script"], first["role"], first["points"], first["marker"]) == (
        number, "first", "20", people[0],
    )  # fmt: skip
    assert [event["kind"] for event in first["events"]] == ["taken", "done"]
    assert set(people) <= {person["id"] for person in dossier["people"]}
