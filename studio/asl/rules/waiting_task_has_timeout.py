"""A Task that waits for someone else to report has an end to its patience."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio.asl.diagnostics import Diagnostic, Fix
from studio.asl.errors import InvalidExpression
from studio.asl.resource import parse_resource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.asl.definition import Json
    from studio.asl.outline import Outline

DAY: Final = 86_400
_LIMITS: Final = (
    "TimeoutSeconds",
    "TimeoutSecondsPath",
    "HeartbeatSeconds",
    "HeartbeatSecondsPath",
)


def waiting_task_has_timeout(outline: Outline) -> Iterator[Diagnostic]:
    """Warn of each Task that nothing ends where the report it waits for never comes.

    A call that is answered at once is left alone, for its service ends it; so is everything in a
    machine that has a TimeoutSeconds of its own.
    """
    if outline.has_timeout:
        return
    for state in outline.states():
        if state.type != "Task" or any(name in state.fields for name in _LIMITS):
            continue
        awaited = _awaited(state.fields.get("Resource"))
        if awaited is not None:
            message = (
                f"This task waits for {awaited} up to 99999999 seconds, more than three years: "
                "give it a TimeoutSeconds"
            )
            add = {"op": "add", "path": f"{state.pointer}/TimeoutSeconds", "value": DAY}
            fix = Fix("End the task after one day (TimeoutSeconds 86400)", (add,))
            yield Diagnostic("WARNING", "NO_TIMEOUT", message, state.location, (fix,))


def _awaited(arn: Json) -> str | None:
    """Name what a Task waits for; None where it waits for a call's answer only."""
    try:
        resource = parse_resource(arn if isinstance(arn, str) else "")
    except InvalidExpression:
        return None
    if resource.kind == "activity":
        return "a worker of the activity"
    if resource.pattern == "waitForTaskToken":
        return "its task token to come back"
    return "what it started to end" if resource.pattern else None
