"""JSONata: one expression, compiled once and evaluated against Bindings, within hard limits.

The engine is jlens. This adapter gives it exactly what the expression reads, a clock and a seed,
so that the same Bindings always give the same value; tells undefined from null; and turns
everything that can go wrong into AWS's words.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeGuard

from jlens import Expression, JlensError

from studio.asl import json_text
from studio.asl.definition import ABSENT
from studio.asl.errors import InvalidExpression, QueryEvaluationError
from studio.asl.expressions.jsonata_functions import (
    DRAWING_FUNCTIONS,
    PURE_FUNCTIONS,
    WITHDRAWN,
    Budget,
    FunctionFailure,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from studio.asl.definition import Json
    from studio.asl.expressions.bindings import Bindings

TIMEOUT: Final = 1.0
"""Seconds one evaluation may take; only what no other limit stops runs into it."""

MAX_DEPTH: Final = 500
"""Calls and nested expressions inside one another."""

MAX_STEPS: Final = 5_000_000
"""Steps of one evaluation: about half a second."""

MAX_ARRAY: Final = 131_072
"""Elements one array may have while an expression is evaluated: as many as fit into a payload."""

MAX_TEXT: Final = 4_194_304
"""Bytes one text may have while an expression is evaluated."""

MAX_RESULT: Final = 1_048_576
"""Bytes of JSON an expression may give: above any payload, whose own limit is 256 KiB."""

MAX_LENGTH: Final = 100_000
"""Characters of one expression."""

_OUT_OF_BOUNDS: Final = "Expression evaluation memory limit exceeded"
_EXHAUSTED: Final = frozenset({"U1001"})
_TOO_LONG: Final = frozenset({"D1012", "U1006"})
"""Out of time, out of steps: which strikes first is the machine's affair, so both say the same."""

