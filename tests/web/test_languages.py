"""The language of a page: chosen, remembered, or the browser's."""

from __future__ import annotations

import pytest

from tests import factories
from tests.factories import log_in


def language_of(response):
    return response.text.partition('<html lang="')[2].partition('"')[0]


@pytest.mark.parametrize(
    ("wish", "shown"),
    [("zh-CN,zh;q=0.9", "zh-CN"), ("en-GB,en;q=0.9", "en"), ("fr", "zh-CN"), ("", "zh-CN")],
)
def test_a_new_visitor_reads_the_browsers_language(client, wish, shown):
    response = client.get("/login", headers={"Accept-Language": wish})

    assert language_of(response) == shown


def test_the_choice_is_kept_in_a_cookie(client):
    client.post("/language", data={"language": "en"})

    assert language_of(client.get("/login", headers={"Accept-Language": "zh"})) == "en"


def test_the_choice_is_kept_with_the_account(client, app):
    factories.user()
    log_in(client)
    client.post("/language", data={"language": "en"})

    elsewhere = log_in(app.test_client())

    assert language_of(elsewhere.get("/", headers={"Accept-Language": "zh"})) == "en"


def test_the_accounts_language_outweighs_an_older_cookie(client):
    factories.user(language="zh")
    client.post("/language", data={"language": "en"})

    log_in(client)

    assert language_of(client.get("/")) == "zh-CN"


def test_after_the_choice_the_same_page_is_shown_again(client):
    response = client.post("/language", data={"language": "en", "next": "/verify?number=1"})

    assert response.location == "/verify?number=1"


@pytest.mark.parametrize("wanted", ["", "fr", "../../etc", "zh\x00"])
def test_a_language_that_does_not_exist_is_the_default_one(client, wanted):
    client.post("/language", data={"language": wanted})

    assert client.get_cookie("language").value == "zh"


def test_a_cookie_that_was_made_up_is_ignored(client):
    client.set_cookie("language", "xx")

    assert client.get("/login").status_code == 200
