"""What each state gets and gives: shapes carried along the transitions until nothing changes.

The input of an execution and the result of a Task are unknown. What a definition builds itself is
known: a Pass state's Result, the objects of templates, what ResultPath adds, what Catchers get.
Source: https://states-language.net/spec.html#filters
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from studio.asl.data_flow.expressions import (
    input_steps,
    of_path,
    of_query_template,
    of_template,
)
from studio.asl.data_flow.shape import (
    ANYTHING,
    NOTHING,
    SCALAR,
    Shape,
    join,
    join_all,
    of_value,
    put,
    shape,
)
from studio.asl.outline import objects, outline

if TYPE_CHECKING:
    from studio.asl.definition import Json
    from studio.asl.outline import Outline, ScopeOutline, StateOutline

MAX_VISITS: Final = 6
"""Times that what reaches a state may grow before nothing is said of it: circles may nest."""
MAX_WORK: Final = 200_000
"""Members that may be carried in all: beyond, nothing is said of the whole definition."""
MAX_LEVELS: Final = 5
"""Scopes inside one another that are followed."""

ERROR: Final = shape({"Error": SCALAR, "Cause": SCALAR})
"""What a Catcher is given."""

_LISTS: Final = ("Parallel", "Map")


@dataclass(frozen=True, slots=True)
class StateData:
    """The shapes of a state's data, in the order in which it comes by.

    ``input`` is what reaches the state, ``effective`` what InputPath leaves of it, ``result`` what
    the state's work gives, ``selected`` what ResultSelector makes of that, ``output`` what goes on.
    """

    input: Shape
    effective: Shape
    result: Shape
    selected: Shape
    combined: Shape
    output: Shape


def produced(document: dict[str, Json]) -> dict[str, StateData]:
    """Give the data of every state that can be reached, by the state's location.

    States that nothing is known to reach are left out; all are where following the data would take
    too long. Never raises, whatever the document holds.
    """
    return data_of(outline(document))


def data_of(whole: Outline) -> dict[str, StateData]:
    """The same for an outline."""
    found: dict[str, StateData] = {}
    try:
        _Flow(whole, found).scope(whole.machine, ANYTHING, 0)
    except _TooMuchError:
        return {}
    return found


class _TooMuchError(Exception):
    """The definition is too large, or its circles too many, to be followed in a moment."""


class _Flow:
    """Carries shapes through scopes, noting what each state has."""

    def __init__(self, whole: Outline, found: dict[str, StateData]) -> None:
        self.whole = whole
        self.found = found
        self.known: dict[str, tuple[Shape, Shape]] = {}
        self.work_left = MAX_WORK

    def scope(self, scope: ScopeOutline, given: Shape, level: int) -> Shape:
        """Carry ``given`` through a scope; give what comes out of it."""
        before = self.known.get(scope.location)
        if before is not None and before[0] == given:
            return before[1]
        if level > MAX_LEVELS or scope.start_at not in scope.states:
            return ANYTHING
        inputs: dict[str, Shape] = {scope.start_at or "": given}
        visits: dict[str, int] = {}
        ends: dict[str, Shape] = {}
        waiting = deque(inputs)
        queued = set(inputs)
        while waiting:
            name = waiting.popleft()
            queued.discard(name)
            state = scope.states[name]
            visits[name] = visits.get(name, 0) + 1
            if visits[name] > MAX_VISITS:
                inputs[name] = ANYTHING
            data = self.state(state, inputs[name], level)
            self.found[state.location] = data
            if state.is_terminal:
                ends[name] = data.output
            for target, output in self.outputs(state, data):
                self.work_left -= output.size
                if self.work_left < 0:
                    raise _TooMuchError
                joined = join(inputs.get(target, NOTHING), output)
                if target in scope.states and joined != inputs.get(target):
                    inputs[target] = joined
                    if target not in queued:
                        queued.add(target)
                        waiting.append(target)
        out = join_all(iter(ends.values()))
        self.known[scope.location] = (given, out)
        return out

    def outputs(self, state: StateOutline, data: StateData) -> list[tuple[str, Shape]]:
        """Give where a state may lead, each with what it hands on there."""
        fields = state.fields
        found = [(str(fields[name]), data.output) for name in ("Next", "Default") if name in fields]
        jsonpath = self.whole.is_jsonpath(state)
        for _, rule in objects(state.fields.get("Choices")):
            output = data.output
            if not jsonpath and "Output" in rule:
                output = of_query_template(rule["Output"], {"input": data.input})
            found.append((str(rule.get("Next")), output))
        for _, catcher in objects(state.fields.get("Catch")):
            if jsonpath:
                output = _at_result_path(catcher, data.input, ERROR)
            elif "Output" in catcher:
                states = {"input": data.input, "errorOutput": ERROR}
                output = of_query_template(catcher["Output"], states)
            else:
                output = ERROR
            found.append((str(catcher.get("Next")), output))
        return found

    def state(self, state: StateOutline, given: Shape, level: int) -> StateData:
        """Give the data of one state that ``given`` reaches."""
        if not self.whole.is_jsonpath(state):
            return self.query_state(state, given, level)
        fields = state.fields
        effective = of_path(fields["InputPath"], given) if "InputPath" in fields else given
        result = self.result(state, effective, level)
        selected = result
        if "ResultSelector" in fields:
            selected = of_template(fields["ResultSelector"], result)
        if state.type in ("Task", "Pass", *_LISTS):
            combined = _at_result_path(fields, given, selected)
        else:
            combined = effective
        output = of_path(fields["OutputPath"], combined) if "OutputPath" in fields else combined
        return StateData(given, effective, result, selected, combined, output)

    def query_state(self, state: StateOutline, given: Shape, level: int) -> StateData:
        """The same for a state in JSONata."""
        has_result = state.type in ("Task", *_LISTS)
        result = self.result(state, given, level) if has_result else given
        output = result
        if "Output" in state.fields:
            states = {"input": given, "result": result} if has_result else {"input": given}
            output = of_query_template(state.fields["Output"], states)
        return StateData(given, given, result, result, output, output)

    def result(self, state: StateOutline, effective: Shape, level: int) -> Shape:
        """Give what a state's work gives."""
        fields = state.fields
        jsonpath = self.whole.is_jsonpath(state)
        if state.type == "Pass" and "Result" in fields:
            return of_value(fields["Result"])
        if state.type in _LISTS:
            inner = self.inner_input(state, effective, jsonpath=jsonpath)
            outputs = [self.scope(scope, inner, level + 1) for scope in state.scopes]
            loose = "ResultWriter" in fields or any(each.startswith("Tolerated") for each in fields)
            return ANYTHING if loose else shape(items=join_all(iter(outputs)))
        if state.type == "Task":
            return ANYTHING
        if state.type == "Pass" and "Parameters" in fields:
            return of_template(fields["Parameters"], effective)
        return effective

    def inner_input(self, state: StateOutline, effective: Shape, *, jsonpath: bool) -> Shape:
        """Give what the branches of a Parallel, or each iteration of a Map, begin with."""
        fields = state.fields
        if state.type == "Parallel":
            if jsonpath:
                template = fields.get("Parameters", ...)
                return effective if template is ... else of_template(template, effective)
            arguments = fields.get("Arguments", ...)
            if arguments is ...:
                return effective
            return of_query_template(arguments, {"input": effective})
        if "ItemBatcher" in fields:
            return shape({"Items": ANYTHING, "BatchInput": ANYTHING})
        selector = fields.get("ItemSelector", fields.get("Parameters", ...))
        if selector is not ...:
            if jsonpath:
                return of_template(selector, effective)
            return of_query_template(selector, {"input": effective})
        if "ItemReader" in fields:
            return ANYTHING
        if jsonpath:
            items = of_path(fields.get("ItemsPath", "$"), effective)
        else:
            items = of_query_template(fields.get("Items", []), {"input": effective})
            if "Items" not in fields:
                items = effective
        return _each_item(items)


def _each_item(items: Shape) -> Shape:
    """Give what one item can be: an element of an array, or a member of an object."""
    if items is ANYTHING:
        return ANYTHING
    found = [] if items.items is None else [items.items]
    if items.members is not None:
        values = [*items.members.values(), *([] if items.rest is None else [items.rest])]
        found.append(shape({"Key": SCALAR, "Value": join_all(iter(values))}))
    return join_all(iter(found)) if found else ANYTHING


def _at_result_path(fields: dict[str, Json], given: Shape, result: Shape) -> Shape:
    path = fields.get("ResultPath", "$")
    if path is None:
        return given
    steps = input_steps(path) if isinstance(path, str) else None
    return ANYTHING if steps is None else put(given, steps, result)
