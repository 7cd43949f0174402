"""The transcript: one's own, only after the release, and exactly what the policy shows."""

from __future__ import annotations

import pytest

from app.domain.rescores import Act
from app.domain.result_policies import Part
from tests import factories
from tests.factories import log_in
from tests.services import result_scenes


@pytest.fixture
def released(app, client):
    """Make somebody's released result under a policy; returns the attempt's id, logged in."""

    def make(policy=None, **changes):
        sitting_id = factories.sitting(result_scenes.exam(policy=policy or {}, **changes))
        attempt_id = result_scenes.sat(app, sitting_id, "one", right=(1, 3))
        hr, certifier = result_scenes.staff()
        result_scenes.release(app, sitting_id, hr, certifier)
        log_in(client, "one")
        return attempt_id

    return make


def page(client, attempt_id):
    response = client.get(f"/attempts/{attempt_id}/transcript")
    assert response.status_code == 200
    return response.text


def test_there_is_none_before_the_release(app, client):
    attempt_id = result_scenes.sat(app, factories.sitting(result_scenes.exam()), "one")
    log_in(client, "one")

    assert client.get(f"/attempts/{attempt_id}/transcript").status_code == 404
    assert client.get(f"/attempts/{attempt_id}/transcript.pdf").status_code == 404
    assert "100" not in client.get(f"/attempts/{attempt_id}/done").text


def test_nobody_reads_somebody_elses(client, released):
    attempt_id = released()
    client.post("/logout")
    factories.user("other")
    log_in(client, "other")

    assert client.get(f"/attempts/{attempt_id}/transcript").status_code == 404


SIGNS = {
    Part.SCORE: 'class="result-score"',
    Part.OWN_ANSWERS: "你的作答",
    Part.RIGHT_ANSWERS: "正确答案",
    Part.EXPLANATIONS: "解析机密",
}


@pytest.mark.parametrize("shown", [(), *([part] for part in SIGNS), list(SIGNS)])
def test_it_shows_what_the_policy_names_and_nothing_else(client, released, shown):
    attempt_id = released({"show": [part.value for part in shown]})

    for address in ("transcript", "done"):
        text = client.get(f"/attempts/{attempt_id}/{address}").text
        expected = {part for part in SIGNS if part in shown}
        if address == "done":
            expected &= {Part.SCORE}
        assert {part for part, sign in SIGNS.items() if sign in text} == expected, address
        assert "通过" in text


def test_the_list_of_exams_hides_a_score_that_the_policy_hides(client, released):
    released({"show": []})

    assert "60 ·" not in client.get("/exams").text


def test_a_scaled_score_stands_beside_the_raw_one(client, released):
    attempt_id = released({"scaled": True, "show": ["score"]}, pass_mark=40)

    text = page(client, attempt_id)

    assert "73.3 <small>/ 100</small>" in text  # 60 + 40·(60 − 40)/(100 − 40)
    assert "60 / 100" in text


def test_a_profile_that_is_not_reliable_is_not_shown_and_the_reason_is(client, released):
    text = page(client, released())

    assert "信度" in text
    assert 'class="profile"' not in text


def test_both_versions_of_a_result_stay_readable(app, client, released):
    attempt_id = released()
    teacher = factories.user("teacher", factories.Role.INSTRUCTOR)
    decider = factories.user("certifier2", factories.Role.CERTIFIER)
    result_scenes.rescored(app, attempt_id, 2, Act.CREDIT_ALL, proposer=teacher, decider=decider)

    text = page(client, attempt_id)

    assert 'id="versions"' in text
    assert "两个选项都对" in text
    assert 'id="result-changed"' in client.get(f"/attempts/{attempt_id}/done").text


def test_it_tells_which_papers_the_certificate_still_takes(client, released):
    attempt_id = released()
    result_scenes.exam(code="skills")

    assert "尚未合格" in page(client, attempt_id)


def test_the_pdf_tells_a_name_with_rare_signs(app, client):
    sitting_id = factories.sitting(result_scenes.exam())
    attempt_id = result_scenes.sat(app, sitting_id, "one", name="欧阳𬭎😀")
    hr, certifier = result_scenes.staff()
    result_scenes.release(app, sitting_id, hr, certifier)
    log_in(client, "one")

    response = client.get(f"/attempts/{attempt_id}/transcript.pdf")

    assert response.data.startswith(b"%PDF-")
    assert response.headers["Content-Type"] == "application/pdf"


def test_a_void_attempt_has_no_transcript(client, released, session):
    attempt_id = released()
    session.get_one(result_scenes.Attempt, attempt_id).state = "voided"
    session.commit()

    assert client.get(f"/attempts/{attempt_id}/transcript").status_code == 404
