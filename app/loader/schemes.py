"""content/schemes/<scheme>.yaml: what a certificate requires."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from pathlib import Path

from app.domain.certificates import check_character
from app.domain.marking.policy import MarkingPolicy
from app.domain.plans import ExamPlan
from app.domain.problems import Problem, Problems
from app.domain.reading import Reader
from app.domain.result_policies import ResultPolicy
from app.domain.scoring.rules import ScoringRules
from app.domain.text import N_, Text
from app.loader.files import read_yaml
from app.loader.syllabus import Syllabus


class Decision(StrEnum):
    """Who decides on a certificate: a rule, or a person whom the rules allow."""

    RULE = "rule"
    PERSON = "person"


class Release(StrEnum):
    """When a candidate sees the result."""

    IMMEDIATELY = "immediately"
    BY_PERSON = "by_person"


@dataclass(frozen=True, slots=True)
class SchemeExam:
    """One exam of a scheme. pass_mark: points out of the plan's total that pass.

    show_answers: whether the candidate sees right answers after the release. sections: titles of
    the sections that are worked through one way; none means free navigation. results: what
    candidates see of their results, and how the pass mark came about.
    """

    id: str
    title: Text
    minutes: int
    pass_mark: Fraction
    attempts: int
    wait_hours: int
    papers: int
    release: Release
    show_answers: bool
    scoring: ScoringRules
    plan: ExamPlan
    sections: tuple[Text, ...] = ()
    marking: MarkingPolicy = MarkingPolicy()
    results: ResultPolicy = ResultPolicy()


@dataclass(frozen=True, slots=True)
class Scheme:
    """A certification scheme. open: whether people can be enrolled in it."""

    id: str
    version: int
    title: Text
    summary: Text
    modules: tuple[str, ...]
    open: bool
    validity_months: int
    review_on: str
    number_prefix: str
    number_level: str
    decision: Decision
    exams: tuple[SchemeExam, ...]

    def dump(self) -> dict[str, object]:
        """The form that the database keeps for each version."""
        return {
            "id": self.id,
            "version": self.version,
            "title": self.title.dump(),
            "summary": self.summary.dump(),
            "modules": list(self.modules),
            "open": self.open,
            "validity_months": self.validity_months,
            "review_on": self.review_on,
            "number_prefix": self.number_prefix,
            "number_level": self.number_level,
            "decision": self.decision.value,
            "exams": [
                {
                    "id": exam.id,
                    "title": exam.title.dump(),
                    "minutes": exam.minutes,
                    "pass_mark": float(exam.pass_mark),
                    "attempts": exam.attempts,
                    "wait_hours": exam.wait_hours,
                    "papers": exam.papers,
                    "release": exam.release.value,
                    "show_answers": exam.show_answers,
                    "scoring": exam.scoring.dump(),
                    "plan": exam.plan.dump(),
                    **(
                        {"sections": [title.dump() for title in exam.sections]}
                        if exam.sections
                        else {}
                    ),
                    **({"marking": exam.marking.dump()} if exam.marking.dump() else {}),
                    **({"results": exam.results.dump()} if exam.results.dump() else {}),
                }
                for exam in self.exams
            ],
        }

    def content_hash(self) -> str:
        """SHA-256 (hex) of everything in it."""
        return hashlib.sha256(
            json.dumps(self.dump(), ensure_ascii=False, sort_keys=True).encode()
        ).hexdigest()


def read_schemes(folder: Path, *, syllabus: Syllabus) -> tuple[list[Scheme], list[Problem]]:
    """Every scheme in `folder`, and every problem in any of them."""
    schemes: list[Scheme] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")):
        found = Problems(f"content/schemes/{path.name}")
        raw = read_yaml(path, problems=found)
        if raw is None and not found:
            found.add("", N_("is empty"))
        if raw is not None:
            scheme = _read_scheme(Reader(raw, place="", problems=found))
            _check_scheme(scheme, path, syllabus, found)
            schemes.append(scheme)
        problems.extend(found)
    return schemes, problems


def _read_scheme(reader: Reader) -> Scheme:
    certificate = reader.inner("certificate")
    scheme = Scheme(
        id=reader.string("id", longest=40),
        version=reader.integer("version", least=1, most=9999),
        title=reader.text("title"),
        summary=reader.text("summary"),
        modules=reader.strings("modules"),
        open=reader.boolean("open", default=False),
        validity_months=certificate.integer("validity_months", least=1, most=120),
        review_on=reader.string("review_on"),
        number_prefix=certificate.string("prefix", longest=6),
        number_level=certificate.string("level", longest=4),
        decision=certificate.member("decision", Decision),
        exams=tuple(_read_exam(item) for item in reader.items("exams", least=1, most=6)),
    )
    certificate.done()
    reader.done()
    return scheme


def _read_exam(reader: Reader) -> SchemeExam:
    exam = SchemeExam(
        id=reader.string("id", longest=40),
        title=reader.text("title"),
        minutes=reader.integer("minutes", least=1, most=600),
        pass_mark=Fraction(reader.number("pass_mark")).limit_denominator(100),
        attempts=reader.integer("attempts", least=1, most=20),
        wait_hours=reader.integer("wait_hours", least=0, most=24 * 365),
        papers=reader.integer("papers", least=1, most=50),
        release=reader.member("release", Release),
        show_answers=reader.boolean("show_answers", default=False),
        scoring=ScoringRules.read(reader.inner("scoring")),
        plan=ExamPlan.read_at(reader, "plan"),
        sections=tuple(_read_section(item) for item in reader.items("sections", least=0, most=9))
        if reader.has("sections")
        else (),
        marking=MarkingPolicy.read(reader.inner("marking")),
        results=ResultPolicy.read(reader.inner("results"))
        if reader.has("results")
        else ResultPolicy(),
    )
    reader.done()
    used = {cell.section for cell in exam.plan.cells}
    if used != set(range(1, max(len(exam.sections), 1) + 1)):
        reader.note("sections", N_("must be those that the plan names, from 1 on"))
    if exam.papers < exam.attempts:
        reader.note(
            "papers", N_("must be at least as many as the attempts: no resit repeats a paper")
        )
    if exam.plan.total and not 0 < exam.pass_mark <= exam.plan.total:
        reader.note(
            "pass_mark", N_("must be between %(least)s and %(most)s"), least=0, most=exam.plan.total
        )
    return exam


def _read_section(reader: Reader) -> Text:
    title = reader.text("title")
    reader.done()
    return title


def _check_scheme(scheme: Scheme, path: Path, syllabus: Syllabus, problems: Problems) -> None:
    if scheme.id != path.stem:
        problems.add("id", N_("must be %(id)s, like the file"), id=path.stem)
    for name, part in (("prefix", scheme.number_prefix), ("level", scheme.number_level)):
        try:
            check_character(part)
        except ValueError:
            problems.add(
                f"certificate › {name}",
                N_("must be one of: %(allowed)s"),
                allowed="0–9, A–H, J–N, P–Z",
            )
    known = {module.id for module in syllabus.modules}
    used = [*scheme.modules, *(cell.module for exam in scheme.exams for cell in exam.plan.cells)]
    for module in sorted(set(used) - known):
        problems.add("modules", N_("module %(module)s is not in the syllabus"), module=module)
