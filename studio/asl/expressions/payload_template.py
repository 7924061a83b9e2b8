"""Payload templates: Parameters, ResultSelector, ItemSelector, Assign and their like.

A member whose name ends in ``.$`` holds a path or an intrinsic function; its value is put under
the name without that ending. Everything else is taken as it is.

Source: https://states-language.net/spec.html#payload-template
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio.asl import json_text
from studio.asl.definition import ABSENT
from studio.asl.errors import InvalidExpression, StatesError
from studio.asl.expressions.intrinsics.compiler import compile_intrinsic, looks_like_intrinsic
from studio.asl.expressions.jsonpath import compile_path, reads_input
from studio.asl.expressions.member_order import hash_map_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from studio.asl.definition import Json
    from studio.asl.expressions.bindings import Bindings

    Builder = Callable[[Bindings], Json]

TEXT_FUNCTIONS: Final = frozenset(
    {
        "States.Format",
        "States.JsonToString",
        "States.ArrayGetItem",
        "States.Base64Encode",
        "States.Base64Decode",
        "States.Hash",
        "States.UUID",
    }
)
"""The intrinsic functions that ErrorPath and CausePath may call."""


MAX_UNCHECKED: Final = 64
"""Expressions in a template whose payload is not measured: few cannot make a large one."""

MAX_PAYLOAD: Final = 16_777_216
"""Characters a payload may have here; the machine's own limit on payloads is far lower."""

MAX_UNCHECKED_CALLS: Final = 4
"""Intrinsic functions in a template whose values are not measured while it is built."""

MAX_MADE: Final = 4_194_304
"""Characters that the intrinsic functions of one template may make together."""


def compile_template(template: Json) -> Builder:
    """Compile a payload template to a function that builds the payload.

    Parts without expressions are shared between all payloads, never rebuilt: treat payloads as
    immutable. The function raises StatesError where an expression fails.
    Raises InvalidExpression where a ``.$`` member is neither a path nor an intrinsic function.
    """
    calls = _count_expressions(template, only_calls=True)
    build = _compile(template, measured=calls > MAX_UNCHECKED_CALLS)
    if build is None:
        return lambda bindings: template
    if calls > MAX_UNCHECKED_CALLS:
        build = _begin_at_nothing(build)
    if _count_expressions(template) <= MAX_UNCHECKED:
        return build
    return _checked(build)


def compile_expression(text: Json, field: str) -> Builder:
    """Compile what a ``.$`` member (or ErrorPath, CausePath) holds: a path or an intrinsic.

    ``field`` is the name that appears in causes. Raises InvalidExpression where it is neither.
    """
    try:
        if not isinstance(text, str):
            raise InvalidExpression("not a text")
        if looks_like_intrinsic(text):
            return compile_intrinsic(text)
        path = compile_path(text)
    except InvalidExpression as error:
        raise InvalidExpression(
            f"The value for the field '{field}' must be a valid JSONPath or a valid intrinsic "
            "function call"
        ) from error
    array = None if path.reference is None else path.reference.past_the_end()
    if array is None or not field.endswith(".$"):
        return lambda bindings: path.get(bindings, field)

    def get_element(bindings: Bindings) -> Json:
        value = path.find(bindings)
        if value is ABSENT:
            # Only here is an index beyond the end null: the service was measured.
            if not isinstance(array(bindings), list):
                raise path.missing(bindings, field)
            return None
        return value

    return get_element


def compile_text_expression(text: str, field: str) -> Builder:
    """Compile ErrorPath or CausePath: a path, or an intrinsic function that gives a text.

    Raises InvalidExpression where it is neither, or an intrinsic that gives something else.
    """
    name = text.partition("(")[0].strip()
    if looks_like_intrinsic(text) and name not in TEXT_FUNCTIONS:
        raise InvalidExpression(
            f"The value for the field '{field}' must be a valid JSONPath or a valid intrinsic "
            "function call that gives a text"
        )
    return compile_expression(text, field)


