"""``local.env``: what to source so that the AWS CLI talks to this installation."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path

from .data_folder import write_private

ENDPOINT = "AWS_ENDPOINT_URL_SFN"
KEY_ID = "AWS_ACCESS_KEY_ID"
SECRET = "AWS_SECRET_ACCESS_KEY"  # noqa: S105 - a variable's name
REGION = "AWS_DEFAULT_REGION"

HOST_PREFIX = "AWS_DISABLE_HOST_PREFIX_INJECTION"
"""Clients put "sync-" before the host of some operations unless this says not to."""

SOURCED = "STEPWELL_LOCAL_ENV"

NAMES = (ENDPOINT, KEY_ID, SECRET, REGION)


def write(path: Path, values: Mapping[str, str]) -> None:
    """Write the four variables as shell ``export`` lines, mode 0600, in one step.

    A fifth keeps clients from hosts that are not there, and a sixth names the file itself, so that
    a start can tell what came from it.
    """
    lines = [
        "# Made by Stepwell. `source` this file, then: aws stepfunctions list-state-machines",
        *(f"export {name}={shlex.quote(values[name])}" for name in NAMES if name in values),
        f"export {HOST_PREFIX}=true",
        f"export {SOURCED}={shlex.quote(str(path.absolute()))}",
    ]
    write_private(path, "\n".join(lines) + "\n")


def read(path: Path) -> dict[str, str]:
    """The variables of the file; empty where there is none."""
    values = {}
    if path.exists():
        for word in shlex.split(path.read_text(), comments=True):
            name, equals, value = word.partition("=")
            if equals and name in NAMES:
                values[name] = value
    return values


def move(path: Path, *, endpoint: str, region: str) -> None:
    """Give an existing file the address of this start; the key in it stays."""
    values = read(path)
    if values and (
        (values.get(ENDPOINT), values.get(REGION)) != (endpoint, region)
        or HOST_PREFIX not in path.read_text()
    ):
        write(path, {**values, ENDPOINT: endpoint, REGION: region})


def without_own_key(environment: Mapping[str, str], path: Path) -> dict[str, str]:
    """The environment for the engine's own processes.

    Somebody who has sourced a ``local.env``, this installation's or another's, and then types
    ``make run`` must not make the engine call AWS with a key that only Stepwell knows: values that
    come from the file are taken out, anything else is the engine's own and stays.
    """
    kept = dict(environment)
    sourced = kept.pop(SOURCED, "")
    if sourced:
        kept.pop(HOST_PREFIX, None)
    for own in (read(path), read(Path(sourced)) if sourced else {}):
        if KEY_ID in own and kept.get(KEY_ID) == own[KEY_ID]:
            # With this key the endpoint is ours too, also when it names the port of a former start.
            kept.pop(ENDPOINT, None)
        for name in NAMES:
            if name in own and kept.get(name) == own[name]:
                del kept[name]
    return kept
