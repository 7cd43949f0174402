"""What a proctor does at the door: who was seen to be who they are, and who may try again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.db import transactional
from app.domain.events import Event
from app.domain.text import N_
from app.services.chosen import NobodyAffected, lock_places, started_places
from app.services.registrations import let_in, send_out
from app.services.remedies import checked_text
from app.services.trail import Actor, log_registration_event


@transactional
def admit(
    sitting_id: int, registration_ids: Sequence[int], *, note: str, actor: Actor, now: datetime
) -> int:
    """Note who was seen to be who they are; returns how many had not been admitted before.

    note: how it was checked. Raises NotOfThisSitting, RegistrationMissing (off the roster).
    """
    note = checked_text(note)
    registrations = lock_places(sitting_id, registration_ids)
    return sum([let_in(place, note=note, actor=actor, now=now) for place in registrations])


@transactional
def withdraw_admission(
    sitting_id: int, registration_ids: Sequence[int], *, reason: str, actor: Actor, now: datetime
) -> int:
    """Take admissions back from people who have not started; returns how many had one.

    Raises NotOfThisSitting, NobodyAffected.
    """
    reason = checked_text(reason)
    places = lock_places(sitting_id, registration_ids)
    started = started_places(registration_ids)
    waiting = [place for place in places if place.id not in started]
    count = sum([send_out(place, reason=reason, actor=actor, now=now) for place in waiting])
    if not count:
        raise NobodyAffected(N_("None of the chosen candidates is admitted and still outside."))
    return count


@transactional
def unlock_door(
    sitting_id: int, registration_ids: Sequence[int], *, reason: str, actor: Actor, now: datetime
) -> int:
    """Forget the refused tries at the door, so that these people may try again at once.

    Raises NotOfThisSitting.
    """
    reason = checked_text(reason)
    places = lock_places(sitting_id, registration_ids)
    for place in places:
        log_registration_event(place.id, Event.DOOR_UNLOCKED, actor=actor, now=now, reason=reason)
    return len(places)
