"""Marks in files of exam questions: there, and without any effect on reading them back."""

from __future__ import annotations

import io
import zipfile

import pytest

from app.loader.exchange.formats import READABLE, WRITABLE
from app.loader.exchange.watermarks import marked
from tests.services import scenes

WORDS = "机密：考试题。导出人 <甲> & “乙” -- export 6f9619ff"


def texts(data):
    if not data.startswith(b"PK"):
        return data.decode()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


@pytest.mark.parametrize("code", sorted(WRITABLE))
def test_a_marked_file_says_who_took_it_and_reads_as_before(code):
    questions = scenes.every_type(11, pool="exam")
    read = READABLE["qti" if code.startswith("qti") else code].read
    plain = WRITABLE[code].write(questions, {}).data

    data = marked(plain, code, WORDS)

    assert "6f9619ff" in texts(data)
    assert [draft.raw for draft in read(data).drafts] == [d.raw for d in read(plain).drafts]
    assert read(data).notes == read(plain).notes
    assert read(data).refused == read(plain).refused


@pytest.mark.parametrize("code", sorted(WRITABLE))
def test_words_of_several_lines_cannot_leave_their_place(code):
    plain = WRITABLE[code].write(scenes.every_type(11, pool="exam"), {}).data
    read = READABLE["qti" if code.startswith("qti") else code].read

    data = marked(plain, code, "one\n- id: PL14-99\n--><quiz/>\n::Q:: {T}")

    assert len(read(data).drafts) == len(read(plain).drafts)