_PLAIN = re.compile(r"\$([A-Za-z_]\w*)((?:\.[A-Za-z_]\w*)*)", re.ASCII)
_OWN_MEANING: Final = frozenset({"true", "false", "null", "function", "and", "or", "in"})
_STATES: Final = ("input", "result", "errorOutput", "context")
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`[^`]*`|/\*.*?\*/", re.DOTALL)
_TOP_CONTEXT = re.compile(r"\$\$(?!\w)")

_MISSING: Final = object()
"""Nothing is there: the expression's value is undefined."""
_UNSURE: Final = object()
"""A plain path meets an array on its way: only the engine knows what that means."""


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
        self._compiled = _compile(text)

    def evaluate(self, bindings: Bindings) -> Json:
        """Give the value. Raises QueryEvaluationError, also where there is none."""
        compiled = self._compiled
        if compiled.steps is not None:
            value = compiled.follow(bindings)
            if value is _MISSING:
                raise self.failure("returned nothing (undefined).")
            if value is not _UNSURE:
                return value
        environment = compiled.environment(bindings)
        seed = int.from_bytes(bindings.randomness.draw()[:6]) if compiled.draws else 0
        try:
            text = _evaluate(compiled.expression, environment, bindings.now, seed)
        except JlensError as error:
            raise self.failure(f"threw an error during evaluation{_said(error)}") from None
        except FunctionFailure as error:
            separator = ". " if re.match(r"[A-Z]\d{4}: ", str(error)) else ": "
            raise self.failure(f"threw an error during evaluation{separator}{error}") from None
        if text is None:
            kind = compiled.kind(environment, bindings)
            unsupported = kind == '"function"'
            raise self.failure(
                "returned an unsupported result type."
                if unsupported
                else "returned nothing (undefined)."
            )
        try:
            return json_text.loads(text, max_depth=_RESULT_DEPTH)
        except json_text.InvalidJson:
            raise self.failure("returned an unsupported result type.") from None

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


def is_query(value: object) -> TypeGuard[str]:
    """Tell whether a value is a text in ``{% %}``."""
    return isinstance(value, str) and value.startswith("{%") and value.endswith("%}")


def compile_query(text: str, field: str) -> Query:
    """Compile a text in ``{% %}``.

    Raises InvalidExpression, with the engine's message, where it is no JSONata.
    """
    return Query(text[2:-2].strip(), field)


def query_faults(text: str, states: frozenset[str]) -> list[tuple[str, str]]:
    """Give what is wrong with a text in ``{% %}``: AWS's code, and a message.

    ``states`` are the members that ``$states`` has where the text stands.
    """
    source = text[2:-2].strip()
    try:
        compiled = _compile(source)
    except InvalidExpression as error:
        return [("INVALID_JSONATA_EXPRESSION", error.message)]
    faults = [
        (
            "UNSUPPORTED_JSONATA_EXPRESSION",
            f"Reference to '{name}' at the top level is not supported.",
        )
        for name in compiled.top_names
    ]
    if _TOP_CONTEXT.search(_QUOTED.sub("''", source)):
        faults = [("UNSUPPORTED_JSONATA_EXPRESSION", "Reference to '$$' is not supported.")]
    if isinstance(compiled.states, dict):
        faults += [
            ("UNSUPPORTED_JSONATA_EXPRESSION", f"Field '$states.{name}' does not exist.")
            for name in compiled.states
            if name not in states
        ]
    return faults


def plain_query(text: str) -> tuple[str, ...] | None:
    """Give the names of a text in ``{% %}`` that is a plain path: ``("states", "input", "id")``.

    None for anything else.
    """
    try:
        return _compile(text[2:-2].strip()).steps
    except InvalidExpression:
        return None


def query_states(text: str) -> dict[str, Any]:
    """Give which members of ``$states`` a text in ``{% %}`` reads: a tree of names.

    ``True`` stands for all that is below a name. Empty where that is not certain.
    """
    try:
        states = _compile(text[2:-2].strip()).states
    except InvalidExpression:
        return {}
    return states if isinstance(states, dict) else {}


def query_variables(text: str) -> tuple[str, ...]:
    """Give the names of the variables a text in ``{% %}`` reads; none where it is no JSONata.

    The functions of Step Functions are left out, though a variable may take the name of one.
    """
    try:
        read = _compile(text[2:-2].strip()).variables
    except InvalidExpression:
        return ()
    return tuple(
        name for name in read if name not in PURE_FUNCTIONS and name not in DRAWING_FUNCTIONS
    )


class _Compiled:
    """What is known of an expression, whatever field it stands in. Shared by equal texts.

    ``steps`` is a plain path's way, or None. ``states`` says which members of ``$states`` are
    read: a tree of names, or True for all of it; ``members`` is the same of those that exist,
    each with its own tree. ``draws`` tells whether the engine itself may ask for chance,
    ``withdraws`` whether the text may speak of ``$eval``.
    """

    __slots__ = (
        "draws",
        "expression",
        "functions",
        "members",
        "reads_all",
        "reads_states",
        "states",
        "steps",
        "text",
        "top_names",
        "variables",
        "withdraws",
    )

    def __init__(self, text: str) -> None:
        self.text = text
        self.expression = Expression(text)
        self.draws = "shuffle" in text
        self.withdraws = WITHDRAWN in text
        self.functions = tuple(
            name for name in (*PURE_FUNCTIONS, *DRAWING_FUNCTIONS) if name in text
        )
        for name in self.functions:
            self.expression.register_function(name, _stub)
        reads: Any = self.expression.reads()
        found: dict[str, Any] = reads["bindings"]
        self.reads_all = "everyBinding" in reads
        self.reads_states = self.reads_all or "states" in found
        self.states: Any = True if self.reads_all else found.get("states", {})
        trees: dict[str, Any] = (
            self.states if isinstance(self.states, dict) else dict.fromkeys(_STATES, True)
        )
        self.members = tuple((name, trees[name]) for name in _STATES if name in trees)
        self.variables = tuple(name for name in found if name not in ("states", WITHDRAWN))
        top = reads.get("input")
        self.top_names = tuple(top) if isinstance(top, dict) else ()
        self.steps: tuple[str, ...] | None = None
        plain = _PLAIN.fullmatch(text)
        if plain is not None and not found.keys() - {plain.group(1)}:
            steps = (plain.group(1), *plain.group(2).split(".")[1:])
            if not _OWN_MEANING.intersection(steps):
                self.steps = steps

    def follow(self, bindings: Bindings) -> Json:
        """Follow a plain path."""
        steps = self.steps
        assert steps is not None
        if steps[0] == "states":
            if len(steps) == 1:
                return _UNSURE
            value, rest = _state_member(bindings, steps[1]), steps[2:]
        else:
            value, rest = bindings.variables.get(steps[0], _MISSING), steps[1:]
            if value is _MISSING:
                # The name of a function of the language, perhaps.
                return _UNSURE
        for step in rest:
            if value.__class__ is dict:
                value = value.get(step, _MISSING)
            else:
                return _UNSURE if value.__class__ is list else _MISSING
        return value

    def environment(self, bindings: Bindings) -> dict[str, Any]:
        """Give the variables the engine may see: those the expression reads, cut to what it reads.

        ``$eval`` is taken away by a variable of that name which is no function. Each variable costs
        time on its way to the engine, so what no text can ask for stays out: ``$eval`` where
        the word is nowhere in it, ``$states`` where nothing of it is read.
        """
        environment: dict[str, Any] = {WITHDRAWN: None} if self.withdraws else {}
        known: Mapping[str, Json] = bindings.variables
        if self.reads_all:
            environment.update(known)
        else:
            for name in self.variables:
                if name in known:
                    environment[name] = known[name]
        if self.reads_states:
            members: dict[str, Any] = {}
            for name, tree in self.members:
                value = _state_member(bindings, name)
                if value is not _MISSING:
                    members[name] = value if tree is True else _cut(value, tree)
            environment["states"] = members
        if self.functions:
            budget = Budget()
            for name in self.functions:
                if name in environment:
                    continue
                if name in DRAWING_FUNCTIONS:
                    environment[name] = DRAWING_FUNCTIONS[name](bindings.randomness)
                else:
                    environment[name] = PURE_FUNCTIONS[name](budget)
        return environment

    def kind(self, environment: dict[str, Any], bindings: Bindings) -> str | None:
        """Ask the engine for the type of what has no JSON, as JSON text."""
        try:
            return _evaluate(Expression(f"$type(({self.text}))"), environment, bindings.now, 0)
        except JlensError:
            return None


def _evaluate(
    expression: Expression, environment: dict[str, Any], now: float, seed: int
) -> str | None:
    # The one of the engine's calls that lets other threads run meanwhile.
    return expression.evaluate_json(
        None,
        environment,
        timeout=TIMEOUT,
        max_depth=MAX_DEPTH,
        max_steps=MAX_STEPS,
        max_string_length=MAX_TEXT,
        max_array_length=MAX_ARRAY,
        max_result_size=MAX_RESULT,
        now=round(now * 1000),
        seed=seed,
    )


@lru_cache(maxsize=4096)
def _compile(text: str) -> _Compiled:
    if len(text) > MAX_LENGTH:
        raise InvalidExpression(f"An expression may have {MAX_LENGTH} characters at most")
    try:
        return _Compiled(text)
    except JlensError as error:
        raise InvalidExpression(str(error)) from None


def _stub() -> None:
    """Stand in for a function that each evaluation brings along."""


def _state_member(bindings: Bindings, name: str) -> Json:
    """Give a member of ``$states``."""
    if name == "input":
        return bindings.input
    if name == "context":
        return bindings.context()
    if name == "result" and bindings.result is not ABSENT:
        return bindings.result
    if name == "errorOutput" and bindings.error_output is not ABSENT:
        return bindings.error_output
    return _MISSING


def _cut(value: Json, tree: Any) -> Json:
    """Leave out of a value what the expression does not read: handing it over costs time."""
    if tree is True:
        return value
    if value.__class__ is dict:
        read: dict[str, Json] = {}
        for name, below in tree.items():
            if name in value:
                member = value[name]
                read[name] = member if below is True else _cut(member, below)
        return read
    if value.__class__ is list:
        return [_cut(element, tree) for element in value]
    return value


def _said(error: JlensError) -> str:
    """Give the end of a cause: a code and a message, or AWS's words for its own limits."""
    if error.code in _EXHAUSTED:
        return f": {_OUT_OF_BOUNDS}"
    if error.code in _TOO_LONG:
        return ". D1012: Evaluation timeout. Check for infinite loop"
    return f". {error.code}: {error}"
