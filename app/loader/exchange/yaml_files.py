"""This project's own YAML: everything that a question has, in the style of the files in questions/.

The parser is asked for one event after the other, so that deep nesting and aliases that multiply
are refused at the place where they begin, before anything is built of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any

import yaml

from app.domain.media import Medium, media_names
from app.domain.problems import Problem
from app.domain.questions.question import Question
from app.domain.text import N_, Text
from app.loader.exchange.contract import (
    MOST_QUESTIONS,
    Draft,
    Format,
    Reading,
    Unreadable,
    Written,
    refuse_large,
)

DEEPEST = 16
"""Lists and mappings inside each other; a case has eight."""

_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_NOT_TEXT = frozenset("null true false yes no on off".split())
_UNPRINTABLE = re.compile(
    "[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_NAMED_ESCAPES = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}
_BARE_KEYS = frozenset({"id", "type", "pool", "level", "name"})
_ON_ONE_LINE = frozenset({"unit", "name"})
_SPREAD = frozenset({"parts", "criteria"})


def read(data: bytes) -> Reading:
    """The questions of one file. Raises Unreadable where it is not such YAML."""
    refuse_large(data)
    items, lines = _items(_decoded(data))
    drafts, refused = [], []
    for item, line in zip(items, lines, strict=True):
        place = f"line {line}"
        if isinstance(item, dict):
            drafts.append(Draft(place, item))
        else:
            refused.append(Problem("", place, N_("must be a mapping of names to values")))
    return Reading(tuple(drafts), tuple(refused))


def write(questions: Sequence[Question], media: Mapping[str, Medium]) -> Written:
    """One file with the questions in their order. Pictures stay out of it and are named."""
    losses = tuple(
        Problem("", question.id, N_("the picture %(name)s is not in this file"), {"name": name})
        for question in questions
        for name in media_names(str(question.dump()))
    )
    return Written(text_of(questions).encode(), losses)


def text_of(questions: Sequence[Question]) -> str:
    """The questions as a file of questions/<module> has them."""
    if not questions:
        return "[]\n"
    return "\n".join("\n".join(_listed(question.dump(), "")) + "\n" for question in questions)


def _decoded(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(
            N_("The file is not UTF-8 text (byte %(byte)s)."), byte=error.start + 1
        ) from error
    if "\x00" in text:
        raise Unreadable(N_("contains a NUL character"))
    return text


def _items(text: str) -> tuple[list[object], list[int]]:
    """The entries of the list in `text`, and the line where each begins."""
    try:
        events = _checked(yaml.parse(text, Loader=yaml.CSafeLoader))
        first = next(events, None)
        if first is None:
            return [], []
        if not isinstance(first, yaml.SequenceStartEvent):
            raise Unreadable(N_("must be a list of questions"))
        return _entries(events)
    except yaml.MarkedYAMLError as error:
        raise Unreadable(
            N_("is not valid YAML: %(reason)s"),
            place=_place(error.problem_mark),
            reason=error.problem or "",
        ) from error
    except (yaml.YAMLError, ValueError, AttributeError) as error:  # such as a 13th month
        raise Unreadable(N_("is not valid YAML: %(reason)s"), reason=str(error)) from error


def _checked(events: Iterator[yaml.Event]) -> Iterator[yaml.Event]:
    """The events of one document's value; raises Unreadable where it could hurt."""
    depth = documents = 0
    for event in events:
        if isinstance(event, yaml.NodeEvent):
            _refuse_references(event)
        elif isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise Unreadable(
                    N_("only the first of several documents (---) can be read"),
                    place=_place(event.start_mark),
                )
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                raise Unreadable(
                    N_("more than %(most)s lists and mappings inside each other"),
                    place=_place(event.start_mark),
                    most=DEEPEST,
                )
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif not isinstance(event, yaml.NodeEvent):
            continue
        yield event


def _refuse_references(event: Any) -> None:
    if event.anchor is not None:  # an alias has the anchor that it means
        raise Unreadable(
            N_("anchors (&) and aliases (*) are not read"), place=_place(event.start_mark)
        )
    if event.tag not in (None, "!"):
        raise Unreadable(N_("tags (!) are not read"), place=_place(event.start_mark))


def _entries(events: Iterator[yaml.Event]) -> tuple[list[object], list[int]]:
    scalars = _Scalars()
    items: list[object] = []
    lines: list[int] = []
    for event in events:
        if isinstance(event, yaml.SequenceEndEvent):
            break
        if len(items) == MOST_QUESTIONS:
            raise Unreadable(N_("The file has more than %(most)s questions."), most=MOST_QUESTIONS)
        lines.append(_line(event))
        items.append(_value(event, events, scalars))
    next(events, None)  # what follows the list is broken, or another document
    return items, lines


