"""Items and packages as other programs write them, in the structures of the specifications."""

from __future__ import annotations

import io
import zipfile

from app.loader.exchange import qti

V2P1 = "http://www.imsglobal.org/xsd/imsqti_v2p1"
V2P2 = "http://www.imsglobal.org/xsd/imsqti_v2p2"
V3P0 = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
MATCH_CORRECT = (
    '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/'
    'match_correct"/>'
)
PNG = b"\x89PNG\r\n\x1a\n" + b"picture"


def item(body, *, declared="", after=MATCH_CORRECT, namespace=V2P1, attributes="", before=""):
    """An assessmentItem of QTI 2."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<assessmentItem xmlns="{namespace}" '
        f'identifier="q1" title="A question" adaptive="false" timeDependent="false" {attributes}>'
        f"{declared}{before}<itemBody>{body}</itemBody>{after}</assessmentItem>"
    )


def declared(*correct, base="identifier", cardinality="single", name="RESPONSE", mapping=""):
    """A responseDeclaration."""
    values = "".join(f"<value>{value}</value>" for value in correct)
    right = f"<correctResponse>{values}</correctResponse>" if correct else ""
    return (
        f'<responseDeclaration identifier="{name}" cardinality="{cardinality}" baseType="{base}">'
        f"{right}{mapping}</responseDeclaration>"
    )


def mapping(points):
    """A mapping: answer → points."""
    entries = "".join(
        f'<mapEntry mapKey="{key}" mappedValue="{value}"/>' for key, value in points.items()
    )
    return f'<mapping defaultValue="0">{entries}</mapping>'


def choice(*texts, prompt="Which one?", shuffle="true", most=1):
    """A choiceInteraction with the identifiers A, B, C…"""
    options = "".join(
        f'<simpleChoice identifier="{letter}">{text}</simpleChoice>'
        for letter, text in zip("ABCDEFGH", texts, strict=False)
    )
    return (
        f'<choiceInteraction responseIdentifier="RESPONSE" shuffle="{shuffle}" '
        f'maxChoices="{most}"><prompt>{prompt}</prompt>{options}</choiceInteraction>'
    )


def zipped(files):
    """A zip of path → text or bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def unzipped(data):
    """The files of a zip: path → bytes."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def manifest(*resources, schema="QTIv2.1 Package"):
    """A manifest of (type, path of the file)."""
    listed = "".join(
        f'<resource identifier="R{n}" type="{kind}" href="{path}"><file href="{path}"/></resource>'
        for n, (kind, path) in enumerate(resources)
    )
    return (
        '<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="M"><metadata>'
        f"<schema>{schema}</schema><schemaversion>1.0.0</schemaversion></metadata>"
        f"<organizations/><resources>{listed}</resources></manifest>"
    )


def read(data):
    """What is read of an item (text) or a package (bytes)."""
    return qti.FORMATS[0].read(data.encode() if isinstance(data, str) else data)


def only(data):
    """The one draft of an item, and its notes as text."""
    reading = read(data)
    assert not reading.refused, reading.refused
    (draft,) = reading.drafts
    return draft.raw, [str(note) for note in draft.notes]


def why_refused(data):
    """Why the one item of a file became no question."""
    reading = read(data)
    assert not reading.drafts
    (problem,) = reading.refused
    return str(problem)