def template_faults(template: Json) -> Iterator[tuple[str, str]]:
    """Give everything wrong in a template: the place of the object below it, and the message."""
    if isinstance(template, list):
        for index, element in enumerate(template):
            for place, message in template_faults(element):
                yield f"[{index}]{place}", message
    elif isinstance(template, dict):
        for name, value in template.items():
            if name.endswith(".$"):
                try:
                    compile_expression(value, name)
                except InvalidExpression as error:
                    yield "", error.message
            else:
                for place, message in template_faults(value):
                    yield f"/{name}{place}", message


def template_reads_input(template: Json) -> bool:
    """Tell whether a template has a path from ``$``; those within intrinsic functions count not."""
    if isinstance(template, list):
        return any(map(template_reads_input, template))
    if isinstance(template, dict):
        return any(
            isinstance(value, str) and not looks_like_intrinsic(value) and reads_input(value)
            if name.endswith(".$")
            else template_reads_input(value)
            for name, value in template.items()
        )
    return False


def _checked(build: Builder) -> Builder:
    def build_within_limit(bindings: Bindings) -> Json:
        payload = build(bindings)
        if json_text.is_longer(payload, MAX_PAYLOAD):
            raise _too_large()
        return payload

    return build_within_limit


def _count_expressions(template: Json, *, only_calls: bool = False) -> int:
    if isinstance(template, list):
        return sum(_count_expressions(each, only_calls=only_calls) for each in template)
    if isinstance(template, dict):
        return sum(
            (not only_calls or (isinstance(value, str) and looks_like_intrinsic(value)))
            if name.endswith(".$")
            else _count_expressions(value, only_calls=only_calls)
            for name, value in template.items()
        )
    return 0


def _begin_at_nothing(build: Builder) -> Builder:
    def build_measured(bindings: Bindings) -> Json:
        bindings.made = 0
        return build(bindings)

    return build_measured


def _measured(build: Builder) -> Builder:
    """Count what a function makes: hundreds of them in one template could fill the memory."""

    def build_and_count(bindings: Bindings) -> Json:
        value = build(bindings)
        bindings.made += json_text.measure(value, MAX_MADE)
        if bindings.made > MAX_MADE:
            raise _too_large()
        return value

    return build_and_count


def _too_large() -> StatesError:
    return StatesError(
        "States.DataLimitExceeded",
        "A payload template built a value that exceeds the maximum number of characters "
        "service limit.",
    )


def _compile(template: Json, *, measured: bool) -> Builder | None:
    """Give a builder; None where nothing in ``template`` depends on Bindings."""
    if isinstance(template, dict):
        return _compile_object(template, measured=measured)
    if isinstance(template, list):
        return _compile_array(template, measured=measured)
    return None


def _compile_object(template: dict[str, Json], *, measured: bool) -> Builder | None:
    constants: dict[str, Json] = {}
    moving: list[tuple[str, Builder]] = []
    evaluated: dict[str, Builder] = {}
    for field, value in template.items():
        if field.endswith(".$"):
            builder = compile_expression(value, field)
            is_call = measured and looks_like_intrinsic(value)
            evaluated[field[:-2]] = _measured(builder) if is_call else builder
            continue
        constants[field] = value
        inner = _compile(value, measured=measured)
        if inner is not None:
            moving.append((field, inner))
    # As AWS writes it: what is not evaluated keeps its place, what is follows behind.
    moving += [(name, evaluated[name]) for name in hash_map_order(evaluated)]
    if not moving:
        return None

    def build_object(bindings: Bindings) -> Json:
        payload = constants.copy()
        for name, builder in moving:
            payload[name] = builder(bindings)
        return payload

    return build_object


def _compile_array(template: list[Json], *, measured: bool) -> Builder | None:
    moving = [
        (index, builder)
        for index, element in enumerate(template)
        if (builder := _compile(element, measured=measured)) is not None
    ]
    if not moving:
        return None

    def build_array(bindings: Bindings) -> Json:
        payload = template.copy()
        for index, builder in moving:
            payload[index] = builder(bindings)
        return payload

    return build_array
