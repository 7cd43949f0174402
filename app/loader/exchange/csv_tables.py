"""Reads .csv files as Excel, WPS and LibreOffice write them in China: UTF-8 or GBK."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from typing import Any

from app.domain.text import N_
from app.loader.exchange.contract import Unreadable, refuse_large
from app.loader.exchange.workbooks import MOST_ROWS, Table

_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_SEPARATORS = ",;\t"
_SAMPLE = 5


def open_csv(data: bytes, *, known: Callable[[Sequence[Any]], int]) -> Table:
    """The rows of the file. known: how many headings of ours a row has. Raises Unreadable."""
    refuse_large(data)
    text = decoded(data)
    separator = max(_SEPARATORS, key=lambda candidate: _headings(text, candidate, known))
    rows: list[list[Any]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for row in reader:
            rows.append(row)
            if len(rows) > MOST_ROWS:
                raise Unreadable(N_("A sheet has more than %(most)s rows."), most=MOST_ROWS)
    except csv.Error as error:
        raise Unreadable(
            N_("is not a valid CSV file: %(reason)s"),
            place=f"line {reader.line_num}",
            reason=error,
        ) from error
    return Table("", rows)


def decoded(data: bytes) -> str:
    """The text, in UTF-8, UTF-16 with its mark, or GBK. Raises Unreadable where it is damaged."""
    for bom, encoding in _BOMS.items():
        if data.startswith(bom):
            return _strictly(data, encoding)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if _is_cut_off(data, error):
            raise _wrong("UTF-8", error.start) from error
    return _strictly(data, "gb18030")


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _wrong(encoding.upper().removesuffix("-SIG"), error.start) from error


def _is_cut_off(data: bytes, error: UnicodeDecodeError) -> bool:
    """Whether only the last character is wrong, after others that UTF-8 alone explains."""
    return error.end == len(data) > error.start > 0 and not data[: error.start].isascii()


def _wrong(encoding: str, start: int) -> Unreadable:
    return Unreadable(
        N_("The file is damaged: byte %(byte)s is not %(encoding)s text."),
        byte=start + 1,
        encoding=encoding,
    )


def _headings(text: str, separator: str, known: Callable[[Sequence[Any]], int]) -> int:
    lines = io.StringIO(text[:20_000], newline="")
    reader = csv.reader(lines, delimiter=separator)
    try:
        return max((known(row) for row, _ in zip(reader, range(_SAMPLE), strict=False)), default=0)
    except csv.Error:
        return 0
