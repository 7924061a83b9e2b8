"""JSONata: one expression of one field, evaluated against Bindings.

The same Bindings always give the same value, undefined is told from null, and everything that can
go wrong is turned into AWS's words.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeGuard

from jlens import JlensError

from studio.asl import json_text
from studio.asl.errors import InvalidExpression, QueryEvaluationError
from studio.asl.expressions.compiled_query import MISSING, UNSURE, compile_text
from studio.asl.expressions.infinite_numbers import beyond_doubles
from studio.asl.expressions.jsonata_engine import said
from studio.asl.expressions.jsonata_functions import FunctionFailure

if TYPE_CHECKING:
    from studio.asl.definition import Json
    from studio.asl.expressions.bindings import Bindings

_CODED = re.compile(r"[A-Z]\d{4}: ")


class Query:
    """A compiled expression of one field.

    ``text`` is the expression without its braces; ``field`` the place below the state that causes
    name. A plain path (``$states.input.order.id``, ``$total``) is followed without the engine: it
    shares the value it finds, and numbers in it keep their form.
    """

    __slots__ = ("_compiled", "field", "text")

    def __init__(self, text: str, field: str) -> None:
        self.text = text
        self.field = field
        self._compiled = compile_text(text)

    def evaluate(self, bindings: Bindings) -> Json:
        """Give the value. Raises QueryEvaluationError, also where there is none."""
        compiled = self._compiled
        if compiled.steps is not None:
            value = compiled.follow(bindings)
            if value is MISSING:
                raise self.failure("returned nothing (undefined).")
            if value is not UNSURE:
                return value
        else:
            value = compiled.quick_value(bindings)
            if value is not None:
                return value
        environment = compiled.environment(bindings)
        try:
            text = compiled.run(environment, bindings)
        except JlensError as error:
            try:
                text = beyond_doubles(self.text, error, partial(_text_of, bindings=bindings))
            except FunctionFailure as failure:
                raise self.failure(f"threw an error during evaluation. {failure}") from None
            if text is None:
                raise self.failure(f"threw an error during evaluation{said(error)}") from None
        except FunctionFailure as error:
            separator = ". " if _CODED.match(str(error)) else ": "
            raise self.failure(f"threw an error during evaluation{separator}{error}") from None
        if text is None:
            if self._gives_function(environment, bindings):
                raise self.failure("returned an unsupported result type.")
            raise self.failure("returned nothing (undefined).")
        try:
            return json_text.loads(text, max_depth=_RESULT_DEPTH)
        except json_text.InvalidJson:
            raise self.failure("returned an unsupported result type.") from None

    def _gives_function(self, environment: dict[str, Any], bindings: Bindings) -> bool:
        """Tell what has no JSON from nothing: the engine is asked for its type."""
        try:
            asking = compile_text(f"$type(({self.text}))")
            return asking.run(environment, bindings) == '"function"'
        except (InvalidExpression, JlensError, FunctionFailure):
            return False

    def evaluate_as(self, bindings: Bindings, kind: str) -> Json:
        """Give the value if it has the type AWS calls ``kind``. Raises QueryEvaluationError."""
        value = self.evaluate(bindings)
        if kind_of(value) != kind:
            raise self.wrong_kind(value, kind)
        return value

    def wrong_kind(self, value: Json, kind: str) -> QueryEvaluationError:
        """Make the error of a value that has another type than its field takes."""
        return self.failure(
            f"returned an unexpected result type. Expected '{kind}', but was '{kind_of(value)}' "
            f"for value: {json_text.dumps(value)}"
        )

    def failure(self, what: str) -> QueryEvaluationError:
        """Make an error in AWS's words: which expression, of which field, did what."""
        return QueryEvaluationError(
            f"The JSONata expression '{self.text}' specified for the field '{self.field}' {what}",
            self.field,
        )


def _text_of(text: str, bindings: Bindings) -> str | None:
    compiled = compile_text(text)
    return compiled.run(compiled.environment(bindings), bindings)


_RESULT_DEPTH: Final = 1_000
"""As deep as the engine nests; whether a payload may be that deep is not decided here."""


def kind_of(value: Json) -> str:
    """Name a value's type as AWS's causes do."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    for kind, name in ((str, "string"), (list, "array"), (dict, "object")):
        if isinstance(value, kind):
            return name
    return "number"


def is_whole(value: float) -> bool:
    """Tell whether a number has no fraction; no double may hold an integer."""
    return isinstance(value, int) or value.is_integer()


def is_query(value: object) -> TypeGuard[str]:
    """Tell whether a value is a text in ``{% %}``."""
    return isinstance(value, str) and value.startswith("{%") and value.endswith("%}")


def compile_query(text: str, field: str) -> Query:
    """Compile a text in ``{% %}``.

    Raises InvalidExpression, with the engine's message, where it is no JSONata.
    """
    return Query(text[2:-2].strip(), field)
