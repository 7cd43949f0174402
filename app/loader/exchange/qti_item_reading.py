"""One assessmentItem of any version → the fields of a question, as far as it says them."""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element

from app.domain.problems import Problems
from app.domain.text import N_
from app.loader.exchange.qti_answers import fields_of
from app.loader.exchange.qti_asked import asked_by
from app.loader.exchange.qti_names import version_of
from app.loader.exchange.qti_pictures import Pictures
from app.loader.exchange.qti_responses import note_processing
from app.loader.exchange.qti_texts import Texts
from app.loader.exchange.qti_trees import unified

_OUR_ID = re.compile(r"[A-Z]{2}\d{2}-[A-Z]?\d{2,4}")


def raw_of(root: Element, *, place: str, notes: Problems, pictures: Pictures) -> dict[str, Any]:
    """The fields of a question. notes: gets what of the item is not kept.

    Raises ItemRefused where no question can be made of it.
    """
    namespace = str(root.tag).rpartition("}")[0].lstrip("{")
    if not version_of(namespace):
        notes.add(
            place,
            N_("Its version of QTI is not known (%(name)s): read as if it were 2.1."),
            name=namespace or "—",
        )
    root = unified(root)
    if root.get("adaptive") == "true":
        notes.add(place, N_("It goes on in several steps there; here it is asked once."))
    texts = Texts(root, place=place, notes=notes, picture=pictures.of_item(place, notes))
    asked = asked_by(root, texts=texts, place=place, notes=notes)
    raw = fields_of(asked)
    raw["type"] = raw["type"].value
    if any(asked.explanation.values()):
        raw["explanation"] = asked.explanation
    note_processing(root, place, notes)
    texts.finish()
    identifier = root.get("identifier", "")
    return {"id": identifier, **raw} if _OUR_ID.fullmatch(identifier) else raw
