"""QTI (IMS/1EdTech Question and Test Interoperability): 2.1, 2.2 and 3.0, in and out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.domain.media import Medium
from app.domain.questions.question import Question
from app.domain.text import Text
from app.loader.exchange.contract import Format, Written
from app.loader.exchange.qti_names import VERSIONS, Version
from app.loader.exchange.qti_reading import read
from app.loader.exchange.qti_writing import written


def _format(version: Version) -> Format:
    def write(questions: Sequence[Question], media: Mapping[str, Medium]) -> Written:
        return written(questions, media, version)

    return Format(
        code=f"qti-{version.code}",
        name=Text(f"QTI {version.code} 题目包", f"QTI {version.code} package"),
        ending="zip",
        mime="application/zip",
        read=read,
        write=write,
    )


FORMATS = tuple(_format(version) for version in VERSIONS)
"""One for each version to write; all of them read every version, which the file itself tells."""
