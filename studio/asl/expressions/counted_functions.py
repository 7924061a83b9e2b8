"""Functions of JSONata whose results can be kept by the hundred, counted by what they give.

The engine bounds one array and one text, not all of them together: copies that an expression keeps
filled close to a gigabyte within its second. Those that copy arrays or objects are wrapped in
JSONata itself, so that no value leaves the engine and nothing stays nothing; only the number of
elements comes out, and is counted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from studio.asl.expressions.counted_ranges import SPAN, counted_ranges
from studio.asl.expressions.jsonata_functions import Function, keep, keep_range

if TYPE_CHECKING:
    from collections.abc import Iterable

_SIGNATURES: Final = {
    "append": ("$a, $b", "<xx:a>"),
    "each": ("$a, $b", "<o-f:a>"),
    "merge": ("$a", "<a<o>:o>"),
    "reverse": ("$a", "<a:a>"),
    "shuffle": ("$a", "<a:a>"),
    "spread": ("$a", "<x-:a<o>>"),
}
"""From each to its parameters and its signature, which are those of the engine."""
OF_ARRAYS: Final = frozenset({"append", "reverse"})
"""Those that make nothing but arrays."""
_SIZES: Final = {"merge": "$count($keys($r))", "spread": "16 * $count($r)"}
"""How much a result counts for that is no array of plain elements."""
_CALLED: Final = re.compile(rf"\$({'|'.join(_SIGNATURES)})\b", re.ASCII)

COUNTING: Final = {
    "__keep": Function("<n:n>", keep),
    "__keep_range": Function("<n:n>", keep_range),
}
"""What a counted expression calls back."""


def counted_names(text: str) -> frozenset[str]:
    """Which of them an expression may call."""
    return frozenset(_CALLED.findall(text))


def counted(text: str, *, ranges: bool = True) -> str | None:
    """The expression with these functions and its ranges counted; None where it has none."""
    names = counted_names(text)
    ranged = counted_ranges(text) if ranges else text
    if not names and ranged == text:
        return None
    return f"({_definitions(names)}{'' if ranged == text else SPAN}({ranged}))"


def counted_shift(text: str) -> int:
    """How many characters stand before the expression where its functions are counted."""
    names = counted_names(text)
    return len(f"({_definitions(names)}(") if names else 0


def _definitions(names: Iterable[str]) -> str:
    wrapped = []
    for name in sorted(names):
        parameters, signature = _SIGNATURES[name]
        size = _SIZES.get(name, "$count($r)")
        wrapped.append(
            f"$__{name} := ${name}; ${name} := function({parameters}){signature}"
            f"{{($r := $__{name}({parameters}); $__keep({size}); $r)}}; "
        )
    return "".join(wrapped)
