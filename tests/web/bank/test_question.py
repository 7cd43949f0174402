"""The page of a question: both languages, its key, its versions with what is different."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.domain.permissions import Role
from app.models.audit import AuditEntry
from app.services import question_reviews, questions
from app.services.trail import Actor
from tests import factories
from tests.factories import log_in
from tests.services import scenes
from tests.web.editor.test_form import WRITTEN


@pytest.fixture
def author_id(app):
    factories.syllabus()
    factories.bank([factories.content("PL14-01"), factories.content("PL14-02", pool="exam")])
    return factories.user("author", Role.INSTRUCTOR, name="作者", language="en")


@pytest.fixture
def author(author_id, client):
    return log_in(client, "author")


def edit(question_id, by, *, version=1, **changes):
    content = factories.content(question_id, **changes)
    return questions.edit_question(
        content, from_version=version, note="clearer", actor=Actor(by), now=factories.NOW
    )


def part(page, name, language):
    """One rendering of the question on the page."""
    start = page.index(f'<div class="{name}" data-language="{language}"')
    return page[start : page.index('<div class="shown-', start + 10) if name == "shown-prompt"
                else page.index("</section>", start)]  # fmt: skip


def test_a_candidate_s_view_has_no_key_and_the_key_has_the_explanation(author):
    page = author.get("/questions/PL14-01").text

    assert "Secret reason" not in part(page, "shown-prompt", "zh")
    assert "option-missed" not in part(page, "shown-prompt", "zh")
    assert "解析机密 PL14-01" in part(page, "shown-key", "zh")


def test_each_language_speaks_its_own_words_throughout(author):
    page = author.get("/questions/PL14-01").text

    chinese, english = (part(page, "shown-prompt", language) for language in ("zh", "en"))
    assert "题干 PL14-01？" in chinese
    assert "单选题" in chinese
    assert "Stem PL14-01?" in english
    assert "Single choice" in english
    assert ">Versions</h2>" in page  # the page around it stays in the reader's language


def test_every_type_is_shown_with_its_key(author):
    contents = scenes.every_type(first=60, pool="practice")
    contents += [factories.content(f"PL14-{70 + n}", **own) for n, own in enumerate(WRITTEN)]
    factories.bank(contents)

    for content in contents:
        page = author.get(f"/questions/{content.id}")
        assert page.status_code == 200, content.id
        assert page.text.count('class="shown-key"') == 2, content.id


@pytest.mark.parametrize("path", ["", "?version=1", "/differences?old=1&new=1", "/retire"])
def test_every_look_at_an_exam_question_is_on_record(author, session, path):
    author.get(f"/questions/PL14-01{path}")
    author.get(f"/questions/PL14-02{path}")

    subjects = select(AuditEntry.subject).where(AuditEntry.action == "question.viewed")
    assert session.scalars(subjects).all() == ["PL14-02"]


def test_a_difference_is_told_in_words_and_its_html_stays_text(author, author_id):
    edit("PL14-01", author_id, stem={"zh": "题干 <b>新</b>？", "en": "Stem PL14-01 again?"})

    page = author.get("/questions/PL14-01/differences?old=1&new=2").text

    assert "Question › English" in page
    assert re.search(r"<ins><span[^>]*> added: </span> ?again", page)
    assert re.search(r"<del><span[^>]*> removed: </span>", page)
    assert "&lt;" in page
    assert "<b>新</b>" not in page


def test_any_two_versions_can_be_compared(author, author_id):
    edit("PL14-01", author_id, difficulty=3)
    edit("PL14-01", author_id, version=2, difficulty=5)

    found = [
        author.get(f"/questions/PL14-01/differences?old={old}&new={new}").text
        for old, new in ((1, 3), (3, 2), (2, 2))
    ]

    assert re.search(r"removed: </span>2</del>.*added: </span>5</ins>", found[0])
    assert re.search(r"removed: </span>5</del>.*added: </span>3</ins>", found[1])
    assert "Both versions say the same." in found[2]


@pytest.mark.parametrize("query", ["old=0", "new=9", "old=-1", "old=99999999999999999999"])
def test_versions_that_do_not_exist_cannot_be_compared(author, query):
    assert author.get(f"/questions/PL14-01/differences?{query}").status_code == 404


def test_the_newest_version_shows_what_it_changes_of_the_one_in_use(author, author_id):
    before = author.get("/questions/PL14-01").text
    edit("PL14-01", author_id, difficulty=5)

    page = author.get("/questions/PL14-01").text
    old = author.get("/questions/PL14-01?version=1").text

    assert "What is new against version 1" in page
    assert "What is new against" not in before + old


def test_remarks_of_the_check_stand_on_the_page(author):
    options = [
        {"zh": "所有人永远如此", "en": "all people always do so", "right": True},
        *({"zh": letter, "en": letter} for letter in "甲乙丙"),
    ]
    factories.bank([factories.content("PL14-05", options=options)])

    page = author.get("/questions/PL14-05").text

    assert "the right option is the longest" in page
    assert "Option 1 › Chinese" in page


def test_a_comment_names_its_place_is_settled_and_opened_again(author, author_id):
    form = {"version": "1", "place": "options 2", "comment": "<i>Unclear</i>\nwhy?"}

    author.post("/questions/PL14-01/comments", data=form)

    page = author.get("/questions/PL14-01").text
    assert "&lt;i&gt;Unclear&lt;/i&gt;\nwhy?" in page
    assert '<span class="tag">Option 2</span>' in page
    address = re.search(r'action="(/questions/PL14-01/comments/\d+)"', page)[1]

    author.post(address, data={"resolved": "yes"})
    assert "Settled by 作者" in author.get("/questions/PL14-01").text

    author.post(address, data={"resolved": "no"})
    assert "Settled by" not in author.get("/questions/PL14-01").text


def test_an_empty_comment_is_refused_and_its_place_is_kept(author):
    form = {"version": "1", "place": "source", "comment": " "}

    response = author.post("/questions/PL14-01/comments", data=form)

    assert response.status_code == 400
    assert "Write something." in response.text
    assert '<option value="source" selected>' in response.text


def test_the_comment_of_another_question_cannot_be_settled_here(author, author_id):
    comment_id = question_reviews.comment(
        "PL14-01", "x", version=1, actor=Actor(author_id), now=factories.NOW
    )

    response = author.post(f"/questions/PL14-02/comments/{comment_id}", data={"resolved": "yes"})

    assert response.status_code == 404


def test_the_page_runs_as_many_statements_with_a_long_history_as_with_a_short_one(
    author, author_id, statements
):
    def count():
        author.get("/questions/PL14-01")
        statements.clear()
        author.get("/questions/PL14-01")
        return len(statements)

    edit("PL14-01", author_id, difficulty=5)
    short = count()

    for number in range(2, 12):
        edit("PL14-01", author_id, version=number, difficulty=1 + number % 5)
        question_reviews.comment(
            "PL14-01", "x", version=number, actor=Actor(author_id), now=factories.NOW
        )

    assert count() == short
