import io
import stat
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.loader.exchange import archives
from app.loader.exchange.archives import Archive, packed
from app.loader.exchange.contract import LARGEST_UNPACKED, Unreadable


def zipped(*entries, method=zipfile.ZIP_DEFLATED):
    """An archive of (name or ZipInfo, bytes)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in entries:
            archive.writestr(name, data, compress_type=method)
    return buffer.getvalue()


def patched(data, before, after):
    assert before in data
    return data.replace(before, after)


def test_files_come_out_as_they_went_in():
    files = {"b.xml": b"<b/>", "a/c.png": b"\x89PNG", "题目.xml": "题".encode()}

    archive = Archive(packed(files))

    assert {name: archive.read(name) for name in archive.names} == files


def test_equal_files_make_equal_archives_whatever_their_order():
    files = {f"items/{n}.xml": str(n).encode() for n in range(20)}

    first = packed(files)
    second = packed(dict(reversed(files.items())))

    assert first == second
    assert b"PK\x03\x04" in first


@pytest.mark.parametrize(
    "name", ["../evil.xml", "a/../../evil.xml", "/etc/passwd", "C:/evil.xml", "a\\..\\..\\evil.xml"]
)
def test_a_path_that_leads_out_is_refused(name):
    data = zipped((name, b"x"))

    with pytest.raises(Unreadable, match="leads out of it"):
        Archive(data)


def test_a_link_is_refused():
    link = zipfile.ZipInfo("items/a.xml")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    data = zipped((link, b"/etc/passwd"))

    with pytest.raises(Unreadable, match="a link to another file"):
        Archive(data)


def test_an_archive_with_a_password_is_refused():
    data = bytearray(zipped(("a.xml", b"x")))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1

    with pytest.raises(Unreadable, match="password"):
        Archive(bytes(data))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_refused():
    data = zipped(("a.xml", b"one"), ("a.xml", b"two"))

    with pytest.raises(Unreadable, match="two files of this name") as refused:
        Archive(data)

    assert refused.value.problem.place == "a.xml"


def test_an_unusual_packing_is_refused():
    data = zipped(("a.xml", b"x" * 100), method=zipfile.ZIP_LZMA)

    with pytest.raises(Unreadable, match="ordinary zip"):
        Archive(data)


def test_too_many_files_are_refused(monkeypatch):
    monkeypatch.setattr(archives, "MOST_ENTRIES", 10)
    data = packed({f"{n}.xml": b"" for n in range(11)})

    with pytest.raises(Unreadable, match="more than 10 files"):
        Archive(data)


def test_a_header_that_announces_too_much_is_refused_unread():
    data = bytearray(zipped(("a.xml", b"x")))
    sizes = data.index(b"PK\x01\x02") + 24
    data[sizes : sizes + 4] = struct.pack("<I", LARGEST_UNPACKED + 1)

    with pytest.raises(Unreadable, match="more than 200 MB unpacked"):
        Archive(bytes(data))


def test_a_bomb_is_stopped_while_it_swells():
    archive = Archive(zipped(("a.xml", b"\0" * (8 * 1024 * 1024))))

    with pytest.raises(Unreadable, match="zip bomb"):
        archive.read("a.xml")


def test_a_header_that_tells_less_than_there_is_deceives_nobody():
    data = bytearray(zipped(("a.xml", b"\0" * (8 * 1024 * 1024))))
    sizes = data.index(b"PK\x01\x02") + 24
    data[sizes : sizes + 4] = struct.pack("<I", 10)

    with pytest.raises(Unreadable):
        Archive(bytes(data)).read("a.xml")


def test_all_files_together_may_not_be_too_large(monkeypatch):
    monkeypatch.setattr(archives, "LARGEST_UNPACKED", 1000)
    archive = Archive(zipped(*((f"{n}.bin", bytes(range(250))) for n in range(4))))
    for name in archive.names:
        archive.read(name)
    archive.read("0.bin")  # a second time counts once

    monkeypatch.setattr(archives, "LARGEST_UNPACKED", 999)
    with pytest.raises(Unreadable, match="unpacked"):
        archive.read("3.bin")


def test_one_file_may_not_be_larger_than_asked_for():
    archive = Archive(zipped(("a.xml", bytes(range(256)) * 10)))

    with pytest.raises(Unreadable, match="This file is larger"):
        archive.read("a.xml", most=2000)


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.95])
def test_a_truncated_archive_is_refused(kept):
    data = packed({f"{n}.xml": str(n).encode() * 50 for n in range(30)})

    with pytest.raises(Unreadable, match="cut off or damaged"):
        Archive(data[: int(len(data) * kept)])


def test_a_damaged_file_is_refused_when_it_is_read():
    data = zipped(("a.xml", b"hello world"), method=zipfile.ZIP_STORED)
    archive = Archive(patched(data, b"hello", b"jello"))

    with pytest.raises(Unreadable, match="damaged") as refused:
        archive.read("a.xml")

    assert refused.value.problem.place == "a.xml"


@pytest.mark.parametrize("data", [b"", b"no zip at all", b"<quiz/>", b"\x00" * 1000])
def test_what_is_no_archive_is_refused(data):
    with pytest.raises(Unreadable, match="not a zip archive"):
        Archive(data)


def test_an_archive_inside_is_a_file_like_others():
    inner = zipped(("../evil.xml", b"x"))
    archive = Archive(zipped(("inner.zip", inner), method=zipfile.ZIP_STORED))

    assert archive.names == ("inner.zip",)
    assert archive.read("inner.zip") == inner


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_chinese_names_of_old_programs_are_read(encoding):
    name = "题目/第一题.xml"
    placeholder = "x" * len(name.encode(encoding))
    data = patched(zipped((placeholder, b"1")), placeholder.encode(), name.encode(encoding))

    archive = Archive(data)

    assert archive.names == (name,)
    assert archive.read(name) == b"1"


def test_folders_are_no_files():
    archive = Archive(zipped(("items/", b""), ("items\\a.xml", b"1")))

    assert archive.names == ("items/a.xml",)


WHOLE = packed({"a.xml": b"<x>" + bytes(range(256)) * 8 + b"</x>", "题/b.png": b"\x89PNG" * 40})
HEADERS = [
    place
    for signature in (b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06")
    for place in range(len(WHOLE))
    if WHOLE.startswith(signature, place)
]


@settings(max_examples=400)
@given(
    changes=st.lists(
        st.tuples(st.sampled_from(HEADERS), st.integers(0, 59), st.integers(0, 255)), min_size=1
    ),
    cut=st.none() | st.integers(0, len(WHOLE)),
)
def test_whatever_is_damaged_is_read_or_refused_in_a_sentence(changes, cut):
    data = bytearray(WHOLE)
    for header, offset, byte in changes:
        if header + offset < len(data):
            data[header + offset] = byte

    try:
        archive = Archive(bytes(data[:cut]))
        files = {name: archive.read(name) for name in archive.names}
    except Unreadable as refused:
        assert str(refused)
    else:
        assert all(isinstance(content, bytes) for content in files.values())


def test_a_name_that_is_no_text_is_refused():
    data = bytearray(packed({"题.xml": b"<x/>"}))
    data[data.rindex("题.xml".encode())] = 0xFF

    with pytest.raises(Unreadable, match="damaged|not a zip"):
        Archive(bytes(data)).read("题.xml")


@pytest.mark.parametrize("place", [2**63 + 5, 2**64 - 1, 2**62])
def test_a_file_that_stands_beyond_all_bounds_is_refused(place):
    data = bytearray(packed({"a.xml": b"hello"}))
    header, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    extra = struct.pack("<HHQ", 1, 8, place)
    struct.pack_into("<I", data, end + 12, end - header + len(extra))
    struct.pack_into("<I", data, header + 42, 0xFFFFFFFF)
    struct.pack_into("<H", data, header + 30, len(extra))
    data[header + 46 + len("a.xml") : header + 46 + len("a.xml")] = extra

    with pytest.raises(Unreadable, match="damaged"):
        Archive(bytes(data)).read("a.xml")
