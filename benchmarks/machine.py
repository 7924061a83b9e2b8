"""How fast the pure machine is: transitions a second, histories serialised, no database.

A transition is a state entered and left. Run it: ``python -m benchmarks.machine``.
"""

from __future__ import annotations

import json
import time
from typing import Any

from executions.interpreter.advance import advance, begin
from executions.interpreter.history import encode_events
from executions.interpreter.messages import Continue, StartExecution
from executions.interpreter.program import Program, compile_program
from executions.interpreter.state import Identity, encode
from studio.asl.parse import parse

IDENTITY = Identity(
    "arn:aws:states:us-east-1:123456789012:execution:bench:one",
    "one",
    "arn:aws:iam::123456789012:role/bench",
    "arn:aws:states:us-east-1:123456789012:stateMachine:bench",
    "bench",
)


def chain(length: int) -> dict[str, Any]:
    """Give a machine of ``length`` Pass states in a row."""
    states: dict[str, Any] = {
        f"S{i}": {"Type": "Pass", "Next": f"S{i + 1}"} for i in range(length - 1)
    }
    states[f"S{length - 1}"] = {"Type": "Pass", "End": True}
    return {"StartAt": "S0", "States": states}


def loop() -> dict[str, Any]:
    """Give a machine that counts ``$.left`` down to nothing, with a Choice each time."""
    return {
        "StartAt": "Count",
        "States": {
            "Count": {
                "Type": "Pass",
                "Parameters": {"left.$": "States.MathAdd($.left, -1)"},
                "Next": "More",
            },
            "More": {
                "Type": "Choice",
                "Choices": [{"Variable": "$.left", "NumericGreaterThan": 0, "Next": "Count"}],
                "Default": "Done",
            },
            "Done": {"Type": "Succeed"},
        },
    }


def query_loop() -> dict[str, Any]:
    """Give the same loop in JSONata, with a variable: an expression in each state."""
    return {
        "QueryLanguage": "JSONata",
        "StartAt": "Begin",
        "States": {
            "Begin": {
                "Type": "Pass",
                "Assign": {"left": "{% $states.input.left %}"},
                "Next": "More",
            },
            "Count": {"Type": "Pass", "Assign": {"left": "{% $left - 1 %}"}, "Next": "More"},
            "More": {
                "Type": "Choice",
                "Choices": [{"Condition": "{% $left > 0 %}", "Next": "Count"}],
                "Default": "Done",
            },
            "Done": {"Type": "Succeed"},
        },
    }


def query_chain(length: int) -> dict[str, Any]:
    """Give a row of JSONata states whose Output is a plain reference."""
    machine = chain(length)
    for state in machine["States"].values():
        state["Output"] = "{% $states.input %}"
    return {"QueryLanguage": "JSONata", **machine}


def query_expressions(length: int) -> dict[str, Any]:
    """Give a row of JSONata states whose Output the engine has to evaluate."""
    machine = chain(length)
    for state in machine["States"].values():
        state["Output"] = {"order": "{% $states.input.order + 1 %}"}
    return {"QueryLanguage": "JSONata", **machine}


def mapping() -> dict[str, Any]:
    """Give a machine that maps three Pass states over its input."""
    return {
        "StartAt": "Each",
        "States": {"Each": {"Type": "Map", "ItemProcessor": chain(3), "End": True}},
    }


CASES: dict[str, tuple[dict[str, Any], Any, int]] = {
    "one Pass": (chain(1), {"order": 7}, 1),
    "100 Passes": (chain(100), {"order": 7}, 100),
    "10,000 Passes": (chain(10_000), {"order": 7}, 10_000),
    "Choice loop of 1,000": (loop(), {"left": 1000}, 2001),
    "100 JSONata references": (query_chain(100), {"order": 7}, 100),
    "100 JSONata expressions": (query_expressions(100), {"order": 7}, 100),
    "JSONata loop of 1,000": (query_loop(), {"left": 1000}, 2003),
    "Map 1,000 x 3 Passes": (mapping(), list(range(1000)), 3001),
}


def run(program: Program, text: str) -> int:
    """Run one execution as the durable loop does, but for the database. Gives its events."""
    turn = advance(program, begin(program, IDENTITY), StartExecution(1.7e9, "seed", text))
    encode_events(turn.events)
    encode(turn.state)
    while turn.more:
        turn = advance(program, turn.state, Continue(1.7e9, "seed"))
        encode_events(turn.events)
        encode(turn.state)
    assert turn.state.status == "SUCCEEDED", turn.state.cause
    return turn.state.last_event_id


def measure(name: str, seconds: float = 1.0) -> float:
    """Give the transitions a second of one case: the best of five rounds."""
    definition, value, transitions = CASES[name]
    program = compile_program(parse(json.dumps(definition)))
    text = json.dumps(value)
    run(program, text)
    best = 0.0
    for _ in range(5):
        rounds = 0
        begun = time.perf_counter()
        while (passed := time.perf_counter() - begun) < seconds / 5:
            run(program, text)
            rounds += 1
        best = max(best, rounds * transitions / passed)
    return best


def main() -> None:
    """Print the figures."""
    for name in CASES:
        print(f"{name:<24}{measure(name):>12,.0f} transitions/s")


if __name__ == "__main__":
    main()
