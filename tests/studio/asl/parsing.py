"""What tests of the parser parse, and the words it is to say."""

from __future__ import annotations

import json
from typing import Any

from studio.asl.errors import InvalidDefinition
from studio.asl.parse import parse

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:F"

PASS = {"Type": "Pass", "End": True}
TASK = {"Type": "Task", "Resource": FUNCTION, "End": True}
WAIT = {"Type": "Wait", "Seconds": 1, "End": True}
MAP = {"Type": "Map", "ItemProcessor": {"StartAt": "I", "States": {"I": PASS}}, "End": True}
PARALLEL = {"Type": "Parallel", "Branches": [{"StartAt": "B", "States": {"B": PASS}}], "End": True}
FAIL = {"Type": "Fail"}
ONE_OF = "This object should have only one of the following fields: "
ONLY_ONE = "There should only be one of the following fields: "
TYPES = "[Pass, Task, Choice, Wait, Succeed, Fail, Parallel, Map]"
ARN = "The value is not a valid resource ARN, or the resource is not available in this region."
REFERENCE = "Value is not a Reference Path"
DOLLAR = f"{REFERENCE}: Reference path didn't start with '$'"
TESTS = "The object must have only one of the following fields, [And, Or, Not, Variable, Condition]"
TIMESTAMP = "String does not match RFC3339 timestamp"
EXPRESSION = (
    "The value for the field '{}' must be a valid JSONPath or a valid intrinsic function call"
)


def ql(field: str, language: str, other: str) -> str:
    return (
        f"The QueryLanguage is set to '{language}', but field '{field}' is only supported for the "
        f"'{other}' QueryLanguage"
    )


def parse_json(definition: Any) -> Any:
    return parse(json.dumps(definition))


def faults(definition: Any) -> list[tuple[str, str, str]]:
    try:
        parse_json(definition)
    except InvalidDefinition as error:
        return [(each.code, each.location, each.message) for each in error.diagnostics]
    return []


def places(definition: Any) -> list[tuple[str, str]]:
    return [(location, message) for _, location, message in faults(definition)]


def with_state(**fields: Any) -> dict[str, Any]:
    """A machine of one state, S, and a target T that a Catcher, always there, leads to."""
    fields = {name: value for name, value in fields.items() if value is not ...}
    states = {"S": fields, "T": {"Type": "Succeed"}, "U": {"Type": "Succeed"}}
    entry = {
        "Type": "Choice",
        "Choices": [{"Variable": "$", "IsNull": True, "Next": name} for name in ("S", "T")],
        "Default": "U",
    }
    return {"StartAt": "Entry", "States": {"Entry": entry, **states}}
