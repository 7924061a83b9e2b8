"""Expressions of operators, paths and cheap functions: evaluated where they are, in a microsecond.

The engine has a second way to evaluate, which reads a Python value in place and gives one: half the
cost, but other threads wait meanwhile, and nothing looks like null. So it is taken only by
expressions that cannot run for long, within few steps, and only where it gives a value; with all
else the engine is asked again in the usual way, for such expressions change nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from jlens import Expression, JlensError

from studio.asl.expressions.jsonata_engine import LIMITS, MAX_DEPTH

if TYPE_CHECKING:
    from collections.abc import Callable

    from studio.asl.definition import Json

QUICK_STEPS: Final = 1_000
"""Steps of a quick evaluation: less than a millisecond, and twenty where each is a search in the
longest array. That is what other threads may have to wait."""

QUICK_LENGTH: Final = 65_536
"""Bytes of a text, elements of an array, bytes of a result."""

COPYING_STEPS: Final = 200
COPYING_LENGTH: Final = 4_096
"""The same for what copies arrays and objects, so that little is held even where all is kept."""

_CHEAP: Final = (
    "abs|boolean|ceil|contains|count|exists|floor|join|keys|length|lookup|lowercase|max|min|not|"
    "number|round|string|substring|substringAfter|substringBefore|sum|trim|type|uppercase"
)
"""Functions that take no longer than it takes to read their arguments."""
_COPYING: Final = "append|merge|reverse|spread"
_COPIES: Final = re.compile(rf"\$(?:{_COPYING})\b")
_TOKENS: Final = re.compile(
    rf"""(?: "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' | `[^`]*`
    | \$(?:{_CHEAP}|{_COPYING})(?=\() | \$[A-Za-z_]\w*+(?!\s*\()
    | (?!function\b)[A-Za-z_]\w*+(?!\s*\() | (?:and|or|in)\b
    | \d+(?:\.\d+)? | \.(?!\.) | \*(?!\*) | :(?!=) | [-+<>=!&?,(){{}}\[\]\s]
    )*+""",
    re.VERBOSE | re.ASCII | re.DOTALL,
)
_STATES: Final = re.compile(
    r"""("(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' | `[^`]*`) | \$states\b""", re.VERBOSE | re.DOTALL
)


def compile_quick(text: str) -> QuickQuery | None:
    """Compile an expression for quick evaluation; None where it may take long."""
    if _TOKENS.fullmatch(text) is None:
        return None
    try:
        # ``$states`` becomes the engine's input, which it reads in place: a variable is copied.
        expression = Expression(_STATES.sub(lambda found: found[1] or "$$", text))
    except JlensError:
        return None
    if _COPIES.search(text):
        return QuickQuery(expression, COPYING_STEPS, COPYING_LENGTH)
    return QuickQuery(expression, QUICK_STEPS, QUICK_LENGTH)


class QuickQuery:
    """An expression that is evaluated quickly, as long as its data are small."""

    __slots__ = ("_evaluate", "_length", "_steps")

    def __init__(self, expression: Expression, steps: int, length: int) -> None:
        self._evaluate: Callable[..., Json] | None = expression.evaluate
        self._steps = steps
        self._length = length

    def value(self, states: Json, variables: dict[str, Json] | None) -> Json:
        """Evaluate with these ``$states`` and variables.

        None where that gives no certain value: it is null or nothing, the expression fails, or a
        limit strikes. Who strikes one is not evaluated quickly again, for its data are large.
        """
        evaluate = self._evaluate
        if evaluate is None:
            return None
        try:
            return evaluate(
                states,
                variables,
                max_depth=MAX_DEPTH,
                max_steps=self._steps,
                max_string_length=QUICK_LENGTH,
                max_array_length=self._length,
                max_result_size=QUICK_LENGTH,
            )
        except JlensError as error:
            if error.code in LIMITS:
                self._evaluate = None
            return None
