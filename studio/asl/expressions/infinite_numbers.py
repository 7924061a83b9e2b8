"""Numbers beyond all doubles: ``1/0`` gives the text "Infinity", as Step Functions writes it.

The engine carries no such number and fails at the operation that gives one, whose place it tells.
That operation is then taken over by a function of ours, which gives a giant number instead, and the
expression is evaluated again: once with one giant for all, once with another each time. Where both
agree, once each giant has become "Infinity", the value does not depend on what stands for the
infinite, and is given. All else stays a failure. A last evaluation, with numbers that arithmetic
changes, tells whether an infinite number was reckoned with, which JSONata refuses.

Sources: https://github.com/floci-io/floci/issues/2737 and pull request 2783, measured on the
service: ``1/0``, ``-1/0``, ``1e308 * 10``, ``[1/0]``, ``{'k': 1/0}``; and what JSONata's own
implementation does with a number that is not finite: D1001 in arithmetic, D3001 in a text.
"""

from __future__ import annotations

import operator
import re
from contextvars import ContextVar
from math import copysign, inf, isinf
from typing import TYPE_CHECKING, Any, Final

from jlens import JlensError

from studio.asl import json_text
from studio.asl.errors import InvalidExpression
from studio.asl.expressions.counted_functions import counted_shift
from studio.asl.expressions.jsonata_functions import Function, FunctionFailure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from studio.asl.definition import Json

    Evaluate = Callable[[str], str | None]

OUT_OF_RANGE: Final = "D1001"

