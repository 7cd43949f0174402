"""XML of strangers: what is read, what is refused, and where it is broken."""

from __future__ import annotations

import pytest

from app.loader.exchange.contract import LARGEST_IMPORT, Unreadable
from app.loader.exchange.xml import parse, without_namespaces


@pytest.mark.parametrize(
    "data",
    [
        "<a>题é</a>".encode(),
        '<?xml version="1.0" encoding="GBK"?>\n<a>题é</a>'.encode("gb18030"),
        '<?xml version="1.0" encoding="utf-16"?><a>题é</a>'.encode("utf-16"),
        '<?xml version="1.0" encoding="utf-16"?><a>题é</a>'.encode(),
        b"\xef\xbb\xbf" + '<?xml version="1.0" encoding="UTF-8"?><a>题é</a>'.encode(),
        '\n <?xml version="1.0"?><a><![CDATA[题é]]></a>'.encode(),
        "<a>题&eacute;</a>".encode(),
        b"<a>&#39064;&#xe9;</a>",
    ],
)
def test_usual_encodings_and_entities_are_read(data):
    assert parse(data).text == "题é"


def test_entities_inside_cdata_stay_what_they_are():
    assert parse(b"<a>&nbsp;<![CDATA[&nbsp;]]><!-- &nbsp; --></a>").text == "\xa0&nbsp;"


def test_namespaces_are_taken_off():
    root = without_namespaces(parse(b'<q:a xmlns:q="urn:x" q:b="1"><q:c d="2"/></q:a>'))

    assert (root.tag, root.get("b"), root[0].tag, root[0].get("d")) == ("a", "1", "c", "2")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "line 1, column 1"),
        (b"<a>\n <b></a>", "line 2, column 7"),
        (b"<a>", "line 1"),
        (b"<a>&unheard_of;</a>", "line 1, column 4"),
        (b"<a>\x00</a>", "line 1"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "klingon is not known"),
        ("<a>题</a>".encode("gbk"), "utf-8"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "DTD"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "DTD"),
        (b'<!DOCTYPE a PUBLIC "-//W3C//DTD" "http://evil/x.dtd"><a/>', "DTD"),
        (b"<a>" * 101 + b"</a>" * 101, "100 levels"),
        (b" " * (LARGEST_IMPORT + 1), "50 MB"),
    ],
)
def test_what_cannot_be_read_says_why(data, words):
    with pytest.raises(Unreadable) as unreadable:
        parse(data)

    assert words in str(unreadable.value)
