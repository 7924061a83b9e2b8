"""A breakpoint: where an execution pauses, and on what condition."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from executions.interpreter.context import QueryBindings
from studio.asl import json_text
from studio.asl.definition import ABSENT, ChoiceState, JsonataCondition
from studio.asl.errors import StatesError
from studio.asl.expressions.choice_rule import compile_condition
from studio.asl.expressions.jsonata import compile_query, is_query
from studio.asl.parse import parse

if TYPE_CHECKING:
    from collections.abc import Callable

    from executions.interpreter.draft import Draft
    from executions.interpreter.frame import Frame
    from executions.interpreter.payload import Payload
    from studio.asl.definition import QueryLanguage

Where = Literal["before", "after"]


@dataclass(frozen=True, slots=True)
class Breakpoint:
    """Pause each frame that is about to run ``state``, or that is about to leave it.

    ``condition`` is an expression in the state's query language: a text ``{% … %}``, or the JSON
    text of a Choice rule without Next. It sees what the state sees; after the state ``$``, in
    JSONata ``$states.result``, is the output it is about to leave with. ``by`` set it. One that is
    ``temporary`` goes when it has paused somebody.
    """

    state: str
    where: Where = "before"
    condition: str | None = None
    by: str = ""
    temporary: bool = False

    @property
    def key(self) -> tuple[str, str, bool]:
        """What another breakpoint must differ in, or it takes this one's place."""
        return self.state, self.where, self.temporary


def compile_breakpoint_condition(
    condition: str, language: QueryLanguage
) -> Callable[[Draft, Frame, Payload | None], bool]:
    """Compile a condition to what tells whether it holds for a frame and the output it leaves with.

    Raises InvalidDefinition, InvalidExpression or json_text.InvalidJson where it cannot be
    understood. What it gives raises StatesError where it cannot be evaluated.
    """
    if language == "JSONata":
        rule: dict[str, Any] = {"Condition": condition}
    else:
        rule = json_text.loads(condition)
    if not isinstance(rule, dict):
        raise json_text.InvalidJson("A condition in JSONPath is a JSON object: a Choice rule")
    states = {
        "Breakpoint": {"Type": "Choice", "Choices": [{**rule, "Next": "End"}], "Default": "End"},
        "End": {"Type": "Succeed"},
    }
    whole = {"QueryLanguage": language, "StartAt": "Breakpoint", "States": states}
    state = parse(json.dumps(whole)).states["Breakpoint"]
    assert isinstance(state, ChoiceState)
    parsed = state.choices[0].condition
    if isinstance(parsed, JsonataCondition):
        if not is_query(parsed.expression):
            always = parsed.expression is True
            return lambda draft, frame, output: always
        query = compile_query(parsed.expression, "Condition")

        def holds(draft: Draft, frame: Frame, output: Payload | None) -> bool:
            result = ABSENT if output is None else output.value
            return query.evaluate_as(QueryBindings(draft, frame, result=result), "boolean") is True

        return holds
    predicate = compile_condition(parsed)

    def applies(draft: Draft, frame: Frame, output: Payload | None) -> bool:
        bindings = draft.bindings(frame)
        return predicate(bindings if output is None else bindings.with_input(output.value))

    return applies


def language_of(condition: str) -> QueryLanguage:
    """Tell in which query language a condition that has been accepted is written."""
    return "JSONata" if is_query(condition) else "JSONPath"


@lru_cache(512)
def _compiled(condition: str) -> Callable[[Draft, Frame, Payload | None], bool]:
    return compile_breakpoint_condition(condition, language_of(condition))


def condition_holds(
    condition: str, draft: Draft, frame: Frame, output: Payload | None
) -> tuple[bool, str | None]:
    """Tell whether a breakpoint pauses this frame, and what was wrong with its condition.

    One that cannot be evaluated pauses: whoever set it wants to know.
    """
    try:
        return _compiled(condition)(draft, frame, output), None
    except StatesError as error:
        return True, f"{error.error}: {error.cause}"
