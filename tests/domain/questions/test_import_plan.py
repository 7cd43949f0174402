"""What an import would make of each question of a file."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given

from app.domain.questions.import_plan import BankView, Existing, Outcome, digest, plan
from app.domain.questions.import_reading import ImportOptions, fingerprint, prepare
from app.domain.questions.import_runs import ReportLine, counts_of
from app.domain.questions.kinds import Pool, QuestionState
from app.domain.questions.lifecycle import REVIEWED
from tests.domain.strategies import questions
from tests.factories import content

PICTURE = "a" * 64 + ".png"


@dataclass(frozen=True)
class Offered:
    raw: dict
    place: str = "row 2"
    notes: tuple = ()


def raw(id_="", **changes):
    """A whole single choice as a file says it, without an id."""
    found = content().dump() | changes
    del found["id"]
    return {"id": id_, **found} if id_ else found


def without(key, **changes):
    found = raw(**changes)
    del found[key]
    return found


NOTHING = ImportOptions()


def lines(*raws, options=NOTHING, **bank):
    view = BankView(**{"points": frozenset({"PL14", "PL15"}), **bank})
    offered = [Offered(given, f"row {number}") for number, given in enumerate(raws, start=2)]
    return plan([prepare(one, options) for one in offered], view)


def line(given, **bank):
    (found,) = lines(given, **bank)
    return found


def known(question, *, pool=Pool.PRACTICE, state=QuestionState.DRAFT, is_open=False, version=3):
    return Existing(pool, state, version, frozenset({question.content_hash()}), is_open)


def said(found):
    return [str(problem) for problem in found.reasons]


def test_a_question_without_an_id_is_new_and_gets_one_later():
    found = line(raw())

    assert (found.outcome, found.question_id) == (Outcome.NEW, "")


def test_a_question_keeps_the_id_that_the_file_gives_it():
    found = line(raw("PL14-07"))

    assert (found.outcome, found.question_id) == (Outcome.NEW, "PL14-07")


def test_an_id_that_belongs_to_another_point_is_replaced_and_the_line_says_so():
    found = line(raw("PL15-07"))

    assert (found.outcome, found.question_id) == (Outcome.NEW, "")
    assert "PL15-07" in said(found)[0]


def test_the_id_of_another_program_is_left_out_and_noted():
    found = line(raw("moodle-17"))

    assert (found.outcome, found.question_id) == (Outcome.NEW, "")
    assert "moodle-17" in str(found.candidate.notes[0])


def test_what_the_bank_has_as_it_is_stays_unchanged():
    question = content("PL14-07")

    found = line(question.dump(), questions={"PL14-07": known(question)})

    assert (found.outcome, found.question_id) == (Outcome.UNCHANGED, "PL14-07")


def test_what_the_bank_has_otherwise_becomes_a_new_version():
    before = known(content("PL14-07", difficulty=5))

    found = line(content("PL14-07").dump(), questions={"PL14-07": before})

    assert (found.outcome, found.question_id, found.version) == (Outcome.VERSION, "PL14-07", 3)


@pytest.mark.parametrize("state", QuestionState)
def test_a_new_version_says_that_a_review_begins_anew(state):
    before = known(content("PL14-07", difficulty=5), state=state)

    found = line(content("PL14-07").dump(), questions={"PL14-07": before})

    if state is not QuestionState.RETIRED:
        assert found.outcome is Outcome.VERSION
        assert ["begins anew" in one for one in said(found)] == [True] * (state in REVIEWED)


def test_a_question_that_went_into_its_review_since_makes_another_plan():
    given = content("PL14-07").dump()

    digests = {
        digest(lines(given, questions={"PL14-07": known(content("PL14-07", difficulty=5), **at)}))
        for at in ({}, {}, {"state": QuestionState.PILOT}, {"version": 4})
    }

    assert len(digests) == 3


def test_a_question_never_changes_its_pool():
    before = known(content("PL14-07"), pool=Pool.EXAM)

    found = line(content("PL14-07").dump(), questions={"PL14-07": before})

    assert found.outcome is Outcome.REFUSED
    assert "other pool" in said(found)[0]


def test_a_question_never_stands_in_both_pools():
    alike = {fingerprint(content().dump()): {Pool.EXAM: "PL14-51"}}

    found = line(raw(), alike=alike)

    assert found.outcome is Outcome.REFUSED
    assert "PL14-51" in said(found)[0]


def test_a_question_that_the_bank_has_under_an_id_of_its_own_is_not_made_again():
    alike = {fingerprint(content().dump()): {Pool.PRACTICE: "PL14-01"}}

    found = line(raw(), alike=alike)

    assert (found.outcome, found.question_id) == (Outcome.UNCHANGED, "PL14-01")


def test_a_retired_question_stays_as_it_is():
    before = known(content("PL14-07", difficulty=5), state=QuestionState.RETIRED)

    found = line(content("PL14-07").dump(), questions={"PL14-07": before})

    assert found.outcome is Outcome.REFUSED


def test_unsaved_work_of_the_importer_is_not_overtaken():
    before = known(content("PL14-07", difficulty=5), is_open=True)

    found = line(content("PL14-07").dump(), questions={"PL14-07": before})

    assert found.outcome is Outcome.REFUSED
    assert "unsaved" in said(found)[0]


def test_the_same_question_twice_in_a_file_is_taken_once():
    first, second = lines(raw(), raw())

    assert (first.outcome, second.outcome) == (Outcome.NEW, Outcome.REFUSED)
    assert "row 2" in said(second)[0]


def test_the_same_id_twice_in_a_file_is_taken_once():
    first, second = lines(raw("PL14-07"), raw("PL14-07", difficulty=5))

    assert (first.outcome, second.outcome) == (Outcome.NEW, Outcome.REFUSED)


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        (raw(stem={"zh": "题干", "en": ""}), "stem"),
        (without("explanation"), "explanation"),
        (without("level"), "level"),
        (without("points"), "points"),
        (without("source"), "source"),
    ],
)
def test_what_only_lacks_a_translation_or_a_label_is_kept_as_a_draft(given, missing):
    found = line(given)

    assert found.outcome is Outcome.UNFINISHED
    assert all(problem.place.startswith(f"row 2 › {missing}") for problem in found.reasons)


@pytest.mark.parametrize(
    "given",
    [
        without("stem"),
        without("options"),
        raw(stem={"zh": "", "en": ""}),
        raw(level="hard"),
        raw(difficulty=9),
        raw(options=[{"zh": "甲", "en": "first"}, {"zh": "乙", "en": "second"}]),
        raw(points=["ZZ99"]),
        raw(stem={"zh": f"![](medium:{PICTURE})", "en": "picture"}),
    ],
)
def test_what_is_wrong_is_refused_with_its_reasons(given):
    found = line(given)

    assert found.outcome is Outcome.REFUSED
    assert said(found)


def test_a_picture_that_is_in_the_file_or_in_the_bank_will_do():
    found = line(raw(stem={"zh": f"![](medium:{PICTURE})", "en": "x"}), media=frozenset({PICTURE}))

    assert found.outcome is Outcome.NEW


@pytest.mark.parametrize("key", ["level", "difficulty", "points", "pool", "source"])
def test_options_fill_in_what_a_question_does_not_say(key):
    options = ImportOptions("exam", "PL15", "analyse", 5, "an old book")

    (found,) = lines(without(key), options=options)

    assert found.outcome is Outcome.NEW
    assert found.candidate.content.dump()[key] == options.completed({})[key]


def test_options_never_overrule_what_a_question_says():
    options = ImportOptions("exam", "PL15", "analyse", 5, "an old book")

    (found,) = lines(raw(), options=options)

    assert found.candidate.raw == raw()


def test_a_point_without_free_numbers_is_named():
    first, second = lines(raw(), raw(difficulty=5), highest={"PL14": 9998})

    assert (first.outcome, second.outcome) == (Outcome.NEW, Outcome.REFUSED)


def test_the_digest_tells_when_something_else_would_be_made():
    question = content("PL14-07", difficulty=5)
    before = lines(raw("PL14-07"))

    after = lines(raw("PL14-07"), questions={"PL14-07": known(question)})

    assert digest(before) == digest(lines(raw("PL14-07")))
    assert digest(before) != digest(after)


def untranslated(value):
    if isinstance(value, dict):
        return {
            key: "" if key == "en" and isinstance(item, str) else untranslated(item)
            for key, item in value.items()
        }
    return [untranslated(item) for item in value] if isinstance(value, list) else value


@given(questions())
def test_a_question_of_any_type_in_chinese_alone_is_kept_as_a_draft(question):
    points = frozenset(question.points)

    whole = line(question.dump(), points=points)
    chinese = line(untranslated(question.dump()), points=points)

    assert whole.outcome is Outcome.NEW
    assert chinese.outcome is Outcome.UNFINISHED


@given(questions())
def test_a_report_line_survives_the_database(question):
    found = ReportLine.of(line(untranslated(question.dump()), points=frozenset(question.points)))

    assert ReportLine.load(found.dump()) == found
    assert counts_of([found])["unfinished"] == 1
