"""Brings the database up to date: migrations, examples, the first account and its key.

A process of its own (``python -m studio.config.embedded.prepare``), so that the supervisor never
loads Django. All it prints is for its log.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import LiteralString

import psycopg

from . import local_env
from .data_folder import FIRST_ACCOUNT, write_private
from .ports import HOST
from .roles import PROJECT

STAMP = "Prepared by Stepwell: "

READ_STAMP: LiteralString = """
    SELECT shobj_description(oid, 'pg_database') FROM pg_database
    WHERE datname = current_database()
"""
WRITE_STAMP: LiteralString = """
    DO $$ BEGIN EXECUTE format('COMMENT ON DATABASE %I IS %L', current_database(), {}); END $$
"""


def fingerprint(connection: psycopg.Connection) -> str:
    """A hash of everything that preparing depends on.

    The code and the examples, the account's and region's names in ARNs, and which migrations
    the database says it has: after a restore of an older dump it differs, whatever the stamp.
    """
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(f"{path.relative_to(PROJECT)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    for name in ("AWS_ACCOUNT_ID", "AWS_REGION"):
        digest.update(f"{name}={os.environ.get(name, '')}\0".encode())
    has_migrations = connection.execute("SELECT to_regclass('django_migrations')").fetchone()
    if has_migrations and has_migrations[0]:
        rows = connection.execute("SELECT app, name FROM django_migrations ORDER BY 1, 2")
        digest.update(repr(rows.fetchall()).encode())
    return digest.hexdigest()


def is_prepared(connection: psycopg.Connection) -> bool:
    """Whether the database was prepared by exactly this code and has not changed since."""
    row = connection.execute(READ_STAMP).fetchone()
    return bool(row and row[0] == STAMP + fingerprint(connection))


def prepare() -> None:
    """Migrate, load the examples, make the first account and key where there are none."""
    import django
    from django.core.management import call_command
    from django.db import transaction

    django.setup()
    call_command("migrate", interactive=False, verbosity=1)
    call_command("load_examples")
    # Account and key are on disk before the database knows them: a crash between the two leaves
    # files that the next start replaces, never an account that nobody was told of.
    with transaction.atomic():
        answer = io.StringIO()
        call_command("bootstrap_installation", stdout=answer)
        first: dict[str, str] = json.loads(answer.getvalue() or "{}")
        if first:
            data = Path(os.environ["STEPWELL_DATA"])
            write_private(data / FIRST_ACCOUNT, json.dumps(first))
            local_env.write(
                data / "local.env",
                {
                    local_env.ENDPOINT: f"http://{HOST}:{os.environ['PORT']}",
                    local_env.KEY_ID: first["accessKeyId"],
                    local_env.SECRET: first["secretAccessKey"],
                    local_env.REGION: os.environ.get("AWS_REGION", "us-east-1"),
                },
            )


def main() -> None:
    """Prepare where it is due."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        if is_prepared(connection):
            return
        prepare()
        stamp = psycopg.sql.Literal(STAMP + fingerprint(connection))
        # A server of somebody else's may refuse: then every start prepares, which is slower.
        with suppress(psycopg.errors.InsufficientPrivilege):
            connection.execute(psycopg.sql.SQL(WRITE_STAMP).format(stamp))


def _sources() -> Iterator[Path]:
    for top in ("studio", "executions", "examples"):
        for path in sorted((PROJECT / top).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                yield path


if __name__ == "__main__":
    main()
