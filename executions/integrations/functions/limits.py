"""``limits.toml`` in a folder of functions: how many calls at once, and how many a second.

    [charge-card]
    reserved_concurrency = 5
    requests_per_second = 10

A name need not be one of the folder's: functions at AWS can be limited in the same way.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from executions.integrations.functions.names import FunctionNameError, parse_function_name
from studio.asl.errors import InvalidExpression
from studio.asl.resource import parse_resource

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FILE = "limits.toml"
_CONCURRENCY = "reserved_concurrency"
_RATE = "requests_per_second"
_INVOKE = "states:::lambda:invoke"


@dataclass(frozen=True, slots=True)
class FunctionLimit:
    """What a function may bear; None is no limit."""

    concurrency: int | None = None
    rate: float | None = None


class LimitsError(ValueError):
    """The file says something that is no limit."""


def read_limits(folders: Iterable[Path]) -> dict[str, FunctionLimit]:
    """The limits that all folders declare, by ``limited_name``; the first folder's word counts.

    Raises LimitsError: whoever asks keeps what was said before, for a slip of the pen must not lift
    a limit.
    """
    limits: dict[str, FunctionLimit] = {}
    for folder in folders:
        file = folder / FILE
        try:
            declared = tomllib.loads(file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            continue
        except (OSError, ValueError) as error:
            raise LimitsError(f"{file}: {error}") from None
        for name, members in declared.items():
            limits.setdefault(_key_of(name, file), _read_limit(name, members, file))
    return limits


def stamp(folders: Iterable[Path]) -> tuple[tuple[int, int] | None, ...]:
    """What changes whenever one of the files does."""
    stamps: list[tuple[int, int] | None] = []
    for folder in folders:
        try:
            status = (folder / FILE).stat()
            stamps.append((status.st_mtime_ns, status.st_size))
        except OSError:
            stamps.append(None)
    return tuple(stamps)


def limited_name(resource: str, parameters: str) -> str | None:
    """The name by which limits know the function that a Task calls; None where it calls none."""
    if _INVOKE in resource:
        try:
            named = json.loads(parameters).get("FunctionName")
        except (ValueError, AttributeError):
            return None
    else:
        try:
            named = resource if parse_resource(resource).kind == "lambda" else None
        except InvalidExpression:
            return None
    if not isinstance(named, str):
        return None
    try:
        return _normal(named)
    except FunctionNameError:
        return None


def _normal(text: str) -> str:
    name = parse_function_name(text)
    # "charge-card" and "charge_card" are the same file.
    return name.module if name.attribute is None else f"{name.module}.{name.attribute}"


def _key_of(name: str, file: Path) -> str:
    try:
        return _normal(name)
    except FunctionNameError:
        raise LimitsError(f"{file}: {name!r} is no name of a function") from None


def _read_limit(name: str, members: Any, file: Path) -> FunctionLimit:
    if not isinstance(members, dict) or not members or members.keys() - {_CONCURRENCY, _RATE}:
        raise LimitsError(
            f"{file}: [{name}] has {_CONCURRENCY} (calls at once), {_RATE}, or both, and no more"
        )
    concurrency, rate = members.get(_CONCURRENCY), members.get(_RATE)
    if concurrency is not None and (type(concurrency) is not int or concurrency < 1):
        raise LimitsError(f"{file}: {_CONCURRENCY} of [{name}] must be a whole number from 1")
    if rate is not None and (type(rate) not in (int, float) or not 0 < rate < float("inf")):
        raise LimitsError(f"{file}: {_RATE} of [{name}] must be a number over 0")
    return FunctionLimit(concurrency, None if rate is None else float(rate))