_GIANT: Final = 1.7976931348623157e308
_SMALLEST_GIANT: Final = 1e307
_SMALL: Final = 1_073_741_789.0
"""Stands for the infinite where arithmetic is to leave a trace, and rounding none."""
_ADDING: Final = re.compile(r"\$(?:sum|average)\b")
"""Functions that may add an infinite number."""
NO_TEXT: Final = "D3001: Attempting to invoke string function on Infinity or NaN"
_WRITTEN_OUT: Final = re.compile(r"-?\d(?:\.\d+)?e\+30[78]")
_MOST_PLACES: Final = 20
"""Operations of one expression that are taken over."""
_OPERATIONS: Final[dict[str, Callable[[float, float], float]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


class _Giants:
    """What the next infinite number becomes, by what the one after is smaller, and those given."""

    __slots__ = ("factor", "given", "next")

    def __init__(self, first: float, factor: float = 1.0) -> None:
        self.next = first
        self.factor = factor
        self.given: set[float] = set()

    def give(self, sign: float) -> float:
        giant = copysign(self.next, sign)
        self.next *= self.factor
        self.given.add(giant)
        return giant


_GIANTS: Final[ContextVar[_Giants]] = ContextVar("giants")


def reckon(sign: Json = None, left: Json = None, right: Json = None) -> float:
    """``left sign right``, with a giant for what is infinite. Raises FunctionFailure."""
    numbers = [each for each in (left, right) if isinstance(each, int | float)]
    if len(numbers) < 2 or isinstance(left, bool) or isinstance(right, bool):
        raise FunctionFailure("An operand is no number")
    first, second = map(float, numbers)
    giants = _GIANTS.get()
    if first in giants.given or second in giants.given:
        raise FunctionFailure("An operand is infinite")
    if sign == "/" and second == 0 and first != 0:
        result = copysign(inf, first) * copysign(1, second)
    else:
        try:
            result = _OPERATIONS[str(sign)](first, second)
        except ZeroDivisionError:
            raise FunctionFailure("The result is not a number") from None
    return giants.give(result) if isinf(result) else result


RECKONING: Final = {"__reckon": Function("<s(nlasobf)(nlasobf):n>", reckon)}
"""What a rewritten expression calls back."""


def beyond_doubles(text: str, error: JlensError, evaluate: Evaluate) -> str | None:
    """The JSON text that the expression gives although the engine refuses; None: it is refused.

    ``evaluate`` evaluates another expression with the same variables, and raises as the engine
    does. Raises FunctionFailure where an infinite number would become a text.
    """
    try:
        reckoned, one = _evaluate_beyond(text, error, evaluate)
        other = _with_giants(_Giants(0.9 * _GIANT, 0.987), evaluate, reckoned)
        if one == other:
            return None if _is_reckoned_with(reckoned, one, evaluate) else one
    except (InvalidExpression, JlensError, FunctionFailure, json_text.InvalidJson):
        return None
    if one is None or other is None:
        return None
    is_written = _WRITTEN_OUT.sub("", one) == _WRITTEN_OUT.sub("", other)
    if is_written and not any(map(_is_document, _texts(json_text.loads(one)))):
        raise FunctionFailure(NO_TEXT)
    return None


def _evaluate_beyond(text: str, error: JlensError, evaluate: Evaluate) -> tuple[str, str | None]:
    """Take over one operation after the other until the expression gives a value."""
    for _ in range(_MOST_PLACES):
        text = _taken_over(text, error)
        try:
            return text, _with_giants(_Giants(_GIANT), evaluate, text)
        except JlensError as another:
            error = another
    raise error


def _is_reckoned_with(text: str, value: str | None, evaluate: Evaluate) -> bool:
    """Tell whether an infinite number in the value comes of arithmetic with another one.

    Where small numbers lead elsewhere, nobody can tell.
    """
    if value is None or "Infinity" not in value or _ADDING.search(text):
        return False
    giants = _Giants(_SMALL)
    try:
        small = _evaluated(giants, evaluate, text)
    except (JlensError, FunctionFailure):
        return False
    if small is None:
        return False
    return any(
        seen in ("Infinity", "-Infinity")
        and isinstance(found, int | float)
        and found not in giants.given
        for seen, found in _leaves(json_text.loads(value), json_text.loads(small))
    )


def _texts(value: Json) -> Iterator[str]:
    return (each for each, _ in _leaves(value, value) if isinstance(each, str))


def _is_document(text: str) -> bool:
    """Tell whether a text is an array's or an object's, within which JSONata's error is D1001."""
    if _WRITTEN_OUT.search(text) is None:
        return False
    try:
        return isinstance(json_text.loads(text), list | dict)
    except json_text.InvalidJson:
        return False


def _leaves(one: Json, other: Json) -> Iterator[tuple[Json, Json]]:
    """Give what stands at the same places of two values."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in one.keys() & other.keys():
            yield from _leaves(one[name], other[name])
    elif isinstance(one, list) and isinstance(other, list):
        for left, right in zip(one, other, strict=False):
            yield from _leaves(left, right)
    else:
        yield one, other


def _taken_over(text: str, error: JlensError) -> str:
    token = error.token
    if error.code != OUT_OF_RANGE or token not in _OPERATIONS:
        raise error
    # What is left over by a division is no number at the service, whatever stands for the infinite.
    if "%" in text:
        raise error
    if error.start is None or error.end is None or error.position is None:
        raise error
    for shift in (counted_shift(text), 0):
        start, end, after = error.start - shift, error.end - shift, error.position - shift
        if 0 <= start < after < end <= len(text) and text[after - 1 : after] == token:
            left, right = text[start : after - 1], text[after:end]
            return f'{text[:start]}$__reckon("{token}", ({left}), ({right})){text[end:]}'
    raise error


def _evaluated(giants: _Giants, evaluate: Evaluate, text: str) -> str | None:
    token = _GIANTS.set(giants)
    try:
        return evaluate(text)
    finally:
        _GIANTS.reset(token)


def _with_giants(giants: _Giants, evaluate: Evaluate, text: str) -> str | None:
    """Evaluate, and write each giant in the value as "Infinity"."""
    found = _evaluated(giants, evaluate, text)
    return None if found is None else json_text.dumps(_written(json_text.loads(found)))


def _written(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _written(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_written(element) for element in value]
    if isinstance(value, int | float) and abs(value) >= _SMALLEST_GIANT:
        return "Infinity" if value > 0 else "-Infinity"
    return value
