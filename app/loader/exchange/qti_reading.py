"""QTI packages, or single items → drafts. The version is told by the names in the file."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element

from app.domain.problems import Problem, Problems
from app.domain.text import N_
from app.loader.exchange import qti_manifests, qti_originals
from app.loader.exchange.archives import Archive, is_zip
from app.loader.exchange.contract import (
    LARGEST_IMPORT,
    MOST_QUESTIONS,
    Draft,
    Reading,
    Unreadable,
    refuse_large,
)
from app.loader.exchange.qti_asked import ItemRefused
from app.loader.exchange.qti_item_reading import raw_of
from app.loader.exchange.qti_manifests import Manifest, read_manifest
from app.loader.exchange.qti_names import known_name
from app.loader.exchange.qti_originals import Originals, read_record
from app.loader.exchange.qti_pictures import Pictures
from app.loader.exchange.xml import parse

LARGEST_ITEM = 20 * 1024 * 1024
"""Bytes of one item; pictures may be written into it."""

_ITEM = "assessmentItem"
_ASSEMBLED = frozenset({"assessmentTest", "assessmentSection"})
_OLD = "questestinterop"
_XML_STARTS = (b"<", b"\xff\xfe", b"\xfe\xff")


def read(data: bytes) -> Reading:
    """Everything of a package (zip) or of a single item (XML). Raises Unreadable."""
    refuse_large(data)
    if is_zip(data):
        return _Package(Archive(data)).read()
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(_XML_STARTS):
        raise Unreadable(N_("This is neither a QTI package (zip) nor an item (XML)."))
    root = parse(data)
    name = known_name(str(root.tag))
    if name == _OLD:
        raise Unreadable(N_("This is QTI 1.2; export it as QTI 2.1 or later."))
    if name in _ASSEMBLED:
        raise Unreadable(
            N_("This is only the outline of a test; choose the package with its questions.")
        )
    if name != _ITEM:
        raise Unreadable(N_("This is no QTI item: its outermost element is %(name)s."), name=name)
    found = _Found(Pictures(None))
    found.item(root.get("identifier", "") or _ITEM, root, known={})
    return found.reading()


class _Found:
    """What was found so far."""

    def __init__(self, pictures: Pictures) -> None:
        self.pictures = pictures
        self.drafts: list[Draft] = []
        self.refused = Problems()
        self.notes = Problems()
        self.titles = 0

    def item(self, place: str, root: Element, *, known: Mapping[str, Any], note: str = "") -> None:
        """Make a draft of an item, or refuse it. known: fields that the item does not have."""
        notes = Problems()
        if note:
            notes.add(place, note)
        identifier = root.get("identifier", "")
        self.titles += not root.get("title", "").startswith(identifier)
        try:
            raw = raw_of(root, place=place, notes=notes, pictures=self.pictures)
        except ItemRefused as refused:
            self.refused.add(place, refused.sentence, **refused.parameters)
            return
        once = {str(problem): problem for problem in notes}
        self.drafts.append(Draft(place, {**raw, **known}, tuple(once.values())))

    def reading(self) -> Reading:
        """All of it."""
        if self.titles:
            self.notes.add(
                "",
                N_("%(count)s titles are not kept: questions here have none."),
                count=self.titles,
            )
        return Reading(
            tuple(self.drafts), tuple(self.refused), tuple(self.notes), self.pictures.media
        )


class _Package:
    """A package under reading."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._found = _Found(Pictures(archive))
        self._names = frozenset(archive.names)
        manifests = [n for n in archive.names if posixpath.basename(n) == qti_manifests.NAME]
        self._manifest_path = min(manifests, key=lambda name: name.count("/"), default="")
        self._folder = posixpath.dirname(self._manifest_path)
        self._originals = Originals({})

    def read(self) -> Reading:
        """Every item that the manifest lists, and every item that it forgot."""
        manifest = self._manifest()
        self._read_record()
        listed = {path: known for path, known in manifest.items.items() if self._is_there(path)}
        if len(listed) > MOST_QUESTIONS:
            raise Unreadable(N_("The file has more than %(most)s questions."), most=MOST_QUESTIONS)
        for path, known in listed.items():
            self._item(path, known)
        for path in self._archive.names:
            known_elsewhere = path in manifest.files or path == self._manifest_path
            if path.casefold().endswith(".xml") and not known_elsewhere:
                self._forgotten(path)
        if not self._found.drafts and not self._found.refused:
            raise Unreadable(N_("There is no question in this package."))
        return self._found.reading()

    def _manifest(self) -> Manifest:
        if not self._manifest_path:
            self._found.notes.add(
                "", N_("The package has no manifest: every item in it was looked for.")
            )
            return Manifest()
        data = self._archive.read(self._manifest_path, most=LARGEST_IMPORT)
        manifest = read_manifest(parse(data), folder=self._folder)
        for path in manifest.assembled:
            self._found.notes.add(
                path, N_("A test or section is not kept; its questions are read one by one.")
            )
        for path in manifest.old:
            self._found.refused.add(path, N_("This is QTI 1.2; export it as QTI 2.1 or later."))
        return manifest

    def _read_record(self) -> None:
        path = posixpath.join(self._folder, qti_originals.NAME)
        if path not in self._names:
            return
        try:
            data = self._archive.read(path)
            self._originals = read_record(data, folder=self._folder)
        except Unreadable as unreadable:
            self._found.notes.append(unreadable.problem)

    def _is_there(self, path: str) -> bool:
        if path in self._names:
            return True
        self._found.refused.add(path, N_("The manifest names this file, but it is not there."))
        return False

    def _item(self, path: str, known: Mapping[str, Any]) -> None:
        data = self._archive.read(path, most=LARGEST_ITEM)
        exact = self._originals.exact(path, data)
        if exact is not None and self._found.pictures.keep_named(exact, folder=self._folder):
            self._found.drafts.append(Draft(path, exact))
            return
        root = self._parsed(path, data)
        if root is None:
            return
        if known_name(str(root.tag)) != _ITEM:
            self._found.refused.add(
                path,
                N_("This is no QTI item: its outermost element is %(name)s."),
                name=known_name(str(root.tag)),
            )
            return
        outside = self._originals.outside(path)
        note = ""
        if outside is not None:
            note = N_("It was changed after it left here: read from the item, not our own record.")
        self._found.item(path, root, known={**known, **(outside or {})}, note=note)

    def _forgotten(self, path: str) -> None:
        """A file that no manifest lists: an item is read, anything else is somebody else's."""
        data = self._archive.read(path, most=LARGEST_ITEM)
        if b"ssessment" not in data.replace(b"\x00", b""):  # in UTF-16 too
            return
        root = self._parsed(path, data)
        if root is None:
            return
        name = known_name(str(root.tag))
        if name == _ITEM:
            self._item(path, {})
        elif name in _ASSEMBLED:
            self._found.notes.add(
                path, N_("A test or section is not kept; its questions are read one by one.")
            )
        if len(self._found.drafts) > MOST_QUESTIONS:
            raise Unreadable(N_("The file has more than %(most)s questions."), most=MOST_QUESTIONS)

    def _parsed(self, path: str, data: bytes) -> Element | None:
        try:
            return parse(data)
        except Unreadable as unreadable:
            problem = unreadable.problem
            self._found.refused.append(Problem("", path, problem.sentence, problem.parameters))
            return None
