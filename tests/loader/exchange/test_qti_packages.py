"""Packages: what lies in them, what a manifest says, and what nobody should send."""

import base64
import struct

import pytest

from app.domain.media import Medium
from app.domain.questions.question import load_question
from app.loader.exchange import qti, qti_reading
from app.loader.exchange.contract import LARGEST_IMPORT, Unreadable
from tests.loader.exchange.qti_files import (
    PNG,
    choice,
    declared,
    item,
    manifest,
    read,
    unzipped,
    zipped,
)

ITEM = item(choice("one", "two", "three"), declared=declared("B"))
ITEM_TYPE = "imsqti_item_xmlv2p1"


def with_picture(address):
    picture = f'<img src="{address}" alt="A sign"/>'
    return item(choice(f"one {picture}", "two", "three"), declared=declared("B"))


def messages(problems):
    return [str(problem) for problem in problems]


def test_the_items_of_a_manifest_are_read_and_the_test_around_them_is_named():
    listed = manifest(
        ("imsqti_test_xmlv2p1", "test.xml"),
        (ITEM_TYPE, "items/q 1.xml".replace(" ", "%20")),
        ("webcontent", "notes.xml"),
        (ITEM_TYPE, "items/lost.xml"),
    )
    data = zipped(
        {
            "imsmanifest.xml": listed,
            "test.xml": '<assessmentTest xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1"/>',
            "items/q 1.xml": ITEM,
            "notes.xml": "<notes/>",
        }
    )

    reading = read(data)

    assert [draft.place for draft in reading.drafts] == ["items/q 1.xml"]
    assert any("test.xml" in note and "one by one" in note for note in messages(reading.notes))
    assert messages(reading.refused) == [
        "items/lost.xml: The manifest names this file, but it is not there."
    ]


def test_items_are_found_without_a_manifest_and_beside_one():
    without = read(zipped({"a/q.xml": ITEM, "readme.txt": "hello", "other.xml": "<x/>"}))
    beside = read(
        zipped(
            {
                "imsmanifest.xml": manifest((ITEM_TYPE, "one.xml")),
                "one.xml": ITEM,
                "two.xml": ITEM,
            }
        )
    )

    assert [draft.place for draft in without.drafts] == ["a/q.xml"]
    assert any("no manifest" in note for note in messages(without.notes))
    assert [draft.place for draft in beside.drafts] == ["one.xml", "two.xml"]


def test_a_package_inside_a_folder_is_read():
    data = zipped(
        {
            "export/imsmanifest.xml": manifest((ITEM_TYPE, "items/q.xml")),
            "export/items/q.xml": with_picture("../images/sign.png"),
            "export/images/sign.png": PNG,
        }
    )

    reading = read(data)

    assert len(reading.drafts) == len(reading.media) == 1
    assert not reading.refused


def test_one_broken_item_does_not_spoil_the_others():
    data = zipped(
        {
            "imsmanifest.xml": manifest(*((ITEM_TYPE, f"{n}.xml") for n in range(4))),
            "0.xml": ITEM,
            "1.xml": ITEM.replace("</itemBody>", "\n</itembody>"),
            "2.xml": ITEM.replace("?>", '?><!DOCTYPE x [<!ENTITY a "b">]>', 1),
            "3.xml": "<html/>",
        }
    )

    reading = read(data)

    assert [draft.place for draft in reading.drafts] == ["0.xml"]
    broken, unsafe, other = messages(reading.refused)
    assert "1.xml" in broken and "line 3" in broken
    assert "2.xml" in unsafe and "entities" in unsafe
    assert "3.xml" in other and "html" in other


def test_an_external_entity_is_never_fetched(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("top secret", encoding="utf-8")
    evil = ITEM.replace("?>", f'?><!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>', 1).replace(
        "one", "&e;"
    )

    reading = read(zipped({"q.xml": evil}))

    assert not reading.drafts
    assert "secret" not in "".join(messages(reading.refused))


def test_pictures_come_along_whatever_they_are_called():
    data = zipped(
        {
            "items/q.xml": with_picture("images/My%20Sign.PNG?width=3"),
            "items/images/my sign.png": PNG,
        }
    )

    reading = read(data)

    medium = Medium.of(PNG)
    assert reading.media == {medium.name: medium}
    assert reading.drafts[0].raw["options"][0]["en"] == f"one {medium.link('A sign')}"
    assert reading.drafts[0].notes == ()


def test_pictures_inside_the_address_and_as_objects_come_along():
    embedded = f"data:image/png;base64,{base64.b64encode(PNG).decode()}"
    picture = '<object type="image/png" data="sign.png">A sign</object>'
    data = zipped(
        {
            "q.xml": with_picture(embedded),
            "r.xml": item(f"<p>{picture}</p>{choice('1', '2', '3')}", declared=declared("A")),
            "sign.png": PNG,
        }
    )

    reading = read(data)

    link = Medium.of(PNG).link("A sign")
    assert link in reading.drafts[0].raw["options"][0]["en"]
    assert link in reading.drafts[1].raw["stem"]["en"]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("images/missing.png", "not in the package"),
        ("https://example.org/sign.png", "not in the package"),
        ("//example.org/sign.png", "not in the package"),
        ("../../../../etc/passwd", "not in the package"),
        ("file:///etc/passwd", "not in the package"),
        ("drawing.svg", "Only PNG"),
        ("large.png", "at most 2 MB"),
        ("data:image/png;base64,@@@", "Only PNG"),
    ],
)
def test_a_picture_that_cannot_be_had_leaves_its_words_and_a_note(address, words):
    data = zipped(
        {
            "items/q.xml": with_picture(address),
            "items/drawing.svg": "<svg/>",
            "items/large.png": PNG + b"\0" * (2 * 1024 * 1024),
        }
    )

    (draft,) = read(data).drafts

    assert draft.raw["options"][0]["en"] == "one A sign"
    assert any(words in note for note in messages(draft.notes))


