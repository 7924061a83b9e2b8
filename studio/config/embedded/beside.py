"""A Django command beside a running installation: ``make manage ARGS="changepassword admin"``."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import NoReturn

from .data_folder import DataFolder, write_private
from .failures import Failure
from .roles import PROJECT, engine_environment


def write_addresses(folder: DataFolder, database_url: str, redis_url: str) -> None:
    """Leave the addresses of this start where ``manage`` finds them, until it stops."""
    addresses = {"DATABASE_URL": database_url, "REDIS_URL": redis_url}
    write_private(folder.run / "addresses.json", json.dumps(addresses))


def manage(data: Path, port: int, arguments: list[str]) -> NoReturn:
    """Become ``manage.py`` with these arguments, on the database of the running installation.

    Raises:
        Failure: nothing runs on this data folder.
    """
    folder = DataFolder(data)
    try:
        addresses: dict[str, str] = json.loads((folder.run / "addresses.json").read_text())
    except OSError:
        raise Failure(
            f"Stepwell does not run on {folder.root}.",
            "Start it with `make run` in another terminal, then repeat this.",
        ) from None
    environment = engine_environment(
        folder, port, addresses["DATABASE_URL"], addresses["REDIS_URL"]
    )
    command = [sys.executable, str(PROJECT / "manage.py"), *arguments]
    os.chdir(PROJECT)
    os.execve(sys.executable, command, environment)  # noqa: S606 - our own program
