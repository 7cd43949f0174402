"""Tables and relationships, one family per file. Importing the package knows them all."""

from app.models import (
    accommodations,
    accounts,
    attempts,
    audit,
    certificates,
    content,
    learning,
    papers,
    question_search,
    questions,
    results,
    schemes,
    sittings,
    system,
    trainers,
    workshop,
)

__all__ = [
    "accommodations",
    "accounts",
    "attempts",
    "audit",
    "certificates",
    "content",
    "learning",
    "papers",
    "question_search",
    "questions",
    "results",
    "schemes",
    "sittings",
    "system",
    "trainers",
    "workshop",
]
