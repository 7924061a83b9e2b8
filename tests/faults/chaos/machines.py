"""The workflows of the fault suite, and how each of their executions must end."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from studio.config.embedded.roles import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:"
MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:"
ACTIVITY = "arn:aws:states:us-east-1:123456789012:activity:work"
STARTS = "arn:aws:states:::states:startExecution.sync:2"
ORDERS = PROJECT / "examples" / "orders"

RETRY = [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "MaxAttempts": 99, "BackoffRate": 1}]
"""Every attempt may be lost with its worker, again and again."""
LOST = [{**RETRY[0], "ErrorEquals": ["Lambda.ServiceException"]}]

# What no two attempts share: the same key twice means that an attempt was performed twice.
_ATTEMPT = "$$.Execution.Name, $$.State.Name, $$.Execution.RedriveCount, $$.State.RetryCount"


def note(value: str = "$", index: str = "0", seconds: float = 0, **fields: Any) -> dict[str, Any]:
    """A Task that leaves its key in the ledger and doubles ``value``."""
    return {
        "Type": "Task",
        "Resource": FUNCTION + "note",
        "Parameters": {
            "key.$": f"States.Format('{{}}/{{}}/{{}}/{{}}/{{}}', {_ATTEMPT}, {index})",
            "value.$": value,
            "seconds": seconds,
        },
        "Retry": RETRY,
        **fields,
    }


def chain(**states: dict[str, Any]) -> dict[str, Any]:
    """States one after another."""
    names = list(states)
    for name, following in pairwise(names):
        states[name]["Next"] = following
    states[names[-1]]["End"] = True
    return {"StartAt": names[0], "States": states}


FAN = chain(
    Each={
        "Type": "Map",
        "ItemsPath": "$.items",
        "MaxConcurrency": 3,
        "ItemSelector": {"index.$": "$$.Map.Item.Index", "value.$": "$$.Map.Item.Value"},
        "ItemProcessor": chain(Double=note("$.value", "$.index", 0.05)),
        "Retry": RETRY,
    },
    Rest={"Type": "Wait", "Seconds": 1},
)
SIDES = {
    "StartAt": "Sides",
    "States": {
        "Sides": {
            "Type": "Parallel",
            "Branches": [
                chain(Left=note("$.number", seconds=0.3)),
                chain(Pause={"Type": "Wait", "Seconds": 2}, Right={"Type": "Pass", "Result": "r"}),
                {
                    "StartAt": "Count",
                    "States": {
                        "Count": {
                            "Type": "Pass",
                            "Parameters": {"number.$": "States.MathAdd($.number, 1)"},
                            "Next": "Enough",
                        },
                        "Enough": {
                            "Type": "Choice",
                            "Choices": [
                                {"Variable": "$.number", "NumericLessThan": 60, "Next": "Count"}
                            ],
                            "Default": "Done",
                        },
                        "Done": {"Type": "Succeed"},
                    },
                },
            ],
            "End": True,
        }
    },
}
ASK = chain(
    Ask={
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
        "Parameters": {
            "FunctionName": "ask",
            "Payload": {
                "key.$": f"States.Format('{{}}/{{}}/{{}}/{{}}', {_ATTEMPT})",
                "token.$": "$$.Task.Token",
            },
        },
        "TimeoutSeconds": 8,
        "Retry": RETRY,
    },
    Rest={"Type": "Wait", "Seconds": 1},
)
QUERY = {
    "QueryLanguage": "JSONata",
    "StartAt": "Keep",
    "States": {
        "Keep": {
            "Type": "Pass",
            "Assign": {"total": "{% $sum($states.input.items) %}", "left": 20},
            "Next": "Less",
        },
        "Less": {
            "Type": "Choice",
            "Choices": [
                {"Condition": "{% $left > 0 %}", "Assign": {"left": "{% $left - 1 %}"},
                 "Next": "Less"}
            ],
            "Default": "Double",
        },
        "Double": {
            "Type": "Task",
            "Resource": FUNCTION + "note",
            "Arguments": {
                "key": "{% $join([$states.context.Execution.Name, 'Double',"
                " $string($states.context.Execution.RedriveCount),"
                " $string($states.context.State.RetryCount)], '/') %}",
                "value": "{% $total %}",
            },
            "Output": "{% {'twice': $states.result, 'left': $left} %}",
            "Retry": RETRY,
            "End": True,
        },
    },
}  # fmt: skip
NEST = chain(
    Begin={
        "Type": "Task",
        "Resource": STARTS,
        "Parameters": {"StateMachineArn": MACHINE + "fan", "Input.$": "$"},
        "OutputPath": "$.Output",
        "Retry": RETRY,
    }
)
WORK = chain(
    Work={"Type": "Task", "Resource": ACTIVITY, "TimeoutSeconds": 6, "Retry": RETRY},
    After=note("$.done"),
)
GATE = chain(
    Gate={
        "Type": "Task",
        "Resource": FUNCTION + "gate",
        "Parameters": {
            "key.$": f"States.Format('{{}}/{{}}/{{}}/{{}}', {_ATTEMPT})",
            "gate.$": "$.gate",
            "value.$": "$.number",
        },
        "Retry": LOST,
    },
    After=note(),
)
NAP = chain(Nap={"Type": "Wait", "Seconds": 86_400})
QUICK = chain(Note=note("$.number"))


@dataclass(frozen=True)
class Kind:
    """A state machine, an input for the n-th execution of it, and the end that must come.

    ``statuses`` are those an execution may end with; ``output`` is what a success gives, or None
    where that is not compared.
    """

    definition: dict[str, Any] | None
    input: Any
    statuses: tuple[str, ...] = ("SUCCEEDED",)
    output: Any = None
    is_express: bool = False
    weight: int = 3


def kinds(folder: Path, number: int) -> dict[str, Kind]:
    """Every kind of execution, with what the n-th one gets."""
    numbers = [number % 7 + each for each in range(4)]
    twice = [2 * each for each in numbers]
    return {
        "fan": Kind(FAN, {"items": numbers}, output=twice),
        "sides": Kind(
            SIDES, {"number": number % 50}, output=[2 * (number % 50), "r", {"number": 60}]
        ),
        "ask": Kind(ASK, {}, output={"answer": 42}),
        "query": Kind(QUERY, {"items": numbers}, output={"twice": 2 * sum(numbers), "left": 0}),
        "nest": Kind(NEST, {"items": numbers}, output=twice),
        "work": Kind(WORK, {"number": number}, output=2 * number),
        "gate": Kind(
            GATE, {"number": number, "gate": str(folder / f"gate-{number}")}, output=2 * number
        ),
        "nap": Kind(NAP, {}, ("ABORTED",), weight=1),
        "quick": Kind(QUICK, {"number": number}, is_express=True),
        "orders": order(number),
    }


_ORDERS = (
    ("input.json", "SUCCEEDED"),
    ("inputs/payment-declined.json", "FAILED"),
    ("inputs/invoice.json", "SUCCEEDED"),
    ("inputs/unstable-processor.json", "SUCCEEDED"),
)


def order(number: int) -> Kind:
    """An order of the example. Its retriers give up some time: then all of it must be undone."""
    file, status = _ORDERS[number % len(_ORDERS)]
    text = json.loads((ORDERS / file).read_text())
    text["paceSeconds"] = number % 3
    for item in text["order"]["items"]:
        item["quantity"] = 1
    return Kind(None, text, tuple(dict.fromkeys((status, "FAILED"))))
