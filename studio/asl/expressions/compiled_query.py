"""What is known of a JSONata expression, whatever field it stands in.

The engine is handed only what an expression reads, for each value costs time on its way there; a
plain path is followed without it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from jlens import Expression, JlensError

from studio.asl.definition import ABSENT
from studio.asl.errors import InvalidExpression
from studio.asl.expressions.bounded_functions import ALWAYS, LONG, distinct, has_long_array
from studio.asl.expressions.counted_functions import (
    COUNTING,
    OF_ARRAYS,
    counted,
    counted_names,
)
from studio.asl.expressions.infinite_numbers import RECKONING
from studio.asl.expressions.jsonata_engine import LIMITS, TOO_LARGE, fault, run
from studio.asl.expressions.jsonata_functions import FUNCTIONS, WITHDRAWN, begin_evaluation
from studio.asl.expressions.quick_query import compile_quick

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from studio.asl.definition import Json
    from studio.asl.expressions.bindings import Bindings

    Cut = Callable[[Json], Json]

MAX_LENGTH: Final = 100_000
"""Characters of one expression."""

FEW_ELEMENTS: Final = 2_048
FEW_STEPS: Final = 5_000
"""What needs no more than this is evaluated without counting what it makes: arrays of so many
elements, as many as so few steps can make, take 80 megabytes at most."""

MISSING: Final = object()
"""Nothing is there: the expression's value is undefined."""
UNSURE: Final = object()
"""A plain path meets an array on its way: only the engine knows what that means."""

_PLAIN = re.compile(r"\$([A-Za-z_]\w*)((?:\.[A-Za-z_]\w*)*)", re.ASCII)
_LARGE_NUMBER = re.compile(r"\d{5}|\d[eE]")
"""Who names such a number may mean a range of that length."""
_OWN_MEANING: Final = frozenset({"true", "false", "null", "function", "and", "or", "in"})
_STATES: Final = ("input", "result", "errorOutput", "context")


