"""TestState's ``context`` and ``variables``: what a tested state may be told of its execution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from executions.interpreter.payload import Payload
from executions.interpreter.variables import Variables
from studio.asl import json_text
from studio.asl.definition import TaskState
from studio.asl.resource import parse_resource
from studio.errors import ValidationException

if TYPE_CHECKING:
    from studio.asl.definition import State

_ANYTHING: Final[tuple[type, ...]] = (object,)
_MEMBERS: Final[dict[str, dict[str, tuple[type, ...]]]] = {
    "Execution": {
        "Id": (str,),
        "Input": _ANYTHING,
        "Name": (str,),
        "RoleArn": (str,),
        "StartTime": (str,),
        "RedriveCount": (int,),
        "RedriveTime": (str,),
    },
    "State": {"EnteredTime": (str,), "Name": (str,), "RetryCount": (int,)},
    "StateMachine": {"Id": (str,), "Name": (str,)},
    "Task": {"Token": (str,)},
}


def read_context(text: str | None, state: State) -> dict[str, Any] | None:
    """Give the context object to use, or None. Raises ValidationException in AWS's words.

    Of those only the ones for an unknown member, a text, Map and Task are recorded.
    """
    if text is None:
        return None
    context = _read_object(text, "Invalid Context object provided: not a JSON object")
    for name, part in context.items():
        if name == "Map":
            _refuse("'Map' field is not supported when mocking a Context object")
        if name not in _MEMBERS:
            _refuse(f"Field '{name}' is not allowed")
        if not isinstance(part, dict):
            _refuse(f"{name} must be an object")
        for member, value in part.items():
            types = _MEMBERS[name].get(member)
            if types is None:
                _refuse(f"Field '{member}' is not allowed")
            elif not isinstance(value, types) or (types == (int,) and isinstance(value, bool)):
                kind = "a string" if types == (str,) else "a number"
                _refuse(f"{name}.{member} must be {kind}")
    if "Task" in context and not _waits(state):
        _refuse(
            "Context object contains 'Task' when state is not a Task state with a '.sync' or "
            "'.waitForTaskToken' service integration pattern"
        )
    return context


def read_variables(text: str | None) -> Variables | None:
    """Give the variables that the state sees, or None. Raises ValidationException."""
    if text is None:
        return None
    values = _read_object(text, "The variables are not a JSON object")
    return Variables({name: Payload(value) for name, value in values.items()})


def _read_object(text: str, refusal: str) -> dict[str, Any]:
    try:
        value = json_text.loads(text)
    except json_text.InvalidJson as fault:
        raise ValidationException(message=f"{refusal}: {fault.message}") from None
    if not isinstance(value, dict):
        raise ValidationException(message=refusal)
    return value


def _waits(state: State) -> bool:
    return isinstance(state, TaskState) and parse_resource(state.resource).pattern != ""


def _refuse(problem: str) -> None:
    raise ValidationException(message=f"Invalid Context object provided: {problem}")
