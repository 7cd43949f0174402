"""flask questions import, flask questions export: questions from files and back into them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _

from app.cli.output import plain_errors, problem_line
from app.config import Settings
from app.domain.media import media_names
from app.domain.permissions import Permission, permissions_of
from app.domain.problems import InvalidContent, Problem
from app.domain.questions.import_plan import Outcome, plan
from app.domain.questions.import_reading import ImportOptions, prepare
from app.domain.questions.import_runs import ImportState, ReportLine, counts_of
from app.domain.questions.kinds import Level, Pool
from app.loader.exchange.contract import LARGEST_IMPORT, Unreadable
from app.loader.exchange.formats import READABLE, detect
from app.loader.exchange.yaml_files import text_of
from app.queries.accounts import account, user_id_of
from app.queries.export_questions import lesson_files
from app.queries.import_runs import bank_view, import_run, report_lines
from app.queries.media import read_pictures
from app.services import import_work, question_exports, question_imports
from app.services.question_imports import Upload
from app.services.trail import Actor


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "code", type=click.Choice(sorted(READABLE)), help="Else found out.")
@click.option("--pool", type=click.Choice([pool.value for pool in Pool]), default="practice")
@click.option("--point", default="", help="For questions that name none.")
@click.option("--level", type=click.Choice([level.value for level in Level]))
@click.option("--difficulty", type=click.IntRange(1, 5))
@click.option("--source", default="", help="For questions that name none; else the file.")
@click.option("--apply", "is_applied", is_flag=True, help="Write them; else it is a dry run.")
@click.option("--user", default="", help="Whose drafts they become, with --apply.")
@with_appcontext
def import_file(
    file: Path, code: str | None, is_applied: bool, user: str, **given: str | int | None
) -> None:
    """Tell what would be made of the questions in FILE; with --apply, write all of them or none."""
    with file.open("rb") as opened:
        upload = Upload(opened.read(LARGEST_IMPORT + 1), file.name, code or "")
    options = ImportOptions.read({**given, "source": given["source"] or file.name})
    with plain_errors():
        try:
            lines = _apply(upload, options, user) if is_applied else _planned(upload, options)
        except Unreadable as error:
            raise InvalidContent([error.problem]) from error
        _tell(lines)


@click.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--drafts", is_flag=True, help="The newest versions, also of what was not reviewed.")
@with_appcontext
def export_bank(folder: Path, drafts: bool) -> None:
    """Write the versions in use into FOLDER as <module>/<lesson>.yaml, with pictures in media/.

    Loading or importing these files into this bank again changes nothing.
    """
    settings = _settings()
    files = questions = exam = 0
    names: set[str] = set()
    for module, lesson, contents in lesson_files(drafts=drafts):
        if not contents:
            continue
        path = folder / module / f"{lesson}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text_of(contents), encoding="utf-8", newline="\n")
        names.update(name for content in contents for name in media_names(str(content.dump())))
        files, questions = files + 1, questions + len(contents)
        exam += sum(content.pool is Pool.EXAM for content in contents)
    for name, picture in read_pictures(sorted(names), instance=settings.instance).items():
        (folder / "media").mkdir(exist_ok=True)
        (folder / "media" / name).write_bytes(picture.data)
    question_exports.note_bank_written(
        count=questions, exam=exam, folder=str(folder.resolve()), now=datetime.now(UTC)
    )
    click.echo(f"{folder}: {questions} questions ({exam} of the exam pool) in {files} files")


def _planned(upload: Upload, options: ImportOptions) -> list[ReportLine]:
    """What a dry run says; nothing is written, not even that there was one."""
    read = READABLE[upload.format or detect(upload.data).code].read
    assert read is not None  # everything in READABLE can be read
    reading = read(upload.data)
    _say_notes(reading.notes)
    candidates = [prepare(draft, options) for draft in reading.drafts]
    lines = plan(candidates, bank_view(candidates, user_id=0, media=reading.media))
    return [*map(ReportLine.of, lines), *map(ReportLine.refused, reading.refused)]


def _apply(upload: Upload, options: ImportOptions, username: str) -> list[ReportLine]:
    settings, now, run_id = _settings(), datetime.now(UTC), str(uuid.uuid4())
    actor = Actor(_writer(username))
    question_imports.start(
        run_id, upload, options=options, actor=actor, now=now, instance=settings.instance
    )
    import_work.dry_run(run_id, instance=settings.instance, now=now)
    dry = import_run(run_id)
    if dry is not None and dry.state is ImportState.PLANNED:
        note = _("Imported from %(file)s", file=upload.name)
        question_imports.confirm(run_id, note=note, digest=dry.digest, actor=actor)
        import_work.apply(run_id, instance=settings.instance, now=now)
    done = import_run(run_id)
    if done is None or done.state is not ImportState.DONE:
        problem = done.problem if done else None
        raise click.ClickException(problem_line(problem) if problem else "nothing was written")
    _say_notes(done.notes)
    return report_lines(run_id)


def _writer(username: str) -> int:
    """The account that the drafts will belong to."""
    user_id = user_id_of(username) if username else None
    person = account(user_id) if user_id is not None else None
    if user_id is None or person is None:
        raise click.ClickException("--apply needs --user with a user name")
    if Permission.EDIT_QUESTIONS not in permissions_of(person.roles):
        raise click.ClickException(f"{username} may not write questions")
    return user_id


def _tell(lines: Sequence[ReportLine]) -> None:
    for line in lines:
        click.echo(" ".join(part for part in (line.place, line.outcome, line.question_id) if part))
        for problem in (*line.reasons, *line.notes):
            click.echo(f"    {problem_line(problem)}")
    counts = counts_of(lines)
    click.echo(", ".join(f"{counts[outcome]} {outcome}" for outcome in Outcome))


def _say_notes(notes: Sequence[Problem]) -> None:
    for note in notes:
        click.echo(problem_line(note))


def _settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found
