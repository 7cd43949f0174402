"""What commands print and how they fail."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import current_app
from flask_babel import force_locale, gettext

from app.domain.errors import DomainError
from app.domain.problems import InvalidContent, Problem


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn refusals into one clear sentence and exit code 1, in the installation's language."""
    language = current_app.extensions["settings"].default_language
    with force_locale(language):
        try:
            yield
        except InvalidContent as error:
            for problem in error.problems:
                click.echo(problem_line(problem), err=True)
            raise SystemExit(1) from error
        except DomainError as error:
            sentence = gettext(error.sentence)
            click.echo(sentence % error.parameters if error.parameters else sentence, err=True)
            raise SystemExit(1) from error


def problem_line(problem: Problem) -> str:
    """`file: place: message`."""
    sentence = gettext(problem.sentence)
    message = sentence % problem.parameters if problem.parameters else sentence
    return ": ".join(part for part in (problem.file, problem.place, message) if part)
