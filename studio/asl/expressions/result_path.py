"""ResultPath: where a state's result is placed into its input.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultpath.html
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from studio.asl.definition import ABSENT
from studio.asl.errors import InvalidExpression
from studio.asl.expressions.reference_path import path_conflict, read_reference_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from studio.asl.definition import Absent, Json
    from studio.asl.expressions.reference_path import Step


@lru_cache(maxsize=4096)
def compile_result_path(path: str | Absent | None) -> Callable[[Json, Json], Json]:
    """Compile ResultPath to a function ``(input, result) -> output``.

    ABSENT and ``$``: the result replaces the input. None (``null``): the input goes on, the result
    is dropped. Otherwise the result is placed into the input: only objects and arrays along the
    path are copied, all else is shared with the input; missing objects are made.

    The function raises StatesError States.ReferencePathConflict where the path cannot be applied.
    This raises InvalidExpression where ``path`` is no reference path from ``$``.
    """
    if path is None:
        return lambda input, result: input  # noqa: A006
    text = "$" if path is ABSENT else path
    reference = read_reference_path(text)
    if reference is None or reference.root != "$":
        raise InvalidExpression(f"ResultPath must be a reference path from '$': {text}")
    steps = reference.steps
    if not steps:
        return lambda input, result: result  # noqa: A006

    def place(input: Json, result: Json) -> Json:  # noqa: A002
        try:
            return _placed(input, steps, result)
        except _NoPlace as conflict:
            raise path_conflict(conflict.step, input) from None

    return place


def apply_result_path(path: str | Absent | None, input: Json, result: Json) -> Json:  # noqa: A002
    """Place ``result`` into ``input`` at ``path``; see ``compile_result_path``."""
    return compile_result_path(path)(input, result)


class _NoPlace(Exception):
    """The path runs into something that is neither an object nor an array long enough."""

    def __init__(self, step: Step) -> None:
        super().__init__(step)
        self.step = step


def _placed(root: Json, steps: tuple[Step, ...], result: Json) -> Json:
    """Copy ``root`` along ``steps`` and put ``result`` at their end."""
    top: dict[Step, Json] = {}
    target: Json = top
    key: Step = "$"
    value: Json | Absent = root
    for step in steps:
        if isinstance(step, str):
            # A missing member becomes an object; what is there and is no object is in the way.
            if value is ABSENT:
                copy: Json = {}
            elif isinstance(value, dict):
                copy = value.copy()
            else:
                raise _NoPlace(step)
            value = copy.get(step, ABSENT)
        else:
            if not isinstance(value, list) or not -len(value) <= step < len(value):
                raise _NoPlace(step)
            copy = value.copy()
            value = copy[step]
        target[key] = copy
        target, key = copy, step
    target[key] = result
    return top["$"]
