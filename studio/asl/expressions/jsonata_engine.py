"""The JSONata engine, jlens: one call within hard limits, and its errors in AWS's words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from studio.asl.expressions.jsonata_functions import OUT_OF_MEMORY, FunctionFailure

if TYPE_CHECKING:
    from jlens import Expression, JlensError

TIMEOUT: Final = 1.0
"""Seconds one evaluation may take; only what no other limit stops runs into it."""

MAX_DEPTH: Final = 100
"""Calls and nested expressions inside one another, as the service has it.

Source: https://github.com/floci-io/floci/issues/2737
"""

MAX_STEPS: Final = 5_000_000
"""Steps of one evaluation: about half a second."""

MAX_ARRAY: Final = 131_072
"""Elements one array may have while an expression is evaluated: as many as fit into a payload."""

MAX_TEXT: Final = 4_194_304
"""Bytes one text may have while an expression is evaluated."""

MAX_RESULT: Final = 1_048_576
"""Bytes of JSON an expression may give: above any payload, whose own limit is 256 KiB."""

TOO_LARGE: Final = "U1001"
"""The engine's code where an array, a text or the result would be too large."""

_TOO_LONG: Final = "Expression evaluation timeout: Check for infinite loop"
_TOO_DEEP: Final = (
    "Stack overflow error: Check for non-terminating recursive function. "
    "Consider rewriting as tail-recursive"
)
LIMITS: Final = {
    "D1011": _TOO_DEEP,
    # Out of time, out of steps: which strikes first is the machine's affair, so both say the same.
    "D1012": _TOO_LONG,
    "U1006": _TOO_LONG,
    TOO_LARGE: OUT_OF_MEMORY,
}
"""What AWS says where a limit strikes, by the engine's codes."""

_WITH_DOUBLES: Final = frozenset({"D3060", "D3061", "D3100"})
"""Errors whose messages show numbers as the engine holds them: 99.0, where JSONata says 99."""
_DOUBLE_FOUND: Final = re.compile(r"(?<=(?:got|or:) )(\d+)\.0$")
"""The same where a number stands that cannot be read there: at the end, without quotes."""
_WHOLE_DOUBLE: Final = re.compile(r"(?<=\d)\.0(?!\d)")


def run(
    expression: Expression,
    environment: dict[str, Any],
    now: float,
    seed: int,
    *,
    max_array: int = MAX_ARRAY,
    max_steps: int = MAX_STEPS,
) -> str | None:
    """Evaluate an expression with these variables. Gives JSON text, None where it has no value.

    ``now`` is what its clock shows, in seconds since the epoch. Raises JlensError, and what a
    function that is called back raises.
    """
    try:
        # The one of the engine's calls that lets other threads run meanwhile.
        return expression.evaluate_json(
            None,
            environment,
            timeout=TIMEOUT,
            max_depth=MAX_DEPTH,
            max_steps=max_steps,
            max_string_length=MAX_TEXT,
            max_array_length=max_array,
            max_result_size=MAX_RESULT,
            now=round(now * 1000),
            seed=seed,
        )
    except TypeError as error:
        if "OverflowError" not in str(error):
            raise
        # An integer of more digits than any double has, which only a plain reference hands on.
        raise FunctionFailure("D1001: Number out of range: null") from None


def fault(error: JlensError) -> str:
    """Say why a text is no JSONata."""
    return _DOUBLE_FOUND.sub(r"\1", str(error))


def said(error: JlensError) -> str:
    """Give the end of a cause: a code and a message, or AWS's words for its own limits."""
    limit = LIMITS.get(error.code)
    if limit is not None:
        return f": {limit}"
    message = str(error)
    if error.code in _WITH_DOUBLES:
        message = _WHOLE_DOUBLE.sub("", message)
    return f". {error.code}: {message}"
