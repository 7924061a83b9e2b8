"""Templates of JSONata states: any JSON in which texts in ``{% %}`` are evaluated.

Arguments, Output, Assign, ItemSelector, Credentials and their like. Where an expression stands is
part of its error: ``Output/orders[0]/id``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio.asl.diagnostics import SCHEMA_VALIDATION_FAILED
from studio.asl.expressions.jsonata import compile_query, is_query
from studio.asl.expressions.query_reading import query_faults
from studio.asl.outline import texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from studio.asl.definition import Json
    from studio.asl.expressions.bindings import Bindings

    Builder = Callable[[Bindings], Json]


NO_JSONATA: Final = "JSONata string must start with {% and end with %}"

AT_ENTRY: Final = frozenset({"input", "context"})
"""What ``$states`` has when a state begins."""
AT_EXIT: Final = AT_ENTRY | {"result"}
"""What it has in Output and Assign of a state that has a result: Task, Parallel and Map."""
IN_CATCHER: Final = AT_ENTRY | {"errorOutput"}
"""What it has in Output and Assign of a Catcher."""


def compile_query_template(template: Json, field: str) -> Builder:
    """Compile a template to a function that builds its value.

    Parts without expressions are shared between all values: treat them as immutable. The function
    raises QueryEvaluationError. Raises InvalidExpression where an expression is no JSONata.
    """
    return _compile(template, field) or (lambda bindings: template)


def query_template_faults(
    template: Json, place: str, states: frozenset[str]
) -> Iterator[tuple[str, str, str]]:
    """Give everything wrong in a template: its place, AWS's code and a message.

    ``states`` are the members that ``$states`` has in it.
    """
    for where, _, text in texts(template, place, ""):
        if is_query(text):
            for code, message in query_faults(text, states):
                yield where, code, message
        elif text.lstrip().startswith("{%") or text.rstrip().endswith("%}"):
            yield where, SCHEMA_VALIDATION_FAILED, NO_JSONATA


def _compile(template: Json, place: str) -> Builder | None:
    """Give a builder; None where nothing in ``template`` is evaluated."""
    if isinstance(template, dict):
        return _compile_object(template, place)
    if isinstance(template, list):
        return _compile_array(template, place)
    return compile_query(template, place).evaluate if is_query(template) else None


def _compile_object(template: dict[str, Json], place: str) -> Builder | None:
    moving = [
        (name, builder)
        for name, value in template.items()
        if (builder := _compile(value, f"{place}/{name}")) is not None
    ]
    if not moving:
        return None

    def build_object(bindings: Bindings) -> Json:
        built = template.copy()
        for name, builder in moving:
            built[name] = builder(bindings)
        return built

    return build_object


def _compile_array(template: list[Json], place: str) -> Builder | None:
    moving = [
        (index, builder)
        for index, value in enumerate(template)
        if (builder := _compile(value, f"{place}[{index}]")) is not None
    ]
    if not moving:
        return None

    def build_array(bindings: Bindings) -> Json:
        built = template.copy()
        for index, builder in moving:
            built[index] = builder(bindings)
        return built

    return build_array
