"""What of its data a state reads: each path with the stage of the data that it looks into."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from studio.asl.data_flow.expressions import input_steps, paths_read
from studio.asl.expressions.jsonata import is_query
from studio.asl.expressions.query_reading import query_states
from studio.asl.outline import objects, texts
from studio.asl.variables_read import INNER_SCOPES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from studio.asl.definition import Json
    from studio.asl.outline import StateOutline

    Step = str | int

Stage = Literal["input", "effective", "result", "selected", "combined", "error"]

_OF_INPUT: Final = ("InputPath", "ErrorPath", "CausePath")
_OF_EFFECTIVE: Final = (
    "ItemsPath",
    "SecondsPath",
    "TimestampPath",
    "TimeoutSecondsPath",
    "HeartbeatSecondsPath",
    "MaxConcurrencyPath",
    "ToleratedFailureCountPath",
    "ToleratedFailurePercentagePath",
)
_TEMPLATES: Final[tuple[tuple[str, Stage], ...]] = (
    ("Parameters", "effective"),
    ("ItemSelector", "effective"),
    ("Credentials", "effective"),
    ("ResultSelector", "result"),
    ("Assign", "selected"),
)


@dataclass(frozen=True, slots=True)
class PathRead:
    """A reference path that starts at ``$``. ``is_whole``: it is all that its text says."""

    location: str
    pointer: str
    text: str
    steps: tuple[Step, ...]
    stage: Stage
    is_whole: bool


def paths_of(state: StateOutline) -> Iterator[PathRead]:
    """Give what a state in JSONPath reads, where it stands, and of which stage of its data."""
    fields = state.fields
    for name in _OF_INPUT:
        yield from _read(state, f"/{name}", f"/{name}", fields.get(name), "input")
    for name in _OF_EFFECTIVE:
        yield from _read(state, f"/{name}", f"/{name}", fields.get(name), "effective")
    for name, stage in _TEMPLATES:
        yield from _of_template(state, f"/{name}", f"/{name}", fields.get(name), stage)
    yield from _read(state, "/OutputPath", "/OutputPath", fields.get("OutputPath"), "combined")
    asked = frozenset(_asked_for(fields.get("Choices")))
    for index, rule in objects(fields.get("Choices")):
        yield from _of_rule(state, f"/Choices[{index}]", f"/Choices/{index}", rule, asked)
        yield from _of_template(
            state, f"/Choices[{index}]/Assign", f"/Choices/{index}/Assign", rule.get("Assign"),
            "effective",
        )  # fmt: skip
    for index, catcher in objects(fields.get("Catch")):
        yield from _of_template(
            state, f"/Catch[{index}]/Assign", f"/Catch/{index}/Assign", catcher.get("Assign"),
            "error",
        )  # fmt: skip


def _read(
    state: StateOutline, place: str, pointer: str, text: Json, stage: Stage
) -> Iterator[PathRead]:
    if not isinstance(text, str):
        return
    for path in paths_read(text):
        steps = input_steps(path)
        if steps:
            yield PathRead(
                state.location + place, state.pointer + pointer, path, steps, stage, path == text
            )


def _of_template(
    state: StateOutline, place: str, pointer: str, template: Json, stage: Stage
) -> Iterator[PathRead]:
    if isinstance(template, dict):
        for name, value in template.items():
            inner = f"{place}/{name}"
            escaped = f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"
            if name.endswith(".$"):
                yield from _read(state, inner, escaped, value, stage)
            else:
                yield from _of_template(state, inner, escaped, value, stage)
    elif isinstance(template, list):
        for index, value in enumerate(template):
            yield from _of_template(state, f"{place}[{index}]", f"{pointer}/{index}", value, stage)


def _asked_for(rules: Json) -> Iterator[tuple[Step, ...]]:
    """Give what IsPresent asks for: whoever asks knows that it may be missing."""
    if isinstance(rules, dict):
        rules = [rules]
    for _, rule in objects(rules):
        if "IsPresent" in rule and isinstance(rule.get("Variable"), str):
            steps = input_steps(rule["Variable"])
            if steps:
                yield steps
        for name in ("And", "Or", "Not"):
            yield from _asked_for(rule.get(name))


def _of_rule(
    state: StateOutline,
    place: str,
    pointer: str,
    rule: dict[str, Json],
    asked: frozenset[tuple[Step, ...]],
) -> Iterator[PathRead]:
    for name, value in rule.items():
        if name in ("And", "Or"):
            for index, inner in objects(value):
                yield from _of_rule(
                    state, f"{place}/{name}[{index}]", f"{pointer}/{name}/{index}", inner, asked
                )
        elif name == "Not" and isinstance(value, dict):
            yield from _of_rule(state, f"{place}/Not", f"{pointer}/Not", value, asked)
        elif name == "Variable" or name.endswith("Path"):
            for read in _read(state, f"{place}/{name}", f"{pointer}/{name}", value, "effective"):
                if not any(read.steps[: end + 1] in asked for end in range(len(read.steps))):
                    yield read


@dataclass(frozen=True, slots=True)
class QueryRead:
    """What one JSONata text reads of a stage: a tree of names. ``root`` is ``$states.input`` …"""

    location: str
    root: str
    tree: dict[str, Any]
    stage: Stage


def queries_of(state: StateOutline) -> Iterator[QueryRead]:
    """Give what a state in JSONata reads, where it stands, and of which stage of its data."""
    fields = {name: each for name, each in state.fields.items() if name not in INNER_SCOPES}
    stages: tuple[tuple[str, Stage], ...] = (
        ("input", "input"),
        ("result", "result"),
        ("errorOutput", "error"),
    )
    for place, _, text in texts(fields, state.location, ""):
        # Who asks whether something exists knows that it may be missing.
        if not is_query(text) or "$exists" in text:
            continue
        read = query_states(text)
        for name, stage in stages:
            tree = read.get(name)
            if isinstance(tree, dict):
                yield QueryRead(place, f"$states.{name}", tree, stage)
