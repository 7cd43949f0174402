"""Certificates on paper, and the public page that anybody can verify one on."""

from __future__ import annotations

import json
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
import typst
from sqlalchemy import select, update

from app.models.certificates import Certificate
from app.web.certificates import document
from tests import factories
from tests.factories import log_in
from tests.services import scenes

HOLDER = "欧阳䶮𬭎"


@pytest.fixture
def issued(app, session):
    """The columns of a certificate, apart from the session."""
    scenes.passed(app, name=HOLDER)
    row = session.execute(select(*Certificate.__table__.columns)).one()
    return SimpleNamespace(**row._mapping)


def change(session, **values):
    session.execute(update(Certificate).values(**values))
    session.commit()


def english(client):
    client.set_cookie("language", "en")
    return client


def test_the_holder_sees_the_certificate_and_downloads_it(issued, client):
    log_in(client)
    assert issued.number in client.get("/certificates").text
    assert HOLDER in client.get(f"/certificates/{issued.number}").text

    pdf = client.get(f"/certificates/{issued.number}.pdf")

    assert pdf.data.startswith(b"%PDF")
    assert pdf.headers["Content-Disposition"] == f'attachment; filename="{issued.number}.pdf"'


def drawn(name, row):
    """The certificate as an SVG in which every sign is a drawn outline."""
    facts = document._facts(row, "http://localhost/verify/x") | {"holder": name}
    return typst.compile(
        document._TEMPLATE,
        font_paths=[document.font_folder()],
        ignore_system_fonts=True,
        sys_inputs={"certificate": json.dumps(facts, ensure_ascii=False)},
        format="svg",
    )


def test_rare_characters_have_signs_of_their_own_in_the_font(issued):
    missing = drawn("\U0010fffd", issued)
    assert missing == drawn("\U0010fffc", issued)  # what is missing looks all the same
    pictures = {name: drawn(name, issued) for name in "䶮𬭎王"}

    assert len({*pictures.values(), missing}) == 4


@pytest.mark.parametrize("name", ["#panic() $x$ *b*", '"]) #import "x" \\u{41}', "long " * 20])
def test_a_name_is_never_read_as_typst_source(issued, name):
    issued.holder = name

    pdf = document.certificate_pdf(issued, link="http://localhost/")

    assert pdf.startswith(b"%PDF")


def test_without_the_code_the_name_is_masked(issued, client):
    text = client.get(f"/verify/{issued.number}").text

    assert "欧＊＊＊" in text
    assert HOLDER not in text


def test_with_the_code_the_name_is_shown(issued, client):
    assert HOLDER in client.get(f"/verify/{issued.number}?c={issued.code.lower()}").text


@pytest.mark.parametrize("code", ["", "WRONG", "é", "%00"])
def test_a_wrong_code_is_like_none(issued, client, code):
    response = client.get(f"/verify/{issued.number}?c={code}")

    assert HOLDER not in response.text


def test_the_public_page_shows_no_more_than_it_must(issued, client):
    text = client.get(f"/verify/{issued.number}?c={issued.code}").text

    main = text.partition("<main")[2].partition("</main>")[0]
    for secret in ("trainee1", "100", issued.code, issued.token, "attempts", "理论"):
        assert secret not in main


def test_the_number_may_be_typed_in_lower_case(issued, client):
    asked = client.get(f"/verify?number=%20{issued.number.lower()}")

    assert client.get(asked.location).status_code == 200
    assert client.get(f"/verify/{issued.number.lower()}").status_code == 200


@pytest.mark.parametrize("number", ["QJ-2026-U1-999999-3", "nonsense", "QJ-2026-U1-000001-0"])
def test_an_unknown_number_is_not_found(issued, client, number):
    assert client.get(f"/verify/{number}").status_code == 404


def test_a_number_with_a_slip_is_told_at_once(issued, client):
    wrong = issued.number[:-3] + ("1" if issued.number[-3] != "1" else "2") + issued.number[-2:]

    response = client.get(f"/verify?number={wrong}")

    assert response.status_code == 400
    assert wrong in response.text


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "This certificate is valid"),
        ({"suspended_at": factories.NOW}, "This certificate is suspended"),
        ({"revoked_at": factories.NOW}, "This certificate has been revoked"),
        ({"valid_until": date(2026, 11, 1)}, "This certificate has expired"),
        ({"valid_until": date(2026, 11, 2)}, "This certificate is valid"),
    ],
)
def test_the_page_tells_what_the_certificate_is_today(issued, client, session, changes, told):
    if changes:
        change(session, **changes)

    text = english(client).get(f"/verify/{issued.number}").text

    assert f"<h1>{told}</h1>" in text


def test_a_certificate_expires_by_the_calendar_alone(issued, client, clock):
    clock.at += timedelta(days=731)

    assert "This certificate has expired" in english(client).get(f"/verify/{issued.number}").text


def test_the_published_keys_hold_no_secret(client, app):
    (key,) = client.get("/.well-known/qijue-keys.json").json["keys"]

    assert "d" not in key
    assert key["x"] == app.extensions["settings"].certificate_key["x"]
