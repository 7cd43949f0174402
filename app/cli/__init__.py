"""flask commands, one group per noun."""

from __future__ import annotations

from flask import Flask

from app.cli.accounts import accounts
from app.cli.audit import audit
from app.cli.certificates import certificates
from app.cli.content import content, questions
from app.cli.demo import demo
from app.cli.demo_marking import answers_to_mark
from app.cli.dossiers import dossiers
from app.cli.exams import exams
from app.cli.exchange import export_bank, import_file
from app.cli.linting import lint, show_coverage
from app.cli.marking import marking
from app.cli.papers import papers
from app.cli.preflight import preflight
from app.cli.server import serve, setup


def register(app: Flask) -> None:
    """Add every command."""
    questions.add_command(lint)
    questions.add_command(import_file)
    questions.add_command(export_bank)
    content.add_command(show_coverage)
    exams.add_command(preflight)
    demo.add_command(answers_to_mark)
    for command in (
        accounts,
        audit,
        certificates,
        content,
        demo,
        dossiers,
        exams,
        papers,
        marking,
        questions,
        serve,
        setup,
    ):
        app.cli.add_command(command)
