"""The database object, its column types, and what makes a write one transaction."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any, ParamSpec, TypeAlias, TypeVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    Row,
    Select,
    String,
    TypeDecorator,
    event,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase, registry

from app.write_line import turn_to_write

P = ParamSpec("P")
R = TypeVar("R")

AnyRow: TypeAlias = Row[*tuple[Any, ...]]
"""A row of a query over several columns; its reader names them."""
AnySelect: TypeAlias = Select[*tuple[Any, ...]]

_writing: ContextVar[bool] = ContextVar("writing", default=False)
_rehearsing: ContextVar[bool] = ContextVar("rehearsing", default=False)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite keeps it without its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware → UTC; raises ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime has no place in the database")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Back to an aware UTC datetime."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


_exact = functools.lru_cache(maxsize=4096)(Fraction)
"""Fractions never change, few of them are different, and reading one takes its time."""


class ExactPoints(TypeDecorator[Fraction]):
    """Points as an exact fraction ("4", "1/3"): rounding happens once, at the total."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: Fraction | None, dialect: Dialect) -> str | None:
        """Fraction → "numerator/denominator"."""
        return None if value is None else str(Fraction(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Fraction | None:
        """Back to the fraction."""
        return None if value is None else _exact(value)


Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class Base(DeclarativeBase):
    """Base of all tables; names every constraint, so that migrations can."""

    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={
            datetime: UtcDateTime(),
            Fraction: ExactPoints(),
            dict[str, Any]: Json,
            list[Any]: Json,
        },
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})


@contextmanager
def transaction() -> Iterator[None]:
    """One write transaction: begun anew, committed at the end, rolled back on any error.

    SQLite takes its write lock at the start (BEGIN IMMEDIATE), so that what a service
    reads is still true when it writes. Services do not call services. In a rehearsal it is a
    savepoint of the rehearsal's transaction, and nothing of it lasts.
    """
    if _writing.get():
        raise RuntimeError("a service was called inside the transaction of another")
    if _rehearsing.get():
        with _rehearsed():
            yield
        return
    db.session.rollback()  # ends the snapshot that the request has read so far
    with turn_to_write(db.engine):
        token = _writing.set(True)
        try:
            yield
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise
        finally:
            _writing.reset(token)


@contextmanager
def rehearsal() -> Iterator[None]:
    """One write transaction around many services, always rolled back: nothing of it lasts.

    Inside, every service runs as it always does, but in a savepoint; rows, events and audit
    entries are there for the services that follow and are gone at the end. On SQLite nobody
    else can write meanwhile, on PostgreSQL nobody else can write into the audit log: keep it
    to a fraction of a second, and speak to no network in it.
    """
    if _writing.get() or _rehearsing.get():
        raise RuntimeError("a rehearsal was begun inside a transaction")
    db.session.rollback()
    with turn_to_write(db.engine):
        token = _writing.set(True)
        try:
            db.session.connection()  # BEGIN, on SQLite with the write lock
        finally:
            _writing.reset(token)
        token = _rehearsing.set(True)
        try:
            yield
        finally:
            db.session.rollback()
            _rehearsing.reset(token)


def is_rehearsing() -> bool:
    """Whether what is read now may be rolled back, and must not be remembered."""
    return _rehearsing.get()


@contextmanager
def _rehearsed() -> Iterator[None]:
    db.session.expire_all()  # as the end of a transaction does
    token = _writing.set(True)
    try:
        with db.session.begin_nested():
            yield
    finally:
        _writing.reset(token)


def transactional(service: Callable[P, R]) -> Callable[P, R]:
    """Make a public function of a service one transaction."""

    @functools.wraps(service)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction():
            return service(*args, **kwargs)

    return wrapped


@event.listens_for(Engine, "connect")
def _set_up_sqlite(connection: Any, record: object) -> None:
    if type(connection).__module__.partition(".")[0] != "sqlite3":
        return
    connection.isolation_level = None  # BEGIN is ours, see below
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA busy_timeout = 30000")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")
