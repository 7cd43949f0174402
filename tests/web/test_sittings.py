"""HR puts exams on offer and keeps their rosters; proctors see the ones that are theirs."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from app.domain.permissions import Role
from app.models.audit import AuditEntry
from app.models.papers import PaperQuestion
from app.models.sittings import Registration, Sitting, SittingPaper, SittingProctor
from app.services import accounts, roster, starting
from app.services.trail import SYSTEM, Actor
from tests import factories
from tests.factories import NOW, log_in

LOCAL_NOON = "2026-11-02T12:00"
"""NOW in Shanghai."""


@pytest.fixture
def exam(app):
    factories.syllabus()
    factories.bank(factories.exam_pool())
    return offered()


def offered(**changes):
    """The id of a new exam, as an object that outlives the session's transactions."""
    return SimpleNamespace(id=factories.exam(**changes).id)


@pytest.fixture
def hr(exam, client):
    factories.user("hr", Role.HR, language="en")
    return log_in(client, "hr")


def form(exam, **changes):
    return {
        "exam": exam.id,
        "title_zh": "场次",
        "title_en": "Sitting",
        "opens_at": LOCAL_NOON,
        "closes_at": "2026-11-02T20:00",
        "access": "enrolled",
        **changes,
    }


def only(session, model=Sitting):
    session.expire_all()
    return session.scalars(select(model)).one()


def enrolled(username, **changes):
    user_id = factories.user(username, **changes)
    accounts.enrol(user_id, scheme_id="unit", due_at=None, actor=SYSTEM, now=NOW)
    return user_id


def places(session):
    return session.scalar(select(func.count()).select_from(Registration))


# ── creating and changing ─────────────────────────────────────────────────────


def test_a_sitting_is_put_on_offer_with_its_papers(hr, exam, session):
    proctor_id = factories.user("proctor1", Role.PROCTOR)

    response = hr.post(
        "/sittings/new",
        data=form(
            exam,
            room="三楼 302",
            capacity="20",
            access="roster",
            access_code="ab-12",
            needs_admission="y",
            networks="10.1.0.0/16",
            proctors=[proctor_id],
        ),
    )

    row = only(session)
    assert response.location == f"/sittings/{row.id}"
    assert row.opens_at == NOW
    assert row.closes_at == NOW + timedelta(hours=8)
    assert (row.room, row.capacity, row.open_to_enrolled) == ("三楼 302", 20, False)
    assert (row.access_code, row.needs_admission, row.networks) == ("AB12", True, ["10.1.0.0/16"])
    assert session.scalar(select(func.count()).select_from(SittingPaper)) == 2
    assert only(session, SittingProctor).user_id == proctor_id
    page = hr.get(response.location).text
    assert "AB12" in page
    assert "三楼 302" in page


def test_a_code_is_made_up_on_request(hr, exam, session):
    hr.post("/sittings/new", data=form(exam, new_code="y"))

    assert re.fullmatch(r"[2-9A-HJKMNP-Z]{6}", only(session).access_code)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title_en": ""}, "Enter a title."),
        ({"title_zh": "\x00"}, "cannot be shown"),
        ({"opens_at": "soon"}, "Enter a day and a time."),
        ({"closes_at": ""}, "Enter a day and a time."),
        ({"closes_at": LOCAL_NOON}, "The exam must close after it opens."),
        ({"capacity": "0"}, "Enter at least one place"),
        ({"capacity": "many"}, "Enter a whole number"),
        ({"access_code": "x"}, "Use 4 to 20 letters and digits."),
        ({"networks": "10.1.0.0/16\nhere"}, "Line 2, “here”, is not a network."),
        ({"seb_keys": "abc"}, "Line 1 is not a Config Key"),
        ({"exam": "999999"}, "Not a valid choice"),
    ],
)
def test_a_form_with_a_mistake_says_which_and_keeps_what_was_typed(
    hr, exam, session, changes, words
):
    response = hr.post("/sittings/new", data={**form(exam, room="三楼 302"), **changes})

    assert response.status_code == 400
    assert words in response.text
    assert 'value="三楼 302"' in response.text
    assert session.scalar(select(func.count()).select_from(Sitting)) == 0


