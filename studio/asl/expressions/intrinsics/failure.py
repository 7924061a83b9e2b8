"""How an intrinsic function says that its arguments are wrong."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from studio.asl.definition import Json

MAX_TEXT: Final = 1_048_576
"""Characters of a text a function may make: above any payload AWS lets through (256 KiB)."""


class IntrinsicFailure(Exception):
    """An argument or a result is not what the function takes or may give.

    The compiler makes it the cause of a States.Runtime, with the expression's text. ``detail`` is
    ours; the words before it are AWS's.
    """

    def __init__(self, function: str, detail: str = "") -> None:
        self.message = f"Invalid arguments in {function}" + (f": {detail}" if detail else "")
        super().__init__(self.message)


def to_array(value: Json, function: str) -> list[Json]:
    """Take an array; fail on anything else."""
    if not isinstance(value, list):
        raise IntrinsicFailure(function)
    return value


def to_text(value: Json, function: str) -> str:
    """Take a text; fail on anything else."""
    if not isinstance(value, str):
        raise IntrinsicFailure(function)
    return value


def to_integer(value: Json, function: str) -> int:
    """Take a number, rounded to the nearest integer (a half goes up); fail on anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise IntrinsicFailure(function)
    return value if isinstance(value, int) else floor(value + 0.5)