@pytest.mark.parametrize("form", qti.FORMATS, ids=lambda form: form.code)
def test_pictures_go_out_and_come_back(form):
    medium = Medium.of(PNG)
    question = load_question(
        {
            "id": "PL14-01",
            "type": "true_false",
            "pool": "practice",
            "points": ["PL14"],
            "level": "remember",
            "difficulty": 1,
            "stem": {"zh": f"看图：{medium.link('标志')}", "en": f"Look: {medium.link('Sign')}"},
            "answer": True,
            "explanation": {"zh": "对。", "en": "It is."},
            "source": "general knowledge",
        }
    )

    package = form.write([question], {medium.name: medium})
    exact = form.read(package.data)
    bare = form.read(_without(package.data, "qijue.json"))
    lost = form.write([question], {})

    assert load_question(exact.drafts[0].raw) == question
    assert exact.media == bare.media == {medium.name: medium}
    assert bare.drafts[0].raw["stem"] == question.stem.dump()
    assert any(medium.name in loss for loss in messages(lost.losses))


def test_a_picture_exchanged_elsewhere_wins_over_our_own_record():
    medium, other = Medium.of(PNG), Medium.of(PNG + b"new")
    question = load_question(
        {
            "id": "PL14-01",
            "type": "true_false",
            "pool": "practice",
            "points": ["PL14"],
            "level": "remember",
            "difficulty": 1,
            "stem": {"zh": medium.link("图"), "en": medium.link("Sign")},
            "answer": True,
            "explanation": {"zh": "对。", "en": "It is."},
            "source": "general knowledge",
        }
    )
    package = qti.FORMATS[0].write([question], {medium.name: medium}).data

    reading = read(_without(package, {f"images/{medium.name}": other.data}))

    assert other.name in reading.drafts[0].raw["stem"]["zh"]
    assert reading.media == {other.name: other}


def test_what_the_metadata_says_is_read():
    lom = (
        '<lom xmlns="http://ltsc.ieee.org/xsd/LOM"><general><identifier><catalog>qijue</catalog>'
        "<entry>PL14-07</entry></identifier><keyword><string>PL14</string></keyword><keyword>"
        "<string>service</string></keyword></general><educational><difficulty><source>LOMv1.0"
        "</source><value>very difficult</value></difficulty></educational></lom>"
    )
    listed = manifest((ITEM_TYPE, "q.xml")).replace(
        '<file href="q.xml"/>', f'<metadata>{lom}</metadata><file href="q.xml"/>'
    )

    (draft,) = read(zipped({"imsmanifest.xml": listed, "q.xml": ITEM})).drafts

    assert (draft.raw["id"], draft.raw["points"], draft.raw["difficulty"]) == (
        "PL14-07",
        ["PL14"],
        5,
    )


def test_qti_1_is_refused_with_advice():
    old = "<questestinterop/>"
    listed = manifest(("imsqti_xmlv1p2", "old.xml"))

    with pytest.raises(Unreadable, match="QTI 1.2"):
        read(old)
    reading = read(zipped({"imsmanifest.xml": listed, "old.xml": old}))

    assert "QTI 1.2" in messages(reading.refused)[0]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "neither a QTI package"),
        (b"\xd0\xcf\x11\xe0 an old Word file", "neither a QTI package"),
        (b"<html/>", "outermost element is html"),
        (b"<assessmentTest/>", "only the outline of a test"),
        (b"<assessmentItem>", "broken at line 1"),
        (zipped({"readme.txt": "hello"}), "no question in this package"),
        (zipped({"imsmanifest.xml": "<manifest"}), "broken at line 1"),
    ],
)
def test_a_file_that_is_none_is_refused_with_a_clear_sentence(data, words):
    with pytest.raises(Unreadable, match=words):
        read(data)


def test_a_truncated_package_is_refused_as_a_whole():
    data = zipped({f"{n}.xml": ITEM for n in range(20)})

    with pytest.raises(Unreadable, match="cut off or damaged"):
        read(data[: len(data) // 2])


def test_a_package_that_announces_200_mb_is_refused():
    data = bytearray(zipped({"q.xml": ITEM}))
    sizes = data.index(b"PK\x01\x02") + 24
    data[sizes : sizes + 4] = struct.pack("<I", 201 * 1024 * 1024)

    with pytest.raises(Unreadable, match="200 MB"):
        read(bytes(data))


def test_a_file_over_the_limit_is_refused_unread():
    with pytest.raises(Unreadable, match="larger than 50 MB"):
        read(b"PK\x03\x04" + b"\0" * LARGEST_IMPORT)


def test_a_path_that_leads_out_refuses_the_package():
    with pytest.raises(Unreadable, match="leads out of it"):
        read(zipped({"q.xml": ITEM, "../../evil.xml": ITEM}))


def test_more_questions_than_an_import_may_have_are_refused(monkeypatch):
    monkeypatch.setattr(qti_reading, "MOST_QUESTIONS", 2)

    with pytest.raises(Unreadable, match="more than 2 questions"):
        read(zipped({f"{n}.xml": ITEM for n in range(3)}))


def test_a_deeply_nested_item_is_refused_alone():
    deep = item("<div>" * 200 + "</div>" * 200)

    reading = read(zipped({"a.xml": ITEM, "b.xml": deep}))

    assert len(reading.drafts) == 1
    assert "deeper" in messages(reading.refused)[0]


def _without(data, changes):
    """A package without a file, or with another content of some."""
    files = unzipped(data)
    if isinstance(changes, str):
        del files[changes]
        return zipped(files)
    return zipped({**files, **changes})
