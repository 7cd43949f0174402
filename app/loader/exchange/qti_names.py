"""The names of QTI 2.1, 2.2 and 3.0: one vocabulary, spelled in two ways.

Everywhere in this program an element is called as QTI 2 calls it (choiceInteraction,
responseIdentifier). QTI 3 writes the same names as qti-choice-interaction and
response-identifier; only here is that known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

XSI = "http://www.w3.org/2001/XMLSchema-instance"
XML = "http://www.w3.org/XML/1998/namespace"
LOM = "http://ltsc.ieee.org/xsd/LOM"
MATHML = "http://www.w3.org/1998/Math/MathML"
LANG = f"{{{XML}}}lang"

_IMS = "http://www.imsglobal.org"
_ITEM_NAMESPACE = re.compile(r"http://www\.imsglobal\.org/xsd/imsqti(?:_item|asi)?_v(\d)p(\d)")
_KEBAB = re.compile(r"-([a-z0-9])")
_CAMEL = re.compile(r"(?<=[a-z0-9])([A-Z])")


@dataclass(frozen=True, slots=True)
class Version:
    """A version of QTI: its namespaces, where its schemas are, what its manifest says.

    item, manifest, metadata: (namespace, address of the schema).
    """

    code: str
    item: tuple[str, str]
    manifest: tuple[str, str]
    metadata: tuple[str, str]
    schema: str
    schema_version: str
    resource_type: str
    templates: str
    kebab: bool = False

    def element(self, name: str) -> str:
        """How this version spells an element of QTI (never one of XHTML)."""
        return f"qti-{_kebab(name)}" if self.kebab else name

    def attribute(self, name: str) -> str:
        """How this version spells an attribute of such an element."""
        return _kebab(name) if self.kebab and not name.startswith("{") else name


V2P1 = Version(
    code="2.1",
    item=(f"{_IMS}/xsd/imsqti_v2p1", f"{_IMS}/xsd/qti/qtiv2p1/imsqti_v2p1.xsd"),
    manifest=(f"{_IMS}/xsd/imscp_v1p1", f"{_IMS}/xsd/qti/qtiv2p1/qtiv2p1_imscpv1p2_v1p0.xsd"),
    metadata=(
        f"{_IMS}/xsd/imsqti_metadata_v2p1",
        f"{_IMS}/xsd/qti/qtiv2p1/imsqti_metadata_v2p1.xsd",
    ),
    schema="QTIv2.1 Package",
    schema_version="1.0.0",
    resource_type="imsqti_item_xmlv2p1",
    templates=f"{_IMS}/question/qti_v2p1/rptemplates/",
)
V2P2 = Version(
    code="2.2",
    item=(f"{_IMS}/xsd/imsqti_v2p2", f"{_IMS}/xsd/qti/qtiv2p2/imsqti_v2p2.xsd"),
    manifest=(f"{_IMS}/xsd/imscp_v1p1", f"{_IMS}/xsd/qti/qtiv2p2/qtiv2p2_imscpv1p2_v1p0.xsd"),
    metadata=(
        f"{_IMS}/xsd/imsqti_metadata_v2p2",
        f"{_IMS}/xsd/qti/qtiv2p2/imsqti_metadata_v2p2.xsd",
    ),
    schema="QTIv2.2 Package",
    schema_version="1.0.0",
    resource_type="imsqti_item_xmlv2p2",
    templates=f"{_IMS}/question/qti_v2p2/rptemplates/",
)
_V3_SCHEMAS = "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd"
V3P0 = Version(
    code="3.0",
    item=(f"{_IMS}/xsd/imsqtiasi_v3p0", f"{_V3_SCHEMAS}/imsqti_asiv3p0_v1p0.xsd"),
    manifest=(
        f"{_IMS}/xsd/qti/qtiv3p0/imscp_v1p1",
        f"{_V3_SCHEMAS}/imsqtiv3p0_imscpv1p2_v1p0.xsd",
    ),
    metadata=(
        f"{_IMS}/xsd/imsqti_metadata_v3p0",
        f"{_V3_SCHEMAS}/imsqti_metadatav3p0_v1p0.xsd",
    ),
    schema="QTI Package",
    schema_version="3.0.0",
    resource_type="imsqti_item_xmlv3p0",
    templates="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/",
    kebab=True,
)
VERSIONS = (V2P1, V2P2, V3P0)

INTERACTIONS = frozenset(
    """associateInteraction choiceInteraction customInteraction drawingInteraction
    endAttemptInteraction extendedTextInteraction gapMatchInteraction
    graphicAssociateInteraction graphicGapMatchInteraction graphicOrderInteraction
    hotspotInteraction hottextInteraction inlineChoiceInteraction matchInteraction
    mediaInteraction orderInteraction portableCustomInteraction positionObjectInteraction
    positionObjectStage selectPointInteraction sliderInteraction textEntryInteraction
    uploadInteraction""".split()
)
"""Every way of answering that QTI knows, also those that no question here can have."""

STANDARD_TEMPLATES = frozenset(
    {"match_correct", "map_response", "map_response_point", "CC2_match", "CC2_match_basic"}
)
"""Names of the response processing that comes with QTI itself."""


def known_name(tag: str) -> str:
    """The name of an element as QTI 2 spells it, without its namespace."""
    local = tag.rpartition("}")[2].rpartition(":")[2]
    return _camel(local.removeprefix("qti-")) if local.startswith("qti-") else local


def known_attribute(name: str) -> str:
    """The name of an attribute as QTI 2 spells it; those of a namespace stay, xml:lang is lang."""
    if name == LANG:
        return "lang"
    if name.startswith(("{", "data-", "aria-")):
        return name
    return _camel(name)


def version_of(namespace: str) -> str:
    """Which version of QTI an item's namespace stands for, such as "2.1"; "" where it is none."""
    match = _ITEM_NAMESPACE.match(namespace)
    return f"{match[1]}.{match[2]}" if match else ""


def _camel(name: str) -> str:
    return _KEBAB.sub(lambda match: match[1].upper(), name)


def _kebab(name: str) -> str:
    return _CAMEL.sub(lambda match: f"-{match[1]}", name).lower()