class CompiledQuery:
    """A compiled expression. Shared by equal texts.

    ``steps`` is a plain path's way, or None. ``states`` says which members of ``$states`` are
    read: a tree of names, or True for all of it. ``variables`` are the names of all else that is
    read, ``top_names`` those that stand where no context item is.
    """

    __slots__ = (
        "_calls_back",
        "_counted",
        "_counted_names",
        "_draws",
        "_is_repeatable",
        "_members",
        "_quick",
        "_reads_all",
        "_reads_input_only",
        "_reads_states",
        "_seeks_distinct",
        "_withdraws",
        "expression",
        "states",
        "steps",
        "text",
        "top_names",
        "variables",
    )

    def __init__(self, text: str) -> None:
        self.text = text
        self.expression = Expression(text)
        self._draws = "shuffle" in text
        self._withdraws = WITHDRAWN in text
        self._seeks_distinct = "distinct" in text
        self._calls_back = self._seeks_distinct
        for name, function in (*FUNCTIONS.items(), *ALWAYS.items(), *RECKONING.items()):
            if name in text:
                self._calls_back = True
                self.expression.register_function(name, function.call, function.signature)
        may_be_quick = not (self._calls_back or self._draws)
        self._is_repeatable = may_be_quick
        self._counted_names = counted_names(text)
        self._counted = _compile_counted(text)
        if self._counted is not None:
            self._calls_back = True
            self._is_repeatable &= self._counted_names <= OF_ARRAYS
            self._is_repeatable &= _LARGE_NUMBER.search(text) is None
        reads: Any = self.expression.reads()
        found: dict[str, Any] = reads["bindings"]
        self._reads_all = "everyBinding" in reads
        self._reads_states = self._reads_all or "states" in found
        self.states: Any = True if self._reads_all else found.get("states", {})
        trees: dict[str, Any] = (
            self.states if isinstance(self.states, dict) else dict.fromkeys(_STATES, True)
        )
        self._members = [(name, _compile_cut(trees[name])) for name in _STATES if name in trees]
        self._reads_input_only = [name for name, _ in self._members] == ["input"]
        self.variables = tuple(name for name in found if name not in ("states", WITHDRAWN))
        top = reads.get("input")
        self.top_names = tuple(top) if isinstance(top, dict) else ()
        # What stands at the top level would be looked up in the input, which is not there.
        may_be_quick &= not (top or self._reads_all)
        self._quick = compile_quick(text) if may_be_quick else None
        self.steps: tuple[str, ...] | None = None
        plain = _PLAIN.fullmatch(text)
        if plain is not None and not found.keys() - {plain.group(1)}:
            steps = (plain.group(1), *plain.group(2).split(".")[1:])
            if not _OWN_MEANING.intersection(steps):
                self.steps = steps

    def follow(self, bindings: Bindings) -> Json:
        """Follow a plain path: to a value, which is shared, or to MISSING or UNSURE."""
        steps = self.steps
        assert steps is not None
        if steps[0] == "states":
            if len(steps) == 1:
                return UNSURE
            value, rest = _state_member(bindings, steps[1]), steps[2:]
        else:
            value, rest = bindings.variables.get(steps[0], MISSING), steps[1:]
            if value is MISSING:
                # The name of a function of the language, perhaps.
                return UNSURE
        for step in rest:
            if value.__class__ is dict:
                value = value.get(step, MISSING)
            else:
                return UNSURE if value.__class__ is list else MISSING
        return value

    def quick_value(self, bindings: Bindings) -> Json:
        """Evaluate in the quick way. None where that gives no certain value."""
        quick = self._quick
        if quick is None:
            return None
        if self._reads_input_only:
            states = {"input": bindings.input}
        else:
            states = {}
            for name, _ in self._members:
                value = _state_member(bindings, name)
                if value is not MISSING:
                    states[name] = value
        variables = None
        if self.variables:
            known = bindings.variables
            variables = {name: known[name] for name in self.variables if name in known}
        return quick.value(states, variables)

    def environment(self, bindings: Bindings) -> dict[str, Any]:
        """Give the variables the engine may see: those the expression reads, cut to what it reads.

        ``$eval`` is taken away by a variable of that name which is no function, where the word is
        in the text at all.
        """
        environment: dict[str, Any] = {}
        if self._withdraws:
            environment[WITHDRAWN] = None
        known: Mapping[str, Json] = bindings.variables
        if self._reads_all:
            environment.update(known)
        else:
            for name in self.variables:
                if name in known:
                    environment[name] = known[name]
        if self._reads_states:
            members: dict[str, Any] = {}
            for name, cut in self._members:
                value = _state_member(bindings, name)
                if value is not MISSING:
                    members[name] = value if cut is None else cut(value)
            environment["states"] = members
        if self._calls_back:
            begin_evaluation(bindings)
        return environment

    def run(self, environment: dict[str, Any], bindings: Bindings) -> str | None:
        """Let the engine evaluate it. Gives JSON text, None where it has no value.

        Raises JlensError and FunctionFailure.
        """
        seed = int.from_bytes(bindings.randomness.draw()[:6]) if self._draws else 0
        expression = self.expression
        # A variable of the workflow's may have the name of a function, which is none then.
        if self._counted is not None and self._counted_names.isdisjoint(environment):
            if self._is_repeatable:
                try:
                    return run(
                        expression,
                        environment,
                        bindings.now,
                        seed,
                        max_array=FEW_ELEMENTS,
                        max_steps=FEW_STEPS,
                    )
                except JlensError as error:
                    if error.code not in LIMITS:
                        raise
            expression = self._counted
        if self._seeks_distinct:
            if not has_long_array(environment):
                try:
                    return run(expression, environment, bindings.now, seed, max_array=LONG)
                except JlensError as error:
                    if error.code != TOO_LARGE:
                        raise
            environment.setdefault("distinct", distinct)
            begin_evaluation(bindings)
        return run(expression, environment, bindings.now, seed)


def _compile_counted(text: str) -> Expression | None:
    """Compile what counts the functions and ranges of an expression; None where it has none."""
    counting = counted(text)
    if counting is None:
        return None
    try:
        expression = Expression(counting)
    except JlensError:
        # An object's parent, ``%``, is not known in a function's argument.
        counting = counted(text, ranges=False)
        if counting is None:
            return None
        expression = Expression(counting)
    for name, function in {**FUNCTIONS, **ALWAYS, **RECKONING, **COUNTING}.items():
        expression.register_function(name, function.call, function.signature)
    return expression


@lru_cache(maxsize=4096)
def compile_text(text: str) -> CompiledQuery:
    """Compile an expression, without its braces. Raises InvalidExpression where it is none."""
    if len(text) > MAX_LENGTH:
        raise InvalidExpression(f"An expression may have {MAX_LENGTH} characters at most")
    try:
        return CompiledQuery(text)
    except JlensError as error:
        raise InvalidExpression(fault(error)) from None


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
    return MISSING


def _compile_cut(tree: Any) -> Cut | None:
    """Compile a tree of names to what leaves all else out of a value; None where all is read."""
    if tree is True:
        return None
    parts = [(name, _compile_cut(below)) for name, below in tree.items()]

    def cut(value: Json) -> Json:
        if value.__class__ is dict:
            return {
                name: value[name] if below is None else below(value[name])
                for name, below in parts
                if name in value
            }
        return [cut(element) for element in value] if value.__class__ is list else value

    return cut
