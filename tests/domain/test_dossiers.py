"""A dossier is checked by itself: whatever is changed is found, and nothing stops the check."""

from __future__ import annotations

import copy
import json
import random
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from app.domain.audit import START, Entry, chained_hash
from app.domain.dossiers import form
from app.domain.dossiers.checks import check
from app.domain.dossiers.comparing import compare
from app.domain.dossiers.evidence import read_evidence
from app.domain.dossiers.findings import Finding, Level, Subject, Verdict, verdict
from app.domain.dossiers.making import derived
from app.domain.dossiers.parts import Unreadable
from app.domain.dossiers.timeline import Step, timeline
from app.domain.dossiers.wording import WORDINGS, Speech, wording
from app.domain.questions.body import Layout
from app.domain.questions.kinds import QuestionType
from app.domain.questions.question import load_question
from app.domain.receipts import receipt
from app.domain.scoring.rules import ScoringRules
from app.domain.scoring.score import score
from tests.factories import content
from tests.services.scenes import every_type

KEY = b"k" * 32
T0 = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)
POINTS = {1: 40, 2: 20, 3: 20, 4: 20}
ENGLISH = Speech("en", right="True", wrong="False")


def minutes(number):
    return T0 + timedelta(minutes=number)


def questions():
    single, multiple, statement, *_, ordering = every_type()
    return [single, multiple, statement, ordering]


def event(id_, at, kind, actor=1, **detail):
    return {
        "id": id_,
        "at": at.isoformat(),
        "kind": kind,
        "actor": actor,
        "address": "10.0.0.1",
        "browser": "Firefox",
        "detail": detail,
    }


def save(id_, at, position, answer, *, epoch=1, seq=None, state="accepted", accepted=None):
    seq = id_ if seq is None else seq
    decision = {"accepted": accepted, "by": 2, "at": minutes(70).isoformat(), "reason": "network"}
    return {
        "id": id_,
        "position": position,
        "epoch": epoch,
        "seq": seq,
        "answer": answer,
        "flagged": False,
        "spent_ms": 10,
        "state": state,
        "received_at": at.isoformat(),
        "receipt": receipt(
            key=KEY,
            attempt_id=7,
            position=position,
            epoch=epoch,
            seq=seq,
            answer=answer,
            state=state,
            received_at=at,
        ),
        "decision": None if accepted is None else decision,
    }


def audit_entry(id_, previous, action, subject, detail, at=T0):
    entry = Entry(at, 2, action, subject, detail, "10.0.0.2")
    return {
        "id": id_,
        "at": at.isoformat(),
        "actor": 2,
        "action": action,
        "subject": subject,
        "detail": detail,
        "address": "10.0.0.2",
        "previous_hash": previous,
        "hash": chained_hash(previous, entry),
    }


def log():
    """An hour with 1.25 times the time, a grant of 5 minutes, a break of 4, a second window."""
    return [
        event(
            1,
            T0,
            "start",
            time_factor=1.25,
            break_seconds=900,
            late_seconds=900,
            deadline_at=minutes(75).isoformat(),
        ),
        event(2, T0, "tab_claimed", epoch=1),
        event(3, minutes(10), "time_added", 2, minutes=5, beyond_window=True, reason="noise"),
        event(4, minutes(20), "pause", pause="break", ends_at=minutes(35).isoformat()),
        event(5, minutes(24), "resume"),
        event(6, minutes(30), "window_left", seconds=4),
        event(7, minutes(40), "tab_claimed", epoch=2),
        event(8, minutes(60), "submit", closed_at=minutes(60).isoformat()),
        event(9, minutes(60), "score", None),
        event(10, minutes(60), "release", None),
        event(11, minutes(61), "statement", text="The phone rang."),
        event(12, minutes(70), "held_saves_decided", 2, accepted=True, saves=[6]),
    ]


