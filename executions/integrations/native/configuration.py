"""``integrations.toml``: what Tasks may reach beyond AWS, as the operator declares it.

The author of a workflow names what is declared there; addresses and passwords are the operator's.
"""

from __future__ import annotations

import os
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings


class NotConfigured(Exception):
    """The file does not declare what a Task names, or not rightly; the text says what to do."""


def declared(section: str, name: str = "") -> dict[str, Any]:
    """A table of the file: ``[section]``, or ``[section.name]``. An edited file counts at once.

    Raises NotConfigured.
    """
    file = Path(settings.INTEGRATIONS_FILE)
    path = f"{section}.{name}" if name else section
    try:
        table: Any = _read(str(file), file.stat().st_mtime_ns)
    except FileNotFoundError:
        raise NotConfigured(f"Declare [{path}] in {file}, which is not there yet") from None
    except (OSError, ValueError) as problem:
        raise NotConfigured(f"{file} cannot be read: {problem}") from problem
    for key in [*section.split("."), *([name] if name else [])]:
        table = table.get(key) if isinstance(table, dict) else None
    if not isinstance(table, dict):
        raise NotConfigured(f"Nothing is declared as [{path}] in {file}")
    return table


def secret(table: dict[str, Any], name: str) -> str:
    """The value of ``name``, or of the environment's variable that ``name_env`` names.

    Raises NotConfigured where the variable is not set, or neither is there.
    """
    variable = table.get(f"{name}_env")
    value = table.get(name) if variable is None else os.environ.get(str(variable))
    if value is None:
        what = f"{name} or {name}_env" if variable is None else f"the variable {variable}"
        raise NotConfigured(f"{Path(settings.INTEGRATIONS_FILE)}: {what} is missing")
    return str(value)


@lru_cache(maxsize=4)
def _read(file: str, changed: int) -> dict[str, Any]:
    return tomllib.loads(Path(file).read_text(encoding="utf-8"))
