"""A GIFT file taken apart: questions with their lines, comments and categories."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_ESCAPES = {"~": "\ue010", "=": "\ue011", "#": "\ue012", "{": "\ue013", "}": "\ue014",
            ":": "\ue015", "n": "\ue016", "\\": "\ue017"}  # fmt: skip
_PLAIN = str.maketrans({place: "\n" if sign == "n" else sign for sign, place in _ESCAPES.items()})
_ESCAPED = re.compile(r"\\([~=#{}:n\\])")
_TO_ESCAPE = re.compile(r"[~=#{}:\\]")
_COMMENT_FIELD = re.compile(r"\[(id|tags?):((?:[^\]\\]|\\.)+)\]")
_STARTS_ANOTHER = re.compile(r"\s*(?:::|\$CATEGORY:|//)")


@dataclass(frozen=True, slots=True)
class Block:
    """One question. line: where its text begins. text: with escaped signs as `hidden` makes them.

    id, tags: from its comments.
    """

    line: int
    text: str
    id: str = ""
    tags: tuple[str, ...] = ()

    def line_of(self, position: int) -> int:
        """The line on which a position of the text stands."""
        return self.line + self.text.count("\n", 0, position)


@dataclass(frozen=True, slots=True)
class Category:
    """From here on, questions belong to this category."""

    name: str


def blocks(lines: Sequence[str]) -> Iterator[Block | Category]:
    """Questions and categories in their order; blank lines part questions."""
    comments: list[str] = []
    text: list[str] = []
    start = 0
    for number, line in enumerate([*lines, ""], start=1):
        stripped = line.strip()
        if stripped.startswith("//"):
            comments.append(stripped)
            text += [""] if text else []
        elif stripped.startswith("$CATEGORY:"):
            if text:
                yield _block(start, text, comments)
            text, comments = [], []
            yield Category(stripped.removeprefix("$CATEGORY:").strip())
        elif stripped:
            start = start if text else number
            text.append(hidden(line.rstrip()))
        elif text and _open(text) and not _another_follows(lines, number):
            text.append("")
        else:
            if text:
                yield _block(start, text, comments)
            text, comments = [], []


def hidden(text: str) -> str:
    """Escaped signs as signs that mean nothing."""
    return _ESCAPED.sub(lambda match: _ESCAPES[match[1]], text)


def shown(text: str) -> str:
    """The inverse of `hidden`, without the backslashes."""
    return text.translate(_PLAIN).strip()


def written(text: str) -> str:
    """A text as a GIFT file has it, on one line."""
    return _TO_ESCAPE.sub(r"\\\g<0>", text).replace("\n", r"\n")


def written_tag(tag: str) -> str:
    """A tag as a comment has it."""
    return re.sub(r"[\]\\]", r"\\\g<0>", tag.replace("\n", " "))


def _block(line: int, text: Sequence[str], comments: Sequence[str]) -> Block:
    id_, tags = "", []
    for match in _COMMENT_FIELD.finditer("\n".join(comments)):
        value = re.sub(r"\\(.)", r"\1", match[2])
        if match[1] == "id":
            id_ = value.strip()
        else:
            tags += value.split() if match[1] == "tags" else [value.strip()]
    return Block(line, "\n".join(text).rstrip(), id_, tuple(tags))


def _open(text: Sequence[str]) -> bool:
    """Whether an answer part began and did not end."""
    whole = "".join(text)
    return whole.count("{") > whole.count("}")


def _another_follows(lines: Sequence[str], number: int) -> bool:
    """Whether the next line with anything on it begins another question."""
    following = next((line for line in lines[number:] if line.strip()), "::")
    opening = hidden(following).partition("}")[0]
    return bool(_STARTS_ANOTHER.match(following)) or "{" in opening