def stored():
    """Question 1 answered twice and late, 2 wrong in part, 3 from an old window, 4 in order."""
    order = ["r1", "r2", "r3", "r4"]
    return [
        save(1, minutes(2), 1, "a"),
        save(2, minutes(3), 2, ["a"]),
        save(3, minutes(41), 3, True, epoch=2, seq=1),
        save(4, minutes(42), 4, order, epoch=2, seq=2),
        save(5, minutes(43), 3, False, state="superseded"),
        save(6, minutes(61), 1, "b", epoch=2, seq=3, state="held", accepted=True),
        save(7, minutes(61), 2, ["a", "c"], epoch=2, seq=4, state="held"),
    ]


def paper():
    return [
        {
            "position": position,
            "section": 1,
            "module": "planning",
            "points": str(POINTS[position]),
            "question": question.id,
            "version": 1,
            "version_id": 100 + position,
            "content_hash": question.content_hash(),
            "content": question.dump(),
        }
        for position, question in enumerate(questions(), start=1)
    ]


def layouts():
    return {
        str(position): question.body.arrange(random.Random(position)).dump()
        for position, question in enumerate(questions(), start=1)
    }


def made_of(events, saves, audit=(), **changes):
    """A dossier of these rows, with marks by the rules and everything that is derived."""
    answers = {1: "b", 2: ["a"], 3: True, 4: ["r1", "r2", "r3", "r4"]}
    earned = {
        position: score(
            question.body,
            answers[position],
            layout=Layout.load(layouts()[str(position)]),
            maximum=Fraction(POINTS[position]),
            rules=ScoringRules(),
        )
        for position, question in enumerate(questions(), start=1)
    }
    total = float(sum(earned.values()))
    rows = {
        "form": form.FORM,
        "made": {"at": minutes(600).isoformat(), "by": 2, "reason": "appeal", "issuer": {}},
        "time_zone": "Asia/Shanghai",
        "attempt": {
            "id": 7,
            "state": "released",
            "started_at": T0.isoformat(),
            "deadline_at": minutes(84).isoformat(),
            "closed_at": minutes(60).isoformat(),
            "limit_seconds": 3600,
            "time_factor": 1.25,
            "granted_seconds": 540,
            "late_seconds": 900 + 540,
            "break_seconds": 900,
            "break_used_seconds": 240,
            **changes.pop("attempt", {}),
        },
        "person": {"id": 1, "name": "学员甲"},
        "registration": {
            "state": "ready",
            "late_seconds": 0,
            "events": [
                event(1, T0, "registered"),
                event(2, T0, "agreed"),
                event(3, T0, "make_ready"),
            ],
        },
        "sitting": {"closes_at": changes.pop("closes_at", minutes(480)).isoformat()},
        "exam": {"pass_mark": "60", "scoring": ScoringRules().dump()},
        "accommodations": {"approvals": []},
        "paper": {"places": paper()},
        "layout": layouts(),
        "saves": saves,
        "events": events,
        "marks": [
            {
                "position": position,
                "version_id": 100 + position,
                "points": str(points),
                "maximum": str(POINTS[position]),
            }
            for position, points in earned.items()
        ],
        "results": [
            {
                "version": 1,
                "current": True,
                "score": total,
                "maximum": 100.0,
                "pass_mark": 60.0,
                "passed": total >= 60,
            }
        ],
        "certificates": [],
        "incidents": [],
        "audit": list(audit) or [audit_entry(5, START, "held_saves.decided", "attempt:7", {})],
        **changes,
    }
    return rows | derived(rows)


@pytest.fixture
def dossier():
    return made_of(log(), stored())


def found(dossier, signed=None):
    return check(dossier, signed=signed or form.statement(dossier), key=KEY)


def broken_in(findings):
    return {finding.subject for finding in findings if finding.level is Level.BROKEN}


def test_a_dossier_as_it_was_made_is_genuine(dossier):
    findings = found(dossier)

    assert broken_in(findings) == set()
    assert verdict(findings) is Verdict.GENUINE
    assert {f.subject for f in findings} == set(Subject) - {Subject.FORM, Subject.DATABASE}


def at(dossier, path):
    *steps, last = path
    for step in steps:
        dossier = dossier[step]
    return dossier, last


