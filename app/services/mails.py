"""The outbox: mails are written in the transaction of their cause, and sent by the worker.

What writes a mail is no service of its own but a plain function inside the caller's
transaction: a mail exists exactly when what it tells has happened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from sqlalchemy import insert, select

from app.config import Settings
from app.db import AnyRow, db
from app.domain.accommodations import Accommodation
from app.domain.mails import Letter
from app.domain.text import N_, Language, Text
from app.models.accounts import User
from app.models.sittings import Sitting
from app.models.system import Mail
from app.translations import Voice

LONGEST_SUBJECT = 200


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What every mail says about its sender. base_url: where the pages are, "" for unknown."""

    organisation: Text
    time_zone: str
    base_url: str = ""

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The letterhead of this installation."""
        return cls(
            organisation=Text(settings.organisation, settings.organisation_en),
            time_zone=settings.time_zone,
            base_url=settings.base_url,
        )


def write(user_id: int, letter: Letter, *, letterhead: Letterhead, now: datetime) -> bool:
    """Put a mail into the outbox; whether there is an address to send it to."""
    return write_all({user_id: letter}, letterhead=letterhead, now=now) == 1


def write_all(letters: Mapping[int, Letter], *, letterhead: Letterhead, now: datetime) -> int:
    """As `write`, user id → letter, in two statements; returns how many will be sent.

    People without an address and disabled accounts are left out.
    """
    if not letters:
        return 0
    people = db.session.execute(
        select(User.id, User.name, User.language, User.email)
        .where(User.id.in_(letters), User.active, User.email != "")
        .order_by(User.id)
    ).all()
    if people:
        db.session.execute(
            insert(Mail),
            [_mail(letters[person.id], person, letterhead, now=now) for person in people],
        )
    return len(people)


def sitting_places(
    sitting: Sitting, numbers: Mapping[int, str], *, letterhead: Letterhead, now: datetime
) -> int:
    """Tell people that they have a place: user id → admission number."""
    paragraphs = (
        N_("You have a place in the exam “%(sitting)s”."),
        N_("It is open from %(opens)s to %(closes)s."),
        *((N_("Room: %(room)s"),) if sitting.room else ()),
        N_("Your admission number: %(number)s"),
        N_("You find the rules of the exam under “Exams” after you have logged in."),
    )
    return write_all(
        {
            user_id: Letter(
                subject=N_("Your place in the exam “%(sitting)s”"),
                paragraphs=paragraphs,
                parameters={**_of_sitting(sitting), "number": number},
            )
            for user_id, number in numbers.items()
        },
        letterhead=letterhead,
        now=now,
    )


def places_cancelled(
    sitting: Sitting,
    user_ids: Sequence[int],
    *,
    letterhead: Letterhead,
    now: datetime,
    reason: str = "",
) -> int:
    """Tell people that their place is gone, or that the sitting is. reason: as they may read it."""
    letter = Letter(
        subject=N_("Your place in the exam “%(sitting)s” is cancelled"),
        paragraphs=(
            N_("Your place in the exam “%(sitting)s” on %(opens)s is cancelled."),
            *((N_("Reason: %(reason)s"),) if reason else ()),
            N_("If you have questions, ask the person who enrolled you."),
        ),
        parameters={**_of_sitting(sitting), "reason": reason},
    )
    return write_all(dict.fromkeys(user_ids, letter), letterhead=letterhead, now=now)


def accommodation_approved(
    user_id: int, given: Accommodation, *, letterhead: Letterhead, now: datetime
) -> bool:
    """Tell somebody what they get in their exams from now on; never why."""
    letter = Letter(
        subject=N_("Accommodations for your exams"),
        paragraphs=(
            N_("The following is approved for your exams and applies by itself:"),
            *((N_("Extra time: %(percent)s %% more"),) if given.time_factor > 1 else ()),
            *((N_("Breaks: %(minutes)s minutes in each exam"),) if given.break_minutes else ()),
            *((N_("Larger text"),) if given.larger_text else ()),
            *((N_("A separate room"),) if given.separate_room else ()),
            N_("It is valid from %(first)s until %(last)s.")
            if given.valid_until
            else N_("It is valid from %(first)s on."),
        ),
        parameters={
            "percent": round((given.time_factor - 1) * 100),
            "minutes": given.break_minutes,
            "first": given.valid_from,
            "last": given.valid_until,
        },
    )
    return write(user_id, letter, letterhead=letterhead, now=now)


def _of_sitting(sitting: Sitting) -> dict[str, object]:
    return {
        "sitting": Text(sitting.title["zh"], sitting.title["en"]),
        "opens": sitting.opens_at,
        "closes": sitting.closes_at,
        "room": sitting.room,
    }


def _mail(
    letter: Letter, person: AnyRow, letterhead: Letterhead, *, now: datetime
) -> dict[str, object]:
    voice = Voice(Language(person.language), letterhead.time_zone)
    return {
        "user_id": person.id,
        "address": person.email,
        "subject": _one_line(voice.say(letter.subject, letter.parameters)),
        "body": _body(letter, person.name, voice, letterhead),
        "created_at": now,
        "tries": 0,
        "problem": "",
    }


def _body(letter: Letter, name: str, voice: Voice, letterhead: Letterhead) -> str:
    sender = (str(voice.show(letterhead.organisation)), letterhead.base_url)
    paragraphs = [
        voice.say(N_("Dear %(name)s,"), {"name": name}),
        *(voice.say(paragraph, letter.parameters) for paragraph in letter.paragraphs),
        "\n".join(line for line in sender if line),
    ]
    return "\n\n".join(paragraphs) + "\n"


def _one_line(text: str) -> str:
    """No line break gets into a header, whatever somebody called a sitting."""
    return " ".join(text.split())[:LONGEST_SUBJECT]
