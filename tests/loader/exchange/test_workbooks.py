import io
import time
import zipfile

import pytest

from app.domain.questions.question import load_question
from app.domain.text import Language
from app.loader.exchange import sheets
from app.loader.exchange.contract import LARGEST_IMPORT, Unreadable
from app.loader.exchange.sheet_template import template, write
from app.loader.exchange.workbooks import open_tables
from tests.loader.exchange.test_sheet_template import TRUE_FALSE
from tests.loader.exchange.test_sheets import HEAD, SINGLE, as_xlsx

MERGED = '<mergeCell ref="A1:A1048576"/>'
SHEET = "xl/worksheets/sheet1.xml"


def workbook():
    return write([load_question(TRUE_FALSE)], {}).data


def with_parts(data, **parts):
    """The workbook with other contents for some parts; None leaves one out."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        contents = {name: old.read(name) for name in old.namelist()} | parts
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in contents.items():
            if content is not None:
                new.writestr(name, content)
    return buffer.getvalue()


def sheet_xml(rows):
    return (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{rows}</sheetData></worksheet>"
    ).encode()


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>',
        '<row r="1"><c><v>1</v></c></row>'
        '<row r="9999999"><c r="ZZ1"><v>2</v></c><c><v>2</v></c></row>',
        '<x:row xmlns:x="x" r="1"><x:c r="AAAA1"/></x:row><row r="900000"><c><v>1</v></c></row>',
    ],
)
def test_two_cells_at_far_corners_are_refused_before_memory_is_taken(rows):
    with pytest.raises(Unreadable, match="A sheet reaches to row"):
        open_tables(with_parts(workbook(), **{SHEET: sheet_xml(rows)}))


@pytest.mark.parametrize("count", ["4294967295", "50", "-1", "1e9"])
def test_strings_that_are_claimed_but_not_there_are_refused(count):
    strings = f'<sst uniqueCount="{count}"><si><t>a</t></si></sst>'

    with pytest.raises(Unreadable, match="uniqueCount"):
        open_tables(with_parts(workbook(), **{"xl/sharedStrings.xml": strings.encode()}))


@pytest.mark.parametrize("address", ["R1C1", "+5", "１", "", "$A$1", "1048577 "])
def test_addresses_that_are_none_are_refused(address):
    rows = f'<row r="1"><c r="{address}x"><v>1</v></c></row><row r="{address}y"/>'

    with pytest.raises(Unreadable, match="is damaged"):
        open_tables(with_parts(workbook(), **{SHEET: sheet_xml(rows)}))


def test_cells_without_addresses_are_counted():
    rows = f"<row>{'<c><v>1</v></c>' * 300}</row>" + "<row><c><v>1</v></c></row>" * 17_000

    with pytest.raises(Unreadable, match="row 17001 and column 300"):
        open_tables(with_parts(workbook(), **{SHEET: sheet_xml(rows)}))


def test_a_zip_bomb_is_refused_unopened():
    bomb = with_parts(workbook(), **{"xl/media/a.png": bytes(201 * 1024**2)})
    began = time.process_time()

    with pytest.raises(Unreadable, match="more than 200 MB unpacked"):
        open_tables(bomb)

    assert len(bomb) < 1024**2
    assert time.process_time() - began < 1


def test_a_part_that_hides_its_size_is_refused():
    data = with_parts(workbook(), **{SHEET: sheet_xml("<row><c/></row>" * 10_000)})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        real = archive.getinfo(SHEET).file_size
    forged = data.replace(real.to_bytes(4, "little"), (100).to_bytes(4, "little"))

    assert forged != data
    with pytest.raises(Unreadable, match="cut off or damaged"):
        open_tables(forged)


def test_entities_are_refused():
    xml = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + sheet_xml("<row><c><v>&a;</v></c></row>")

    with pytest.raises(Unreadable, match="document type"):
        open_tables(with_parts(workbook(), **{SHEET: xml}))


def test_a_workbook_cut_off_anywhere_is_refused():
    data = workbook()

    for end in (4, 100, len(data) // 2, len(data) - 30):
        with pytest.raises(Unreadable):
            sheets.read(data[:end])


def test_broken_xml_is_refused():
    with pytest.raises(Unreadable, match="sheet1.xml: not well-formed"):
        open_tables(with_parts(workbook(), **{SHEET: b"<worksheet><sheetData><<"}))
    with pytest.raises(Unreadable, match="damaged"):
        open_tables(with_parts(workbook(), **{SHEET: None}))


def test_another_zip_is_no_workbook():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("questions/planning/swot.yaml", "[]")

    with pytest.raises(Unreadable, match="not an Excel workbook"):
        sheets.read(buffer.getvalue())


def test_old_excel_files_are_refused_with_advice():
    with pytest.raises(Unreadable, match=r"save it as plain \.xlsx"):
        sheets.read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000))


def test_a_file_that_is_too_large_is_refused_unread():
    with pytest.raises(Unreadable, match="larger than 50 MB"):
        sheets.read(b"PK\x03\x04" + bytes(LARGEST_IMPORT))


def test_pictures_in_sheets_are_named():
    data = with_parts(workbook(), **{"xl/media/image1.png": b"\x89PNG"})

    reading = sheets.read(data)

    assert len(reading.drafts) == 1
    assert [str(note) for note in reading.notes] == ["1 pictures placed in the sheets are not read"]


def test_merged_cells_without_end_are_refused():
    merged = f"<mergeCells>{MERGED * 30}</mergeCells>"
    rows = "<row><c><v>1</v></c></row>" * 10_000
    xml = sheet_xml(rows).replace(b"</sheetData>", b"</sheetData>" + merged.encode())

    with pytest.raises(Unreadable, match="merged cells"):
        open_tables(with_parts(workbook(), **{SHEET: xml}))


def test_ten_thousand_rows_are_read_in_seconds():
    data = as_xlsx(HEAD, *([*SINGLE[:-1], f"来源{n}"] for n in range(10_000)))
    began = time.process_time()

    reading = sheets.read(data)

    assert len(reading.drafts) == 10_000
    assert time.process_time() - began < 10


def test_the_template_opens_with_its_sheets():
    tables, notes = open_tables(template([], Language.ZH))

    assert [table.name for table in tables] == ["题目", "示例", "填写说明"]
    assert notes == []
