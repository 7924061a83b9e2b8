"""From the text of an intrinsic function call to a function of Bindings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.asl import json_text
from studio.asl.definition import ABSENT
from studio.asl.errors import InvalidExpression, StatesError
from studio.asl.expressions.bindings import Randomness
from studio.asl.expressions.intrinsics.failure import IntrinsicFailure
from studio.asl.expressions.intrinsics.parser import Call, Literal, PathArgument, parse_call
from studio.asl.expressions.intrinsics.registry import FUNCTIONS
from studio.asl.expressions.intrinsics.texts import format_template
from studio.asl.expressions.jsonpath import Path, compile_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from studio.asl.definition import Json
    from studio.asl.expressions.bindings import Bindings
    from studio.asl.expressions.intrinsics.parser import Argument

    Evaluator = Callable[[Bindings], Json]


_NO_CHANCE = Randomness("")
"""What functions get that never draw."""


class _NothingThere(Exception):
    """A path among the arguments points nowhere."""

    def __init__(self, path: Path) -> None:
        super().__init__(path.text)
        self.path = path


def looks_like_intrinsic(text: str) -> bool:
    """Tell whether ``text`` is meant as an intrinsic function and not as a path."""
    return not text.lstrip().startswith("$")


def compile_intrinsic(text: str) -> Evaluator:
    """Compile an intrinsic function call, with all it nests.

    The function raises StatesError States.Runtime, where a path among the arguments points nowhere
    and where an argument is not what its function takes: AWS has not begun to use
    States.IntrinsicFailure, the specification's name for that.
    Raises InvalidExpression where ``text`` is no call of a known function, or beyond the limits.
    """
    evaluate = _compile_call(parse_call(text))

    def call(bindings: Bindings) -> Json:
        try:
            return evaluate(bindings)
        except _NothingThere as missing:
            # A path into the context object is shown from its own root, with the state's input.
            path = missing.path.text
            path = path[1:] if path.startswith("$$") else path
            raise StatesError(
                "States.Runtime",
                f"The function '{text}' had the following error: The JsonPath argument for the "
                f"field '{path}' could not be found in the input "
                f"'{json_text.dumps(bindings.input)}'",
            ) from None
        except IntrinsicFailure as failure:
            raise StatesError(
                "States.Runtime",
                f"The function '{text}' had the following error: {failure.message}",
            ) from None

    return call


def _compile_call(call: Call) -> Evaluator:
    function = FUNCTIONS.get(call.name)
    if function is None:
        raise InvalidExpression(f"'{call.name}' is no intrinsic function")
    count = len(call.arguments)
    if count < function.fewest or (function.most is not None and count > function.most):
        raise InvalidExpression(f"'{call.name}' does not take {count} arguments")
    evaluators = [_compile_argument(argument) for argument in call.arguments]
    if call.name == "States.Format" and isinstance(template := call.arguments[0], Literal):
        return _compile_format(template, evaluators[1:])
    apply = function.apply
    if function.draws:
        return lambda bindings: apply(
            [evaluate(bindings) for evaluate in evaluators], bindings.randomness
        )
    return lambda bindings: apply([evaluate(bindings) for evaluate in evaluators], _NO_CHANCE)


def _compile_format(template: Literal, evaluators: list[Evaluator]) -> Evaluator:
    # Escapes in a template written in place tell a brace from a placeholder: keep them.
    raw = template.raw
    if raw is None:
        raise InvalidExpression("'States.Format' needs a text as its template")
    return lambda bindings: format_template(raw, [evaluate(bindings) for evaluate in evaluators])


def _compile_argument(argument: Argument) -> Evaluator:
    if isinstance(argument, Call):
        return _compile_call(argument)
    if isinstance(argument, PathArgument):
        return _compile_path_argument(compile_path(argument.text))
    value = argument.value
    return lambda bindings: value


def _compile_path_argument(path: Path) -> Evaluator:
    find = path.find

    def evaluate(bindings: Bindings) -> Json:
        value = find(bindings)
        if value is ABSENT:
            raise _NothingThere(path)
        return value

    return evaluate
