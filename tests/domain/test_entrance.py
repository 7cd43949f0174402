"""The door of a sitting: access code, network, Safe Exam Browser."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.entrance import (
    CODE_ALPHABET,
    AddressRefused,
    BrowserRefused,
    EntryRefused,
    WrongAccessCode,
    check_access_code,
    check_address,
    check_browser,
    config_key_hash,
    normalised_code,
)
from app.domain.errors import ErrorKind

URL = "https://exam.example.org/sittings/7/start"
KEY = "81aad4ab9dfd447cc479e6a4a7c9a544e2cafc7f3adeb68b2a21efad68eca4dc"

codes = st.text(CODE_ALPHABET, min_size=1, max_size=12)


def test_codes_have_no_characters_that_are_mistaken_for_each_other():
    assert not set("01OI") & set(CODE_ALPHABET)
    assert len(CODE_ALPHABET) == len(set(CODE_ALPHABET))
    assert normalised_code(CODE_ALPHABET) == CODE_ALPHABET


@pytest.mark.parametrize("given_code", ["K7PM-2XQ4", "k7pm2xq4", " k7pm 2xq4 ", "K7PM—2XQ4"])
def test_a_code_may_be_typed_with_spaces_hyphens_and_small_letters(given_code):
    check_access_code("K7PM2XQ4", given_code)


@pytest.mark.parametrize("given_code", ["", " ", "K7PM2XQ", "K7PM2XQ44", "K7PM2XQ5", "机密"])
def test_a_wrong_code_keeps_the_door_shut(given_code):
    with pytest.raises(WrongAccessCode) as refused:
        check_access_code("K7PM2XQ4", given_code)

    assert refused.value.code == "wrong-access-code"
    assert refused.value.kind is ErrorKind.FORBIDDEN
    assert isinstance(refused.value, EntryRefused)


@given(given_code=st.text(max_size=20))
def test_a_sitting_without_a_code_asks_for_none(given_code):
    check_access_code("", given_code)


@given(wanted=codes, given_code=codes)
def test_only_the_code_itself_opens(wanted, given_code):
    if wanted == given_code:
        check_access_code(wanted, given_code)
        return

    with pytest.raises(WrongAccessCode):
        check_access_code(wanted, given_code)


@pytest.mark.parametrize(
    ("networks", "address"),
    [
        ([], "203.0.113.9"),
        ([], "not an address"),
        (["10.1.0.0/16"], "10.1.255.255"),
        (["10.1.2.3"], "10.1.2.3"),
        (["10.1.2.3/16"], "10.1.9.9"),
        (["192.168.0.0/24", "10.1.0.0/16"], "10.1.0.1"),
        (["10.1.0.0/16"], "::ffff:10.1.2.3"),
        (["2001:db8::/32"], "2001:db8:0:1::5"),
        (["2001:db8::5"], "2001:DB8:0:0::5"),
        (["10.1.0.0/16", "2001:db8::/32"], "2001:db8::1"),
    ],
)
def test_an_address_of_the_room_comes_in(networks, address):
    check_address(networks, address)


@pytest.mark.parametrize(
    ("networks", "address"),
    [
        (["10.1.0.0/16"], "10.2.0.1"),
        (["10.1.2.3"], "10.1.2.4"),
        (["10.1.0.0/16"], "::ffff:10.2.0.1"),
        (["10.1.0.0/16"], "2001:db8::1"),
        (["2001:db8::/32"], "10.1.0.1"),
        (["2001:db8::/32"], "2001:db9::1"),
        (["10.1.0.0/16"], ""),
        (["10.1.0.0/16"], "10.1"),
        (["10.1.0.0/16"], "10.1.2.3, 203.0.113.9"),
        (["0.0.0.0/0"], "unix:/run/app.sock"),
    ],
)
def test_any_other_address_stays_outside(networks, address):
    with pytest.raises(AddressRefused) as refused:
        check_address(networks, address)

    assert refused.value.code == "address-refused"
    assert refused.value.kind is ErrorKind.FORBIDDEN


@given(address=st.ip_addresses())
def test_the_whole_of_both_networks_lets_every_address_in(address):
    check_address(["0.0.0.0/0", "::/0"], str(address))


def test_the_hash_is_that_of_the_address_followed_by_the_key():
    right = hashlib.sha256(f"{URL}{KEY}".encode()).hexdigest()

    assert config_key_hash(URL, KEY) == right
    assert config_key_hash("https://example.com/", KEY) == (
        "cf3d314290c6012b09a344e9b2785810ff351bc06cc55c2da7a693e49496c144"
    )


def test_the_fragment_of_an_address_is_not_hashed():
    assert config_key_hash(f"{URL}#top", KEY) == config_key_hash(URL, KEY)
    assert config_key_hash(f"{URL}?a=1#top", KEY) == config_key_hash(f"{URL}?a=1", KEY)
    assert config_key_hash(f"{URL}?a=1", KEY) != config_key_hash(URL, KEY)


@pytest.mark.parametrize("written", [str, str.upper, lambda sent: f" {sent} "])
def test_the_header_may_come_in_capitals(written):
    check_browser([KEY], url=URL, sent=written(config_key_hash(URL, KEY)))


def test_one_of_several_configurations_is_enough():
    check_browser(["f" * 64, KEY], url=URL, sent=config_key_hash(URL, KEY))


def test_without_configurations_every_browser_comes_in():
    check_browser([], url=URL, sent="")


@pytest.mark.parametrize(
    "sent",
    [
        "",
        KEY,
        config_key_hash(URL, "f" * 64),
        config_key_hash(f"{URL}/", KEY),
        config_key_hash(URL.replace("https", "http"), KEY),
        "é" * 64,
        "\ud800",
    ],
    ids=["none", "the key itself", "other key", "other page", "other scheme", "é", "surrogate"],
)
def test_another_browser_stays_outside(sent):
    with pytest.raises(BrowserRefused) as refused:
        check_browser([KEY], url=URL, sent=sent)

    assert refused.value.code == "browser-refused"
    assert refused.value.kind is ErrorKind.FORBIDDEN
