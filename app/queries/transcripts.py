"""One's own result with everything that its exam's policy lets one see, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import and_, select

from app.db import AnyRow, db
from app.domain.attempts import AttemptState
from app.domain.questions.body import Answer, Layout
from app.domain.questions.question import Question
from app.domain.rescores import Act, is_dropped
from app.domain.result_policies import ANSWER_PARTS, Part, ResultPolicy, load_policy
from app.domain.saves import current_answers
from app.domain.statistics.papers import is_reliable
from app.models.accounts import User
from app.models.attempts import Attempt
from app.models.certificates import Certificate
from app.models.content import Module
from app.models.releases import Release, ReleaseAttempt
from app.models.results import Mark, Result
from app.models.schemes import Exam, SchemeVersion
from app.models.sittings import Registration, Sitting
from app.queries.remedies import remedies_of
from app.queries.rescores import rescores_for
from app.queries.saves import saves_of
from app.queries.standings import SchemeStanding, standing_of
from app.queries.versions import paper_slots


@dataclass(frozen=True, slots=True)
class ModuleLine:
    """A module's points; shown only where they are reliable."""

    title: dict[str, Any]
    points: float
    maximum: float


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """A question as its candidate may see it afterwards. bodies: what a re-key made right."""

    position: int
    question: Question
    layout: Layout
    answer: Answer | None
    points: Fraction | None
    maximum: Fraction
    act: Act | None
    alternatives: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Transcript:
    """A released result (成绩单). versions: every released one, the newest first.

    score, scaled, maximum: None where the policy does not show them. modules: () where the
    profile is not shown; is_profile_withheld: because it is not reliable. reasons: of the
    re-scores that came to this paper.
    """

    attempt_id: int
    name: str
    username: str
    admission_number: str
    number: int
    exam_title: dict[str, Any]
    scheme_title: dict[str, Any]
    sitting_title: dict[str, Any]
    closed_at: datetime | None
    policy: ResultPolicy
    score: float | None
    scaled: float | None
    maximum: float | None
    pass_mark: float
    passed: bool
    released_at: datetime
    version: int
    versions: tuple[AnyRow, ...]
    modules: tuple[ModuleLine, ...]
    is_profile_withheld: bool
    reasons: tuple[tuple[Act, str], ...]
    standing: SchemeStanding
    certificate: str | None


def transcript(attempt_id: int, *, user_id: int) -> Transcript | None:
    """The transcript; None before the release, of a void attempt, or somebody else's."""
    row = _head(attempt_id, user_id)
    if row is None:
        return None
    exam, result = row.Exam, row.Result
    policy = load_policy(exam.policy, show_answers=exam.show_answers)
    shows_score = policy.shows(Part.SCORE)
    modules = _modules(row.Attempt, result) if policy.shows(Part.PROFILE) and shows_score else None
    return Transcript(
        attempt_id=attempt_id,
        name=row.name,
        username=row.username,
        admission_number=row.admission_number,
        number=row.Attempt.number,
        exam_title=exam.title,
        scheme_title=row.content["title"],
        sitting_title=row.sitting_title,
        closed_at=row.Attempt.closed_at,
        policy=policy,
        score=result.score if shows_score else None,
        scaled=result.scaled if shows_score else None,
        maximum=result.maximum if shows_score else None,
        pass_mark=result.pass_mark,
        passed=result.passed,
        released_at=result.released_at,
        version=result.version,
        versions=tuple(_versions(attempt_id)),
        modules=modules or (),
        is_profile_withheld=modules == (),
        reasons=tuple((Act(one.act), one.reason) for one in rescores_for(attempt_id)),
        standing=standing_of(user_id, exam.scheme_version_id),
        certificate=row.certificate,
    )


def answered_questions(found: Transcript) -> list[AnsweredQuestion]:
    """The questions of a transcript's paper; [] where the policy shows none of them."""
    if not ANSWER_PARTS.intersection(found.policy.show):
        return []
    attempt = db.session.get_one(Attempt, found.attempt_id)
    answers = current_answers(saves_of(attempt.id))
    remedies = remedies_of(attempt.exam_id)
    marks: dict[int, Fraction] = dict(
        db.session.execute(
            select(Mark.position, Mark.points).where(Mark.attempt_id == attempt.id)
        ).all()
    )
    questions = []
    for slot in paper_slots(attempt.paper_id):
        if slot.is_pilot:
            continue
        remedy = remedies.get(slot.version_id)
        save = answers.get(slot.position)
        questions.append(
            AnsweredQuestion(
                position=slot.position,
                question=slot.question,
                layout=Layout.load(attempt.layout[str(slot.position)]),
                answer=save.answer if save else None,
                points=None if is_dropped(remedies, slot.version_id) else marks.get(slot.position),
                maximum=slot.points,
                act=remedy.act if remedy else None,
                alternatives=tuple(
                    replace(slot.question, body=body) for body in (remedy.bodies if remedy else ())
                ),
            )
        )
    return questions


def _head(attempt_id: int, user_id: int) -> AnyRow | None:
    return db.session.execute(
        select(
            Attempt,
            Exam,
            Result,
            SchemeVersion.content,
            Sitting.title.label("sitting_title"),
            Registration.admission_number,
            User.name,
            User.username,
            Certificate.number.label("certificate"),
        )
        .join(Result, and_(Result.attempt_id == Attempt.id, Result.current))
        .join(Exam, Exam.id == Attempt.exam_id)
        .join(SchemeVersion, SchemeVersion.id == Exam.scheme_version_id)
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .join(Registration, Registration.id == Attempt.registration_id)
        .join(User, User.id == Attempt.user_id)
        .outerjoin(
            Certificate,
            and_(
                Certificate.user_id == Attempt.user_id,
                Certificate.scheme_version_id == Exam.scheme_version_id,
            ),
        )
        .where(
            Attempt.id == attempt_id,
            Attempt.user_id == user_id,
            Attempt.state != AttemptState.VOIDED.value,
            Result.released_at.is_not(None),
        )
        .limit(1)
    ).one_or_none()


def _versions(attempt_id: int) -> Sequence[AnyRow]:
    return db.session.execute(
        select(Result.version, Result.score, Result.passed, Result.released_at, Result.current)
        .where(Result.attempt_id == attempt_id, Result.released_at.is_not(None))
        .order_by(Result.version.desc())
    ).all()


def _modules(attempt: Attempt, result: Result) -> tuple[ModuleLine, ...]:
    """Modules whose points are reliable, by the figures that were looked at for the release."""
    figures = db.session.scalar(
        select(Release.statistics)
        .join(ReleaseAttempt, ReleaseAttempt.release_id == Release.id)
        .where(ReleaseAttempt.attempt_id == attempt.id, Release.state == "approved")
        .order_by(Release.id.desc())
        .limit(1)
    )
    of_paper = (figures or {}).get("modules", {}).get(str(attempt.paper_id), {})
    titles: dict[str, dict[str, Any]] = dict(
        db.session.execute(select(Module.id, Module.title)).all()
    )
    return tuple(
        ModuleLine(titles[one["module"]], one["points"], one["maximum"])
        for one in result.modules
        if _is_reliable(of_paper.get(one["module"]))
    )


def _is_reliable(module: dict[str, Any] | None) -> bool:
    return module is not None and is_reliable(module["n"], module["alpha"])
