"""Tables as they were, after a test that committed."""

from __future__ import annotations

import itertools

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import TransactionTestCase

FROM_MIGRATIONS = {"django_migrations", "django_content_type", "auth_permission"}
"""No test writes to these; Django fills them anew, slowly, where they have been emptied."""

VACUUM_EVERY = 64

_emptied = itertools.count(1)


def empty_tables(connection: BaseDatabaseWrapper) -> None:
    """Delete every row of every model, whatever refers to it or refuses to be changed."""
    tables = set(connection.introspection.django_table_names(include_views=False))
    rows = [f"DELETE FROM {connection.ops.quote_name(table)}" for table in tables - FROM_MIGRATIONS]
    with connection.cursor() as cursor:
        # No trigger is called and no reference looked at: the order does not matter.
        cursor.execute(
            "; ".join(
                ["SET session_replication_role = replica", *rows, "RESET session_replication_role"]
            )
        )
        if next(_emptied) % VACUUM_EVERY == 0:
            vacuum(connection)


def vacuum(connection: BaseDatabaseWrapper) -> None:
    """Free what deleted rows take: queries walk over them, and get slow after some thousands."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")


def delete_instead_of_truncating() -> None:
    """A test with transactions of its own ends with DELETE.

    Django would TRUNCATE, which makes new files for seventy tables and their indexes: 370 ms
    after each of a thousand tests, where deleting the few rows takes 9.
    """

    def _fixture_teardown(self: TransactionTestCase) -> None:
        for name in self._databases_names(include_mirrors=False):  # type: ignore[attr-defined]
            empty_tables(connections[name])

    TransactionTestCase._fixture_teardown = _fixture_teardown  # type: ignore[attr-defined]
