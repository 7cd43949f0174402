"""flask questions lint, flask content coverage: what keeps the bank honest."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from app.cli.output import plain_errors, problem_line
from app.config import Settings
from app.domain.assembly.candidates import Candidate
from app.domain.linting.figures import figures
from app.domain.linting.findings import Coverage, coverage, findings
from app.domain.linting.papers import PAPERS, Supply, supply
from app.domain.questions.kinds import Pool
from app.loader.tree import Tree, read_tree


@click.command("lint")
@with_appcontext
def lint() -> None:
    """Print every finding and a table of figures; exit 1 on errors or missed targets."""
    with plain_errors():
        tree = _tree()
        bank = [entry.question for entry in tree.bank]
        errors = findings(bank, points=_points(tree))
        for problem in errors:
            click.echo(problem_line(problem))
    measured = figures(bank)
    width = max(len(figure.name) for figure in measured)
    click.echo(f"\n{len(bank)} questions")
    for figure in measured:
        verdict = {True: "ok", False: "MISSED", None: "too few"}[figure.met]
        click.echo(f"{figure.name:<{width}}  {figure.value:<32} {figure.target:<28} {verdict}")
    click.echo(f"\nsupply for {PAPERS} papers (module, pool, available/needed, largest overlap)")
    short = [line for line in _supplies(tree) if not _print_supply(*line)]
    missed = [figure for figure in measured if figure.met is False]
    click.echo(f"\n{len(errors)} errors, {len(missed)} targets missed, {len(short)} supplies short")
    if errors or missed or short:
        raise SystemExit(1)


@click.command("coverage")
@with_appcontext
def show_coverage() -> None:
    """Print what every point has: questions by pool, types and levels."""
    with plain_errors():
        tree = _tree()
    lines = coverage([entry.question for entry in tree.bank], points=_points(tree))
    click.echo("point  key  practice  exam  types  levels")
    for line in lines:
        click.echo(_coverage_line(line))
    total = sum(line.practice + line.exam for line in lines)
    click.echo(f"{len(lines)} points, {total} questions")


def _coverage_line(line: Coverage) -> str:
    mark = "※" if line.key else " "
    return (
        f"{line.point:<6} {mark:<4} {line.practice:>8}  {line.exam:>4}"
        f"  {len(line.types):>5}  {len(line.levels):>6}"
    )


def _supplies(tree: Tree) -> list[tuple[str, Pool, Supply]]:
    """Supply of each exam of the whole certification, by module and pool."""
    lines = []
    for scheme in tree.schemes:
        for exam in scheme.exams:
            for module in dict.fromkeys(cell.module for cell in exam.plan.cells):
                for pool in Pool:
                    found = supply(exam.plan, _candidates(tree, pool), module=module)
                    lines.append((f"{scheme.id}.{exam.id}", pool, found))
    return lines


def _print_supply(exam: str, pool: Pool, line: Supply) -> bool:
    overlap = "short" if line.overlap is None else f"{line.overlap:.0%}"
    click.echo(
        f"{exam:<26} {line.module:<15} {pool.value:<9} {line.available:>4}/{line.needed:<3}"
        f" {overlap:>6}  {'ok' if line.enough else 'SHORT ' + line.shortage}"
    )
    return line.enough


def _candidates(tree: Tree, pool: Pool) -> list[Candidate]:
    modules = tree.syllabus.lesson_modules
    return [
        Candidate(
            version_id=number,
            question_id=entry.question.id,
            module=modules[entry.lesson_id],
            point=entry.question.points[0],
            type=entry.question.type,
            level=entry.question.level,
            difficulty=float(entry.question.difficulty),
            points=entry.question.points,
        )
        for number, entry in enumerate(tree.bank)
        if entry.question.pool is pool
    ]


def _points(tree: Tree) -> dict[str, bool]:
    """Points of the modules for which there are questions → whether they are key points."""
    modules = tree.syllabus.lesson_modules
    begun = {modules[entry.lesson_id] for entry in tree.bank}
    return {
        point.id: point.key
        for module in tree.syllabus.modules
        if module.id in begun
        for lesson in module.lessons
        for point in lesson.points
    }


def _tree() -> Tree:
    settings: Settings = current_app.extensions["settings"]
    return read_tree(settings.content, settings.questions)
