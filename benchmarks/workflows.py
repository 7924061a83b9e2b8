"""The workflows that are measured."""

from __future__ import annotations

import json
from typing import Any

FUNCTION = "arn:aws:states:::lambda:invoke"


def _machine(states: dict[str, Any], start: str) -> str:
    return json.dumps({"StartAt": start, "States": states})


def passes(count: int) -> str:
    """``count`` Pass states in a row."""
    states = {
        f"S{i}": {"Type": "Pass", **({"Next": f"S{i + 1}"} if i + 1 < count else {"End": True})}
        for i in range(count)
    }
    return _machine(states, "S0")


def choice_loop(rounds: int) -> str:
    """Counts to ``rounds`` with a Choice and a Pass: two transitions a round."""
    return _machine(
        {
            "Begin": {"Type": "Pass", "Result": {"i": 0}, "Next": "More?"},
            "More?": {
                "Type": "Choice",
                "Choices": [{"Variable": "$.i", "NumericLessThan": rounds, "Next": "Count"}],
                "Default": "Done",
            },
            "Count": {
                "Type": "Pass",
                "Parameters": {"i.$": "States.MathAdd($.i, 1)"},
                "Next": "More?",
            },
            "Done": {"Type": "Succeed"},
        },
        "Begin",
    )


def inline_map(items: int) -> str:
    """Three Passes for each of ``items`` items."""
    return _machine(
        {
            "Each": {
                "Type": "Map",
                "ItemsPath": "$.items",
                "ItemProcessor": json.loads(passes(3)),
                "ResultPath": None,
                "End": True,
            },
        },
        "Each",
    )


def items(count: int) -> str:
    """The input of ``inline_map``."""
    return json.dumps({"items": list(range(count))})


def tasks(count: int, function: str) -> str:
    """``count`` Task states in a row that call ``function``."""
    states = {
        f"T{i}": {
            "Type": "Task",
            "Resource": f"arn:aws:lambda:us-east-1:123456789012:function:{function}",
            "ResultPath": None,
            **({"Next": f"T{i + 1}"} if i + 1 < count else {"End": True}),
        }
        for i in range(count)
    }
    return _machine(states, "T0")
