"""An import and a colleague at the same question: neither writes over what it has not seen."""

from __future__ import annotations

import threading

from sqlalchemy import select

from app.db import db
from app.domain.permissions import Role
from app.models.questions import QuestionVersion
from app.services import import_work, questions
from app.services.questions import EditedMeanwhile
from app.services.trail import Actor
from tests import factories
from tests.services.test_question_imports import Scene


def test_an_import_never_writes_over_a_version_that_it_has_not_compared(
    real_app, tmp_path, paused_after
):
    with real_app.app_context():
        factories.syllabus()
        factories.bank([factories.content("PL14-01")])
        importer, colleague = factories.user("importer", Role.INSTRUCTOR), factories.user("writer")
        scene = Scene(importer, tmp_path)
        run_id = scene.planned(factories.content("PL14-01", difficulty=5))
        scene.confirm(run_id)
    compared = paused_after(import_work, "plan")
    refused = []

    def edit():
        compared.wait(10)
        with real_app.app_context():
            try:
                questions.edit_question(
                    factories.content("PL14-01", source="colleague"),
                    from_version=1,
                    note="",
                    actor=Actor(colleague),
                    now=factories.NOW,
                )
            except EditedMeanwhile as error:
                refused.append(error)

    editing = threading.Thread(target=edit)
    editing.start()
    with real_app.app_context():
        import_work.apply(run_id, instance=tmp_path, now=factories.NOW)
        editing.join(20)

        authors = db.session.scalars(
            select(QuestionVersion.author_id).order_by(QuestionVersion.number)
        ).all()
    assert authors == [None, importer]
    assert len(refused) == 1
