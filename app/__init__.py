"""Qijue 七诀: `create_app` puts the parts together, and does nothing else."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import app.models  # noqa: F401 (makes every table known)
from app import cli, jobs, web
from app.config import ROOT, Settings, load_settings
from app.db import db
from app.extensions import bootstrap, csrf, limiter, migrate
from app.translations import compile_catalogues

LARGEST_REQUEST = 2 * 1024 * 1024
"""Bytes of one request; an answer is far smaller."""


def create_app(settings: Settings | None = None) -> Flask:
    """The application. Settings come from the environment where none are given."""
    settings = settings or load_settings()
    application = Flask("app", instance_path=str(settings.instance))
    application.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={
            "pool_pre_ping": not settings.testing,
            "hide_parameters": True,  # keys and answers never reach a log (promise 5)
        },
        SESSION_COOKIE_NAME="__Host-qijue" if settings.secure_cookies else "qijue",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
        SEND_FILE_MAX_AGE_DEFAULT=300,
        WTF_CSRF_TIME_LIMIT=settings.session_hours * 3600,
        BOOTSTRAP_SERVE_LOCAL=True,
        BABEL_DEFAULT_LOCALE=settings.default_language,
        BABEL_TRANSLATION_DIRECTORIES="translations",
        RATELIMIT_STORAGE_URI=settings.limiter_storage,
        RATELIMIT_ENABLED=not settings.testing,
        RATELIMIT_HEADERS_ENABLED=False,
    )
    application.extensions["settings"] = settings
    compile_catalogues(ROOT / "app" / "translations")
    if settings.proxies:
        application.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            application.wsgi_app,
            x_for=settings.proxies,
            x_proto=settings.proxies,
            x_host=settings.proxies,
        )
    db.init_app(application)
    migrate.init_app(application, db, directory=str(ROOT / "migrations"))
    bootstrap.init_app(application)
    csrf.init_app(application)
    limiter.init_app(application)
    web.register(application)
    cli.register(application)
    jobs.register(application)
    return application
