"""Everything the language has is in some case: counted by lists that are the code's own."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from studio.asl.expressions.choice_rule import OPERATORS
from studio.asl.expressions.intrinsics.registry import FUNCTIONS
from studio.asl.expressions.jsonata_functions import FUNCTIONS as QUERY_FUNCTIONS
from studio.asl.reading.distributed_map import (
    BATCH_LIMITS,
    READER_CONFIG_FIELDS,
    WRITER_CONFIG_FIELDS,
)
from studio.asl.reading.error_handling import CATCHER_FIELDS, RETRIER_FIELDS
from studio.asl.reading.supported_fields import (
    BRANCH_FIELDS,
    MACHINE_FIELDS,
    PROCESSOR_FIELDS,
    STATE_FIELDS,
)
from tests.conformance.case_files import CASES

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
NAMES = re.compile(r"\bStates\.[A-Z][A-Za-z0-9]*")
NO_ERRORS = {"States.Http"}
"""The language's names that are no Error Names of the machine: an integration's own."""
FEWEST = 400


def error_names() -> set[str]:
    """Every Error Name that the language and the machine speak of."""
    found: set[str] = set()
    for folder in ("studio/asl/expressions", "studio/asl/rules", "executions/interpreter"):
        for path in (ROOT / folder).rglob("*.py"):
            found.update(NAMES.findall(path.read_text(encoding="utf-8")))
    functions = {name.lower() for name in FUNCTIONS}
    # "States.Base64" is the beginning of a function's name in a comment.
    return {
        name
        for name in found - NO_ERRORS
        if not any(function.startswith(name.lower()) for function in functions)
    }


def scopes(scope: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A machine, and every scope inside it."""
    yield scope
    for state in scope["States"].values():
        inner = [state[name] for name in ("ItemProcessor", "Iterator") if name in state]
        for each in [*inner, *state.get("Branches", ())]:
            yield from scopes(each)


def members(value: Any) -> Iterator[str]:
    """Every member's name at any depth."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield name
            yield from members(each)
    elif isinstance(value, list):
        for each in value:
            yield from members(each)


def texts(value: Any) -> Iterator[str]:
    """Every text at any depth."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from texts(each)
    elif isinstance(value, str):
        yield value


@pytest.fixture(scope="module")
def counted() -> Counter[str]:
    """How many cases have each thing."""
    found: Counter[str] = Counter()
    for parameter in CASES:
        found.update(things_of(parameter.values[0]))
    return found


def things_of(case: dict[str, Any]) -> set[str]:
    """What one case has in it."""
    seen: set[str] = set()
    definition = case["definition"]
    if not isinstance(definition, dict):
        return seen
    seen.update(f"machine {name}" for name in definition)
    for scope in scopes(definition):
        if scope is not definition:
            kind = "processor" if "ProcessorConfig" in scope else "branch"
            seen.update(f"{kind} {name}" for name in scope)
        for state in scope["States"].values():
            seen.update(f"{state['Type']} {name}" for name in state)
            for part in ("Retry", "Catch"):
                for each in state.get(part, ()):
                    seen.update(f"{part} {name}" for name in each)
            seen.update(f"Choices {name}" for name in members(state.get("Choices")))
            for part in ("ItemReader", "ItemBatcher", "ResultWriter"):
                seen.update(f"{part} {name}" for name in members(state.get(part)))
    for text in [*texts(definition), *texts(case["expect"])]:
        seen.update(NAMES.findall(text))
        seen.update(f"${name}(" for name in re.findall(r"\$(\w+)\(", text))
    return seen


def wanted() -> list[str]:
    """What there must be a case of."""
    return sorted(
        {
            *(f"machine {name}" for name in MACHINE_FIELDS),
            *(f"branch {name}" for name in BRANCH_FIELDS),
            *(f"processor {name}" for name in PROCESSOR_FIELDS),
            *(f"{kind} {name}" for kind, names in STATE_FIELDS.items() for name in names),
            *(f"Retry {name}" for name in RETRIER_FIELDS),
            *(f"Catch {name}" for name in CATCHER_FIELDS),
            *(f"Choices {name}" for name in (*OPERATORS, "And", "Or", "Not", "Condition")),
            *(f"Choices {name}" for name in ("Variable", "Next", "Assign", "Output", "Comment")),
            *(f"ItemReader {name}" for name in READER_CONFIG_FIELDS),
            *(f"ItemBatcher {name}" for name in ("BatchInput", *BATCH_LIMITS)),
            *(f"ResultWriter {name}" for name in WRITER_CONFIG_FIELDS),
            *FUNCTIONS,
            *(f"${name}(" for name in QUERY_FUNCTIONS),
            *error_names(),
        }
    )


@pytest.mark.parametrize("thing", wanted())
def test_there_is_a_case(thing: str, counted: Counter[str]) -> None:
    assert counted[thing], f"no case of tests/conformance/cases has '{thing}'"


def test_there_are_many() -> None:
    assert len(CASES) >= FEWEST