def _value(event: yaml.Event, events: Iterator[yaml.Event], scalars: _Scalars) -> object:
    """What begins with `event`, built from as many of the following ones as it takes."""
    if isinstance(event, yaml.SequenceStartEvent):
        values = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            values.append(_value(event, events, scalars))
        return values
    if isinstance(event, yaml.MappingStartEvent):
        found: dict[Hashable, object] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = _value(event, events, scalars)
            if not isinstance(key, Hashable):
                raise Unreadable(
                    N_("a list or mapping cannot be a key"), place=_place(event.start_mark)
                )
            if key in found:
                raise Unreadable(
                    N_("key %(key)s is given twice"), place=_place(event.start_mark), key=key
                )
            found[key] = _value(next(events), events, scalars)
        return found
    return scalars.value(event)


class _Scalars:
    """Values as yaml.safe_load has them: what is quoted is text, what is not may be a number."""

    def __init__(self) -> None:
        self._loader = yaml.SafeLoader("")
        self._tag_of: Callable[[type[yaml.Node], str, tuple[bool, bool]], str]
        self._tag_of = self._loader.resolve
        self._known: dict[str, object] = {}

    def value(self, event: Any) -> object:
        """Each bare word is worked out once: keys are the most of them."""
        word = event.value
        if not event.implicit[0]:
            return word
        if word not in self._known:
            tag = self._tag_of(yaml.ScalarNode, word, event.implicit)
            node = yaml.ScalarNode(tag, word, event.start_mark, event.end_mark)
            self._known[word] = self._loader.construct_object(node)
        return self._known[word]


def _line(event: Any) -> int:
    line: int = event.start_mark.line
    return line + 1


def _place(mark: Any) -> str:
    return f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""


def _listed(raw: Mapping[str, object], indent: str) -> Iterator[str]:
    """The lines of a mapping that is an entry of a list."""
    lead = f"{indent}- "
    for key, value in raw.items():
        first, *rest = _entry(key, value, f"{indent}  ")
        yield f"{lead}{first}"
        yield from rest
        lead = f"{indent}  "


def _entry(key: str, value: object, indent: str) -> Iterator[str]:
    """`key: value`, the first line without its indent."""
    if isinstance(value, str) and key in _BARE_KEYS:
        yield f"{key}: {_bare(value)}"
    elif isinstance(value, Mapping) and key not in _ON_ONE_LINE:
        yield f"{key}:"
        for language, text in value.items():
            yield from _text(language, text, f"{indent}  ")
    elif isinstance(value, list) and value and isinstance(value[0], Mapping):
        yield f"{key}:"
        for item in value:
            if key in _SPREAD:
                yield from _listed(item, indent)
            else:
                yield f"{indent}- {_flow(item)}"
    else:
        yield f"{key}: {_flow(value, bare=key == 'points')}"


def _text(language: str, text: object, indent: str) -> Iterator[str]:
    if not isinstance(text, str) or not _stands_in_a_block(text):
        yield f"{indent}{language}: {_flow(text)}"
        return
    yield f"{indent}{language}: |-"
    for line in text.split("\n"):
        yield f"{indent}  {line}" if line else ""


def _stands_in_a_block(text: str) -> bool:
    """Whether it has several lines that YAML gives back as they are."""
    lines = text.split("\n")
    if len(lines) < 2 or not lines[0] or not lines[-1] or lines[0].startswith(" "):
        return False
    return not any(line.endswith(" ") or _UNPRINTABLE.search(line) for line in lines)


def _flow(value: object, *, bare: bool = False) -> str:
    """The value on one line. bare: texts that look like names stand without quotes."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, Mapping):
        parts = (f"{key}: {_flow(item, bare=key == 'name')}" for key, item in value.items())
        return "{" + ", ".join(parts) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(item, bare=bare) for item in value) + "]"
    return _bare(str(value)) if bare else _quoted(str(value))


def _bare(text: str) -> str:
    if _BARE.fullmatch(text) and text.casefold() not in _NOT_TEXT:
        return text
    return _quoted(text)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{_UNPRINTABLE.sub(_escape, escaped)}"'


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    return _NAMED_ESCAPES.get(character) or f"\\u{ord(character):04x}"


def _number(value: float) -> str:
    """A form that YAML 1.1 takes for a number: 1e-07 would be a text."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    mantissa, exponent, power = repr(value).partition("e")
    return f"{mantissa}{'' if '.' in mantissa or not exponent else '.0'}{exponent}{power}"


FORMAT = Format(
    code="yaml",
    name=Text("本系统 YAML", "YAML of this system"),
    ending="yaml",
    mime="application/yaml",
    read=read,
    write=write,
)
