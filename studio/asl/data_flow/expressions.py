"""What paths, templates and expressions give, by the shapes of what they read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from studio.asl.data_flow.shape import (
    ANYTHING,
    NOTHING,
    SCALAR,
    Shape,
    follow,
    join_all,
    of_value,
    shape,
    take_each,
)
from studio.asl.errors import InvalidExpression
from studio.asl.expressions.intrinsics.parser import Call, Literal, PathArgument, parse_call
from studio.asl.expressions.jsonata import is_query
from studio.asl.expressions.jsonpath import compile_path
from studio.asl.expressions.query_reading import plain_query

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from studio.asl.definition import Json
    from studio.asl.expressions.intrinsics.parser import Argument

    Step = str | int

_ARRAYS: Final = frozenset({"ArrayPartition", "ArrayRange", "ArrayUnique", "StringSplit"})
_ANYTHING: Final = frozenset({"StringToJson", "JsonMerge", "ArrayGetItem"})


def input_steps(text: str) -> tuple[Step, ...] | None:
    """Give the steps of a reference path from ``$``; None for any other path, or none at all."""
    try:
        reference = compile_path(text).reference
    except InvalidExpression:
        return None
    return reference.steps if reference is not None and reference.root == "$" else None


def of_path(text: Json, base: Shape) -> Shape:
    """Give what a path (InputPath, OutputPath) selects; null selects an empty object."""
    if text is None:
        return shape({})
    steps = input_steps(text) if isinstance(text, str) else None
    return ANYTHING if steps is None else follow(base, steps) or ANYTHING


def of_template(template: Json, base: Shape) -> Shape:
    """Give what a payload template of JSONPath builds from ``base``."""
    if isinstance(template, dict):
        return shape(
            {
                name.removesuffix(".$"): (
                    of_expression(value, base) if name.endswith(".$") else of_template(value, base)
                )
                for name, value in template.items()
            }
        )
    if isinstance(template, list):
        return shape(items=join_all(of_template(element, base) for element in template))
    return SCALAR


def of_expression(text: Json, base: Shape) -> Shape:
    """Give what a path or an intrinsic function gives."""
    if not isinstance(text, str):
        return ANYTHING
    if text.startswith("$"):
        return of_path(text, base)
    try:
        return _of_argument(parse_call(text), base)
    except InvalidExpression:
        return ANYTHING


def _of_argument(argument: Argument, base: Shape) -> Shape:
    match argument:
        case Literal():
            return of_value(argument.value)
        case PathArgument():
            return of_path(argument.text, base)
    name = argument.name.removeprefix("States.")
    if name == "Array":
        return shape(items=join_all(_of_argument(each, base) for each in argument.arguments))
    if name in _ARRAYS:
        return shape(items=ANYTHING)
    return ANYTHING if name in _ANYTHING else SCALAR


def paths_read(text: str) -> Iterator[str]:
    """Give the paths that a path or an intrinsic function reads."""
    if text.startswith("$"):
        yield text
        return
    try:
        yield from _paths_of(parse_call(text))
    except InvalidExpression:
        return


def _paths_of(argument: Argument) -> Iterator[str]:
    if isinstance(argument, PathArgument):
        yield argument.text
    elif isinstance(argument, Call):
        for each in argument.arguments:
            yield from _paths_of(each)


def of_query_template(template: Json, states: Mapping[str, Shape]) -> Shape:
    """Give what a template of JSONata builds. ``states`` are the members of ``$states``."""
    if isinstance(template, dict):
        return shape({name: of_query_template(each, states) for name, each in template.items()})
    if isinstance(template, list):
        return shape(items=join_all(of_query_template(each, states) for each in template))
    if not is_query(template):
        return SCALAR
    steps = plain_query(template)
    if steps is None or steps[:1] != ("states",) or len(steps) < 2:
        return ANYTHING
    found: Shape | None = states.get(steps[1], ANYTHING)
    for name in steps[2:]:
        if found is None or found.items is not None:
            # Of an array JSONata makes a sequence, or one value, or none.
            return ANYTHING
        found = take_each(found, name)
    return found or ANYTHING


def first_missing(
    tree: Any, base: Shape, way: tuple[str, ...]
) -> tuple[tuple[str, ...], Shape] | None:
    """Give the first way in a tree of names read that leads nowhere, and where it ends."""
    if base is ANYTHING or base is NOTHING or not isinstance(tree, dict):
        return None
    for name, inner in tree.items():
        found = take_each(base, name)
        if found is None:
            return (*way, name), base
        deeper = first_missing(inner, found, (*way, name))
        if deeper is not None:
            return deeper
    return None
