"""The web: one package per area with its URL table (routes), views and forms."""

from __future__ import annotations

from flask import Flask

from app.web import access, addresses, errors, headers, languages, static_files, templating
from app.web.accommodations.routes import blueprint as accommodations
from app.web.accounts.routes import blueprint as accounts
from app.web.appeals.routes import blueprint as appeals
from app.web.audit.routes import blueprint as audit
from app.web.bank.routes import blueprint as bank
from app.web.certificates.routes import blueprint as certificates
from app.web.certification.routes import blueprint as certification
from app.web.courses.routes import blueprint as courses
from app.web.dossiers.routes import blueprint as dossiers
from app.web.editor.routes import blueprint as editor
from app.web.exams.routes import blueprint as exams
from app.web.exchange.routes import blueprint as exchange
from app.web.home.routes import blueprint as home
from app.web.marking.routes import blueprint as marking
from app.web.papers.routes import blueprint as papers
from app.web.people.routes import blueprint as people
from app.web.practice.routes import blueprint as practice
from app.web.preflight.routes import blueprint as preflight
from app.web.proctoring.routes import blueprint as proctoring
from app.web.releases.routes import blueprint as releases
from app.web.rescores.routes import blueprint as rescores
from app.web.results.routes import blueprint as results
from app.web.reviews.routes import blueprint as reviews
from app.web.sittings.routes import blueprint as sittings
from app.web.system.routes import blueprint as system
from app.web.trainers.routes import blueprint as trainers
from app.web.transcripts.routes import blueprint as transcripts


def register(app: Flask) -> None:
    """Put every area and everything around a request into the application."""
    addresses.register(app)
    for area in (
        home,
        accounts,
        courses,
        practice,
        exams,
        sittings,
        proctoring,
        reviews,
        accommodations,
        preflight,
        dossiers,
        certificates,
        editor,
        exchange,
        bank,
        papers,
        marking,
        results,
        transcripts,
        trainers,
        rescores,
        releases,
        certification,
        appeals,
        people,
        audit,
        system,
    ):
        app.register_blueprint(area)
    access.register(app)
    errors.register(app)
    headers.register(app)
    languages.register(app)
    templating.register(app)
    static_files.register(app)
