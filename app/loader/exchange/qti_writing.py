"""Questions → a QTI package: a manifest, an item for each, their pictures, our own record."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from app.domain.media import Medium
from app.domain.problems import Problem
from app.domain.questions.question import Question
from app.domain.text import N_
from app.loader.exchange import qti_manifests, qti_originals
from app.loader.exchange.archives import packed
from app.loader.exchange.contract import Written
from app.loader.exchange.qti_items import document, item_of, pictures_of
from app.loader.exchange.qti_manifests import Listed, manifest_of
from app.loader.exchange.qti_names import Version


def written(
    questions: Sequence[Question], media: Mapping[str, Medium], version: Version
) -> Written:
    """The package of this version; the same questions always give the same bytes."""
    files: dict[str, bytes] = {}
    listed: list[Listed] = []
    exact: dict[str, tuple[Question, bytes]] = {}
    losses: list[Problem] = []
    for question in questions:
        path = f"items/{question.id}.xml"
        item = item_of(question, version, href=lambda name: f"../{_picture(name)}")
        names = pictures_of(question)
        for name in names:
            if name in media:
                files[_picture(name)] = media[name].data
            else:
                sentence = N_("its picture %(name)s is not there")
                losses.append(Problem("", question.id, sentence, {"name": name}))
        needs = tuple(_picture(name) for name in names if name in media)
        files[path] = item.xml
        listed.append(Listed(question, path, item.interactions, needs))
        exact[path] = (question, item.xml)
        losses += item.losses
    files[qti_originals.NAME] = qti_originals.record_of(exact)
    manifest = manifest_of(
        version, listed, extra=[qti_originals.NAME], identifier=_identifier(files)
    )
    files[qti_manifests.NAME] = document(manifest)
    return Written(packed(files), tuple(losses))


def _picture(name: str) -> str:
    return f"images/{name}"


def _identifier(files: Mapping[str, bytes]) -> str:
    """A name of the package that only its content decides."""
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(name.encode() + b"\x00" + hashlib.sha256(files[name]).digest())
    return f"QIJUE-{digest.hexdigest()[:32]}"
