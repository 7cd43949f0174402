"""Who may do what: one enumeration of roles, one of permissions, one table."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    """What a person is to the organisation; one person may be several."""

    TRAINEE = "trainee"
    INSTRUCTOR = "instructor"
    BANK_KEEPER = "bank_keeper"
    MARKER = "marker"
    LEAD_MARKER = "lead_marker"
    PROCTOR = "proctor"
    HR = "hr"
    ADMIN = "admin"
    AUDITOR = "auditor"
    CERTIFIER = "certifier"


class Permission(StrEnum):
    """One thing that an endpoint may ask for."""

    STUDY = "study"
    SIT_EXAMS = "sit_exams"
    SEE_OWN_ACCOUNT = "see_own_account"
    SEE_QUESTIONS = "see_questions"
    EDIT_QUESTIONS = "edit_questions"
    REVIEW_QUESTIONS = "review_questions"
    RETIRE_QUESTIONS = "retire_questions"
    EXPORT_QUESTIONS = "export_questions"
    EXPORT_EXAM_QUESTIONS = "export_exam_questions"
    SEE_PLANS = "see_plans"
    EDIT_PLANS = "edit_plans"
    ASSEMBLE_PAPERS = "assemble_papers"
    APPROVE_PAPERS = "approve_papers"
    SEE_SITTINGS = "see_sittings"
    MANAGE_SITTINGS = "manage_sittings"
    RUN_SITTINGS = "run_sittings"
    DECIDE_INCIDENTS = "decide_incidents"
    REVIEW_SIGNALS = "review_signals"
    MANAGE_ACCOMMODATIONS = "manage_accommodations"
    EXPORT_DOSSIERS = "export_dossiers"
    SEE_RESULTS = "see_results"
    EXPORT_RESULTS = "export_results"
    MARK = "mark"
    MANAGE_MARKING = "manage_marking"
    SEE_RELEASES = "see_releases"
    PROPOSE_RELEASES = "propose_releases"
    DECIDE_RELEASES = "decide_releases"
    SEE_RESCORES = "see_rescores"
    PROPOSE_RESCORES = "propose_rescores"
    DECIDE_RESCORES = "decide_rescores"
    HANDLE_APPEALS = "handle_appeals"
    DECIDE_CERTIFICATES = "decide_certificates"
    NAME_TRAINERS = "name_trainers"
    MANAGE_ACCOUNTS = "manage_accounts"
    SEE_AUDIT = "see_audit"


_EVERYBODY = frozenset({Permission.SEE_OWN_ACCOUNT})
_BANK = frozenset(
    {
        Permission.SEE_QUESTIONS,
        Permission.EDIT_QUESTIONS,
        Permission.REVIEW_QUESTIONS,
        Permission.RETIRE_QUESTIONS,
        Permission.EXPORT_QUESTIONS,
    }
)
_PAPERS = frozenset({Permission.SEE_PLANS, Permission.EDIT_PLANS, Permission.ASSEMBLE_PAPERS})

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.TRAINEE: _EVERYBODY | {Permission.STUDY, Permission.SIT_EXAMS},
    Role.INSTRUCTOR: _EVERYBODY
    | _BANK
    | _PAPERS
    | {Permission.STUDY, Permission.SEE_RESCORES, Permission.PROPOSE_RESCORES},
    Role.BANK_KEEPER: _EVERYBODY
    | _BANK
    | _PAPERS
    | {Permission.EXPORT_EXAM_QUESTIONS, Permission.APPROVE_PAPERS},
    Role.MARKER: _EVERYBODY | {Permission.MARK},
    Role.LEAD_MARKER: _EVERYBODY | {Permission.MARK, Permission.MANAGE_MARKING},
    Role.PROCTOR: _EVERYBODY
    | {
        Permission.SEE_SITTINGS,
        Permission.RUN_SITTINGS,
        Permission.DECIDE_INCIDENTS,
        Permission.REVIEW_SIGNALS,
    },
    Role.HR: _EVERYBODY
    | {
        Permission.SEE_SITTINGS,
        Permission.MANAGE_SITTINGS,
        Permission.DECIDE_INCIDENTS,
        Permission.REVIEW_SIGNALS,
        Permission.MANAGE_ACCOMMODATIONS,
        Permission.SEE_RESULTS,
        Permission.EXPORT_RESULTS,
        Permission.SEE_RELEASES,
        Permission.PROPOSE_RELEASES,
        Permission.SEE_RESCORES,
        Permission.PROPOSE_RESCORES,
        Permission.HANDLE_APPEALS,
        Permission.NAME_TRAINERS,
    },
    Role.ADMIN: _EVERYBODY
    | {
        Permission.MANAGE_ACCOUNTS,
        Permission.SEE_SITTINGS,
        Permission.MANAGE_SITTINGS,
        Permission.NAME_TRAINERS,
    },
    Role.AUDITOR: _EVERYBODY | {Permission.SEE_AUDIT, Permission.EXPORT_DOSSIERS},
    Role.CERTIFIER: _EVERYBODY
    | {
        Permission.SEE_RESULTS,
        Permission.SEE_RELEASES,
        Permission.DECIDE_RELEASES,
        Permission.SEE_RESCORES,
        Permission.DECIDE_RESCORES,
        Permission.HANDLE_APPEALS,
        Permission.DECIDE_CERTIFICATES,
    },
}
"""Administration and audit are kept apart (等保): no role has both. Exam questions leave the
system by the keeper of the bank alone."""

TICKET_PERMISSIONS = frozenset({Permission.SIT_EXAMS})
"""What a log-in with an exam ticket may do, whoever it is; `web/access` lets it do less yet."""


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """Everything that somebody with these roles may do."""
    return frozenset().union(*(ROLE_PERMISSIONS[role] for role in roles))
