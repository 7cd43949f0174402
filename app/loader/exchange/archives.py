"""Zip archives of strangers, read without trusting a number in them; and ours, always the same.

What an archive says of its own sizes is only a hint: what counts is what comes out while it is
unpacked, piece by piece, into memory. Nothing is ever written to a disk.
"""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import PurePosixPath

from app.domain.text import N_
from app.loader.exchange.contract import LARGEST_UNPACKED, Unreadable, refuse_large

MOST_ENTRIES = 50_000
"""Files of one archive: a question and its picture each for the largest import, and room."""
MOST_TIMES_SMALLER = 200
"""How much smaller than its content a packed file may be; texts get down to a twentieth."""
SMALL = 1024 * 1024
"""Bytes under which the packing of a file is not looked at."""

_SIGNATURE = b"PK\x03\x04"
_EMPTY_ARCHIVE = b"PK\x05\x06"
_DIRECTORY_ENTRY = b"PK\x01\x02"
_ENCRYPTED = 0x1
_UTF8_NAME = 0x800
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,  # a packed file that ends too early
    NotImplementedError,  # what zipfile says of a method or an encryption that it cannot read
    ValueError,  # a place before the beginning; a name that is no text
    OverflowError,  # a place beyond what can be counted (zip64)
)
"""What reading an archive raises where its bytes are wrong; the tests change them at random."""
_PIECE = 64 * 1024
_PACKED_ALREADY = (".png", ".jpg", ".gif", ".webp")
_DATE = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip archive can name: our archives have no clock."""
_FILE_MODE = 0o644 << 16


def is_zip(data: bytes) -> bool:
    """Whether it begins as a zip archive does, whole or not."""
    return data.startswith((_SIGNATURE, _EMPTY_ARCHIVE))


class Archive:
    """An archive whose directory was found harmless. Archives inside it are files like others."""

    def __init__(self, data: bytes) -> None:
        """Raises Unreadable where it is no archive, is cut off, or has what no package needs."""
        refuse_large(data)
        if data.count(_DIRECTORY_ENTRY) > MOST_ENTRIES:
            raise Unreadable(N_("The archive has more than %(most)s files."), most=MOST_ENTRIES)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _DAMAGED as error:
            sentence = (
                N_("The archive is cut off or damaged: nothing in it can be trusted.")
                if is_zip(data)
                else N_("This is not a zip archive.")
            )
            raise Unreadable(sentence) from error
        self._entries = _checked(self._zip.infolist())
        self._sizes: dict[str, int] = {}
        self._total = 0

    @property
    def names(self) -> tuple[str, ...]:
        """The paths of its files, with / between their parts, in the order of the archive."""
        return tuple(self._entries)

    def read(self, name: str, *, most: int = LARGEST_UNPACKED) -> bytes:
        """The bytes of a file that is among `names`.

        Raises Unreadable where it is damaged or larger than `most` bytes, or where everything
        read so far is larger than LARGEST_UNPACKED.
        """
        entry, pieces, size = self._entries[name], [], 0
        before = self._total - self._sizes.get(name, 0)
        try:
            with self._zip.open(entry) as file:
                while piece := file.read(_PIECE):
                    size += len(piece)
                    _check_size(name, size, entry.compress_size, before=before, most=most)
                    pieces.append(piece)
        except _DAMAGED as error:
            raise Unreadable(
                N_("The archive is cut off or damaged: nothing in it can be trusted."), place=name
            ) from error
        self._sizes[name], self._total = size, before + size
        return b"".join(pieces)


def packed(files: Mapping[str, bytes]) -> bytes:
    """An archive of these files: sorted, without a date, so equal files make equal bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _DATE)
            entry.create_system = 3  # Unix, on whichever system it is made
            entry.external_attr = _FILE_MODE
            stored = name.endswith(_PACKED_ALREADY)
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name], compresslevel=6)
    return buffer.getvalue()


def _checked(entries: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    files: dict[str, zipfile.ZipInfo] = {}
    announced = 0
    for entry in entries:
        name = _name(entry)
        _refuse_dangerous(name, entry)
        if entry.is_dir() or name.endswith("/"):
            continue
        if name in files:
            raise Unreadable(N_("The archive has two files of this name."), place=name)
        announced += entry.file_size
        files[name] = entry
    if announced > LARGEST_UNPACKED:
        raise _too_large(LARGEST_UNPACKED)
    return files


def _name(entry: zipfile.ZipInfo) -> str:
    """The path as its author meant it: old Chinese Windows writes GBK and backslashes."""
    name = entry.orig_filename
    if not entry.flag_bits & _UTF8_NAME:
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gbk"):
            try:
                name = raw.decode(encoding)
            except UnicodeDecodeError:
                continue
            break
    return name.replace("\\", "/")


def _refuse_dangerous(name: str, entry: zipfile.ZipInfo) -> None:
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or ":" in parts[0] or "\x00" in name:
        raise Unreadable(
            N_("The archive has a path that leads out of it: it was not made by a fair program."),
            place=name.replace("\x00", "�"),
        )
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Unreadable(N_("The archive has a link to another file; pack files only."), place=name)
    if entry.flag_bits & _ENCRYPTED:
        raise Unreadable(N_("The archive is protected by a password; pack it without."), place=name)
    if entry.compress_type not in _METHODS:
        raise Unreadable(
            N_("The archive is packed in an unusual way; pack it as an ordinary zip."), place=name
        )


def _check_size(name: str, size: int, packed_size: int, *, before: int, most: int) -> None:
    if size > most:
        raise Unreadable(
            N_("This file is larger than %(most)s MB once unpacked."),
            place=name,
            most=max(most // 1024**2, 1),
        )
    if before + size > LARGEST_UNPACKED:
        raise _too_large(LARGEST_UNPACKED)
    if size > SMALL and size > packed_size * MOST_TIMES_SMALLER:
        raise Unreadable(
            N_("This file swells to more than %(times)s times its size: it looks like a zip bomb."),
            place=name,
            times=MOST_TIMES_SMALLER,
        )


def _too_large(most: int) -> Unreadable:
    return Unreadable(N_("The archive has more than %(most)s MB unpacked."), most=most // 1024**2)