def test_a_pool_that_is_too_small_is_told_in_the_form(hr, session):
    plan = [{"module": "planning", "type": "single", "count": 20, "points": 5.0}]
    exam = offered(plan=plan, code="second")

    response = hr.post("/sittings/new", data=form(exam, room="302"))

    assert response.status_code == 409
    assert "planning × * × single: 8/20" in response.text
    assert 'value="302"' in response.text
    assert session.scalar(select(func.count()).select_from(PaperQuestion)) == 0


def test_the_form_shows_the_sitting_as_it_is(hr, exam):
    sitting_id = factories.sitting(exam, room="302", networks=("10.1.0.0/16",), capacity=7)

    page = hr.get(f"/sittings/{sitting_id}/edit").text

    assert f'value="{LOCAL_NOON}"' in page
    assert 'value="302"' in page
    assert 'value="7"' in page
    assert "10.1.0.0/16</textarea>" in page


def test_a_changed_sitting_is_saved(hr, exam, session):
    sitting_id = factories.sitting(exam)

    response = hr.post(f"/sittings/{sitting_id}/edit", data=form(exam, title_en="New", room="302"))

    row = only(session)
    assert response.location == f"/sittings/{sitting_id}"
    assert (row.title["en"], row.room) == ("New", "302")


def test_after_the_first_start_only_this_exam_can_be_chosen(hr, exam, session):
    other = offered(code="second")
    sitting_id = factories.sitting(exam)
    start(sitting_id)

    page = hr.get(f"/sittings/{sitting_id}/edit").text
    refused = hr.post(f"/sittings/{sitting_id}/edit", data=form(other))

    assert f'<option value="{other.id}"' not in page
    assert refused.status_code == 400
    assert only(session).exam_id == exam.id


def start(sitting_id, username="trainee1"):
    user_id = enrolled(username)
    place = factories.registration(sitting_id, user_id)
    return starting.start(place, user_id=user_id, seed=1, actor=Actor(user_id), now=NOW)


def test_a_later_end_says_how_many_have_more_time(hr, exam):
    sitting_id = factories.sitting(exam, hours=0.5)
    start(sitting_id)

    page = hr.post(f"/sittings/{sitting_id}/edit", data=form(exam), follow_redirects=True).text

    assert "have more time now: 1." in page


def test_an_exam_of_an_older_version_stays_a_choice(hr, exam, session):
    sitting_id = factories.sitting(exam)
    session.get_one(factories.Scheme, "unit").current_version_id = None
    session.commit()

    response = hr.post(f"/sittings/{sitting_id}/edit", data=form(exam, room="302"))

    assert response.status_code == 302
    assert only(session).room == "302"


def test_a_sitting_is_cancelled_with_a_reason(hr, exam, session):
    sitting_id = factories.sitting(exam)

    missing = hr.post(f"/sittings/{sitting_id}/cancel", data={"reason": " "})
    page = hr.post(
        f"/sittings/{sitting_id}/cancel", data={"reason": "停电"}, follow_redirects=True
    ).text

    assert missing.status_code == 400
    assert "停电" in page
    assert only(session).cancelled_at == NOW
    assert f"/sittings/{sitting_id}/edit" not in page


# ── who sees what ─────────────────────────────────────────────────────────────


def test_a_proctor_finds_their_sittings_and_no_others(exam, client):
    me, other = (factories.user(f"proctor{n}", Role.PROCTOR, language="en") for n in (1, 2))
    mine = factories.sitting(exam, proctors=frozenset({me}))
    others = factories.sitting(exam, proctors=frozenset({other}))
    log_in(client, "proctor1")

    page = client.get("/sittings").text

    assert f'href="/sittings/{mine}"' in page
    assert f'href="/sittings/{others}"' not in page
    assert client.get(f"/sittings/{mine}").status_code == 200
    for path in ("", "/roster", "/roster.xlsx", "/roster/1"):
        assert client.get(f"/sittings/{others}{path}").status_code == 404


