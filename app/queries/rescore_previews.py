"""Whose score, pass and certificate a re-score would change, worked out without writing."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import and_, select

from app.db import AnyRow, db
from app.domain.attempts import GRADED_STATES
from app.domain.counting import comes_to
from app.domain.questions.body import Answer, Layout
from app.domain.rescores import Act, Remedies, Remedy, is_dropped, points_under
from app.domain.results import Outcome
from app.domain.saves import SaveState, StoredSave, current_answers
from app.domain.scoring.rules import load_rules
from app.models.accounts import User
from app.models.attempts import Attempt, Save, SaveDecision
from app.models.certificates import Certificate
from app.models.papers import PaperQuestion
from app.models.results import Mark, Result
from app.models.schemes import Exam
from app.queries.remedies import remedies_of
from app.queries.versions import paper_slots

_GRADED = tuple(state.value for state in GRADED_STATES)


@dataclass(frozen=True, slots=True)
class Change:
    """What would become of one attempt. Scores are None before there is a result.

    certificate: number of the one that would go under review.
    """

    attempt_id: int
    user_id: int
    name: str
    username: str
    points_before: float | None
    points_after: float | None
    before: float | None
    after: float | None
    passed_before: bool | None
    passed_after: bool | None
    is_released: bool
    certificate: str | None

    @property
    def kind(self) -> str:
        """ "gained" and "lost" a pass, "changed" score, "same"."""
        if self.passed_before != self.passed_after and self.after is not None:
            return "gained" if self.passed_after else "lost"
        return "same" if self.before == self.after else "changed"


@dataclass(frozen=True, slots=True)
class Preview:
    """Every affected attempt, those whose pass changes first. empty: papers left without points."""

    changes: tuple[Change, ...]
    empty_papers: int

    @property
    def counts(self) -> dict[str, int]:
        """How many of each kind, and certificates that would go under review."""
        kinds = Counter(change.kind for change in self.changes)
        return {
            "attempts": len(self.changes),
            **{kind: kinds[kind] for kind in ("gained", "lost", "changed", "same")},
            "certificates": sum(change.certificate is not None for change in self.changes),
        }

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of what would happen: the decider approves just this."""
        rows = sorted((c.attempt_id, c.before, c.after, c.points_after) for c in self.changes)
        return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def preview(exam: Exam, version_id: int, remedy: Remedy) -> Preview:
    """What the remedy would do to everything that is graded: four statements and the papers."""
    rules = load_rules(exam.scoring)
    heads = _heads(exam, version_id)
    ids = [row.id for row in heads]
    marks = _marks(ids)
    saves = _answers(ids, version_id) if remedy.act is Act.REKEY else {}
    remedies: Remedies = {**remedies_of(exam.id), version_id: remedy}
    changes, empty = [], set()
    for row in heads:
        slots = paper_slots(row.paper_id)
        own = {slot.position: slot for slot in slots if slot.version_id == version_id}
        if all(is_dropped(remedies, slot.version_id) for slot in slots):
            empty.add(row.paper_id)
            continue
        earned: dict[int, Fraction | None] = dict(marks.get(row.id, {}))
        before = {position: earned.get(position) for position in own}
        for position, slot in own.items():
            if remedy.act is Act.DROP:
                continue
            due = points_under(
                remedy,
                slot.question.body,
                saves.get((row.id, position)),
                layout=Layout.load(row.layout[str(position)]) if remedy.bodies else Layout(),
                maximum=slot.points,
                rules=rules,
            )
            earned[position] = earned.get(position) if due is None else due
        after = None
        if row.score is not None:
            after = comes_to(slots, earned, remedies, pass_mark=exam.pass_mark)
        changes.append(_change(row, before, {p: earned.get(p) for p in own}, after))
    order = {"lost": 0, "gained": 1, "changed": 2, "same": 3}
    changes.sort(key=lambda one: (order[one.kind], one.name, one.attempt_id))
    return Preview(tuple(changes), len(empty))


