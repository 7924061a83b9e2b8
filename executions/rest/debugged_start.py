"""What an execution that is started under the debugger is told before it begins."""

# ruff: noqa: N815 - the wire's names

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rest_framework import serializers

from executions.actions.debugger import check_breakpoints
from executions.interpreter.debugging.breakpoint import Breakpoint
from executions.interpreter.debugging.commands import SetBreakpoint
from executions.runtime.inbox import Message, debugging_message
from studio.asl.parse import parse
from studio.rest.breakpoints import BreakpointSerializer

if TYPE_CHECKING:
    from studio.models import StateMachine


class StartDebuggerSerializer(serializers.Serializer[Any]):
    """With what debugger an execution starts."""

    breakpoints = BreakpointSerializer(many=True, default=list)
    pauseAtStart = serializers.BooleanField(default=False, help_text="Pause before the first state")


def messages_before_start(
    machine: StateMachine, given: dict[str, Any] | None, by: str
) -> tuple[Message, ...]:
    """Give the breakpoints as messages. Raises ValidationException where they fit nowhere."""
    if not given or machine.current is None:
        return ()
    definition = machine.current.definition
    wanted = [Breakpoint(**each, by=by) for each in given["breakpoints"]]
    check_breakpoints(definition, wanted)
    if given["pauseAtStart"]:
        wanted.append(Breakpoint(parse(definition).start_at, by=by, temporary=True))
    return tuple(debugging_message(SetBreakpoint(0, "", each)) for each in wanted)
