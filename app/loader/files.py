"""Reads YAML and front matter safely, turning what cannot be read into problems."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from app.domain.problems import Problems
from app.domain.text import N_

LARGEST_FILE = 5 * 1024 * 1024
"""Bytes; a content file over this is refused unread."""


class _UniqueKeys(yaml.CSafeLoader):
    """Refuses a key given twice: YAML would silently keep the last."""


def _mapping(loader: Any, node: Any) -> dict[Any, Any]:
    seen: set[Hashable] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, Hashable):
            raise yaml.constructor.ConstructorError(
                None, None, "a list or mapping cannot be a key", key_node.start_mark
            )
        if key in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"key {key!r} is given twice", key_node.start_mark
            )
        seen.add(key)
    return yaml.SafeLoader.construct_mapping(loader, node, deep=True)


_UniqueKeys.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_text_file(path: Path, *, problems: Problems) -> str:
    """The file's text (UTF-8); "" and a problem where it cannot be read."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            problems.add("", N_("is larger than %(count)s bytes"), count=LARGEST_FILE)
            return ""
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        problems.add("", N_("is not UTF-8 text"))
        return ""
    except OSError as error:
        problems.add("", N_("cannot be read: %(reason)s"), reason=error.strerror or str(error))
        return ""
    if "\x00" in text:
        problems.add("", N_("contains a NUL character"))
        return ""
    return text


def read_yaml(path: Path, *, problems: Problems) -> object:
    """The file's YAML value; None and a problem where it has none."""
    text = read_text_file(path, problems=problems)
    return parse_yaml(text, problems=problems) if text else None


def parse_yaml(text: str, *, problems: Problems) -> object:
    """The YAML value of `text`; None and a problem with its line where it is broken."""
    try:
        return yaml.load(text, Loader=_UniqueKeys)  # noqa: S506 (a subclass of CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        problems.add(place, N_("is not valid YAML: %(reason)s"), reason=error.problem or "")
    except (yaml.YAMLError, ValueError, AttributeError) as error:  # such as a 13th month
        problems.add("", N_("is not valid YAML: %(reason)s"), reason=str(error))
    return None


def split_front_matter(text: str, *, problems: Problems) -> tuple[object, str]:
    """The YAML between two `---` lines at the top, and the rest of the text."""
    if not text.startswith("---\n"):
        problems.add("", N_("must begin with front matter between two lines of ---"))
        return {}, text
    head, separator, body = text[4:].partition("\n---\n")
    if not separator:
        problems.add("", N_("must begin with front matter between two lines of ---"))
        return {}, text
    return parse_yaml(f"\n{head}", problems=problems), body  # lines are counted in the file
