"""One JSON object of a definition, read member by member, with everything wrong noted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio.asl.definition import ABSENT
from studio.asl.diagnostics import SCHEMA_VALIDATION_FAILED, Diagnostic
from studio.asl.errors import InvalidExpression
from studio.asl.expressions.jsonpath import compile_path
from studio.asl.expressions.payload_template import template_faults
from studio.asl.expressions.query_template import AT_ENTRY, query_template_faults
from studio.asl.expressions.result_path import compile_result_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from studio.asl.definition import Absent, Json

    Compiler = Callable[[str], object]

MAX_SECONDS: Final = 99_999_999
"""The longest time AWS takes in a seconds field."""


EMPTY: Final = "Value cannot be empty"
NO_PATH: Final = "Value must be a valid JSONPath."


def expected_type(*wanted: str) -> str:
    """Say that a value has another type than one of ``wanted``."""
    return f"Expected value of type [{', '.join(wanted)}]"


def no_reference_path(value: str) -> str:
    """Say what keeps a text from being a reference path."""
    why = "" if value.startswith("$") else ": Reference path didn't start with '$'"
    return f"Value is not a Reference Path{why}"


def below(location: str, member: str) -> str:
    """Give the location of a member (``/States``, ``/States/Pay``, ``/States/Pay/Retry[0]``)."""
    return f"{location}/{member}"


class Fields:
    """The members of one object, with the place it stands at and a list that takes problems.

    Every reader gives a usable value even where it notes a problem, so that reading goes on and
    every problem is found; what was read is used only when none was.
    """

    __slots__ = ("diagnostics", "location", "values")

    def __init__(
        self, values: dict[str, Json], location: str, diagnostics: list[Diagnostic]
    ) -> None:
        self.values = values
        self.location = location
        self.diagnostics = diagnostics

    def __contains__(self, name: str) -> bool:
        return name in self.values

    # --- noting problems -------------------------------------------------------------------------

    def problem(
        self, message: str, field: str | None = None, *, code: str = SCHEMA_VALIDATION_FAILED
    ) -> None:
        """Note a problem of ``field``, or of the object itself."""
        location = (self.location or "/") if field is None else below(self.location, field)
        self.diagnostics.append(Diagnostic("ERROR", code, message, location))

    def wrong_type(self, field: str, *wanted: str) -> None:
        """Note that ``field`` has none of the types ``wanted``: STRING, OBJECT, ARRAY …"""
        self.problem(expected_type(*wanted), field)

    def require(self, *names: str) -> bool:
        """Note which of ``names`` are missing; tell whether none is."""
        missing = [name for name in names if name not in self.values]
        if missing:
            self.problem(f"These fields are required: [{', '.join(missing)}]")
        return not missing

    def require_one(self, *names: str) -> None:
        """Note when not exactly one of ``names`` is given."""
        if not self.at_most_one(*names):
            return
        if not any(name in self.values for name in names):
            self.problem(
                f"This object should have only one of the following fields: [{', '.join(names)}]"
            )

    def at_most_one(self, *names: str) -> bool:
        """Note when more than one of ``names`` is given; tell whether that is not so."""
        if sum(name in self.values for name in names) <= 1:
            return True
        self.problem(f"There should only be one of the following fields: [{', '.join(names)}]")
        return False

    def only(self, supported: Iterable[str]) -> None:
        """Note each member that ``supported`` does not name."""
        for name in self.values:
            if name not in supported:
                self.problem(f"Field '{name}' is not supported")

    # --- reading ---------------------------------------------------------------------------------

    def text(self, name: str) -> str | None:
        """Read a text; None where it is absent."""
        value = self.values.get(name, ABSENT)
        if value is ABSENT:
            return None
        if isinstance(value, str):
            return value
        self.wrong_type(name, "STRING")
        return None

    def choice(self, name: str, allowed: tuple[str, ...]) -> str | None:
        """Read a text that is one of ``allowed``; None where it is absent or wrong."""
        value = self.text(name)
        if value is None or value in allowed:
            return value
        self.problem(f"Value should be one of the following: [{', '.join(allowed)}]", name)
        return None

    def boolean(self, name: str) -> bool:
        """Read a boolean; False where it is absent."""
        value = self.values.get(name, False)
        if not isinstance(value, bool):
            self.wrong_type(name, "BOOLEAN")
            return False
        return value

    def integer(self, name: str, minimum: int, maximum: float = MAX_SECONDS) -> int | None:
        """Read an integer within bounds; None where it is absent or wrong."""
        value = self.values.get(name, ABSENT)
        if value is ABSENT:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            self.problem("Expected value of type Integer", name)
            return None
        return value if self._within(name, value, minimum, maximum) else None

    def number(self, name: str, minimum: float, maximum: float = 1e9) -> float | None:
        """Read a number within bounds; None where it is absent or wrong."""
        value = self.values.get(name, ABSENT)
        if value is ABSENT:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.wrong_type(name, "NUMBER")
            return None
        return float(value) if self._within(name, value, minimum, maximum) else None

    def objects(self, name: str, *, minimum: int = 0) -> list[Fields]:
        """Read an array of objects; what in it is no object is noted and left out."""
        value = self.values.get(name, ABSENT)
        if value is ABSENT:
            return []
        if not isinstance(value, list):
            self.wrong_type(name, "ARRAY")
            return []
        if len(value) < minimum:
            self.problem(EMPTY, name)
        found = []
        for index, element in enumerate(value):
            place = f"{name}[{index}]"
            if isinstance(element, dict):
                found.append(Fields(element, below(self.location, place), self.diagnostics))
            else:
                self.problem(expected_type("OBJECT"), place)
        return found

    def object(self, name: str) -> Fields | None:
        """Read an object; None where it is absent or no object."""
        value = self.values.get(name, ABSENT)
        if value is ABSENT:
            return None
        if not isinstance(value, dict):
            self.wrong_type(name, "OBJECT")
            return None
        return Fields(value, below(self.location, name), self.diagnostics)

    def json(self, name: str) -> Json | Absent:
        """Read any JSON value; ABSENT where it is absent."""
        return self.values.get(name, ABSENT)

    def template(self, name: str) -> Json | Absent:
        """Read a payload template of JSONPath, its paths and intrinsics checked."""
        value = self.values.get(name, ABSENT)
        if value is not ABSENT:
            for place, message in template_faults(value):
                self.problem(message, name + place)
        return value

    def query(self, name: str, states: frozenset[str] = AT_ENTRY) -> Json | Absent:
        """Read a JSON value of JSONata, the expressions in it checked.

        ``states`` are the members that ``$states`` has in it.
        """
        value = self.values.get(name, ABSENT)
        if value is not ABSENT:
            for place, code, message in query_template_faults(value, name, states):
                self.problem(message, place, code=code)
        return value

    def path(self, name: str) -> str | Absent | None:
        """Read a path or ``null`` (InputPath, OutputPath)."""
        return self._nullable_path(name, compile_path, NO_PATH)

    def reference_path(self, name: str, *, roots: str = "any") -> str | None:
        """Read a reference path. ``roots``: "any", or "data" to refuse the context object."""
        value = self.text(name)
        if value is not None:
            try:
                path = compile_path(value)
                if not path.is_reference or (roots == "data" and value.startswith("$$")):
                    raise InvalidExpression(value)
            except InvalidExpression:
                self.problem(no_reference_path(value), name)
        return value

    def result_path(self, name: str = "ResultPath") -> str | Absent | None:
        """Read ResultPath: a reference path into the input, or ``null``."""
        return self._nullable_path(name, compile_result_path)

    def _nullable_path(
        self, name: str, compile_text: Compiler, fault: str | None = None
    ) -> str | Absent | None:
        value = self.values.get(name, ABSENT)
        if value is ABSENT or value is None:
            return value
        if not isinstance(value, str):
            self.wrong_type(name, "STRING", "NULL")
            return ABSENT
        try:
            compile_text(value)
        except InvalidExpression:
            self.problem(fault or no_reference_path(value), name)
        return value

    def _within(self, name: str, value: float, minimum: float, maximum: float) -> bool:
        if value < minimum:
            self.problem(f"Minimum value is {minimum}", name)
            return False
        if value > maximum:
            self.problem(f"Maximum value is {maximum}", name)
            return False
        return True
