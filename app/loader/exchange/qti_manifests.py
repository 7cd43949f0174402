"""imsmanifest.xml: what a package has, and what is known of each of its items."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from app.domain.questions.question import Question
from app.loader.exchange.qti_content import TAGS, Node, filled
from app.loader.exchange.qti_names import LOM, XSI, Version, known_name

NAME = "imsmanifest.xml"
CATALOGUE = "qijue"
"""The catalogue in which the ids of our questions are entries."""
DIFFICULTIES = ("very easy", "easy", "medium", "difficult", "very difficult")
"""LOM's words for our difficulties 1 to 5."""

_LOM_SCHEMA = "http://www.imsglobal.org/xsd/imsmd_loose_v1p3p2.xsd"
_ITEM = re.compile(r"imsqti_item_xmlv\d")
_OLD = re.compile(r"(?:imsqti_xmlv1p|imsqti_assessment_xmlv1p|assessment/xmlv1p|imsqti_xmlv1)")
_ASSEMBLED = re.compile(r"imsqti_(?:test|section|assessment|objectbank)\w*_xmlv\d")
_POINT = re.compile(r"[A-Z]{2}\d{2}")


@dataclass(frozen=True, slots=True)
class Listed:
    """An item to be written into a manifest. path: of its file; needs: those of its pictures."""

    question: Question
    path: str
    interactions: tuple[str, ...]
    needs: tuple[str, ...]


@dataclass(slots=True)
class Manifest:
    """A manifest as it was read; paths are those of the archive.

    items: path → what the metadata says, as fields of a question. assembled: tests and sections.
    old: files of QTI 1. files: everything that is listed.
    """

    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    assembled: list[str] = field(default_factory=list)
    old: list[str] = field(default_factory=list)
    files: set[str] = field(default_factory=set)


def manifest_of(
    version: Version, items: Sequence[Listed], *, extra: Sequence[str], identifier: str
) -> Element:
    """The manifest of a package. extra: paths of files that belong to no item."""
    pictures = sorted({path for item in items for path in item.needs})
    resources = [
        *(_item_resource(version, item) for item in items),
        *(_file_resource(path) for path in (*pictures, *extra)),
    ]
    locations = [*version.manifest, LOM, _LOM_SCHEMA, *version.metadata]
    return _element(
        "manifest",
        {
            "xmlns": version.manifest[0],
            "xmlns:imsqti": version.metadata[0],
            "xmlns:lom": LOM,
            f"{{{XSI}}}schemaLocation": " ".join(locations),
            "identifier": identifier,
        },
        _element(
            "metadata",
            {},
            _element("schema", {}, version.schema),
            _element("schemaversion", {}, version.schema_version),
        ),
        _element("organizations", {}),
        _element("resources", {}, *resources),
    )


def read_manifest(root: Element, *, folder: str) -> Manifest:
    """What a manifest lists. folder: where it stands in the archive, "" at its top."""
    manifest = Manifest()
    for resource in (e for e in root.iter() if known_name(str(e.tag)) == "resource"):
        base = posixpath.join(folder, *_bases(root, resource))
        hrefs = [resource.get("href", "")]
        hrefs += [file.get("href", "") for file in _children(resource, "file")]
        paths = list(dict.fromkeys(path_of(base, href) for href in hrefs if href))
        manifest.files.update(paths)
        kind = resource.get("type", "")
        if not paths:
            continue
        if _ITEM.match(kind):
            manifest.items[paths[0]] = _known_of(resource)
        elif _ASSEMBLED.match(kind):
            manifest.assembled.append(paths[0])
        elif _OLD.match(kind):
            manifest.old.append(paths[0])
    return manifest


def path_of(folder: str, href: str) -> str:
    """The path in the archive that an address means, seen from a folder; may lead out of it."""
    address = re.split(r"[?#]", href.replace("\\", "/"), maxsplit=1)[0]
    return posixpath.normpath(posixpath.join(folder, unquote(address))).removeprefix("./")