def affected_attempts(exam_id: int, version_id: int) -> Sequence[int]:
    """Graded attempts of the exam on whose paper the version stands."""
    return db.session.scalars(
        select(Attempt.id)
        .join(PaperQuestion, PaperQuestion.paper_id == Attempt.paper_id)
        .where(
            Attempt.exam_id == exam_id,
            PaperQuestion.version_id == version_id,
            Attempt.state.in_(_GRADED),
        )
        .order_by(Attempt.id)
    ).all()


def _heads(exam: Exam, version_id: int) -> Sequence[AnyRow]:
    return db.session.execute(
        select(
            Attempt.id,
            Attempt.paper_id,
            Attempt.layout,
            Attempt.user_id,
            User.name,
            User.username,
            Result.score,
            Result.passed,
            Result.released_at,
            Certificate.number.label("certificate"),
        )
        .join(PaperQuestion, PaperQuestion.paper_id == Attempt.paper_id)
        .join(User, User.id == Attempt.user_id)
        .outerjoin(Result, and_(Result.attempt_id == Attempt.id, Result.current))
        .outerjoin(
            Certificate,
            and_(
                Certificate.user_id == Attempt.user_id,
                Certificate.scheme_version_id == exam.scheme_version_id,
                Certificate.revoked_at.is_(None),
            ),
        )
        .where(
            Attempt.exam_id == exam.id,
            PaperQuestion.version_id == version_id,
            Attempt.state.in_(_GRADED),
        )
        .order_by(Attempt.id)
    ).all()


def _marks(attempt_ids: Sequence[int]) -> Mapping[int, dict[int, Fraction]]:
    found: dict[int, dict[int, Fraction]] = defaultdict(dict)
    rows = db.session.execute(
        select(Mark.attempt_id, Mark.position, Mark.points).where(Mark.attempt_id.in_(attempt_ids))
    )
    for attempt_id, position, points in rows:
        found[attempt_id][position] = points
    return found


def _answers(attempt_ids: Sequence[int], version_id: int) -> dict[tuple[int, int], Answer | None]:
    """(attempt, position) → the answer that counts, for this one question."""
    rows = db.session.execute(
        select(
            Save.attempt_id,
            Save.position,
            Save.epoch,
            Save.seq,
            Save.answer,
            Save.state,
            SaveDecision.accepted,
        )
        .join(Attempt, Attempt.id == Save.attempt_id)
        .join(
            PaperQuestion,
            and_(
                PaperQuestion.paper_id == Attempt.paper_id,
                PaperQuestion.position == Save.position,
                PaperQuestion.version_id == version_id,
            ),
        )
        .outerjoin(SaveDecision, SaveDecision.save_id == Save.id)
        .where(Save.attempt_id.in_(attempt_ids))
        .order_by(Save.id)
    )
    stored: dict[int, list[StoredSave]] = defaultdict(list)
    for row in rows:
        stored[row.attempt_id].append(
            StoredSave(
                position=row.position,
                epoch=row.epoch,
                seq=row.seq,
                answer=row.answer,
                flagged=False,
                spent_ms=0,
                state=SaveState(row.state),
                decided=row.accepted,
            )
        )
    return {
        (attempt_id, position): save.answer
        for attempt_id, saves in stored.items()
        for position, save in current_answers(saves).items()
    }


def _change(
    row: AnyRow,
    before: Mapping[int, Fraction | None],
    after: Mapping[int, Fraction | None],
    result: Outcome | None,
) -> Change:
    loses = bool(row.passed and row.released_at and result and not result.passed)
    return Change(
        attempt_id=row.id,
        user_id=row.user_id,
        name=row.name,
        username=row.username,
        points_before=_sum(before),
        points_after=_sum(after),
        before=row.score,
        after=float(result.score) if result else None,
        passed_before=row.passed,
        passed_after=result.passed if result else None,
        is_released=row.released_at is not None,
        certificate=row.certificate if loses else None,
    )


def _sum(points: Mapping[int, Fraction | None]) -> float | None:
    known = [one for one in points.values() if one is not None]
    return float(sum(known, Fraction(0))) if known else None
