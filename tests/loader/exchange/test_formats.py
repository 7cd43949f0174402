"""Which format a file has: by what is in it."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.domain.text import Language
from app.loader.exchange.contract import LARGEST_IMPORT, Unreadable
from app.loader.exchange.formats import READABLE, WRITABLE, detect
from app.loader.exchange.sheet_template import template
from tests.domain.strategies import questions

PLAIN = "1. 客户服务的第一步是什么？\nA. 倾听\nB. 推销\n答案：A\n解析：先听。\n"
AIKEN = "What comes first?\nA. Listening\nB. Selling\nANSWER: A\n"
GIFT = "::Q1:: What comes first? {=Listening ~Selling}\n"
SHEET = "题型,题干（中文）,选项A（中文）,选项B（中文）,答案\n单选题,第一步？,倾听,推销,A\n"


def archive(*names):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name in names:
            packed.writestr(name, "<x/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (PLAIN.encode(), "text"),
        (PLAIN.encode("gbk"), "text"),
        (PLAIN.encode("utf-16"), "text"),
        (b"\xef\xbb\xbf" + AIKEN.encode(), "aiken"),
        (GIFT.encode(), "gift"),
        (b"// a comment\n$CATEGORY: one\n\nTrue? {T}\n", "gift"),
        (SHEET.encode(), "csv"),
        (SHEET.encode("gbk"), "csv"),
        (SHEET.replace(",", ";").encode("utf-8-sig"), "csv"),
        (b"- id: PL05-01\n  type: single\n", "yaml"),
        (b"# exported\n- type: single\n", "yaml"),
        (b"<?xml version='1.0'?>\n<!-- a quiz -->\n<quiz></quiz>", "moodle"),
        ('<?xml version="1.0"?><quiz/>'.encode("utf-16"), "moodle"),
        (b'<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0"/>', "qti"),
        (b'<imsqti:assessmentItem xmlns:imsqti="x"/>', "qti"),
        (archive("imsmanifest.xml", "q1.xml"), "qti"),
        (archive("package/imsmanifest.xml"), "qti"),
        (archive("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "xlsx"),
    ],
)
def test_the_content_tells_the_format(data, code):
    assert detect(data).code == code


@pytest.mark.parametrize("language", list(Language))
def test_the_template_is_a_workbook(language):
    assert detect(template([], language)).code == "xlsx"


@pytest.mark.parametrize("code", sorted(WRITABLE))
@settings(max_examples=10)
@given(question=questions())
def test_what_is_written_is_known_again(code, question):
    written = WRITABLE[code].write([question], {})
    assume(written.data.strip())  # nothing is left of a question that GIFT cannot express

    assert detect(written.data).code == ("qti" if code.startswith("qti") else code)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "not a file with questions"),
        (b"hello world", "not known"),
        (b"<html><body/></html>", "XML"),
        (archive("imsmanifest.xml")[:-30], "cut off"),
        (archive("word/document.xml"), "Word"),
        (archive("picture.png"), "archive"),
        (b"-" * (LARGEST_IMPORT + 1), "MB"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(data, words):
    with pytest.raises(Unreadable, match=words):
        detect(data)


@given(st.binary(max_size=300))
def test_no_file_of_a_stranger_breaks_it(data):
    try:
        code = detect(data).code
    except Unreadable:
        return

    assert code in READABLE
