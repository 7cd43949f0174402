"""Mails about results: released, changed, appeals answered, certificates. They tell no score:
a mailbox is read by others too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.domain.mails import Letter
from app.domain.text import N_, Text
from app.services.mails import Letterhead, write, write_all

_WHERE = N_("You find it under “Exams” after you have logged in.")


def results_released(
    user_ids: Sequence[int], exam_title: dict[str, Any], *, letterhead: Letterhead, now: datetime
) -> int:
    """Tell people that their result can be seen."""
    letter = Letter(
        subject=N_("Your result in “%(exam)s”"),
        paragraphs=(N_("Your result in the exam “%(exam)s” has been released."), _WHERE),
        parameters={"exam": _text(exam_title)},
    )
    return write_all(dict.fromkeys(user_ids, letter), letterhead=letterhead, now=now)


def result_changed(
    user_ids: Sequence[int], exam_title: dict[str, Any], *, letterhead: Letterhead, now: datetime
) -> int:
    """Tell people that their released result has a new version."""
    letter = Letter(
        subject=N_("Your result in “%(exam)s” has changed"),
        paragraphs=(
            N_("A question of the exam “%(exam)s” was scored again, and your result has changed."),
            N_("Both versions of the result, and the reason, are on record."),
            _WHERE,
        ),
        parameters={"exam": _text(exam_title)},
    )
    return write_all(dict.fromkeys(user_ids, letter), letterhead=letterhead, now=now)


def appeal_filed(
    user_id: int,
    exam_title: dict[str, Any],
    *,
    due_at: datetime,
    letterhead: Letterhead,
    now: datetime,
) -> bool:
    """Confirm that an appeal or complaint has arrived, and until when it is answered."""
    letter = Letter(
        subject=N_("We have your appeal about “%(exam)s”"),
        paragraphs=(
            N_("Your appeal or complaint about the exam “%(exam)s” is on record."),
            N_("Somebody who had no part in your exam answers it by %(due)s."),
        ),
        parameters={"exam": _text(exam_title), "due": due_at.date()},
    )
    return write(user_id, letter, letterhead=letterhead, now=now)


def appeal_answered(
    user_id: int, exam_title: dict[str, Any], *, letterhead: Letterhead, now: datetime
) -> bool:
    """Tell somebody that the letter with the outcome is there."""
    letter = Letter(
        subject=N_("The answer to your appeal about “%(exam)s”"),
        paragraphs=(
            N_("Your appeal or complaint about the exam “%(exam)s” has been decided."),
            N_("The letter with the outcome is with the result of your exam."),
            _WHERE,
        ),
        parameters={"exam": _text(exam_title)},
    )
    return write(user_id, letter, letterhead=letterhead, now=now)


def certificate_decided(
    user_id: int, title: dict[str, Any], *, issued: bool, letterhead: Letterhead, now: datetime
) -> bool:
    """Tell somebody that it was decided about their certificate."""
    letter = Letter(
        subject=N_("The decision on your certificate “%(title)s”"),
        paragraphs=(
            N_("Your certificate “%(title)s” has been issued. You find it under “Certificates”.")
            if issued
            else N_("It was decided about your certificate “%(title)s”."),
            *(() if issued else (N_("Ask your training department for the reason."),)),
        ),
        parameters={"title": _text(title)},
    )
    return write(user_id, letter, letterhead=letterhead, now=now)


def _text(title: dict[str, Any]) -> Text:
    return Text(title["zh"], title["en"])
