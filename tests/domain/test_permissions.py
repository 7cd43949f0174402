"""The table of roles: what has to stay apart stays apart."""

from __future__ import annotations

import pytest

from app.domain.permissions import ROLE_PERMISSIONS, Permission, Role, permissions_of

P = Permission


def holders(permission):
    return {role for role, may in ROLE_PERMISSIONS.items() if permission in may}


def test_every_role_is_in_the_table():
    assert set(ROLE_PERMISSIONS) == set(Role)


def test_every_permission_is_held_by_somebody():
    assert permissions_of(Role) == set(Permission)


def test_exam_questions_leave_the_system_by_the_keeper_alone():
    assert holders(P.EXPORT_EXAM_QUESTIONS) == {Role.BANK_KEEPER}


@pytest.mark.parametrize(
    "permission",
    [P.EDIT_QUESTIONS, P.REVIEW_QUESTIONS, P.RETIRE_QUESTIONS, P.EXPORT_QUESTIONS],
)
def test_whoever_works_on_questions_may_see_them(permission):
    assert holders(permission) <= holders(P.SEE_QUESTIONS)


def test_whoever_sits_exams_by_role_alone_sees_no_questions():
    assert P.SEE_QUESTIONS not in permissions_of([Role.TRAINEE])


def test_roles_add_up():
    both = permissions_of([Role.INSTRUCTOR, Role.BANK_KEEPER])

    assert {P.STUDY, P.EXPORT_EXAM_QUESTIONS} <= both