def test_a_proctor_changes_nothing(exam, client, session):
    me = factories.user("proctor1", Role.PROCTOR)
    sitting_id = factories.sitting(exam, proctors=frozenset({me}))
    log_in(client, "proctor1")

    page = client.get(f"/sittings/{sitting_id}").text + client.get("/sittings").text

    assert "/edit" not in page
    assert "/sittings/new" not in page
    assert client.get("/sittings/new").status_code == 403
    assert client.post(f"/sittings/{sitting_id}/cancel", data={"reason": "x"}).status_code == 403
    assert client.get(f"/sittings/{sitting_id}/roster/add").status_code == 403


def test_filters_stay_in_the_address_and_in_the_form(hr, exam):
    factories.sitting(exam, room="302")

    page = hr.get("/sittings?state=open&exam=unit&search=302&sort=room").text
    nothing = hr.get("/sittings?state=closed").text

    assert 'value="302"' in page
    assert '<option value="open" selected>' in page
    assert '<option value="unit" selected>' in page
    assert "No sitting meets these filters" in nothing


# ── the roster ────────────────────────────────────────────────────────────────


def preview(client, sitting_id, **choice):
    return client.post(f"/sittings/{sitting_id}/roster/add", data=choice)


def people_of(response):
    return re.search(r'name="people" value="([\d,]*)"', response.text).group(1)


def test_people_are_shown_before_they_are_put_on_the_roster(hr, exam, session):
    sitting_id = factories.sitting(exam)
    first = enrolled("trainee1")
    factories.user("stranger", name="学员丁")

    shown = preview(hr, sitting_id, source="paste", text="trainee1\nnobody\n学员丁")
    before = places(session)
    hr.post(
        f"/sittings/{sitting_id}/roster/add",
        data={"step": "confirm", "people": people_of(shown)},
    )

    assert (shown.status_code, before) == (200, 0)
    assert people_of(shown) == str(first)
    for words in ("New on the roster: 1", "Line 2", "nobody has this name", "Not enrolled"):
        assert words in shown.text
    assert only(session, Registration).user_id == first


def test_a_name_that_several_have_asks_for_the_department(hr, exam):
    sitting_id = factories.sitting(exam)
    for number, department in enumerate(("A", "B"), start=1):
        enrolled(f"trainee{number}", name="学员甲", department=department)

    alone = preview(hr, sitting_id, source="paste", text="学员甲")
    told = preview(hr, sitting_id, source="paste", text="学员甲,B")

    assert "several people have this name" in alone.text
    assert "New on the roster: 1" in told.text


@pytest.mark.parametrize(
    ("choice", "count"),
    [({"source": "department", "department": "A"}, 2), ({"source": "enrolled"}, 3)],
)
def test_a_department_or_everybody_can_be_added(hr, exam, session, choice, count):
    sitting_id = factories.sitting(exam)
    for number, department in enumerate(("A/1", "A/2", "B"), start=1):
        enrolled(f"trainee{number}", department=department)

    shown = preview(hr, sitting_id, **choice)
    added = hr.post(
        f"/sittings/{sitting_id}/roster/add",
        data={"step": "confirm", "people": people_of(shown)},
        follow_redirects=True,
    )

    assert f"New on the roster: {count}." in added.text
    assert places(session) == count


def test_more_people_than_places_are_refused_before_and_after(hr, exam, session):
    sitting_id = factories.sitting(exam, capacity=1)
    people = [enrolled(f"trainee{n}") for n in (1, 2)]

    shown = preview(hr, sitting_id, source="enrolled")
    forced = hr.post(
        f"/sittings/{sitting_id}/roster/add",
        data={"step": "confirm", "people": ",".join(map(str, people)), "text": "trainee1"},
    )

    assert "There are not enough places, 1 left." in shown.text
    assert 'name="people"' not in shown.text
    assert forced.status_code == 409
    assert "All 1 places of this sitting are taken." in forced.text
    assert "trainee1</textarea>" in forced.text
    assert places(session) == 0


