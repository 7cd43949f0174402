"""Which signs the document's fonts can show: what they cannot is written as its code.

A PDF/UA document must not have a sign without a picture, and a candidate may answer with an
emoji. The attached file keeps every answer as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

import typst

from app.web.certificates.document import font_folder

_PROBE = b"""#set document(title: "signs")
#set text(font: ("Noto Sans CJK SC", "DejaVu Sans Mono"))
#sys.inputs.signs"""
_REFUSED = re.compile(r'the text `"(.*)"` could not be displayed', re.DOTALL)
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_MOST_TRIES = 40
_PICTOGRAPHS = range(0x1F000, 0x20000)
_PLAIN = re.compile(r"[ -~\u3000-\u303f\u4e00-\u9fa5\uff01-\uff5e–—‘’“”…·→]")


@lru_cache(maxsize=1)
def fonts() -> typst.Fonts:
    """The fonts of documents: the package's Chinese one, and what typst brings."""
    return typst.Fonts(font_paths=[font_folder()], include_system_fonts=False)


def missing_signs(texts: Iterable[str]) -> frozenset[str]:
    """Signs of these texts for which no font has a picture."""
    rare = _rare(texts)
    missing: set[str] = set()
    for _ in range(_MOST_TRIES):
        refused = _refused(rare - missing)
        if not refused:
            return frozenset(missing)
        missing |= refused
        if any(ord(sign) in _PICTOGRAPHS for sign in refused):  # they come in crowds
            missing |= {sign for sign in rare if ord(sign) in _PICTOGRAPHS}
    return frozenset(rare)


def without_rare(texts: Iterable[str]) -> frozenset[str]:
    """Everything that is not plain ASCII or common Chinese: what remains can be shown."""
    return frozenset(_rare(texts))


def shown(text: str, missing: frozenset[str]) -> str:
    """The text with its missing signs as codes: 😀 becomes [U+1F600]."""
    text = text.replace("\r\n", "\n").replace("\t", " ")
    if not missing.intersection(text):
        return text
    return "".join(f"[U+{ord(sign):04X}]" if sign in missing else sign for sign in text)


def _rare(texts: Iterable[str]) -> set[str]:
    signs = set().union(*texts) - {"\n", "\r", "\t"}
    return {sign for sign in signs if not _PLAIN.fullmatch(sign)}


def _refused(signs: set[str]) -> set[str]:
    """Some of the signs that cannot be shown; none when all can."""
    try:
        typst.compile(
            _PROBE,
            font_paths=fonts(),
            ignore_system_fonts=True,
            sys_inputs={"signs": " ".join(sorted(signs))},
            pdf_standards="ua-1",
        )
    except typst.TypstError as error:
        named = _REFUSED.search(str(error))
        if named is None:
            raise
        text = _ESCAPED.sub(lambda code: chr(int(code[1], 16)), named[1])
        return signs.intersection(text) or signs
    return set()
