"""The list of the bank: what was searched is marked, filters can be taken away, looks are noted."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.domain.permissions import Role
from app.models.audit import AuditEntry
from app.models.workshop import SavedFilter
from tests import factories
from tests.factories import log_in

STEM = {"zh": "<script>客户服务</script>怎样策划？", "en": "<b>Plan</b> the service?"}


@pytest.fixture
def author(app, client):
    factories.syllabus()
    factories.bank(
        [
            factories.content("PL14-01", stem=STEM),
            factories.content("PL14-02"),
            factories.content("PL14-03", pool="exam"),
        ]
    )
    factories.user("author", Role.INSTRUCTOR, language="en")
    return log_in(client, "author")


def listed(response):
    """The ids in the list, in their order."""
    return re.findall(r'<th scope="row"><a href="[^"]*">([^<]*)</a>', response.text)


def test_hits_are_marked_and_html_of_a_question_stays_text(author):
    found = author.get("/questions?search=service")

    assert listed(found) == ["PL14-01"]
    assert "&lt;b&gt;Plan&lt;/b&gt; the <mark>service</mark>?" in found.text
    assert "<b>Plan</b>" not in found.text


def test_a_hit_in_the_other_language_shows_that_language(author):
    found = author.get("/questions?search=服务").text

    assert "&lt;script&gt;客户<mark>服务</mark>" in found
    assert "&lt;b&gt;Plan&lt;/b&gt; the service?" in found


def test_a_hit_outside_the_stem_is_said(author):
    assert "found in another part" in author.get("/questions?search=机密").text
    assert "found in another part" not in author.get("/questions?search=service").text


def test_what_was_typed_never_becomes_html(author):
    page = author.get('/questions?search="><script>alert(1)</script>&point=<i>&type=<u>').text

    assert "<script>alert" not in page
    assert "<i>" not in page
    assert "<u>" not in page


def test_each_filter_that_is_set_can_be_taken_away_alone(author):
    page = author.get("/questions?type=single&pool=practice&sort=changed").text

    chips = re.findall(r'<a class="chip" href="([^"]*)"', page)
    assert [chip.replace("&amp;", "&") for chip in chips] == [
        "/questions?pool=practice&sort=changed",
        "/questions?type=single&sort=changed",
    ]


@pytest.mark.parametrize(
    ("query", "labels"),
    [
        ("live=maybe&state=nonsense&flag=x", []),
        ("author=0", ["Author: from a file"]),
        ("author=9999", ["Author: 9999"]),
    ],
)
def test_only_what_filters_has_a_chip_that_says_so(author, query, labels):
    page = author.get(f"/questions?{query}").text

    chips = re.findall(r'<a class="chip"[^>]*>(.*?)</a>', page, re.S)
    assert len(chips) == len(labels)
    assert all(label in chip for label, chip in zip(labels, chips, strict=True))


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("state=live", ["PL14-01", "PL14-02", "PL14-03"]),
        ("state=draft", []),
        ("live=no", []),
        ("author=0&pool=exam", ["PL14-03"]),
        ("difficulty=2&used=no", ["PL14-01", "PL14-02", "PL14-03"]),
        ("papers_least=1", []),
        ("attempts_most=0&last_papers=3", ["PL14-01", "PL14-02", "PL14-03"]),
        ("flag=any", []),
        ("flag=few&pool=exam", ["PL14-03"]),
        ("changed_since=2026-11-03", []),
        ("changed_since=2026-11-02&sort=difficulty", ["PL14-01", "PL14-02", "PL14-03"]),
    ],
)
def test_every_filter_of_the_form_works(author, query, ids):
    assert listed(author.get(f"/questions?{query}")) == ids


def test_stems_of_the_exam_pool_that_a_list_shows_are_on_record(author, session):
    author.get("/questions?pool=practice")
    author.get("/questions")

    entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "questions.listed"))
    assert [(entry.subject, entry.detail["questions"]) for entry in entries] == [
        ("list", ["PL14-03"])
    ]


def test_the_links_of_the_list_lead_on_to_the_neighbours(author):
    page = author.get("/questions?sort=id").text
    href = re.search(r'<th scope="row"><a href="([^"]*PL14-02[^"]*)"', page)[1]

    question = author.get(href.replace("&amp;", "&")).text

    links = dict(re.findall(r'rel="(prev|next)"[^>]*href="([^"]*)"', question))
    assert links == {
        "prev": "/questions/PL14-01?sort=id&amp;at=0",
        "next": "/questions/PL14-03?sort=id&amp;at=2",
    }


def test_without_a_list_there_are_no_neighbours(author):
    assert 'rel="next"' not in author.get("/questions/PL14-02").text


def keep(author, name, query="type=single"):
    return author.post(f"/questions?{query}", data={"name": name}, follow_redirects=True)


def test_a_filter_is_kept_replaced_opened_and_deleted(author, session):
    keep(author, "<b>Singles</b>")
    page = keep(author, "<b>Singles</b>", "type=single&pool=exam").text

    assert "&lt;b&gt;Singles&lt;/b&gt;</a>" in page
    assert 'href="/questions?type=single&amp;pool=exam"' in page
    row = session.scalars(select(SavedFilter)).one()
    assert row.query == {"type": "single", "pool": "exam"}

    author.post(f"/questions/filters/{row.id}/delete?pool=exam")

    assert session.scalars(select(SavedFilter)).all() == []


def test_a_filter_without_a_name_is_refused_beside_the_list(author):
    response = author.post("/questions?type=single", data={"name": "  "})

    assert response.status_code == 400
    assert "Give the filter a name." in response.text
    assert listed(response) == ["PL14-01", "PL14-02", "PL14-03"]


def test_the_filters_of_others_stay(author, app, session):
    keep(author, "evenings")
    filter_id = session.scalar(select(SavedFilter.id))
    factories.user("other", Role.INSTRUCTOR)
    other = log_in(app.test_client(), "other")

    other.post(f"/questions/filters/{filter_id}/delete")

    assert "evenings" not in other.get("/questions").text
    assert session.scalar(select(SavedFilter.id)) == filter_id


def test_the_list_runs_as_many_statements_with_many_rows_as_with_few(author, statements):
    def count(path):
        author.get(path)
        statements.clear()
        author.get(path)
        return len(statements)

    factories.bank([factories.content("PL14-99", stem=STEM, pool="exam")])
    paths = ["/questions", "/questions?search=service&sort=exposure", "/questions?papers_most=9"]
    few = {path: count(path) for path in paths}

    factories.bank(
        [
            factories.content(f"PL14-{number}", stem=STEM, pool=("exam", "practice")[number % 2])
            for number in range(100, 140)
        ]
    )

    assert {path: count(path) for path in paths} == few
    assert max(few.values()) <= 16, few


def test_the_interface_language_decides_about_the_stem(app, author):
    factories.user("zh", Role.INSTRUCTOR)
    chinese = log_in(app.test_client(), "zh")

    assert "题干 PL14-02？" in chinese.get("/questions").text
    assert "Stem PL14-02?" in author.get("/questions").text
