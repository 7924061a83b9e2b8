"""The PostgreSQL connection of the current thread, below Django's ORM.

The loop's statements are few, fixed and hot: they go to psycopg directly, prepared on the server
and sent in pipelines: a turn needs two round trips, where statement by statement it would be ten.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, cast

import psycopg
from django.db import InterfaceError as DjangoInterfaceError
from django.db import OperationalError as DjangoOperationalError
from django.db import connection
from psycopg.pq import TransactionStatus

if TYPE_CHECKING:
    from collections.abc import Iterator


DATABASE_AWAY = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    DjangoOperationalError,
    DjangoInterfaceError,
)
"""PostgreSQL is not there, or went away: nothing is wrong with the work itself."""


@contextmanager
def transaction() -> Iterator[psycopg.Cursor[tuple[Any, ...]]]:
    """A cursor in a transaction of its own (a savepoint inside an outer one); commits at the end.

    In pipeline mode: statements are sent together, up to the next fetch or the commit, and an
    error may therefore show up at a later line than the statement that caused it. BEGIN goes with
    the first statements and COMMIT with the last, so neither costs a round trip of its own.

    Raises:
        psycopg.OperationalError: the database is not there; nothing was committed, except
            where it vanished while answering the commit itself.
    """
    connection.ensure_connection()
    # Django types this as its own backend's connection; it is psycopg's.
    raw = cast("psycopg.Connection[tuple[Any, ...]]", connection.connection)
    if raw.info.transaction_status is not TransactionStatus.IDLE:
        with raw.pipeline(), raw.transaction(), psycopg.Cursor(raw) as cursor:
            yield cursor
        return
    try:
        with raw.pipeline(), psycopg.Cursor(raw) as cursor, psycopg.Cursor(raw) as ending:
            psycopg.Cursor(raw).execute("BEGIN")
            yield cursor
            ending.execute("COMMIT")
        if ending.statusmessage != "COMMIT":
            raise psycopg.errors.InFailedSqlTransaction("the transaction had failed before")
    except BaseException:
        with suppress(psycopg.Error):
            raw.rollback()
        raise


@contextmanager
def single_statement() -> Iterator[psycopg.Cursor[tuple[Any, ...]]]:
    """A cursor for one statement that is a transaction by itself.

    Raises:
        psycopg.OperationalError: as ``transaction`` does.
    """
    connection.ensure_connection()
    raw = cast("psycopg.Connection[tuple[Any, ...]]", connection.connection)
    if raw.info.transaction_status is not TransactionStatus.IDLE or not raw.autocommit:
        raise RuntimeError("the statement would be part of another transaction")
    with psycopg.Cursor(raw) as cursor:
        yield cursor


def forget_broken_connection() -> None:
    """Drop the thread's connection if it no longer works, so that the next use opens a new one."""
    connection.close_if_unusable_or_obsolete()
    if connection.connection is not None and connection.connection.closed:
        connection.close()
