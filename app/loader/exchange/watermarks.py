"""Marks a file of exam questions with who took it, where reading it back pays no heed to it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from html import escape

from app.loader.exchange.archives import packed

_PROPERTIES = "docProps/core.xml"
_MANIFEST = "imsmanifest.xml"


def marked(data: bytes, code: str, words: str) -> bytes:
    """The file with these words in it. code: of the format that wrote it."""
    line = " ".join(words.split()).replace("--", "–")  # two hyphens would end a comment of XML
    return _MARKS["qti" if code.startswith("qti") else code](data, line)


def _in_yaml(data: bytes, words: str) -> bytes:
    return f"# {words}\n".encode() + data


def _in_gift(data: bytes, words: str) -> bytes:
    return f"// {words}\n\n".encode() + data


def _in_xml(data: bytes, words: str) -> bytes:
    end = data.find(b"?>") + 2 if data.startswith(b"<?xml") else 0
    return data[:end] + f"\n<!-- {escape(words)} -->\n".encode() + data[end:].lstrip()


def _in_package(data: bytes, words: str) -> bytes:
    return _changed(data, _MANIFEST, lambda manifest: _in_xml(manifest, words))


def _in_workbook(data: bytes, words: str) -> bytes:
    """Among the properties that Excel shows under “Info”."""
    told = f"<dc:description>{escape(words)}</dc:description></cp:coreProperties>".encode()
    return _changed(
        data, _PROPERTIES, lambda properties: properties.replace(b"</cp:coreProperties>", told)
    )


def _changed(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The archive with one of its files changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {entry: archive.read(entry) for entry in archive.namelist()}
    return packed({**files, name: change(files[name])})


_MARKS: Mapping[str, Callable[[bytes, str], bytes]] = {
    "yaml": _in_yaml,
    "gift": _in_gift,
    "moodle": _in_xml,
    "qti": _in_package,
    "xlsx": _in_workbook,
}
