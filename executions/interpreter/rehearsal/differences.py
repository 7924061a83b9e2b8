"""Where two JSON values differ, by JSON pointers."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST: Final = 20
"""Differences that are told of two values."""
NOTHING: Final = object()
"""Stands where one of two values has no such member."""

_ENTERED = re.compile(r"\(entered at the event id #\d+\)")


class Difference(NamedTuple):
    """What differs at ``pointer``: JSON texts, None where there is nothing."""

    pointer: str
    expected: str | None
    actual: str | None


def differences(expected: Any, actual: Any, again: Any = NOTHING) -> list[Difference]:
    """Find where ``actual`` is not as ``expected``, at most ``MOST`` places.

    ``again`` is ``actual`` of another draw: what differs between these two is chance and is passed
    over, as are the ids of events in the causes of errors.
    """
    found = []
    for each in _walk("", expected, actual, actual if again is NOTHING else again):
        found.append(each)
        if len(found) == MOST:
            break
    return found


def same(expected: Any, actual: Any, again: Any = NOTHING) -> bool:
    """Tell whether there are no differences."""
    return not differences(expected, actual, again)


def _walk(pointer: str, expected: Any, actual: Any, again: Any) -> Iterator[Difference]:
    if isinstance(expected, dict) and isinstance(actual, dict) and isinstance(again, dict):
        for name in sorted(expected.keys() | actual.keys()):
            step = name.replace("~", "~0").replace("/", "~1")
            yield from _walk(
                f"{pointer}/{step}",
                expected.get(name, NOTHING),
                actual.get(name, NOTHING),
                again.get(name, NOTHING),
            )
    elif isinstance(expected, list) and isinstance(actual, list) and isinstance(again, list):
        for index in range(max(len(expected), len(actual))):
            yield from _walk(
                f"{pointer}/{index}", _at(expected, index), _at(actual, index), _at(again, index)
            )
    elif not _equal(actual, again):
        return
    elif not _equal(expected, actual):
        yield Difference(pointer, _text(expected), _text(actual))


def _at(values: list[Any], index: int) -> Any:
    return values[index] if index < len(values) else NOTHING


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, str) and isinstance(other, str):
        return _ENTERED.sub("", one) == _ENTERED.sub("", other)
    if isinstance(one, dict | list):
        return _text(one) == _text(other)
    return bool(one == other)


def _text(value: Any) -> str | None:
    return None if value is NOTHING else json.dumps(value, ensure_ascii=False, sort_keys=True)


def read(text: str | None) -> Any:
    """Read a payload of a history; what is no JSON, or nothing, stands for itself."""
    if text is None:
        return NOTHING
    try:
        return json.loads(text)
    except ValueError:
        return text
