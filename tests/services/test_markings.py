"""Marking by people: opened with the grading, blind, settled by the rules, finished together."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest
from sqlalchemy import func, select, update

from app.db import db
from app.domain.errors import DomainError
from app.models.attempts import Attempt
from app.models.marking import Marking, MarkingEvent, Script
from app.models.results import Mark
from app.services import markings, trainers
from app.services.trail import SYSTEM, Actor
from tests.factories import NOW
from tests.services import marking_scenes as desk
from tests.services.marking_scenes import CASE, SHORT


class Refused:
    def __init__(self, code):
        self._code = code

    def __enter__(self):
        self._raises = pytest.raises(DomainError)
        self._found = self._raises.__enter__()
        return self._found

    def __exit__(self, *error):
        is_raised = self._raises.__exit__(*error)
        assert self._found.value.code == self._code
        return is_raised


def test_grading_opens_two_markings_for_each_written_answer(app, session):
    desk.in_marking(app)

    rows = session.execute(select(Script.position, Marking.role, Marking.state).join(Marking))
    assert sorted(map(tuple, rows)) == [
        (1, "first", "open"),
        (1, "second", "open"),
        (2, "first", "open"),
        (2, "second", "open"),
    ]


def test_an_exam_with_single_marking_opens_one(app, session):
    desk.in_marking(app, marking={"double": False})

    assert session.scalar(select(func.count()).select_from(Marking)) == 2


def test_a_blank_answer_earns_nothing_and_needs_nobody(app, session):
    _, (attempt_id,) = desk.in_marking(app, answers={CASE: {"1": "模型"}})

    assert session.execute(select(Mark.position, Mark.points, Mark.rule)).one() == (
        1, 0, "short_answer:blank",
    )  # fmt: skip
    assert session.scalar(select(func.count()).select_from(Marking)) == 2
    assert desk.state(attempt_id) == "marking"


def test_an_empty_attempt_is_scored_at_once(app):
    _, (attempt_id,) = desk.in_marking(app, answers={})

    assert (desk.state(attempt_id), desk.results(attempt_id)) == ("scored", [(1, True, 0)])


def test_two_marks_within_the_tolerance_settle_the_answer_at_their_mean(app):
    row, _ = desk.in_marking(app)
    a, b = desk.marker(), desk.marker()

    number = desk.mark(app, row, SHORT, desk.own(20), a)
    assert desk.script(number).points is None
    desk.mark(app, row, SHORT, desk.own(26), b)

    assert (desk.script(number).points, desk.script(number).how) == (23, "mean")


def test_two_marks_too_far_apart_go_to_a_third_who_settles_them(app):
    row, _ = desk.in_marking(app)
    a, b, c = desk.marker(), desk.marker(), desk.marker()
    number = desk.mark(app, row, CASE, desk.levels(0, 0), a)
    desk.mark(app, row, CASE, desk.levels(2, 2), b)
    assert desk.script(number).points is None

    desk.mark(app, row, CASE, desk.levels(0, 0), c)

    assert desk.roles(number)[-1] == ("third", "done", 60)
    assert (desk.script(number).points, desk.script(number).how) == (60, "pair")


def test_the_third_within_the_tolerance_of_one_gives_the_mean_of_that_pair(app):
    row, _ = desk.in_marking(app)
    a, b, c = desk.marker(), desk.marker(), desk.marker()
    number = desk.mark(app, row, SHORT, desk.own(10), a)
    desk.mark(app, row, SHORT, desk.own(30), b)

    desk.mark(app, row, SHORT, desk.own("25.5"), c)

    assert (desk.script(number).points, desk.script(number).how) == (Fraction(111, 4), "pair")


def test_the_third_outside_both_leaves_it_to_the_lead(app):
    row, _ = desk.in_marking(app)
    number = desk.mark(app, row, SHORT, desk.own(0), desk.marker())
    desk.mark(app, row, SHORT, desk.own(40), desk.marker())
    desk.mark(app, row, SHORT, desk.own(20), desk.marker())

    assert desk.roles(number)[-1] == ("lead", "open", None)
    assert desk.take(row, SHORT, desk.marker()) is None


def test_the_last_settled_answer_scores_the_attempt(app):
    row, (attempt_id,) = desk.in_marking(app)
    a, b = desk.marker(), desk.marker()
    for person in (a, b):
        desk.mark(app, row, SHORT, desk.ticked(0, 1), person)
        assert desk.state(attempt_id) == "marking"
    desk.mark(app, row, CASE, desk.levels(0, 1), a)
    desk.mark(app, row, CASE, desk.levels(0, 1), b)

    assert desk.state(attempt_id) == "scored"
    assert desk.results(attempt_id) == [(1, True, 75.0)]
    rules = db.session.scalars(select(Mark.rule).order_by(Mark.position)).all()
    assert rules == ["short_answer:mean", "case:mean"]


def test_an_exam_that_releases_at_once_is_released_with_its_last_mark(app):
    row, (attempt_id,) = desk.in_marking(
        app, release="immediately", marking={"double": False, "checks": 0}
    )
    a = desk.marker()

    desk.mark(app, row, SHORT, desk.own(40), a)
    desk.mark(app, row, CASE, desk.levels(0, 0), a)

    assert desk.state(attempt_id) == "released"


def test_nobody_marks_an_answer_twice(app):
    row, _ = desk.in_marking(app)
    a = desk.marker()
    desk.mark(app, row, SHORT, desk.own(20), a)

    assert desk.take(row, SHORT, a) is None
    assert desk.take(row, SHORT, desk.marker()) is not None


def test_nobody_marks_trainees_of_their_own_or_themselves(app, session):
    row, (attempt_id,) = desk.in_marking(app)
    candidate = session.get_one(Attempt, attempt_id).user_id
    trainer = desk.marker()
    trainers.name_trainer(trainer, user_id=candidate, scheme_id="unit", actor=SYSTEM, now=NOW)

    assert desk.take(row, SHORT, trainer) is None
    assert desk.take(row, SHORT, candidate) is None


def test_who_becomes_a_trainer_meanwhile_can_no_longer_mark(app, session):
    row, (attempt_id,) = desk.in_marking(app)
    a = desk.marker()
    number = desk.take(row, SHORT, a)
    candidate = session.get_one(Attempt, attempt_id).user_id
    trainers.name_trainer(a, user_id=candidate, scheme_id="unit", actor=SYSTEM, now=NOW)

    with Refused("not-for-you"):
        desk.give(app, number, desk.own(1), a)


def test_what_is_on_the_desk_comes_before_anything_new(app):
    row, _ = desk.in_marking(app, count=2)
    a = desk.marker()

    assert desk.take(row, SHORT, a) == desk.take(row, SHORT, a)


def test_an_answer_of_somebody_else_is_not_on_the_desk(app):
    row, _ = desk.in_marking(app)
    number = desk.take(row, SHORT, desk.marker())

    with Refused("script-missing"):
        desk.give(app, number, desk.own(1), desk.marker())
    with Refused("script-missing"):
        desk.give(app, "AAAA-AAAA", desk.own(1), desk.marker())


def test_a_mark_without_a_level_or_outside_the_scale_is_refused(app):
    row, _ = desk.in_marking(app)
    a = desk.marker()
    number = desk.take(row, SHORT, a)

    with Refused("mark-incomplete"):
        desk.give(app, number, desk.Judgement({}), a)
    with Refused("points-outside"):
        desk.give(app, number, desk.own("40.5"), a)
    assert desk.roles(number)[0] == ("first", "taken", None)


def test_the_same_mark_sent_twice_is_one(app, session):
    row, _ = desk.in_marking(app)
    a = desk.marker()
    number = desk.mark(app, row, SHORT, desk.own(20), a)

    desk.give(app, number, desk.own(20), a)

    kinds = session.scalars(select(MarkingEvent.kind).order_by(MarkingEvent.id)).all()
    assert kinds == ["taken", "done"]


def test_a_mark_is_changed_on_record_until_the_answer_is_settled(app, session):
    row, _ = desk.in_marking(app)
    a = desk.marker()
    number = desk.mark(app, row, SHORT, desk.own(20), a)

    desk.give(app, number, desk.own(24), a)

    event = session.scalars(select(MarkingEvent).where(MarkingEvent.kind == "changed")).one()
    assert (event.detail["before"], event.detail["points"]) == ("20", "24")
    desk.mark(app, row, SHORT, desk.own(24), desk.marker())
    with Refused("mark-stands"):
        desk.give(app, number, desk.own(0), a)


def test_a_mark_that_a_third_follows_on_is_not_changed(app):
    row, _ = desk.in_marking(app)
    a = desk.marker()
    number = desk.mark(app, row, SHORT, desk.own(0), a)
    desk.mark(app, row, SHORT, desk.own(40), desk.marker())

    with Refused("mark-stands"):
        desk.give(app, number, desk.own(40), a)


def test_an_older_draft_never_replaces_a_newer_one(app, session):
    row, _ = desk.in_marking(app)
    a = desk.marker()
    number = desk.take(row, SHORT, a)

    def keep(points, seq):
        return markings.keep_draft(
            number, desk.own(points), seq=seq, seconds=5, actor=Actor(a), now=NOW
        )

    assert [keep(5, 2), keep(9, 1), keep(6, 3)] == [True, False, True]
    assert [keep(6, 3), keep(8, 3)] == [True, False]
    assert session.scalar(select(Marking.judgement).where(Marking.marker_id == a))["own"] == "6"
    desk.give(app, number, desk.own(7), a)
    assert not keep(1, 9)


def test_time_at_the_desk_is_never_more_than_there_was(app, session):
    row, _ = desk.in_marking(app)
    a = desk.marker()
    number = desk.take(row, SHORT, a)

    desk.give(app, number, desk.own(7), a, now=NOW + timedelta(seconds=40), seconds=9999)

    assert session.scalar(select(Marking.spent_seconds).where(Marking.marker_id == a)) == 40


def test_what_is_handed_back_goes_to_somebody_else(app, session):
    row, _ = desk.in_marking(app, marking={"double": False})
    a, b = desk.marker(), desk.marker()
    number = desk.take(row, SHORT, a)

    markings.hand_back(number, "I know the handwriting.", actor=Actor(a), now=NOW)

    assert desk.take(row, SHORT, a) is None
    assert desk.take(row, SHORT, b) == number
    event = session.scalars(select(MarkingEvent).where(MarkingEvent.kind == "handed_back")).one()
    assert event.detail["reason"] == "I know the handwriting."
    with Refused("script-missing"):
        desk.give(app, number, desk.own(1), a)


def test_handing_back_needs_a_reason(app):
    row, _ = desk.in_marking(app)
    a = desk.marker()
    number = desk.take(row, SHORT, a)

    with Refused("reason-missing"):
        markings.hand_back(number, "  ", actor=Actor(a), now=NOW)


def test_answers_of_a_void_attempt_are_not_marked(app, session):
    row, (attempt_id,) = desk.in_marking(app)
    a = desk.marker()
    number = desk.take(row, SHORT, a)
    session.execute(update(Attempt).where(Attempt.id == attempt_id).values(state="voided"))
    session.commit()

    assert desk.take(row, CASE, a) is None
    with Refused("script-missing"):
        desk.give(app, number, desk.own(1), a)


def test_events_of_a_marking_are_never_changed(app, session):
    row, _ = desk.in_marking(app)
    desk.mark(app, row, SHORT, desk.own(20), desk.marker())

    with pytest.raises(Exception, match="never changed"):
        session.execute(update(MarkingEvent).values(kind="x"))


def test_script_numbers_tell_nothing_and_are_all_different(app, session):
    desk.in_marking(app, count=5)

    numbers = session.scalars(select(Script.number)).all()
    assert len(set(numbers)) == 10
    assert all(len(number) == 9 and number[4] == "-" for number in numbers)
