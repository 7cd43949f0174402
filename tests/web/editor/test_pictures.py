"""Pictures of questions: who may put them in, and who sees them."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.media import LARGEST_PICTURE, Medium
from app.domain.permissions import Role
from app.services import attempts
from app.services.media import store_pictures
from app.services.trail import SYSTEM, Actor
from tests import factories
from tests.factories import log_in

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
OTHER = b"\x89PNG\r\n\x1a\n" + b"\x01" * 40
SHOWN, HIDDEN = Medium.of(PNG), Medium.of(OTHER)
JSON = {"Accept": "application/json"}


@pytest.fixture
def author(app, client):
    factories.syllabus()
    factories.user("author", Role.INSTRUCTOR, language="en")
    return log_in(client, "author")


def upload(author, data, kind="image/png"):
    return author.post("/questions/pictures", data=data, content_type=kind, headers=JSON)


def test_a_picture_is_kept_and_sent_so_that_it_can_be_nothing_else(author):
    name = upload(author, PNG).json["name"]

    response = author.get(f"/media/{name}")

    assert (response.data, response.mimetype) == (PNG, "image/png")
    headers = response.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["Content-Disposition"].startswith("inline")
    assert headers["Cache-Control"] == "private, max-age=31536000, immutable"


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 400, "Only PNG"),
        (b"GIF87", 400, "Only PNG"),
        (b"", 400, ""),
        (PNG + b"\x00" * LARGEST_PICTURE, 400, "at most 2 MB"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(author, data, status, words):
    response = upload(author, data)

    assert response.status_code == status
    assert words in response.json["message"]


def test_a_picture_of_exactly_the_largest_size_is_taken(author):
    assert upload(author, PNG.ljust(LARGEST_PICTURE, b"\x00")).status_code == 200


@pytest.mark.parametrize("name", ["x.png", "..%2f..%2fsecrets.json", f"{'0' * 64}.svg"])
def test_only_names_of_pictures_are_looked_up(author, name):
    assert author.get(f"/media/{name}").status_code == 404


def test_a_text_shows_its_picture_and_none_from_elsewhere(author):
    stem = {
        "zh": f"看图 ![流 > 程](medium:{SHOWN.name}) ![x](https://evil.example/x.png)",
        "en": "Look [here](medium:x)",
    }
    factories.bank([factories.content("PL14-01", stem=stem)])

    page = author.get("/questions/PL14-01").text

    assert f'src="/media/{SHOWN.name}"' in page
    assert "evil.example" not in page
    assert 'href="medium:' not in page


def keep(app):
    store_pictures(
        [SHOWN, HIDDEN], instance=Path(app.instance_path), actor=SYSTEM, now=factories.NOW
    )


def picture(medium):
    return f"![图](medium:{medium.name})"


def test_whoever_learns_sees_the_pictures_of_practice_and_no_other(app, client):
    factories.syllabus()
    keep(app)
    stem = {"zh": f"看图{picture(SHOWN)}", "en": "Look"}
    other = {"zh": f"看图{picture(HIDDEN)}", "en": "Look"}
    factories.bank(
        [
            factories.content("PL14-01", stem=stem),
            factories.content("PL14-51", pool="exam", stem=other),
        ]
    )
    factories.user("learner")
    learner = log_in(client, "learner")

    assert learner.get(f"/media/{SHOWN.name}").status_code == 200
    assert learner.get(f"/media/{HIDDEN.name}").status_code == 404


@pytest.fixture
def candidate(app, client, session):
    """In an exam whose stems show one picture and whose explanations show the other."""
    factories.syllabus()
    keep(app)
    factories.bank(
        [
            factories.content(
                content.id,
                pool="exam",
                stem={"zh": f"{content.id}{picture(SHOWN)}", "en": content.id},
                explanation={"zh": picture(HIDDEN), "en": "x"},
                **({"type": "true_false", "answer": True} if content.type == "true_false" else {}),
            )
            for content in factories.exam_pool()
        ]
    )
    user_id = factories.user("writer")
    client.attempt_id = factories.attempt(app, user_id, minutes=10)
    client.user_id = user_id
    return log_in(client, "writer")


def address(candidate, medium):
    return f"/attempts/{candidate.attempt_id}/media/{medium.name}"


def test_the_exam_page_shows_the_pictures_of_its_questions_alone(candidate):
    page = candidate.get(f"/attempts/{candidate.attempt_id}").text

    assert f'src="{address(candidate, SHOWN)}"' in page
    assert HIDDEN.name not in page
    assert candidate.get(address(candidate, SHOWN)).data == PNG
    assert candidate.get(address(candidate, HIDDEN)).status_code == 404
    assert candidate.get(f"/media/{SHOWN.name}").status_code == 404


def test_after_handing_in_the_pictures_of_the_exam_are_gone(candidate):
    attempts.submit(
        candidate.attempt_id,
        user_id=candidate.user_id,
        actor=Actor(candidate.user_id),
        now=factories.NOW,
    )

    assert candidate.get(address(candidate, SHOWN)).status_code == 404


def test_after_the_deadline_they_are_gone_too(candidate, clock):
    clock.forward(minutes=11)

    assert candidate.get(address(candidate, SHOWN)).status_code == 404


def test_the_pictures_of_anothers_attempt_are_not_there(candidate):
    shown = address(candidate, SHOWN)
    factories.user("stranger")
    stranger = log_in(candidate, "stranger")

    assert stranger.get(shown).status_code == 404
