"""Style sheets, scripts and fonts: what browsers get, may keep, and never get."""

from __future__ import annotations

import os

import pytest
from werkzeug.test import Client

from app.web.static_files import StaticFiles


def nobody(environ, start_response):
    start_response("404 Not Found", [])
    return [b"not mine"]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "open").mkdir()
    (tmp_path / "open" / "a.js").write_text("let a;")
    (tmp_path / "secret.js").write_text("let secret;")
    return tmp_path / "open"


@pytest.fixture
def browser(folder):
    headers = [("X-Content-Type-Options", "nosniff")]
    return Client(StaticFiles(nobody, {"/static/": str(folder)}, seconds=300, headers=headers))


def test_a_file_comes_with_its_type_and_may_be_kept_for_a_while(browser):
    answer = browser.get("/static/a.js")

    assert (answer.status_code, answer.text) == (200, "let a;")
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.content_length == 6


@pytest.mark.parametrize("sent", ['"{}"', 'W/"{}"', '"another", "{}"'])
def test_a_file_that_the_browser_has_is_not_sent_again(browser, sent):
    tag = browser.get("/static/a.js").get_etag()[0]

    answer = browser.get("/static/a.js", headers={"If-None-Match": sent.format(tag)})

    assert (answer.status_code, answer.data) == (304, b"")
    assert answer.get_etag()[0] == tag


def test_a_file_that_was_changed_is_sent_anew(browser, folder):
    tag = browser.get("/static/a.js").get_etag()[0]
    (folder / "a.js").write_text("let b;")
    os.utime(folder / "a.js", ns=(0, 1))

    answer = browser.get("/static/a.js", headers={"If-None-Match": f'"{tag}"'})

    assert (answer.status_code, answer.text) == (200, "let b;")


@pytest.mark.parametrize(
    "address",
    [
        "/static/../secret.js",
        "/static/%2e%2e/secret.js",
        "/static//etc/passwd",
        "/static/a.js%00",
        "/static/",
        "/static/none.js",
        "/statica.js",
    ],
)
def test_nothing_else_is_a_file(browser, address):
    answer = browser.get(address)

    assert (answer.status_code, answer.text) == (404, "not mine")


def test_a_part_of_a_file_and_a_form_are_left_to_the_application(browser):
    part = browser.get("/static/a.js", headers={"Range": "bytes=0-1"})
    form = browser.post("/static/a.js")

    assert [part.text, form.text] == ["not mine", "not mine"]


def test_a_head_request_gets_the_length_alone(browser):
    answer = browser.head("/static/a.js")

    assert (answer.status_code, answer.data, answer.content_length) == (200, b"", 6)


@pytest.mark.parametrize(
    "name", ["/static/js/exam/main.js", "/bootstrap/static/css/bootstrap.min.css"]
)
def test_our_files_and_bootstraps_are_answered_before_flask(client, name):
    answer = client.get(name)

    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "Vary" not in answer.headers
