"""Dossiers of attempts that were released, scored again and appealed: complete, and they check."""

from __future__ import annotations

import copy

import pytest

from app.domain.appeals import AppealOutcome
from app.domain.dossiers import form
from app.domain.dossiers.checks import check
from app.domain.dossiers.findings import Level, Subject, Verdict
from app.domain.permissions import Role
from app.domain.rescores import Act
from app.services import appeals, dossiers
from app.services.trail import Actor
from tests import factories
from tests.services import result_scenes, scenes
from tests.services.result_scenes import LATER


@pytest.fixture
def scene(app):
    """(attempt with its second question wrong, teacher, certifier), released."""
    sitting_id = factories.sitting(result_scenes.exam())
    attempt_id = result_scenes.sat(app, sitting_id, "one", right=(1, 3))
    hr, certifier = result_scenes.staff()
    result_scenes.release(app, sitting_id, hr, certifier)
    return attempt_id, factories.user("teacher", Role.INSTRUCTOR), certifier


def export(app, attempt_id):
    return dossiers.export(
        attempt_id,
        reason="appeal",
        kind="json",
        signer=scenes.signer(app),
        actor=Actor(),
        now=LATER,
    )


def verdict(app, exported):
    return dossiers.verify(
        exported.content, signer=scenes.signer(app), receipt_key=scenes.KEY
    ).verdict


@pytest.mark.parametrize(
    ("act", "key"), [(Act.REKEY, ["a"]), (Act.CREDIT_ALL, None), (Act.DROP, None)]
)
def test_a_result_that_was_scored_again_still_follows_from_the_record(app, scene, act, key):
    attempt_id, teacher, certifier = scene
    people = {"proposer": teacher, "decider": certifier}
    result_scenes.rescored(app, attempt_id, 2, act, key=key, **people)

    exported = export(app, attempt_id)

    (told,) = exported.dossier["rescores"]
    assert (told["act"], told["proposed_by"], told["decided_by"]) == (act, teacher, certifier)
    assert verdict(app, exported) is Verdict.GENUINE


def test_without_the_re_score_the_marks_would_not_follow(app, scene):
    attempt_id, teacher, certifier = scene
    result_scenes.rescored(app, attempt_id, 2, Act.CREDIT_ALL, proposer=teacher, decider=certifier)
    dossier = copy.deepcopy(dict(export(app, attempt_id).dossier))
    dossier["rescores"] = []

    found = check(dossier, signed=form.statement(dossier), key=scenes.KEY)

    assert Subject.MARKS in {one.subject for one in found if one.level is Level.BROKEN}


def test_release_and_appeal_are_in_it_with_everybody_who_decided(app, scene):
    attempt_id, _, certifier = scene
    appeal_id = result_scenes.appeal(app, attempt_id, text="请复核")
    handler = factories.user("handler", Role.HR, name="复核员")
    appeals.take(appeal_id, actor=Actor(handler), now=LATER)
    appeals.answer(
        appeal_id,
        outcome=AppealOutcome.REJECTED,
        letter={"zh": "维持原成绩"},
        notes={"sums": "无误"},
        letterhead=result_scenes.letterhead(app),
        actor=Actor(handler),
        now=LATER,
    )

    dossier = export(app, attempt_id).dossier

    (release,), (appeal,) = dossier["releases"], dossier["appeals"]
    assert (release["state"], release["decided_by"]) == ("approved", certifier)
    assert (appeal["text"], appeal["handler"]) == ("请复核", handler)
    assert appeal["letter"]["zh"] == "维持原成绩"
    named = {person["id"] for person in dossier["people"]}
    assert {handler, certifier, release["proposed_by"]} <= named
    kinds = {event["kind"] for event in dossier["events"]}
    assert {"release", "appeal_filed", "appeal_assigned", "appeal_answered"} <= kinds
