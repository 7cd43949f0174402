"""flask content …, flask questions …: checking and loading the files."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import AppGroup

from app.cli.output import plain_errors
from app.config import Settings
from app.loader.tree import Tree, read_tree
from app.services.content import load_content
from app.services.question_index import reindex
from app.services.questions import load_bank

content = AppGroup("content", help="Lessons and schemes in content/.")
questions = AppGroup("questions", help="The question bank in questions/.")


@content.command("check")
def check() -> None:
    """Read every file and print every problem as `file: place: message`."""
    with plain_errors():
        tree = _tree()
    click.echo(
        f"{len(tree.syllabus.modules)} modules, {len(tree.syllabus.lessons)} lessons,"
        f" {len(tree.syllabus.point_lessons)} points, {len(tree.texts)} lesson texts,"
        f" {len(tree.bank)} questions, {len(tree.schemes)} schemes: no problem"
    )


@content.command("load")
def load() -> None:
    """Bring syllabus, lessons and schemes into the database. Twice changes nothing."""
    with plain_errors():
        changes = load_content(_tree(), now=datetime.now(UTC))
    click.echo(
        f"{changes.lessons} lessons, {changes.texts} lesson texts,"
        f" {changes.schemes} schemes changed"
    )


@questions.command("load")
def load_questions() -> None:
    """Bring the questions into the database. An edit made in the browser is never overwritten."""
    with plain_errors():
        changes = load_bank(_tree().bank, now=datetime.now(UTC))
    click.echo(f"{changes.created} questions created, {changes.changed} changed")
    for question_id in changes.conflicts:
        click.echo(f"{question_id}: changed in the file and in the browser; the browser's stays")
    for question_id in changes.moved_pool:
        click.echo(f"{question_id}: the file moves it to another pool, which is not allowed")
    if changes.moved_pool:
        raise SystemExit(1)


@questions.command("reindex")
def reindex_questions() -> None:
    """Write the full-text index of the bank anew."""
    click.echo(f"{reindex()} questions indexed")


def _tree() -> Tree:
    settings: Settings = current_app.extensions["settings"]
    return read_tree(settings.content, settings.questions)
