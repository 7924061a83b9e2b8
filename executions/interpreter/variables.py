"""Variables: what Assign keeps for later states, and what one scope of an execution sees of them.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from executions.interpreter.payload import SIZE_LIMIT, Payload, quote
from studio.asl.definition import ABSENT
from studio.asl.errors import StatesError
from studio.asl.expressions.payload_template import compile_template
from studio.asl.expressions.query_template import compile_query_template

if TYPE_CHECKING:
    from studio.asl.definition import Absent, Json, QueryLanguage
    from studio.asl.expressions.bindings import Bindings

    Assigned = dict[str, Payload]

TOTAL_LIMIT: Final = 10_485_760
"""Bytes of UTF-8 that all variables one scope sees may have together: 10 MiB."""


_new_variables: Any = object.__new__


class Variables:
    """The variables a frame sees. Immutable: what is assigned makes a new one.

    ``size`` is the bytes of all values' texts.
    """

    __slots__ = ("_values", "payloads", "size")

    def __init__(self, payloads: Assigned) -> None:
        self.payloads = payloads
        self.size = sum(payload.size for payload in payloads.values())
        self._values: dict[str, Json] | None = None

    def with_assigned(self, assigned: Assigned) -> Variables:
        """Give the variables after an Assign: what it leaves alone is not looked at again."""
        payloads = self.payloads.copy()
        values = self.values.copy()
        size = self.size
        for name, payload in assigned.items():
            if name in payloads:
                size -= payloads[name].size
            size += payload.size
            payloads[name] = payload
            values[name] = payload.value
        after: Variables = _new_variables(Variables)
        after.payloads = payloads
        after.size = size
        after._values = values
        return after

    @property
    def values(self) -> dict[str, Json]:
        """The values by name, as expressions see them."""
        values = self._values
        if values is None:
            values = self._values = {name: each.value for name, each in self.payloads.items()}
        return values

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Variables) and (self is other or self.payloads == other.payloads)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Variables({', '.join(self.payloads)})"


class Assignment:
    """One Assign field, compiled. All of its expressions see the variables as they were before."""

    __slots__ = ("build",)

    def __init__(self, template: Json, language: QueryLanguage, field: str = "Assign") -> None:
        self.build = (
            compile_query_template(template, field)
            if language == "JSONata"
            else compile_template(template)
        )

    def evaluate(self, bindings: Bindings) -> Assigned:
        """Give what is assigned. Raises StatesError, also where it is too large."""
        assigned: Assigned = {}
        size = 0
        for name, value in self.build(bindings).items():
            payload = assigned[name] = Payload(value)
            size += payload.size
        if size > SIZE_LIMIT:
            raise StatesError(
                "States.DataLimitExceeded",
                f"The variables assigned by the state have more than {SIZE_LIMIT} bytes together.",
            )
        return assigned


def compile_assignment(
    template: Json | Absent, language: QueryLanguage, field: str = "Assign"
) -> Assignment | None:
    """Compile Assign; None where it is absent. ``field`` is its place below the state."""
    return None if template is ABSENT else Assignment(template, language, field)


def assign(variables: Variables | None, assigned: Assigned) -> Variables:
    """Give the variables after an Assign. Raises StatesError where they are too large together."""
    after = Variables(assigned) if variables is None else variables.with_assigned(assigned)
    if after.size > TOTAL_LIMIT:
        raise StatesError(
            "States.DataLimitExceeded",
            f"The variables of the execution have more than {TOTAL_LIMIT} bytes together.",
        )
    return after


def assigned_details(assigned: Assigned) -> str:
    """Write the members that tell of an Assign in a …StateExited event."""
    texts = ""
    for name, payload in assigned.items():
        # A name as variables have them needs no escapes.
        start = f'"{name}":' if name.isidentifier() else f"{quote(name)}:"
        texts = f"{texts},{start}{payload.quoted}" if texts else start + payload.quoted
    return f'"assignedVariables":{{{texts}}},"assignedVariablesDetails":{{"truncated":false}}'
