"""The application with a fault: now and then a save is rolled back after it was signed.

A server that starts with it hands out receipts that are not true; the tests of promise 1 must
find them.
"""

from __future__ import annotations

from itertools import count

from flask import has_request_context, request

from app import create_app
from app.db import db

EVERY = 5
"""Every fifth save of each process is lost."""

app = create_app()
_commit = db.session.commit
_saves = count(1)


def _commit_mostly():
    is_save = has_request_context() and request.endpoint == "exams.save"
    if is_save and next(_saves) % EVERY == 0:
        db.session.rollback()
    else:
        _commit()


db.session.commit = _commit_mostly