def put(path, value):
    def tamper(dossier):
        place, last = at(dossier, path)
        place[last] = value

    return tamper


def drop(path):
    def tamper(dossier):
        place, last = at(dossier, path)
        del place[last]

    return tamper


def later(path, **by):
    def tamper(dossier):
        place, last = at(dossier, path)
        place[last] = (datetime.fromisoformat(place[last]) + timedelta(**by)).isoformat()

    return tamper


TAMPERINGS = {
    "an answer": (put(["saves", 0, "answer"], "b"), Subject.RECEIPTS),
    "an answer that a person let count": (put(["saves", 5, "answer"], "c"), Subject.RECEIPTS),
    "a receipt": (put(["saves", 0, "receipt"], "0" * 64), Subject.RECEIPTS),
    "a receipt that is no text of digits": (put(["saves", 0, "receipt"], "é"), Subject.RECEIPTS),
    "when an answer came": (later(["saves", 0, "received_at"], seconds=1), Subject.RECEIPTS),
    "a late answer made one in time": (put(["saves", 6, "state"], "accepted"), Subject.RECEIPTS),
    "the question of an answer": (put(["saves", 0, "position"], 2), Subject.RECEIPTS),
    "a save that counts is gone": (drop(["saves", 2]), Subject.ANSWERS),
    "a save that a person let count is gone": (drop(["saves", 5]), Subject.ANSWERS),
    "a decision turned round": (put(["saves", 5, "decision", "accepted"], False), Subject.ANSWERS),
    "a decision nobody took": (
        put(["saves", 6, "decision"], {"accepted": True}),
        Subject.ANSWERS,
    ),
    "a decision on an answer in time": (
        put(["saves", 0, "decision"], {"accepted": True}),
        Subject.ANSWERS,
    ),
    "the answer said to count": (put(["answers", "1", "answer"], "a"), Subject.ANSWERS),
    "the save said to count": (put(["answers", "1", "save"], 1), Subject.ANSWERS),
    "an answer for a question there is not": (put(["answers", "x"], {}), Subject.ANSWERS),
    "a decision that changes points": (
        put(["saves", 5, "decision", "accepted"], False),
        Subject.MARKS,
    ),
    "the beginning in the log": (later(["events", 0, "at"], minutes=-5), Subject.TIMES),
    "the beginning": (later(["attempt", "started_at"], minutes=5), Subject.TIMES),
    "the granted minutes": (put(["events", 2, "detail", "minutes"], 6), Subject.TIMES),
    "whether minutes went beyond the window": (
        put(["events", 2, "detail", "beyond_window"], False),
        Subject.TIMES,
    ),
    "when a break ended": (later(["events", 4, "at"], seconds=2), Subject.TIMES),
    "when a break began": (later(["events", 3, "at"], seconds=-2), Subject.TIMES),
    "a grant is gone": (drop(["events", 2]), Subject.TIMES),
    "when a window was opened": (later(["events", 6, "at"], minutes=10), Subject.TIMES),
    "a window was never opened": (drop(["events", 6]), Subject.TIMES),
    "when something was noticed": (later(["events", 5, "at"], minutes=-20), Subject.TIMES),
    "an event of the future": (later(["events", 11, "at"], days=2), Subject.TIMES),
    "when it was handed in": (later(["events", 7, "at"], seconds=1), Subject.TIMES),
    "the end": (later(["attempt", "closed_at"], minutes=-1), Subject.TIMES),
    "the end is gone": (put(["attempt", "closed_at"], None), Subject.TIMES),
    "the deadline": (later(["attempt", "deadline_at"], minutes=1), Subject.TIMES),
    "the time factor": (put(["attempt", "time_factor"], 1.5), Subject.TIMES),
    "the seconds beyond the window": (put(["attempt", "late_seconds"], 0), Subject.TIMES),
    "the granted seconds": (put(["attempt", "granted_seconds"], 600), Subject.TIMES),
    "the break that was used": (put(["attempt", "break_used_seconds"], 0), Subject.TIMES),
    "the break that was allowed": (put(["attempt", "break_seconds"], 600), Subject.TIMES),
    "the table of times": (later(["time", 2, "deadline_at"], minutes=1), Subject.TIMES),
    "a row of the table of times is gone": (drop(["time", 2]), Subject.TIMES),
    "the state": (put(["attempt", "state"], "scored"), Subject.MOVES),
    "a move is gone": (drop(["events", 8]), Subject.MOVES),
    "a move that is not allowed": (put(["events", 8, "kind"], "start"), Subject.MOVES),
    "the registration's state": (put(["registration", "state"], "registered"), Subject.MOVES),
    "a move of the registration": (drop(["registration", "events", 2]), Subject.MOVES),
    "points": (put(["marks", 1, "points"], "20"), Subject.MARKS),
    "the most points": (put(["marks", 1, "maximum"], "10"), Subject.MARKS),
    "a mark is gone": (drop(["marks", 0]), Subject.MARKS),
    "a mark for nothing": (put(["marks", 0, "position"], 9), Subject.MARKS),
    "the marked version": (put(["marks", 0, "version_id"], 1), Subject.MARKS),
    "the rules of scoring": (put(["exam", "scoring", "multiple"], "net_hits"), Subject.MARKS),
    "the score": (put(["results", 0, "score"], 100.0), Subject.RESULTS),
    "pass or fail": (put(["results", 0, "passed"], False), Subject.RESULTS),
    "the pass mark": (put(["exam", "pass_mark"], "10"), Subject.RESULTS),
    "the version of the result": (put(["results", 0, "version"], 2), Subject.RESULTS),
    "which result holds": (put(["results", 0, "current"], False), Subject.RESULTS),
    "the result is gone": (put(["results"], []), Subject.RESULTS),
    "the stem": (put(["paper", "places", 0, "content", "stem", "zh"], "别的"), Subject.PAPER),
    "which option is right": (
        put(["paper", "places", 0, "content", "options", 0, "right"], True),
        Subject.PAPER,
    ),
    "the fingerprint": (put(["paper", "places", 0, "content_hash"], "0" * 64), Subject.PAPER),
    "the points of a place": (put(["paper", "places", 0, "points"], "39"), Subject.MARKS),
    "a place is gone": (drop(["paper", "places", 3]), Subject.ANSWERS),
    "a place in the middle is gone": (drop(["paper", "places", 1]), Subject.PAPER),
    "an option shown twice": (put(["layout", "1", "order"], list("aabcd")), Subject.PAPER),
    "an order for what has none": (put(["layout", "3"], {"order": ["a"]}), Subject.PAPER),
    "an act in the audit log": (put(["audit", 0, "action"], "other"), Subject.AUDIT),
    "the actor in the audit log": (put(["audit", 0, "actor"], 3), Subject.AUDIT),
    "the hash in the audit log": (put(["audit", 0, "hash"], "0" * 64), Subject.AUDIT),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_what_was_changed_is_found_even_with_a_new_signature(dossier, name):
    tamper, subject = TAMPERINGS[name]
    tamper(dossier)

    findings = found(dossier)

    assert subject in broken_in(findings)
    assert Subject.SIGNATURE not in broken_in(findings)
    assert verdict(findings) is Verdict.BROKEN


@pytest.mark.parametrize("name", TAMPERINGS)
def test_what_was_changed_does_not_fit_the_signature(dossier, name):
    signed = form.statement(dossier)
    TAMPERINGS[name][0](dossier)

    assert Subject.SIGNATURE in broken_in(found(dossier, signed))


@pytest.mark.parametrize(
    "path", [["person", "name"], ["made", "reason"], ["events", 10, "detail", "text"]]
)
def test_what_nothing_else_shows_the_signature_shows(dossier, path):
    signed = form.statement(dossier)
    put(path, "someone else")(dossier)

    assert broken_in(found(dossier, signed)) == {Subject.SIGNATURE}


def test_the_signature_of_another_dossier_does_not_do(dossier):
    other = made_of(log(), stored()[:-1])

    assert broken_in(found(dossier, form.statement(other))) == {Subject.SIGNATURE}


def test_a_statement_about_something_else_does_not_do(dossier):
    signed = {**form.statement(dossier), "form": "certificate"}

    assert broken_in(found(dossier, signed)) == {Subject.SIGNATURE}


def test_a_signature_of_somebody_else_is_none(dossier):
    findings = check(dossier, signed=None, key=KEY)

    assert broken_in(findings) == {Subject.SIGNATURE}


def test_receipts_of_another_installation_do_not_fit(dossier):
    findings = check(dossier, signed=form.statement(dossier), key=b"x" * 32)

    assert broken_in(findings) == {Subject.RECEIPTS}
    (about,) = [f for f in findings if f.subject is Subject.RECEIPTS]
    assert about.parameters == {"count": 7, "questions": "1, 2, 3, 4"}


def paths(value, so_far=()):
    """Every place in the JSON, of lists the first entry alone."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield (*so_far, key)
            yield from paths(item, (*so_far, key))
    elif isinstance(value, list) and value:
        yield (*so_far, 0)
        yield from paths(value[0], (*so_far, 0))


NONSENSE = [None, True, -1, 2**70, 1e300, "", "x", "9" * 400, "9999-12-31T23:59:59+00:00", [], {}]


def test_whatever_stands_in_a_file_the_check_comes_to_an_end(dossier):
    places = [path for path in paths(dossier) if path[0] != "person"]
    assert len(places) > 150

    for number, path in enumerate(places):
        for value in (NONSENSE[number % 11], NONSENSE[(number + 4) % 11], NONSENSE[number % 7]):
            changed = copy.deepcopy(dossier)
            put(path, value)(changed)
            assert broken_in(check(changed, signed=None, key=KEY)) >= {Subject.SIGNATURE}


def test_a_part_that_is_missing_is_named(dossier):
    del dossier["saves"][1]["receipt"]

    (about,) = [f for f in found(dossier) if f.subject is Subject.FORM]

    assert about.parameters == {"place": "saves[1].receipt"}


# The times, worked out again


def steps(dossier):
    return [
        (change.step, change.seconds, change.deadline_at)
        for change in timeline(read_evidence(dossier)).changes
    ]


def test_every_step_of_the_clock_has_the_deadline_after_it(dossier):
    assert steps(dossier) == [
        (Step.START, 3600, minutes(60)),
        (Step.ACCOMMODATION, 900, minutes(75)),
        (Step.TIME_ADDED, 300, minutes(80)),
        (Step.PAUSE, 900, minutes(95)),
        (Step.RESUME, 240, minutes(84)),
        (Step.CLOSE, 0, minutes(84)),
    ]


def open_attempt(events, **attempt):
    plain = {"state": "in_progress", "time_factor": 1.0, "closed_at": None, "break_seconds": 0}
    plain |= {"granted_seconds": 0, "late_seconds": 0, "break_used_seconds": 0}
    return {"attempt": {**plain, **attempt}, "marks": [], "results": []}


def start_event(deadline):
    return event(1, T0, "start", time_factor=1.0, deadline_at=deadline.isoformat())


def test_a_paused_exam_stands_as_if_the_pause_lasted_to_its_end():
    events = [
        start_event(minutes(60)),
        event(2, minutes(10), "pause", 2, pause="proctor", ends_at=minutes(730).isoformat()),
    ]

    dossier = made_of(
        events, [], **open_attempt(events, state="paused", deadline_at=minutes(780).isoformat())
    )

    assert broken_in(found(dossier)) == set()


def test_a_pause_that_ended_by_itself_is_noticed_later_and_counts_to_its_end():
    events = [
        start_event(minutes(60)),
        event(2, minutes(10), "pause", pause="break", ends_at=minutes(15).isoformat()),
        event(3, minutes(11), "irregularity", 2, irregularity="aid", text="a phone"),
        event(4, minutes(15), "resume", None),
        event(5, minutes(66), "expire", None, closed_at=minutes(65).isoformat()),
    ]

    dossier = made_of(
        events,
        [],
        **open_attempt(
            events,
            state="expired",
            closed_at=minutes(65).isoformat(),
            deadline_at=minutes(65).isoformat(),
            granted_seconds=300,
            late_seconds=300,
            break_used_seconds=300,
        ),
    )

    assert broken_in(found(dossier)) == set()


def window_moved(after=90, told=True):
    """The sitting ended 50 minutes after the start, and was moved to `after` at minute 20."""
    before, moved = minutes(50).isoformat(), minutes(after).isoformat()
    detail = {"changed": {"closes_at": [before, moved]}}
    audit = [audit_entry(5, START, "sitting.changed", "sitting:1", detail, at=minutes(20))]
    word = event(2, minutes(20), "time_added", 2, minutes=10, window_end=moved)
    events = [start_event(minutes(50)), *([word] if told else [])]
    return made_of(
        events,
        [],
        audit,
        closes_at=minutes(after),
        **open_attempt(events, deadline_at=minutes(min(after, 60)).isoformat()),
    )


@pytest.mark.parametrize("told", [True, False])
def test_an_end_that_was_moved_is_found_in_the_audit_log(told):
    dossier = window_moved(told=told)

    assert broken_in(found(dossier)) == set()
    assert steps(dossier) == [
        (Step.START, 3600, minutes(50)),
        (Step.WINDOW_MOVED, 2400, minutes(60)),
    ]


def test_an_end_that_the_audit_log_does_not_know_is_found():
    dossier = window_moved()
    later(["sitting", "closes_at"], minutes=1)(dossier)

    assert Subject.TIMES in broken_in(found(dossier))


def test_an_answer_after_the_end_cannot_have_been_in_time():
    saves = [*stored(), save(8, minutes(62), 4, ["r1", "r2", "r3", "r4"], epoch=2, seq=9)]
    dossier = made_of(log(), saves)

    findings = found(dossier)

    assert broken_in(findings) == {Subject.TIMES}


def test_marks_before_the_grading_are_found(dossier):
    dossier["attempt"]["state"] = "submitted"
    del dossier["events"][8:10]

    assert Subject.MARKS in broken_in(found(dossier))


def test_a_void_attempt_may_have_marks_that_nobody_scores_again(dossier):
    dossier["events"].append(event(13, minutes(90), "void", 2, reason="identity"))
    dossier["attempt"]["state"] = "voided"
    dossier["marks"][0]["points"] = "0"

    assert broken_in(found(dossier)) == set()


def test_nothing_can_be_derived_from_a_log_without_a_beginning():
    with pytest.raises(Unreadable):
        made_of(log()[1:], stored())


# The file


def test_the_canonical_form_is_sorted_and_has_no_blanks():
    assert form.canonical({"b": [1, 1.5, None, True], "a": "甲\n"}) == (
        '{"a":"甲\\n","b":[1,1.5,null,true]}'.encode()
    )


def test_a_file_is_read_back_as_it_was_written(dossier):
    file = form.read_file(form.write_file(dossier, "signature"))

    assert (file.dossier, file.signature) == (dossier, "signature")


def test_a_file_that_an_editor_has_laid_out_anew_is_the_same_dossier(dossier):
    pretty = json.dumps({"signature": "s", "dossier": dossier}, indent=2).encode()

    assert form.digest(form.read_file(pretty).dossier) == form.digest(dossier)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"no json",
        b"[]",
        b"{}",
        b'{"dossier": {}, "signature": ""}',
        b'{"dossier": {"form": "qijue-dossier/2"}, "signature": ""}',
        b'{"dossier": {"form": "qijue-dossier/1"}, "signature": 1}',
        b'{"dossier": {"form": "qijue-dossier/1"}, "signature": "", "more": 1}',
        b'{"dossier": {"form": "qijue-dossier/1", "form": "qijue-dossier/1"}, "signature": ""}',
        b'{"dossier": {"form": "qijue-dossier/1", "x": NaN}, "signature": ""}',
        b'{"dossier": {"form": "qijue-dossier/1", "x": 1e999}, "signature": ""}',
        b'{"dossier": {"form": "qijue-dossier/1", "x": "\\ud800"}, "signature": ""}',
        b"[" * 100_000,
        b"\xff\xfe",
        b"%PDF-1.7",
        b"1" * 5000,
    ],
)
def test_another_file_is_refused_in_a_sentence(raw):
    with pytest.raises(form.NotADossier):
        form.read_file(raw)


def test_a_file_that_is_too_large_is_refused():
    with pytest.raises(form.FileTooLarge):
        form.read_file(b" " * (form.LARGEST_FILE + 1))


# Beside the database


def differences(dossier, database):
    return [
        (f.parameters.get("part"), f.parameters.get("count", f.parameters.get("fields")))
        for f in compare(dossier, database)
    ]


def test_a_database_that_says_the_same_is_told(dossier):
    (only,) = compare(dossier, copy.deepcopy(dossier))

    assert only.level is Level.GOOD


def test_rows_that_were_added_are_counted(dossier):
    database = copy.deepcopy(dossier)
    database["events"].append(event(13, minutes(700), "signals_reviewed"))
    database["saves"] += [save(8, minutes(700), 1, "a"), save(9, minutes(700), 1, "b")]

    assert differences(dossier, database) == [("saves", 2), ("events", 1)]
    assert verdict(compare(dossier, database)) is Verdict.MOVED_ON


def test_rows_that_are_gone_and_rows_that_differ_are_counted(dossier):
    database = copy.deepcopy(dossier)
    del database["saves"][0]
    database["marks"][0]["points"] = "1"

    found_rows = {f.sentence: f.parameters for f in compare(dossier, database)}

    assert [p["part"] for p in found_rows.values()] == ["saves", "marks"]
    assert any("no longer has" in sentence for sentence in found_rows)


def test_values_that_differ_are_named(dossier):
    database = copy.deepcopy(dossier)
    database["attempt"] |= {"state": "voided", "closed_at": None}

    assert differences(dossier, database) == [("attempt", "closed_at, state")]


def test_an_export_is_no_change_of_what_it_exports(dossier):
    database = copy.deepcopy(dossier)
    database["audit"].append(audit_entry(9, START, "dossier.exported", "attempt:7", {}))

    assert [f.level for f in compare(dossier, database)] == [Level.GOOD]


def test_an_attempt_that_is_gone_is_told(dossier):
    assert verdict(compare(dossier, None)) is Verdict.MOVED_ON


def test_what_is_broken_outweighs_what_has_moved_on():
    findings = [Finding(Subject.MARKS, level, "") for level in Level]

    assert verdict(findings) is Verdict.BROKEN


# In words


def test_every_type_has_its_words():
    assert set(WORDINGS) == set(QuestionType)


def test_options_are_told_in_the_order_in_which_they_stood():
    question = content()

    words = wording(question, Layout(("d", "b", "a", "c")), "b", ENGLISH)

    assert words.shown == ("A. fourth", "B. second", "C. first", "D. third")
    assert (words.answer, words.key) == (("B. second",), ("B. second",))


@pytest.mark.parametrize("number", range(7))
def test_a_right_answer_reads_like_the_key(number):
    question = load_question(every_type()[number].dump())
    body, layout = question.body, question.body.arrange(random.Random(3))
    right = {
        "single": lambda: next(iter(body.key)),
        "multiple": lambda: sorted(body.key),
        "true_false": lambda: body.right,
        "fill_in": lambda: [blank.zh[0] for blank in body.blanks],
        "numeric": lambda: f"{body.expected(layout):.2f}",
        "matching": lambda: body.key,
        "ordering": lambda: list(body.key),
    }[question.type.value]()

    words = wording(question, layout, right, ENGLISH)

    assert words.answer
    assert words.key[0].startswith(words.answer[0])
    assert "{" not in words.stem


@pytest.mark.parametrize("number", range(7))
def test_no_answer_is_told_as_none(number):
    question = every_type()[number]
    layout = question.body.arrange(random.Random(3))

    assert wording(question, layout, None, ENGLISH).answer == ()
