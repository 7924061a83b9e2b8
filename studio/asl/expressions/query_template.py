"""Templates of JSONata states: any JSON in which texts in ``{% %}`` are evaluated.

Arguments, Output, Assign, ItemSelector, Credentials and their like. Where an expression stands is
part of its error: ``Output/orders[0]/id``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.asl.expressions.jsonata import compile_query, is_query, query_faults

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from studio.asl.definition import Json
    from studio.asl.expressions.bindings import Bindings

    Builder = Callable[[Bindings], Json]


def compile_query_template(template: Json, field: str) -> Builder:
    """Compile a template to a function that builds its value.

    Parts without expressions are shared between all values: treat them as immutable. The function
    raises QueryEvaluationError. Raises InvalidExpression where an expression is no JSONata.
    """
    return _compile(template, field) or (lambda bindings: template)


def template_queries(template: Json, place: str) -> Iterator[tuple[str, str]]:
    """Give every expression of a template with its place."""
    if isinstance(template, dict):
        for name, value in template.items():
            yield from template_queries(value, f"{place}/{name}")
    elif isinstance(template, list):
        for index, value in enumerate(template):
            yield from template_queries(value, f"{place}[{index}]")
    elif is_query(template):
        yield place, template


def query_template_faults(
    template: Json, place: str, *, is_catcher: bool = False
) -> Iterator[tuple[str, str, str]]:
    """Give everything wrong in a template: its place, AWS's code and a message."""
    for where, text in template_queries(template, place):
        for code, message in query_faults(text, is_catcher=is_catcher):
            yield where, code, message


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
