"""The history of a question: who, when, why, and what changed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.questions.kinds import QuestionState
from app.domain.questions.lifecycle import QuestionStep
from app.queries.question_history import changes_between, comments, moves
from app.queries.question_standings import standings
from app.queries.questions import question_page, versions
from app.services import question_reviews, questions
from app.services.trail import Actor
from tests import factories

LATER = factories.NOW + timedelta(hours=1)


@pytest.fixture
def author(app):
    factories.syllabus()
    factories.bank([factories.content()])
    return factories.user("writer", name="作者")


def edit(author, version=1, **changes):
    questions.edit_question(
        factories.content(**changes),
        from_version=version,
        note="更清楚",
        actor=Actor(author),
        now=LATER,
    )


def say(by, text, **changes):
    return question_reviews.comment(
        "PL14-01", text, actor=Actor(by), now=LATER, **{"version": 1, **changes}
    )


def test_moves_tell_who_when_and_why_the_newest_first(author):
    edit(author, difficulty=5)
    factories.step("PL14-01", QuestionStep.SUBMIT, author, note="请审", now=LATER)

    newest, oldest = moves("PL14-01")

    assert (newest.step, newest.from_state, newest.to_state) == (
        QuestionStep.SUBMIT,
        QuestionState.DRAFT,
        QuestionState.CONTENT_REVIEW,
    )
    assert (newest.version, newest.person, newest.note, newest.at) == (2, "作者", "请审", LATER)
    assert (oldest.step, oldest.version, oldest.note) == (QuestionStep.WRITE, 2, "更清楚")


def test_versions_name_their_authors(author):
    edit(author, difficulty=5)

    assert [(row.number, row.author_id, row.author) for row in versions("PL14-01")] == [
        (2, author, "作者"),
        (1, None, None),
    ]


def test_the_page_tells_the_live_version_beside_the_newest(author):
    edit(author, difficulty=5)

    page = question_page("PL14-01")

    assert (page.version, page.current_version, page.live_version) == (2, 2, 1)
    assert (page.state, page.state_since, page.author_id) == ("draft", LATER, None)


def test_open_comments_come_first(author):
    one, two = say(author, "一", place="stem › zh"), say(author, "二")
    question_reviews.resolve_comment(one, question_id="PL14-01", actor=Actor(author), now=LATER)

    found = comments("PL14-01")

    assert [(c.id, c.text, c.place, c.resolver) for c in found] == [
        (two, "二", "", None),
        (one, "一", "stem › zh", "作者"),
    ]


def test_comments_of_one_version_are_those_alone(author):
    say(author, "一")
    edit(author, difficulty=5)
    say(author, "二", version=2)

    assert [c.text for c in comments("PL14-01", version=2)] == ["二"]
    assert len(comments("PL14-01")) == 2


def test_the_difference_between_two_versions_is_readable(author):
    edit(author, difficulty=5, stem={"zh": "题干 PL14-01！", "en": "Stem PL14-01?"})

    found = changes_between("PL14-01", old=1, new=2)

    assert [(d.place, d.old, d.new) for d in found] == [
        ("difficulty", "2", "5"),
        ("stem › zh", "题干 PL14-01？", "题干 PL14-01！"),
    ]
    assert changes_between("PL14-01", old=1, new=1) == ()


@pytest.mark.parametrize(("old", "new"), [(1, 9), (9, 1)])
def test_a_version_that_does_not_exist_has_no_difference(author, old, new):
    assert changes_between("PL14-01", old=old, new=new) is None


def test_a_standing_names_every_author(author):
    edit(author, difficulty=5)

    (found,) = standings(["PL14-01", "PL14-99"]).values()

    assert (found.authors, found.live_version, found.writers) == ((None, author), 1, {author})
    assert standings([]) == {}


def test_the_history_takes_one_statement_each(author, statements):
    for number in range(3):
        say(author, f"{number}")
    edit(author, difficulty=5)
    statements.clear()

    moves("PL14-01")
    comments("PL14-01")
    versions("PL14-01")
    changes_between("PL14-01", old=1, new=2)

    assert len(statements) == 4
