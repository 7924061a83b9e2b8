"""Numbers beyond all doubles: ``1/0`` gives the text "Infinity", as Step Functions writes it.

The engine carries no such number and fails at the operation that gives one, whose place it tells.
That operation is then taken over by a function of ours, which gives a giant number instead, and the
expression is evaluated again: once with one giant for all, once with another each time. Where both
agree, once each giant has become "Infinity", the value does not depend on what stands for the
infinite, and is given. All else stays a failure: what is not a number at the service, and what
writes a giant out.

Source: https://github.com/floci-io/floci/issues/2737 and pull request 2783, measured on the
service: ``1/0``, ``-1/0``, ``1e308 * 10``, ``[1/0]``, ``{'k': 1/0}``.
"""

from __future__ import annotations

import operator
from contextvars import ContextVar
from math import copysign, inf, isinf
from typing import TYPE_CHECKING, Any, Final

from jlens import JlensError

from studio.asl import json_text
from studio.asl.errors import InvalidExpression
from studio.asl.expressions.counted_functions import counted_shift
from studio.asl.expressions.jsonata_functions import Function, FunctionFailure

if TYPE_CHECKING:
    from collections.abc import Callable

    from studio.asl.definition import Json

    Evaluate = Callable[[str], str | None]

OUT_OF_RANGE: Final = "D1001"

_GIANT: Final = 1.7976931348623157e308
_SMALLEST_GIANT: Final = 1e307
_MOST_PLACES: Final = 20
"""Operations of one expression that are taken over."""
_OPERATIONS: Final[dict[str, Callable[[float, float], float]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}

_GIANTS: Final[ContextVar[list[float]]] = ContextVar("giants")
"""What the next infinite number becomes, and by what the one after that is smaller."""


def reckon(sign: Json = None, left: Json = None, right: Json = None) -> float:
    """``left sign right``, with a giant for what is infinite. Raises FunctionFailure."""
    numbers = [each for each in (left, right) if isinstance(each, int | float)]
    if len(numbers) < 2 or isinstance(left, bool) or isinstance(right, bool):
        raise FunctionFailure("An operand is no number")
    first, second = map(float, numbers)
    if sign == "/" and second == 0 and first != 0:
        result = copysign(inf, first) * copysign(1, second)
    else:
        try:
            result = _OPERATIONS[str(sign)](first, second)
        except ZeroDivisionError:
            raise FunctionFailure("The result is not a number") from None
    if not isinf(result):
        return result
    giants = _GIANTS.get([_GIANT, 1.0])
    giant = giants[0]
    giants[0] *= giants[1]
    return copysign(giant, result)


RECKONING: Final = {"__reckon": Function("<s(nlasobf)(nlasobf):n>", reckon)}
"""What a rewritten expression calls back."""


def beyond_doubles(text: str, error: JlensError, evaluate: Evaluate) -> str | None:
    """The JSON text that the expression gives although the engine refuses; None: it is refused.

    ``evaluate`` evaluates another expression with the same variables. It raises as the engine does.
    """
    try:
        reckoned, one = _evaluate_beyond(text, error, evaluate)
        other = _with_giants([0.9 * _GIANT, 0.987], evaluate, reckoned)
    except (InvalidExpression, JlensError, FunctionFailure, json_text.InvalidJson):
        return None
    return one if one == other else None


def _evaluate_beyond(text: str, error: JlensError, evaluate: Evaluate) -> tuple[str, str | None]:
    """Take over one operation after the other until the expression gives a value."""
    for _ in range(_MOST_PLACES):
        text = _taken_over(text, error)
        try:
            return text, _with_giants([_GIANT, 1.0], evaluate, text)
        except JlensError as another:
            error = another
    raise error


def _taken_over(text: str, error: JlensError) -> str:
    token = error.token
    if error.code != OUT_OF_RANGE or token not in _OPERATIONS:
        raise error
    # The places are bytes, which only ASCII has as many of as characters. What is left over by a
    # division is not a number at the service, whatever stands for the infinite.
    if not text.isascii() or "%" in text:
        raise error
    if error.start is None or error.end is None or error.position is None:
        raise error
    for shift in (counted_shift(text), 0):
        start, end, after = error.start - shift, error.end - shift, error.position - shift
        if 0 <= start < after < end <= len(text) and text[after - 1 : after] == token:
            left, right = text[start : after - 1], text[after:end]
            return f'{text[:start]}$__reckon("{token}", ({left}), ({right})){text[end:]}'
    raise error


def _with_giants(giants: list[float], evaluate: Evaluate, text: str) -> str | None:
    """Evaluate, and write each giant in the value as "Infinity"."""
    token = _GIANTS.set(giants)
    try:
        found = evaluate(text)
    finally:
        _GIANTS.reset(token)
    return None if found is None else json_text.dumps(_written(json_text.loads(found)))


def _written(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _written(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_written(element) for element in value]
    if isinstance(value, int | float) and abs(value) >= _SMALLEST_GIANT:
        return "Infinity" if value > 0 else "-Infinity"
    return value
