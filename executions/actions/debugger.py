"""Debugging: what an execution is told by whoever debugs it, checked before it is sent.

A command is a message like any other, so it is in order with everything else the execution hears.
Checks here are for the person who asks; what has changed by the time the message is applied, the
machine looks after: a command that comes too late changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from executions.errors import ExecutionNotRunning, NothingWaits
from executions.interpreter.debugging.breakpoint import compile_breakpoint_condition
from executions.interpreter.debugging.commands import (
    EditPaused,
    FailState,
    ResumeExecution,
    RetryState,
    SetBreakpoint,
    SkipState,
)
from executions.interpreter.frame import MapRunWait, PauseWait
from executions.interpreter.inspection.place import find_place
from executions.interpreter.payload import SIZE_LIMIT, Payload
from executions.interpreter.program import compile_program
from executions.interpreter.state import decode
from executions.interpreter.states.choice_state import CompiledChoice
from executions.interpreter.states.fail_state import CompiledFail
from executions.models import Execution
from executions.runtime import drain, inbox
from executions.runtime.programs import program_of_revision
from studio.actions.audit import record
from studio.asl import json_text
from studio.asl.errors import InvalidDefinition, InvalidExpression
from studio.asl.parse import parse
from studio.errors import ValidationException
from studio.models import AuditAction

if TYPE_CHECKING:
    from collections.abc import Iterable

    from executions.interpreter.debugging.breakpoint import Breakpoint
    from executions.interpreter.debugging.commands import DebuggingCommand
    from executions.interpreter.frame import Frame
    from executions.interpreter.state import ExecutionState
    from executions.interpreter.states.compiled_state import CompiledState

MAX_BREAKPOINTS = 1000

_TELL = """
INSERT INTO executions_inboxmessage (execution_id, visible_at, command, key, body)
SELECT id, now(), %s, %s, %s FROM executions_execution WHERE id = %s AND status = 'RUNNING'
FOR KEY SHARE
"""


def tell(execution: Execution, command: DebuggingCommand) -> None:
    """Tell a running execution what somebody who debugs it wants.

    When this returns it has been applied, unless PostgreSQL went away in between: then the message
    is stored and a worker applies it.

    Raises:
        ExecutionNotRunning: it has ended.
        NothingWaits: what the command is about has gone on meanwhile.
        ValidationException: the command asks for what cannot be; the message says what.
    """
    state = read_state(execution)
    _check(execution, state, command)
    message = inbox.debugging_message(command)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_TELL, (message.command, message.key, message.body, execution.pk))
        if not cursor.rowcount:
            raise ExecutionNotRunning(execution.arn)
        told = {"command": type(command).__name__, "at": getattr(command, "at", None)}
        record(AuditAction.DEBUG_EXECUTION, execution.arn, told)
    drain.advance_now(execution.pk)


def read_state(execution: Execution) -> ExecutionState | None:
    """Give the state of an execution as its snapshot has it; None where it has not begun."""
    snapshot = Execution.objects.values_list("snapshot", flat=True).get(pk=execution.pk)
    return decode(snapshot) if snapshot else None


def check_breakpoints(definition: str, breakpoints: Iterable[Breakpoint]) -> None:
    """Refuse breakpoints that a definition has no place for (ValidationException)."""
    parsed = parse(definition)
    program = compile_program(parsed)
    for number, each in enumerate(breakpoints, start=1):
        if number > MAX_BREAKPOINTS:
            raise ValidationException(message=f"There are more than {MAX_BREAKPOINTS} breakpoints.")
        place = find_place(parsed, program, each.state)
        if place is None:
            raise ValidationException(
                message=f"A breakpoint needs a state, and there is none called '{each.state}'."
            )
        if each.where == "after" and isinstance(place.compiled, CompiledFail):
            raise ValidationException(
                message=f"'{each.state}' is a Fail state, which nothing leaves: nothing could "
                "pause after it. Set the breakpoint before it."
            )
        if each.condition is not None:
            _check_condition(each, place.state.query_language)


def _check_condition(breakpoint_: Breakpoint, language: Any) -> None:
    assert breakpoint_.condition is not None
    form = (
        "a text such as {% $states.input.total > 100 %}"
        if language == "JSONata"
        else 'a Choice rule such as {"Variable": "$.total", "NumericGreaterThan": 100}'
    )
    try:
        compile_breakpoint_condition(breakpoint_.condition, language)
    except InvalidDefinition as fault:
        problem = fault.diagnostics[0].message
    except (InvalidExpression, json_text.InvalidJson) as fault:
        problem = str(fault)
    else:
        return
    raise ValidationException(
        message=f"The condition of the breakpoint at '{breakpoint_.state}' is not {form}, as "
        f"{language} asks for: {problem}"
    )


def _check(execution: Execution, state: ExecutionState | None, command: DebuggingCommand) -> None:
    if execution.status != Execution.Status.RUNNING:
        raise ExecutionNotRunning(execution.arn)
    match command:
        case SetBreakpoint(breakpoint=wanted):
            check_breakpoints(execution.revision.definition, [wanted])
        case ResumeExecution(at="") if command.target is None:
            return
        case ResumeExecution():
            frame = _waiting(state, command.at)
            if not isinstance(frame.wait, PauseWait):
                raise NothingWaits(command.at)
            if command.target is not None:
                _check_target(execution, command.target)
        case EditPaused():
            _check_edit(_waiting(state, command.at), command)
        case SkipState():
            frame = _waiting(state, command.at)
            _check_skip(frame, _compiled(execution, frame))
            _check_payload("result", command.result)
        case FailState():
            _waiting(state, command.at)
        case RetryState():
            _waiting(state, command.at)
            if not command.at.startswith("retry:"):
                raise ValidationException(
                    message="Only a state that waits for its Retrier's delay is tried again now."
                )


def _waiting(state: ExecutionState | None, at: str) -> Frame:
    found = None
    if state is not None:
        found = state.waiting_frame(int(at) if at.isdecimal() else at)
    if found is None or isinstance(found.wait, MapRunWait):
        raise NothingWaits(at)
    return found


def _compiled(execution: Execution, frame: Frame) -> CompiledState:
    return program_of_revision(execution.revision_id).scopes[frame.scope].states[frame.state]


def _check_target(execution: Execution, target: str) -> None:
    program = program_of_revision(execution.revision_id)
    if not any(target in scope.states for scope in program.scopes):
        raise ValidationException(message=f"There is no state called '{target}' to run to.")


def _check_edit(frame: Frame, command: EditPaused) -> None:
    wait = frame.wait
    if not isinstance(wait, PauseWait):
        raise NothingWaits(command.at)
    wrong = {"before": "output", "after": "input"}[wait.where]
    if command.edited == wrong:
        right = {"before": "input", "after": "output"}[wait.where]
        raise ValidationException(
            message=f"'{frame.state}' is paused {wait.where} it is "
            f"{'run' if wait.where == 'before' else 'left'}: what can be edited is its {right}, "
            f"not its {wrong}."
        )
    value = _check_payload(command.edited, command.text, is_limited=command.edited != "variables")
    if command.edited == "variables" and not isinstance(value, dict):
        raise ValidationException(message="The variables are a JSON object: their values by name.")


def _check_skip(frame: Frame, compiled: CompiledState) -> None:
    if isinstance(compiled, CompiledChoice):
        raise ValidationException(
            message=f"'{frame.state}' is a Choice state, and a result would not say where to go "
            "on. Edit its input instead."
        )
    if isinstance(compiled, CompiledFail):
        raise ValidationException(
            message=f"'{frame.state}' is a Fail state: there is nothing to go on with behind it."
        )
    if isinstance(frame.wait, PauseWait) and frame.wait.where == "after":
        raise ValidationException(
            message=f"'{frame.state}' has been run already. Edit its output instead."
        )


def _check_payload(name: str, text: str, *, is_limited: bool = True) -> Any:
    try:
        payload = Payload(json_text.loads(text))
    except json_text.InvalidJson as fault:
        raise ValidationException(message=f"The {name} is not JSON: {fault}") from None
    if is_limited and payload.exceeds_limit():
        raise ValidationException(
            message=f"The {name} has more than {SIZE_LIMIT} bytes, which no state may have."
        )
    return payload.value
