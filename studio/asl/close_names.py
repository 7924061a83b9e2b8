"""The state whose name is close to one that nobody has: what was probably meant."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection

MOST_NAMES: Final = 1_000
"""Names among which is looked: comparing them takes time."""


def close_name(name: str, names: Collection[str]) -> str | None:
    """Give the closest of ``names``, or None. One that differs in its case only is the closest."""
    if len(names) > MOST_NAMES:
        return None
    folded = name.casefold()
    for other in names:
        if other.casefold() == folded:
            return other
    return next(iter(get_close_matches(name, names, n=1, cutoff=0.75)), None)
