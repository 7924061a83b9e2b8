"""What a JSONata state costs beside its expression: CPU µs, in alternating rounds of one process.

*engine* is the expression in the engine alone, called as it is usually called, within the same
limits; *plain* a state without an expression; *value* the same state with a value in the place of
the expression; *state* the state itself, and its ratios to the engine and either of those. The
least of all rounds counts, so that a busy machine shows the same ratios.

Run it: ``python -m benchmarks.jsonata_states``.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from jlens import Expression

from benchmarks.machine import chain, query_loop, run
from executions.interpreter.program import compile_program
from studio.asl.expressions import jsonata_engine
from studio.asl.parse import parse

STATES = 100
ROUNDS = 40
ORDER = {"order": 7, "customer": {"name": "Ada"}}

SUM = "$states.input.order + 1"
MORE = "$states.input.order > 0"
MERGE = "$merge([$states.input, {'sum': $states.input.order + 1}])"


def rows(fields: dict[str, Any]) -> dict[str, Any]:
    """Give a row of JSONata states with these fields."""
    machine = chain(STATES)
    for state in machine["States"].values():
        state.update(fields)
    return {"QueryLanguage": "JSONata", **machine}


def choices(condition: str | bool) -> dict[str, Any]:
    """Give a row of Choice states."""
    machine = chain(STATES)
    for number, name in enumerate(list(machine["States"])):
        rule = {"Condition": condition, "Next": f"S{number + 1}"}
        machine["States"][name] = {"Type": "Choice", "Choices": [rule]}
    machine["States"][f"S{STATES}"] = {"Type": "Succeed"}
    return {"QueryLanguage": "JSONata", **machine}


CASES: dict[str, tuple[dict[str, Any], dict[str, Any] | None, Any, list[str]]] = {
    "Output of a sum": (
        rows({"Output": {"order": f"{{% {SUM} %}}"}}),
        rows({"Output": {"order": 8}}),
        ORDER,
        [SUM],
    ),
    "Assign of a sum": (
        rows({"Assign": {"sum": f"{{% {SUM} %}}"}}),
        rows({"Assign": {"sum": 8}}),
        ORDER,
        [SUM],
    ),
    "Choice": (choices(f"{{% {MORE} %}}"), choices(condition=True), ORDER, [MORE]),
    "Output of a merge": (
        rows({"Output": f"{{% {MERGE} %}}"}),
        rows({"Output": {**ORDER, "sum": 8}}),
        ORDER,
        [MERGE],
    ),
    # A loop without its expressions would not end.
    "Assign and Choice": (query_loop(), None, {"left": 50}, ["$left - 1", "$left > 0"]),
}


def engine(texts: list[str]) -> Callable[[], None]:
    """Give what evaluates each of these in the engine, ``STATES`` times in all."""
    expressions = [Expression(text) for text in texts]
    environment = {"states": {"input": ORDER}, "left": 7}

    def evaluate() -> None:
        for _ in range(STATES // len(expressions)):
            for expression in expressions:
                jsonata_engine.run(expression, environment, 1.7e9, 0)

    return evaluate


def machine(definition: dict[str, Any], value: Any) -> Callable[[], object]:
    """Give what runs one execution."""
    return partial(run, compile_program(parse(json.dumps(definition))), json.dumps(value))


def measure() -> dict[str, float]:
    """Give the µs of one call or state, by the name of what was run."""
    work: dict[str, Callable[[], object]] = {"plain": machine(chain(STATES), ORDER)}
    for name, (definition, with_value, value, texts) in CASES.items():
        work[f"{name}: engine"] = engine(texts)
        work[f"{name}: state"] = machine(definition, value)
        if with_value is not None:
            work[f"{name}: value"] = machine(with_value, value)
    least = dict.fromkeys(work, float("inf"))
    for _ in range(ROUNDS):
        for name, call in work.items():
            begun = time.thread_time()
            call()
            least[name] = min(least[name], (time.thread_time() - begun) / STATES * 1e6)
    return least


def main() -> None:
    """Print the figures."""
    least = measure()
    plain = least["plain"]
    print(f"{'':<20}{'engine':>8}{'plain':>8}{'value':>8}{'state':>8}{'ratios':>16}")
    for name in CASES:
        alone, state = least[f"{name}: engine"], least[f"{name}: state"]
        value = least.get(f"{name}: value")
        beside = "" if value is None else f"{value:.1f}"
        ratio = "" if value is None else f"{state / (alone + value):.2f}"
        print(
            f"{name:<20}{alone:>8.1f}{plain:>8.1f}{beside:>8}{state:>8.1f}"
            f"{state / (alone + plain):>8.2f}{ratio:>8}"
        )


if __name__ == "__main__":
    main()
