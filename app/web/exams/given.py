"""What accommodations come to in one exam, told to the candidate who has them."""

from __future__ import annotations

from flask_babel import gettext as _

from app.domain.accommodations import Provision


def time_words(minutes: int, given: Provision) -> str:
    """How long an exam is for this person, extra time included, as attempts start with it."""
    if given.time_factor <= 1:
        return str(_("%(minutes)s minutes", minutes=minutes))
    return str(
        _(
            "%(minutes)s minutes (%(usual)s × %(factor)s, your extra time)",
            minutes=round(minutes * given.time_factor),
            usual=minutes,
            factor=f"{given.time_factor:g}",
        )
    )


def given_words(given: Provision) -> list[str]:
    """Everything beside the extra time, one sentence each; nothing for none."""
    words = []
    if given.separate_room:
        words.append(_("You sit this exam in a separate room. Ask for it when you arrive."))
    if given.breaks:
        minutes = int(given.breaks.total_seconds()) // 60
        words.append(
            _(
                "You may take breaks of %(minutes)s minutes in all; they stop the clock.",
                minutes=minutes,
            )
        )
    if given.larger_text:
        words.append(_("The exam page shows you larger text."))
    return words
