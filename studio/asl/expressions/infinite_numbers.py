"""Numbers beyond all doubles: ``1/0`` gives the text "Infinity", as Step Functions writes it.

The engine carries no such number and fails at the operation that gives one, whose place it tells.
Where that is the whole expression, the value is known from the operands. Inside of a larger
expression it stays a failure: Step Functions goes on with the number there.

Source: https://github.com/floci-io/floci/issues/2737, measured on the service.
"""

from __future__ import annotations

import json
from math import copysign
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from jlens import JlensError

    Evaluate = Callable[[str], str | None]

OUT_OF_RANGE: Final = "D1001"


def infinity_of(text: str, error: JlensError, evaluate: Evaluate) -> str | None:
    """The text that the expression gives although the engine refuses; None: it is refused.

    ``evaluate`` evaluates another expression with the same variables, and raises nothing.
    """
    token, start, end, after = error.token, error.start, error.end, error.position
    if error.code != OUT_OF_RANGE or token not in ("+", "-", "*", "/"):
        return None
    if not text.isascii() or (start, end) != (0, len(text)) or after is None:
        return None
    operands = evaluate(f"[({text[: after - len(token)]}), ({text[after:]})]")
    try:
        left, right = map(float, json.loads(operands or "[]"))
    except (TypeError, ValueError):
        return None
    sign = copysign(1, left)
    if token in ("*", "/"):
        sign *= copysign(1, right)
    return "Infinity" if sign > 0 else "-Infinity"
