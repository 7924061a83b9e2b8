"""Sensitive fields of a state machine: what its people mark, compiled to sequences of keys.

A mark is the name of a key, ``token``, or a reference path, ``$.card.number`` and
``$.items[*].token``. States move values about: what was at ``$.card`` is soon at ``$.order.card``
or in an array. So a mark hides what stands at its keys wherever these follow one another in a
payload, in any case of letters; places in arrays count for nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from studio.asl import json_text
from studio.asl.errors import InvalidExpression
from studio.asl.expressions.reference_path import read_reference_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST_MARKS: Final = 100
LONGEST_MARK: Final = 256

# Quoted members may have anything in them; outside of these, [*] is any place of an array.
_ANY_PLACE = re.compile(r"""('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|\[\s*\*\s*\]""")


class InvalidMark(ValueError):
    """The text marks nothing; says why."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What is marked: by each last key, in small letters, the keys that stand above it."""

    above: Mapping[str, tuple[tuple[str, ...], ...]]

    def __bool__(self) -> bool:
        return bool(self.above)

    def hide(self, key: str, way: tuple[str, ...]) -> bool:
        """Whether the value at ``key`` is hidden, with the keys of ``way`` above it, the outermost
        first; all in small letters.
        """
        for keys in self.above.get(key, ()):
            if len(keys) <= len(way) and way[len(way) - len(keys) :] == keys:
                return True
        return False


NONE: Final = Marks({})


def keys_of(mark: str) -> tuple[str, ...]:
    """The keys that a mark names, the outermost first, in small letters.

    Raises:
        InvalidMark: it is too long, no path that names one place, or names no key.
    """
    if not 0 < len(mark) <= LONGEST_MARK or not mark.isprintable():
        raise InvalidMark(f"A mark has from 1 to {LONGEST_MARK} characters, all of them printable")
    if not mark.startswith("$"):
        return (mark.lower(),)
    try:
        path = read_reference_path(_ANY_PLACE.sub(lambda found: found[1] or "[0]", mark))
    except InvalidExpression as fault:
        raise InvalidMark(str(fault)) from None
    if path is None or path.root != "$":
        raise InvalidMark(
            f"'{mark}' is no path that can be marked: write $.card.number, $.items[*].token, "
            "or the name of a key alone"
        )
    keys = tuple(step.lower() for step in path.steps if isinstance(step, str))
    if not keys:
        raise InvalidMark(f"'{mark}' names no key: mark those below it")
    return keys


def checked_marks(given: Iterable[str]) -> list[str]:
    """The marks as they are kept: each once, in the order they came.

    Raises:
        InvalidMark: one of them marks nothing, or there are too many.
    """
    marks = list(dict.fromkeys(mark.strip() for mark in given))
    if len(marks) > MOST_MARKS:
        raise InvalidMark(f"A state machine has at most {MOST_MARKS} marks")
    for mark in marks:
        keys_of(mark)
    return marks


def written(marks: list[str]) -> str:
    """The form that is stored; "" for none."""
    return json_text.dumps(marks) if marks else ""


def read(stored: str) -> list[str]:
    """The marks of a stored text."""
    found: list[str] = json_text.loads(stored) if stored else []
    return found


def marks_of(stored: str) -> Marks:
    """The marks of a stored text, compiled."""
    return _compiled(stored) if stored else NONE


def together(stored: Iterable[str]) -> Marks:
    """What any of the stored texts marks."""
    return _compiled(written(sorted({mark for text in stored for mark in read(text)})) or "[]")


@lru_cache(maxsize=1024)
def _compiled(stored: str) -> Marks:
    above: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
    for mark in read(stored):
        *keys, last = keys_of(mark)
        above[last].append(tuple(keys))
    return Marks({last: tuple(keys) for last, keys in above.items()})