def test_somebody_is_taken_off_with_a_reason(hr, exam, session):
    sitting_id = factories.sitting(exam)
    place = factories.registration(sitting_id, enrolled("trainee1", name="学员甲"))
    address = f"/sittings/{sitting_id}/roster/{place}/off"

    missing = hr.post(address, data={"reason": ""})
    page = hr.post(address, data={"reason": "病假"}, follow_redirects=True).text

    assert missing.status_code == 400
    assert "Give a reason." in missing.text
    assert "学员甲 is off the roster." in page
    assert only(session, Registration).state == "voided"
    assert "学员甲" in hr.get(f"/sittings/{sitting_id}/roster?standing=off").text


def test_a_place_of_another_sitting_is_not_there(hr, exam):
    first, second = factories.sitting(exam), factories.sitting(exam)
    place = factories.registration(first, enrolled("trainee1"))

    assert hr.get(f"/sittings/{second}/roster/{place}").status_code == 404
    for act in ("off", "ticket"):
        response = hr.post(f"/sittings/{second}/roster/{place}/{act}", data={"reason": "x"})
        assert response.status_code in (404, 409)


def test_the_roster_is_an_excel_file_in_which_nothing_is_a_formula(hr, exam, session):
    sitting_id = factories.sitting(exam, room="三楼 302")
    formula = enrolled("trainee1", name="=1+1", department="@SUM(A1)")
    other = enrolled("trainee2", name="学员乙")
    factories.accommodation(other, factor=1.5, separate_room=True)
    roster.add_people(sitting_id, [formula, other], actor=SYSTEM, now=NOW)

    response = hr.get(f"/sittings/{sitting_id}/roster.xlsx?sort=username")

    head, first, second = (
        CalamineWorkbook.from_filelike(io.BytesIO(response.data)).get_sheet_by_index(0).to_python()
    )
    assert first[1:4] == ["'=1+1", "trainee1", "'@SUM(A1)"]
    assert (second[1], second[8]) == ("学员乙", "三楼 302")
    assert second[head.index("Accommodations")] == "Time × 1.5; Separate room"
    entry = session.scalar(select(AuditEntry).where(AuditEntry.action == "roster.exported"))
    assert entry.detail["rows"] == 2


def test_the_roster_shows_what_accommodations_give(hr, exam):
    sitting_id = factories.sitting(exam)
    user_id = enrolled("trainee1")
    factories.registration(sitting_id, user_id)
    factories.accommodation(user_id, factor=1.25, breaks=15, larger_text=True)

    page = hr.get(f"/sittings/{sitting_id}/roster").text

    for words in ("Time × 1.25", "Breaks: 15 minutes", "Larger text"):
        assert words in page


def test_an_over_sitting_keeps_its_roster(hr, exam, clock):
    sitting_id = factories.sitting(exam)
    factories.registration(sitting_id, enrolled("trainee1"))
    clock.forward(hours=8)
    log_in(hr, "hr")

    page = hr.get(f"/sittings/{sitting_id}/roster").text

    assert "/roster/add" not in page
    assert "no longer changes" in hr.get(f"/sittings/{sitting_id}/roster/add").text


# ── how much they ask of the database ─────────────────────────────────────────


def test_lists_run_as_many_statements_with_thirty_rows_as_with_one(hr, exam, statements):
    sitting_id = factories.sitting(exam)
    pages = ("/sittings", f"/sittings/{sitting_id}", f"/sittings/{sitting_id}/roster")

    def grow(first, last):
        for number in range(first, last):
            user_id = enrolled(f"trainee{number}")
            factories.registration(sitting_id, user_id)
            factories.accommodation(user_id, factor=1.5)
            factories.sitting(exam)

    def counts():
        found = {}
        for page in pages:
            hr.get(page)
            statements.clear()
            assert hr.get(page).status_code == 200
            found[page] = len(statements)
        return found

    grow(0, 1)
    with_one = counts()
    grow(1, 30)

    assert counts() == with_one
    assert max(with_one.values()) <= 7, with_one


def test_putting_thirty_people_on_the_roster_takes_as_few_statements_as_two(hr, exam, statements):
    def add(usernames):
        sitting_id = factories.sitting(exam)
        people = [enrolled(username) for username in usernames]
        statements.clear()
        roster.add_people(sitting_id, people, actor=SYSTEM, now=NOW)
        return len(statements)

    assert add(f"a{n}" for n in range(30)) == add(f"b{n}" for n in range(2))
