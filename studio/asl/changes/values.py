"""How two JSON values differ: the places where they do."""

from __future__ import annotations

import json
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

from studio.asl.definition import ABSENT, Absent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.asl.definition import Json

Path = tuple[str | int, ...]
Difference = tuple[Path, "Json | Absent", "Json | Absent"]
"""Where, what was there, and what is there now; see ``FieldChanged`` for arrays."""

LONGEST_MATCHED: Final = 500
"""Items of an array that are matched with another's: the time goes with their product."""
_BESIDE_CONDITION: Final = frozenset({"Next", "Comment", "Assign", "Output"})


def is_same(one: Json | Absent, other: Json | Absent) -> bool:
    """Tell whether two values are the same JSON: 1 is neither 1.0 nor true; order is nothing."""
    if one is ABSENT or other is ABSENT:
        return one is other
    return _text(one) == _text(other)


def differences(path: Path, before: Json | Absent, after: Json | Absent) -> Iterator[Difference]:
    """Give the places below ``path`` where two values differ, in the order to apply them."""
    if is_same(before, after):
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for name in before | after:
            yield from differences((*path, name), before.get(name, ABSENT), after.get(name, ABSENT))
    elif (
        isinstance(before, list)
        and isinstance(after, list)
        and max(len(before), len(after)) <= LONGEST_MATCHED
    ):
        yield from _of_arrays(path, before, after)
    else:
        yield path, before, after


def _of_arrays(path: Path, before: list[Json], after: list[Json]) -> Iterator[Difference]:
    # From the end, so that what is still to come stands where it stood.
    old = [_identity(path, item) for item in before]
    new = [_identity(path, item) for item in after]
    matched = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for _, from_old, to_old, from_new, to_new in reversed(matched):
        paired = min(to_old - from_old, to_new - from_new)
        for item in reversed(after[from_new + paired : to_new]):
            yield (*path, from_old + paired), ABSENT, item
        for index in reversed(range(from_old + paired, to_old)):
            yield (*path, index), before[index], ABSENT
        for offset in reversed(range(paired)):
            yield from differences(
                (*path, from_old + offset), before[from_old + offset], after[from_new + offset]
            )


def _identity(path: Path, item: Json) -> str:
    """What makes an item the same one as before, though something in it changed."""
    if isinstance(item, dict) and len(path) == 1:
        if path[0] in ("Retry", "Catch"):
            return _text(item.get("ErrorEquals"))
        if path[0] == "Choices":
            return _text({key: item[key] for key in item if key not in _BESIDE_CONDITION})
    return _text(item)


def _text(value: Json) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