def _item_resource(version: Version, item: Listed) -> Element:
    metadata = [_lom(item.question), _qti_metadata(item)]
    if version.kebab:  # the schema of QTI 3 wants them in the other order
        metadata.reverse()
    return _element(
        "resource",
        {"identifier": f"ITEM-{item.question.id}", "type": version.resource_type}
        | {"href": item.path},
        _element("metadata", {}, *metadata),
        _element("file", {"href": item.path}),
        *(_element("dependency", {"identifierref": _identifier(path)}) for path in item.needs),
    )


def _file_resource(path: str) -> Element:
    return _element(
        "resource",
        {"identifier": _identifier(path), "type": "webcontent", "href": path},
        _element("file", {"href": path}),
    )


def _identifier(path: str) -> str:
    return "FILE-" + re.sub(r"[^A-Za-z0-9.-]", "_", path)


def _qti_metadata(item: Listed) -> Element:
    mode = "responseprocessing" if item.question.body.SCORED_BY_RULE else "human"
    return _element(
        "imsqti:qtiMetadata",
        {},
        _element("imsqti:timeDependent", {}, "false"),
        *(_element("imsqti:interactionType", {}, known_name(name)) for name in item.interactions),
        _element("imsqti:feedbackType", {}, "nonadaptive"),
        _element("imsqti:solutionAvailable", {}, "true"),
        _element("imsqti:scoringMode", {}, mode),
    )


def _lom(question: Question) -> Element:
    return _element(
        "lom:lom",
        {},
        _element(
            "lom:general",
            {},
            _element(
                "lom:identifier",
                {},
                _element("lom:catalog", {}, CATALOGUE),
                _element("lom:entry", {}, question.id),
            ),
            *(_element("lom:language", {}, tag) for tag in TAGS.values()),
            *(
                _element("lom:keyword", {}, _element("lom:string", {}, point))
                for point in question.points
            ),
        ),
        _element(
            "lom:educational",
            {},
            _element(
                "lom:difficulty",
                {},
                _element("lom:source", {}, "LOMv1.0"),
                _element("lom:value", {}, DIFFICULTIES[question.difficulty - 1]),
            ),
        ),
    )


def _element(tag: str, attributes: Mapping[str, str], *children: Node) -> Element:
    return filled(Element(tag, dict(attributes)), children)


def _bases(root: Element, resource: Element) -> Iterator[str]:
    """xml:base of the manifest, of its resources and of one of them."""
    name = "{http://www.w3.org/XML/1998/namespace}base"
    for element in (root, *_children(root, "resources"), resource):
        base = element.get(name, "")
        if base and not base.startswith("/") and "://" not in base:
            yield unquote(base)


def _children(parent: Element, name: str) -> list[Element]:
    return [child for child in parent if known_name(str(child.tag)) == name]


def _known_of(resource: Element) -> dict[str, Any]:
    known: dict[str, Any] = {}
    for metadata in _children(resource, "metadata"):
        for element in metadata.iter():
            name = known_name(str(element.tag))
            if name == "identifier":
                known |= _id_of(element)
            elif name == "difficulty":
                known |= _difficulty_of(element)
            elif name == "keyword":
                words = "".join(element.itertext()).strip()
                if _POINT.fullmatch(words):
                    known.setdefault("points", []).append(words)
    return known


def _id_of(identifier: Element) -> dict[str, Any]:
    catalogue, entry = (
        "".join(text for child in _children(identifier, name) for text in child.itertext()).strip()
        for name in ("catalog", "entry")
    )
    return {"id": entry} if catalogue == CATALOGUE and entry else {}


def _difficulty_of(difficulty: Element) -> dict[str, Any]:
    for value in _children(difficulty, "value"):
        word = " ".join("".join(value.itertext()).split()).casefold()
        if word in DIFFICULTIES:
            return {"difficulty": DIFFICULTIES.index(word) + 1}
    return {}
