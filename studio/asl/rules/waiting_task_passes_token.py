"""A Task that waits for its task token hands it on: nobody could send it back otherwise."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from studio.asl.diagnostics import Diagnostic
from studio.asl.errors import InvalidExpression
from studio.asl.outline import texts
from studio.asl.resource import parse_resource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.asl.definition import Json
    from studio.asl.outline import Outline

_OTHER: Final = r"(?:Execution|StateMachine|State|Map)\b"
_MAY_HOLD_TOKEN: Final = re.compile(
    rf"Token|\$\$(?!\.{_OTHER})|\$states(?!\.(?:input\b|context\.{_OTHER}))"
)
"""What reads the token, the whole context object, or a part of it that may have the token."""


def waiting_task_passes_token(outline: Outline) -> Iterator[Diagnostic]:
    """Warn of each ``.waitForTaskToken`` whose request cannot have the token in it."""
    for state in outline.states():
        if state.type != "Task" or not _waits_for_token(state.fields.get("Resource")):
            continue
        request = [state.fields.get(name) for name in ("Parameters", "Arguments")]
        if any(_MAY_HOLD_TOKEN.search(text) for _, _, text in texts(request, "", "")):
            continue
        token = (
            "$$.Task.Token" if outline.is_jsonpath(state) else "{% $states.context.Task.Token %}"
        )
        message = (
            "This task waits for its task token to come back, but gives it to nobody: put "
            f"{token} into the request"
        )
        yield Diagnostic("WARNING", "NO_TASK_TOKEN", message, state.location)


def _waits_for_token(arn: Json) -> bool:
    try:
        return parse_resource(arn if isinstance(arn, str) else "").pattern == "waitForTaskToken"
    except InvalidExpression:
        return False
