"""Tables and relationships, one family per file. Importing the package knows them all."""

from app.models import (
    accounts,
    attempts,
    audit,
    certificates,
    content,
    learning,
    papers,
    questions,
    results,
    schemes,
    sittings,
)

__all__ = [
    "accounts",
    "attempts",
    "audit",
    "certificates",
    "content",
    "learning",
    "papers",
    "questions",
    "results",
    "schemes",
    "sittings",
]
